package disclosure

import (
	"context"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Counts are duties that were due in some days. Due is the sum of the others.
type Counts struct {
	Due        int `json:"due" doc:"Fell due"`
	OnTime     int `json:"onTime" doc:"Posted in time"`
	PostedLate int `json:"postedLate" doc:"Posted after the due day"`
	Late       int `json:"late" doc:"Not posted, and late"`
	VeryLate   int `json:"veryLate" doc:"Of the late ones, very late"`
}

func (c *Counts) destinations() []any {
	return []any{&c.Due, &c.OnTime, &c.PostedLate, &c.Late, &c.VeryLate}
}

// counted sums the duties that fell due until yesterday: whatever is due today may still be in time.
const counted = `COUNT(*), COALESCE(SUM(CASE WHEN state = 'posted' AND posted_on <= due_on THEN 1 ELSE 0 END), 0),
	COALESCE(SUM(CASE WHEN state = 'posted' AND posted_on > due_on THEN 1 ELSE 0 END), 0),
	COALESCE(SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END), 0),
	COALESCE(SUM(CASE WHEN state = 'open' AND very_on <> '' AND very_on < `

// AreaCounts are those of an area.
type AreaCounts struct {
	Code string `json:"code"`
	Name string `json:"name"`
	Counts
}

// MonthCounts are those that fell due in a month.
type MonthCounts struct {
	Month string `json:"month" doc:"YYYY-MM"`
	Counts
}

// HeadCounts are those of a head.
type HeadCounts struct {
	Head string `json:"head" enum:"party,government,affairs,finance"`
	Counts
}

// Board is how the communities of an area disclose in time.
type Board struct {
	Area   string        `json:"area"`
	From   string        `json:"from"`
	To     string        `json:"to"`
	Total  Counts        `json:"total"`
	Soon   int           `json:"soon" doc:"Due within the days of the rule, not posted"`
	Months []MonthCounts `json:"months" doc:"By the month in which they fell due"`
	Heads  []HeadCounts  `json:"heads"`
	Below  []AreaCounts  `json:"below" doc:"Areas below, all of them"`
}

// mostMonths is the longest period of a board that is asked for by months.
const mostMonths = 36

// BoardInput asks for a board: duties that fell due from one day to another, YYYY-MM-DD.
type BoardInput struct{ Area, From, To string }

// Months asks for a board by months.
type Months struct {
	Area string `query:"area" required:"true" maxLength:"12" pattern:"^[0-9]+$"`
	From string `query:"from" required:"true" maxLength:"7" doc:"First month, YYYY-MM"`
	To   string `query:"to" required:"true" maxLength:"7" doc:"Last month, YYYY-MM"`
}

// Board counts the duties of an area. Errors: Forbidden outside of the actor's areas; Invalid for what is no range of
// at most mostMonths months.
func (s *Service) Board(ctx context.Context, in Months) (Board, error) {
	if err := authority.Require(ctx, permRead, in.Area); err != nil {
		return Board{}, err
	}
	first, err := time.Parse("2006-01", in.From)
	last, err2 := time.Parse("2006-01", in.To)
	months := (last.Year()-first.Year())*12 + int(last.Month()) - int(first.Month()) + 1
	if err != nil || err2 != nil || months < 1 || months > mostMonths {
		return Board{}, errs.ErrInvalid.At("from", "casework.period")
	}
	return s.BoardOf(ctx, BoardInput{Area: in.Area, From: in.From + "-01", To: last.AddDate(0, 1, -1).Format(time.DateOnly)})
}

// BoardOf is Board without the question who asks: lateness is public.
func (s *Service) BoardOf(ctx context.Context, in BoardInput) (Board, error) {
	b := Board{Area: in.Area, From: in.From, To: in.To, Months: []MonthCounts{}, Heads: []HeadCounts{}, Below: []AreaCounts{}}
	_, from := fold.Day(in.From)
	_, to := fold.Day(in.To)
	if !from || !to || in.From > in.To {
		return b, errs.ErrInvalid.At("from", "field.date")
	}
	today := clock.Day(clock.Now(ctx))
	until := min(in.To, daysAfter(today, -1))
	sums := func(group string, scan func(db.Scanner, *Counts) error) error {
		a := db.Args{}
		query := `SELECT ` + group + `, ` + counted + a.Arg(today) + ` THEN 1 ELSE 0 END), 0) FROM disclosure_duty` +
			a.Term(` WHERE due_on >= %s AND due_on <= %s AND area >= %s AND area < %s`, in.From, until, in.Area, authority.PrefixEnd(in.Area)) +
			` GROUP BY 1 ORDER BY 1`
		_, err := db.All(ctx, s.Log.DB, func(sc db.Scanner) (c Counts, err error) { return c, scan(sc, &c) }, query, a.List...)
		return err
	}
	err := sums("substr(due_on, 1, 7)", func(sc db.Scanner, _ *Counts) error {
		var m MonthCounts
		err := sc.Scan(append([]any{&m.Month}, m.destinations()...)...)
		b.Months = append(b.Months, m)
		b.Total.add(m.Counts)
		return err
	})
	if err != nil {
		return b, err
	}
	if err := sums("head", func(sc db.Scanner, _ *Counts) error {
		var h HeadCounts
		err := sc.Scan(append([]any{&h.Head}, h.destinations()...)...)
		b.Heads = append(b.Heads, h)
		return err
	}); err != nil {
		return b, err
	}
	if err := s.below(ctx, &b, sums); err != nil {
		return b, err
	}
	b.Soon, err = db.Value[int](ctx, s.Log.DB, `SELECT COUNT(*) FROM disclosure_duty WHERE state = 'open' AND due_on >= $1 AND due_on <= $2
		AND area >= $3 AND area < $4`, today, daysAfter(today, s.Rules.Int(ruleSoon, today)), in.Area, authority.PrefixEnd(in.Area))
	return b, err
}

func (c *Counts) add(o Counts) {
	c.Due, c.OnTime, c.PostedLate, c.Late, c.VeryLate = c.Due+o.Due, c.OnTime+o.OnTime, c.PostedLate+o.PostedLate, c.Late+o.Late,
		c.VeryLate+o.VeryLate
}

// below counts the areas below, all of them: one of which nothing fell due stands there with nothing.
func (s *Service) below(ctx context.Context, b *Board, sums func(string, func(db.Scanner, *Counts) error) error) error {
	children := s.Registry.Children(b.Area)
	if len(children) == 0 || children[0].Level > registry.LevelCommunity {
		return nil
	}
	digits := map[int]string{registry.LevelCounty: "substr(area, 1, 6)", registry.LevelStreet: "substr(area, 1, 9)",
		registry.LevelCommunity: "area"}[children[0].Level]
	rows := map[string]Counts{}
	if err := sums(digits, func(sc db.Scanner, c *Counts) error {
		var code string
		err := sc.Scan(append([]any{&code}, c.destinations()...)...)
		rows[code] = *c
		return err
	}); err != nil {
		return err
	}
	for _, a := range children {
		b.Below = append(b.Below, AreaCounts{Code: a.Code, Name: registry.NameIn(a, text.From(ctx)), Counts: rows[a.Code]})
	}
	return nil
}
