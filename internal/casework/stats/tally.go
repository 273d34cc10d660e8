package stats

import (
	"context"
	"slices"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// counts are what a change adds to the counters of a month; they are kept in the transaction
// of the change, at county and at community, so that no board ever scans cases.
type counts struct{ received, closed, onTime, late, rated, good, points int }

func closing(c *casework.Case) counts {
	if c.Late {
		return counts{closed: 1, late: 1}
	}
	return counts{closed: 1, onTime: 1}
}

// tally counts at the case's county and community: every step passes here.
func (s *Service) tally(ctx context.Context, tx *audit.Tx, c *casework.Case, n counts) error {
	return s.tallyIn(ctx, tx, c, clock.Month(tx.Now), n)
}

// tallyIn is tally for what belongs to another month than this.
func (s *Service) tallyIn(ctx context.Context, tx *audit.Tx, c *casework.Case, month string, n counts) error {
	sum, err := sumOf(tx)
	if err != nil {
		return err
	}
	for _, k := range s.keys(c, month) {
		sum.tally(k, n)
	}
	return nil
}

// keys name the counters of a case's community and county in a month.
func (s *Service) keys(c *casework.Case, month string) [2]tallyKey {
	community, county := c.Area[:min(casework.CommunityDigits, len(c.Area))], c.Area[:min(casework.CountyDigits, len(c.Area))]
	origin := community
	if a, ok := s.Cases.Registry.Area(community); ok {
		origin = a.ID
	}
	return [2]tallyKey{{c.Shard, origin, community, c.Kind, month, registry.LevelCommunity},
		{c.Shard, county, county, c.Kind, month, registry.LevelCounty}}
}

const (
	insertTally = `INSERT INTO casework_tally (shard, origin, area, kind, month, level, received, closed, on_time, late, rated, good, points)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`
	addingTally = ` ON CONFLICT (shard, origin, kind, month) DO UPDATE SET
		received = casework_tally.received + excluded.received, closed = casework_tally.closed + excluded.closed,
		on_time = casework_tally.on_time + excluded.on_time, late = casework_tally.late + excluded.late,
		rated = casework_tally.rated + excluded.rated, good = casework_tally.good + excluded.good,
		points = casework_tally.points + excluded.points`
)

// tallyKey names a counter. Origin is the id of the community in which it was counted, which stays
// when the community is merged into another; of a county's sum it is the county's code.
type tallyKey struct {
	shard, origin, area, kind, month string
	level                            int
}

func addTally(ctx context.Context, tx *db.Tx, k tallyKey, n counts) error {
	return tx.Send(ctx, insertTally+addingTally,
		k.shard, k.origin, k.area, k.kind, k.month, k.level, n.received, n.closed, n.onTime, n.late, n.rated, n.good, n.points)
}

// Figures are counts of one area over one time. Rates are left to whoever shows them: a rate
// whose denominator is 0 is no rate.
type Figures struct {
	Received int `json:"received"`
	Closed   int `json:"closed"`
	OnTime   int `json:"onTime" doc:"Closed with every stage in time"`
	Late     int `json:"late" doc:"Closed with a stage past its deadline"`
	Rated    int `json:"rated"`
	Good     int `json:"good" doc:"Rated 3 or better"`
	Points   int `json:"points" doc:"Sum of levels 1 to 5"`
}

func (f *Figures) add(g Figures) {
	f.Received += g.Received
	f.Closed += g.Closed
	f.OnTime += g.OnTime
	f.Late += g.Late
	f.Rated += g.Rated
	f.Good += g.Good
	f.Points += g.Points
}

// MonthFigures are the figures of one kind of case in one month.
type MonthFigures struct {
	Month string `json:"month" doc:"YYYY-MM"`
	Kind  string `json:"kind"`
	Figures
}

// ChildFigures are this month's and last month's figures of an area below, and its load now.
type ChildFigures struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Open    int    `json:"open"`
	Overdue int    `json:"overdue"`
	Figures
	Last Figures `json:"last" doc:"The month before"`
}

// Board is what an officer sees of an area: load now, this month beside the last, by month and
// by area below.
type Board struct {
	Area    string `json:"area"`
	On      string `json:"on,omitempty" doc:"The past day as of which the structure stands; soon and overdue are not kept for it"`
	Partial bool   `json:"partial,omitempty" doc:"Communities that are outside the caller's areas today are left out"`
	Now     struct {
		Open    int `json:"open"`
		Soon    int `json:"soon"`
		Overdue int `json:"overdue"`
	} `json:"now"`
	ThisMonth Figures        `json:"thisMonth"`
	LastMonth Figures        `json:"lastMonth"`
	Months    []MonthFigures `json:"months"`
	Children  []ChildFigures `json:"children"`
}

