package burden

import (
	"cmp"
	"context"
	"slices"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// MonthFigures are the figures of one way in one month.
type MonthFigures struct {
	Month string `json:"month" doc:"YYYY-MM"`
	Way   string `json:"way"`
	Figures
}

// WayFigures are the figures of one way.
type WayFigures struct {
	Way string `json:"way"`
	Figures
}

// BodyFigures are what one body asked for.
type BodyFigures struct {
	Body string `json:"body"`
	Name string `json:"name"`
	Figures
}

// AreaFigures are the figures of an area below.
type AreaFigures struct {
	Code       string `json:"code"`
	Name       string `json:"name"`
	Households int    `json:"households" doc:"On the roster of a community; 0 where none is loaded, and of wider areas"`
	Figures
}

// Board is who caused what burden and who bore it, of an area and some months.
type Board struct {
	Area     string         `json:"area"`
	From     string         `json:"from"`
	To       string         `json:"to"`
	Total    Figures        `json:"total"`
	Previous Figures        `json:"previous" doc:"Of as many months before"`
	Months   []MonthFigures `json:"months" doc:"The last twelve, by way"`
	Ways     []WayFigures   `json:"ways"`
	Bodies   []BodyFigures  `json:"bodies" doc:"Who causes it, the most minutes first"`
	Below    []AreaFigures  `json:"below" doc:"Who bears it"`
	Base     Base           `json:"base"`
}

// Period is some months of an area.
type Period struct {
	Area string `query:"area" required:"true" maxLength:"12" pattern:"^[0-9]+$"`
	From string `query:"from" required:"true" maxLength:"7" doc:"First month, YYYY-MM"`
	To   string `query:"to" required:"true" maxLength:"7" doc:"Last month, YYYY-MM"`
}

// months are those of the period, oldest first. Error: Invalid where one is none, or there are too many.
func (s *Service) months(ctx context.Context, p Period) ([]string, error) {
	first, err := time.ParseInLocation("2006-01", p.From, clock.City)
	if err != nil {
		return nil, errs.ErrInvalid.At("from", "burden.month")
	}
	last, err := time.ParseInLocation("2006-01", p.To, clock.City)
	if err != nil {
		return nil, errs.ErrInvalid.At("to", "burden.month")
	}
	most := s.Rules.Int(ruleMostMonths, clock.Day(clock.Now(ctx)))
	var out []string
	for at := first; !at.After(last); at = at.AddDate(0, 1, 0) {
		if out = append(out, clock.Month(at)); len(out) > most {
			return nil, errs.ErrInvalid.At("from", "burden.period", "most", most).By(ruleMostMonths)
		}
	}
	if len(out) == 0 {
		return nil, errs.ErrInvalid.At("to", "burden.order")
	}
	return out, nil
}

// before are n months before a month, oldest first.
func before(month string, n int) []string {
	at, _ := time.ParseInLocation("2006-01", month, clock.City)
	out := make([]string, n)
	for i := range out {
		out[i] = clock.Month(at.AddDate(0, i-n, 0))
	}
	return out
}

// shown is how many months the board's course has.
const shown = 12

// levelOf is the level at which the sums of an area are kept.
func levelOf(area string) int {
	switch level := registry.LevelOf(area); level {
	case registry.LevelCity, registry.LevelCounty:
		return level
	default:
		return registry.LevelCommunity
	}
}

// Board computes the figures of an area from the sums. Errors: Forbidden outside the actor's areas, Invalid for the months.
func (s *Service) Board(ctx context.Context, p Period) (Board, error) {
	if err := authority.Require(ctx, permRead, p.Area); err != nil {
		return Board{}, err
	}
	return s.board(ctx, p)
}

// board is Board without the question who asks: what it shows of an area is public as a sum.
func (s *Service) board(ctx context.Context, p Period) (Board, error) {
	b := Board{Area: p.Area, From: p.From, To: p.To, Months: []MonthFigures{}, Ways: []WayFigures{}, Bodies: []BodyFigures{},
		Below: []AreaFigures{}}
	months, err := s.months(ctx, p)
	if err != nil {
		return b, err
	}
	earlier := before(p.From, len(months))
	course := before(p.To, shown-1)
	asked := slices.Concat(months, earlier, course)
	slices.Sort(asked)
	rows, err := listMonths(ctx, s.Log.DB, p.Area, slices.Compact(asked))
	if err != nil {
		return b, err
	}
	ways := map[string]Figures{}
	for _, r := range rows {
		if slices.Contains(months, r.Month) {
			b.Total.add(r.Figures)
			sum := ways[r.Way]
			sum.add(r.Figures)
			ways[r.Way] = sum
		}
		if slices.Contains(earlier, r.Month) {
			b.Previous.add(r.Figures)
		}
		if r.Month == p.To || slices.Contains(course, r.Month) {
			b.Months = append(b.Months, r)
		}
	}
	for _, way := range orderedWays {
		if f, ok := ways[way]; ok {
			b.Ways = append(b.Ways, WayFigures{way, f})
		}
	}
	if err := s.causes(ctx, &b, months); err != nil {
		return b, err
	}
	if err := s.bears(ctx, &b, months); err != nil {
		return b, err
	}
	b.Base, err = readBase(ctx, s.Log.DB, p.Area)
	b.Base.Communities = max(1, len(s.Registry.Below(p.Area, registry.LevelCommunity)))
	return b, err
}

// latest is the last month of the course in which something was asked or answered; "" for none.
func (b *Board) latest() (out string) {
	for _, m := range b.Months {
		out = max(out, m.Month)
	}
	return out
}

// causes are the bodies that asked, those that took the most minutes first.
func (s *Service) causes(ctx context.Context, b *Board, months []string) error {
	rows, err := listBodies(ctx, s.Log.DB, b.Area, months)
	for _, r := range rows {
		r.Name = cmp.Or(s.Registry.BodyName(r.Body), r.Body)
		b.Bodies = append(b.Bodies, r)
	}
	slices.SortFunc(b.Bodies, func(x, y BodyFigures) int {
		return cmp.Or(cmp.Compare(y.Declared, x.Declared), cmp.Compare(y.Asked, x.Asked), cmp.Compare(x.Body, y.Body))
	})
	return err
}

// bears are the areas below, all of them: one that was asked for nothing stands there with nothing.
func (s *Service) bears(ctx context.Context, b *Board, months []string) error {
	below := s.Registry.Children(b.Area)
	if len(below) == 0 || below[0].Level > registry.LevelCommunity {
		return nil
	}
	rows, err := listBelow(ctx, s.Log.DB, b.Area, len(below[0].Code), months)
	if err != nil {
		return err
	}
	households := map[string]int{}
	if below[0].Level == registry.LevelCommunity {
		households, err = listHouseholds(ctx, s.Log.DB, b.Area)
	}
	for _, a := range below {
		b.Below = append(b.Below, AreaFigures{Code: a.Code, Name: registry.NameIn(a, text.From(ctx)), Households: households[a.Code],
			Figures: rows[a.Code]})
	}
	return err
}

func listMonths(ctx context.Context, r db.Reader, area string, months []string) ([]MonthFigures, error) {
	a := db.Args{}
	level, in := a.Arg(levelOf(area)), a.In(months)
	return db.All(ctx, r, func(sc db.Scanner) (m MonthFigures, err error) {
		return m, sc.Scan(append([]any{&m.Month, &m.Way}, m.destinations()...)...)
	}, `SELECT month, way, `+summed+` FROM burden_count WHERE body = '' AND level = `+level+` AND month IN `+in+
		a.Term(` AND area >= %s AND area < %s`, area, authority.PrefixEnd(area))+` GROUP BY month, way ORDER BY month, way`, a.List...)
}

func listBodies(ctx context.Context, r db.Reader, area string, months []string) ([]BodyFigures, error) {
	a := db.Args{}
	level, in := a.Arg(levelOf(area)), a.In(months)
	return db.All(ctx, r, func(sc db.Scanner) (b BodyFigures, err error) {
		return b, sc.Scan(append([]any{&b.Body}, b.destinations()...)...)
	}, `SELECT body, `+summed+` FROM burden_count WHERE body <> '' AND level = `+level+` AND month IN `+in+
		a.Term(` AND area >= %s AND area < %s`, area, authority.PrefixEnd(area))+` GROUP BY body`, a.List...)
}

// listBelow are the sums of the areas below by their codes of so many digits.
func listBelow(ctx context.Context, r db.Reader, area string, digits int, months []string) (map[string]Figures, error) {
	a := db.Args{}
	code := a.Term("substr(area, 1, %s)", digits)
	level := registry.LevelCommunity
	if digits == countyDigits {
		level = registry.LevelCounty
	}
	at, in := a.Arg(level), a.In(months)
	rows, err := db.All(ctx, r, func(sc db.Scanner) (f AreaFigures, err error) {
		return f, sc.Scan(append([]any{&f.Code}, f.destinations()...)...)
	}, `SELECT `+code+`, `+summed+` FROM burden_count WHERE body = '' AND level = `+at+` AND month IN `+in+
		a.Term(` AND area >= %s AND area < %s`, area, authority.PrefixEnd(area))+` GROUP BY 1`, a.List...)
	out := make(map[string]Figures, len(rows))
	for _, row := range rows {
		out[row.Code] = row.Figures
	}
	return out, err
}
