package stats

import (
	"context"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/registry"
)

// BoardOn is the board of an area as the city was on a day (YYYY-MM-DD): the area's name, extent
// and areas below are those of that day, its months end with the month of that day, and every case
// counts where the community that counted it belonged on that day. Exact but for cases that were
// moved to another standing community by their grid: they count there on earlier days too. What
// was soon due or overdue on a day is not kept. Communities that lie outside the actor's
// areas today are left out, and Partial says so. Errors: Invalid for no day and one to come; NotFound for a code
// that nothing bore on that day; Forbidden.
func (s *Service) BoardOn(ctx context.Context, area, day string) (Board, error) {
	at, err := time.ParseInLocation(time.DateOnly, fold.KeepDay(day), clock.City)
	if err != nil {
		return Board{}, errs.ErrInvalid.At("on", "field.date")
	}
	switch day, today := clock.Day(at), clock.Day(clock.Now(ctx)); {
	case day > today:
		return Board{}, errs.ErrInvalid.At("on", "field.day_past")
	case day == today:
		return s.Board(ctx, area)
	}
	day = clock.Day(at)
	then, err := s.Cases.Registry.On(ctx, day)
	if err != nil {
		return Board{}, err
	}
	a, ok := then.Area(area)
	if !ok {
		return Board{}, errs.ErrNotFound
	}
	now, ok := s.Cases.Registry.CurrentOf(a.ID)
	if !ok {
		return Board{}, errs.ErrNotFound
	}
	if err := authority.Require(ctx, casework.PermBoard, now.Code); err != nil {
		return Board{}, err
	}
	b := Board{Area: area, On: day, Months: []MonthFigures{}}
	below := then.Children(area)
	b.Children = make([]ChildFigures, len(below))
	children := map[string]*ChildFigures{}
	for i, c := range below {
		b.Children[i] = ChildFigures{Code: c.Code, Name: c.Name}
		children[c.Code] = &b.Children[i]
	}
	first := at.AddDate(0, 0, 1-at.Day())
	this, last := clock.Month(at), clock.Month(first.AddDate(0, -1, 0))
	rows, err := listOrigins(ctx, s.Cases.Log.DB, now.Code[:min(len(now.Code), casework.CityDigits)], this)
	if err != nil {
		return b, err
	}
	kept := s.placed(ctx, &b, then, rows, below)
	s.spread(&b, kept, children, this, last, clock.Month(first.AddDate(-1, 1, 0)))
	return b, nil
}

// placed keeps the counters whose community lay inside the board's area on its day, under the code
// of the area right below.
func (s *Service) placed(ctx context.Context, b *Board, then *registry.Tree, rows []originRow, below []registry.Area) []tallyRow {
	actor := authority.From(ctx)
	places := map[string]string{}
	var kept []tallyRow
	for _, r := range rows {
		place, known := places[r.origin]
		if !known {
			var found bool
			if place, found = s.Cases.Registry.PlaceOn(then, r.origin); !found {
				place = r.area
			}
			places[r.origin] = place
		}
		if !strings.HasPrefix(place, b.Area) {
			continue
		}
		if !actor.Can(casework.PermBoard, r.area) {
			b.Partial = true
			continue
		}
		if len(below) > 0 {
			place = place[:min(len(place), len(below[0].Code))]
		}
		kept = append(kept, tallyRow{area: place, kind: r.kind, month: r.month, Figures: r.Figures})
	}
	return kept
}

type originRow struct {
	origin, area, kind, month string
	Figures
}

// listOrigins are the counters of a city's communities up to a month, by the community in which
// they were counted, in order of month.
func listOrigins(ctx context.Context, r db.Reader, city, month string) ([]originRow, error) {
	return db.All(ctx, r, func(s db.Scanner) (t originRow, err error) {
		err = s.Scan(&t.origin, &t.area, &t.kind, &t.month, &t.Received, &t.Closed, &t.OnTime, &t.Late, &t.Rated, &t.Good, &t.Points)
		return t, err
	}, `SELECT origin, area, kind, month, CAST(SUM(received) AS BIGINT), CAST(SUM(closed) AS BIGINT), CAST(SUM(on_time) AS BIGINT),
		CAST(SUM(late) AS BIGINT), CAST(SUM(rated) AS BIGINT), CAST(SUM(good) AS BIGINT), CAST(SUM(points) AS BIGINT)
		FROM casework_tally WHERE level = $1 AND month <= $2 AND area >= $3 AND area < $4 GROUP BY origin, area, kind, month ORDER BY month, kind,
		origin`,
		registry.LevelCommunity, month, city, authority.PrefixEnd(city))
}