// Board computes the figures of an area from the counters. Errors: Forbidden outside the
// actor's areas.
func (s *Service) Board(ctx context.Context, area string) (Board, error) {
	if err := authority.Require(ctx, casework.PermBoard, area); err != nil {
		return Board{}, err
	}
	b := Board{Area: area, Months: []MonthFigures{}}
	below := s.Cases.Registry.Children(area)
	digits := len(area)
	if len(below) > 0 {
		digits = len(below[0].Code)
	}
	now := clock.Now(ctx)
	first := now.AddDate(0, 0, 1-now.Day())
	this, last := clock.Month(now), clock.Month(first.AddDate(0, -1, 0))
	children := map[string]*ChildFigures{}
	b.Children = make([]ChildFigures, len(below))
	for i, a := range below {
		b.Children[i] = ChildFigures{Code: a.Code, Name: a.Name}
		children[a.Code] = &b.Children[i]
	}
	level := registry.LevelCommunity
	if digits <= casework.CountyDigits {
		level = registry.LevelCounty
	}
	rows, err := listTally(ctx, s.Cases.Log.DB, level, area, min(digits, casework.CommunityDigits))
	if err != nil {
		return b, err
	}
	s.spread(&b, rows, children, this, last, clock.Month(first.AddDate(-1, 1, 0)))
	return b, s.loads(ctx, &b, children, digits)
}

func (s *Service) spread(b *Board, rows []tallyRow, children map[string]*ChildFigures, this, last, from string) {
	months := map[[2]string]int{}
	apart := s.Cases.Apart()
	for _, r := range rows {
		if slices.Contains(apart, r.kind) {
			continue
		}
		b.Now.Open += r.Received - r.Closed
		if child := children[r.area]; child != nil {
			child.Open += r.Received - r.Closed
			switch r.month {
			case this:
				child.Figures.add(r.Figures)
			case last:
				child.Last.add(r.Figures)
			}
		}
		switch r.month {
		case this:
			b.ThisMonth.add(r.Figures)
		case last:
			b.LastMonth.add(r.Figures)
		}
		if r.month < from {
			continue
		}
		k := [2]string{r.month, r.kind}
		i, ok := months[k]
		if !ok {
			i = len(b.Months)
			months[k] = i
			b.Months = append(b.Months, MonthFigures{Month: r.month, Kind: r.kind})
		}
		b.Months[i].add(r.Figures)
	}
}

// loads counts what is open, what of it is late and what soon will be, of one reading of the open
// cases: what is late is never more than what is open, wherever the cases were counted before.
func (s *Service) loads(ctx context.Context, b *Board, children map[string]*ChildFigures, digits int) error {
	type row struct {
		area         string
		open         int
		late, urgent int
	}
	l := &casework.Args{}
	below := l.Term("substr(area, 1, %s)", digits)
	late := l.Term("SUM(CASE WHEN due_at < %s THEN 1 ELSE 0 END)", clock.Millis(clock.Now(ctx)))
	urgent := l.Term("SUM(CASE WHEN due_at <= %s THEN 1 ELSE 0 END)", clock.Millis(s.Cases.SoonBy(ctx)))
	brought := "open = 1"
	if apart := s.Cases.Apart(); len(apart) > 0 {
		brought += " AND kind NOT IN " + l.In(apart)
	}
	rows, err := db.All(ctx, s.Cases.Log.DB, func(sc db.Scanner) (r row, err error) {
		return r, sc.Scan(&r.area, &r.open, &r.late, &r.urgent)
	}, "SELECT "+below+", COUNT(*), "+late+", "+urgent+" FROM casework_case WHERE "+brought+" AND "+l.At(b.Area, true)+" GROUP BY 1",
		l.List...)
	b.Now.Open = 0
	for _, child := range children {
		child.Open = 0
	}
	for _, r := range rows {
		b.Now.Open += r.open
		b.Now.Overdue += r.late
		b.Now.Soon += r.urgent - r.late
		if child := children[r.area]; child != nil {
			child.Open += r.open
			child.Overdue += r.late
		}
	}
	return err
}

type tallyRow struct {
	area, kind, month string
	Figures
}

func listTally(ctx context.Context, r db.Reader, level int, area string, digits int) ([]tallyRow, error) {
	return db.All(ctx, r, func(s db.Scanner) (t tallyRow, err error) {
		err = s.Scan(&t.area, &t.kind, &t.month, &t.Received, &t.Closed, &t.OnTime, &t.Late, &t.Rated, &t.Good, &t.Points)
		return t, err
	}, `SELECT substr(area, 1, $1), kind, month, CAST(SUM(received) AS BIGINT), CAST(SUM(closed) AS BIGINT),
		CAST(SUM(on_time) AS BIGINT), CAST(SUM(late) AS BIGINT), CAST(SUM(rated) AS BIGINT), CAST(SUM(good) AS BIGINT),
		CAST(SUM(points) AS BIGINT)
		FROM casework_tally WHERE level = $2 AND area >= $3 AND area < $4 GROUP BY 1, 2, 3 ORDER BY 3, 2, 1`,
		digits, level, area, authority.PrefixEnd(area))
}
