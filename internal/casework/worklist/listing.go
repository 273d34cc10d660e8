package worklist

import (
	"context"
	"fmt"
	"strings"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// A list is read in its order from an index that begins with what bounds it: the area at its
// level, the unit or the handler. So one page costs a clerk of one community what it costs
// whoever sees the whole city: as many rows as the page has. An actor with several areas or
// units reads a page of each, and of these the first. What no index of the order answers, e.g. a
// state, is loose: it is looked for among a bounded number of cases in the order, and a page that
// ends before it is full has a cursor that goes on from there.

// Orders of lists: work by deadline, records by time. The sum, for what a unit has, keeps PostgreSQL
// from walking over the whole city's cases in their order, looking for the unit's.
const (
	byTime     = "reported_at"
	byUnitTime = "reported_at + 0"
)

// listing is a list that is bounded to what its actor may read.
type listing struct {
	terms    []string // hold for every row
	loose    []string // hold, too, and are answered by no index
	branches []string // alternatives that share no row; none means that nothing may be read
	helped   helped   // read besides
	casework.Args
	key string // what it is ordered by, before id
	up  bool   // smallest first
	far bool   // many are read for a page: the filter is loose
}

func (l *listing) add(format string, args ...any) {
	l.terms = append(l.terms, l.Term(format, args...))
}

// listing turns a filter into a list that never reaches outside the actor's authority. Errors:
// Forbidden or Unauthenticated for who reads no cases at all.
func (s *Service) listing(ctx context.Context, f Filter) (*listing, error) {
	a, l := authority.From(ctx), &listing{key: casework.ByDeadline, up: true, far: f.isLoose()}
	if !a.CanAnywhere(casework.PermReadOwn) {
		if a.SignedIn() {
			return nil, errs.ErrForbidden
		}
		return nil, errs.ErrUnauthenticated
	}
	if f.View == ViewWaiting {
		s.scopeWaiting(l, a, f)
	} else {
		l.scope(a, f)
		l.helping(a, f)
	}
	now := clock.Now(ctx)
	switch f.View {
	case ViewSoon:
		l.add(l.key+" >= %s AND "+l.key+" <= %s", clock.Millis(now), clock.Millis(s.Cases.SoonBy(ctx)))
	case ViewOverdue:
		l.add(l.key+" < %s", clock.Millis(now))
	case ViewPending:
		l.terms = append(l.terms, "due_year > 0")
	case ViewSuspended:
		l.add(l.key+" = %s AND due_year = 0 AND clock_at > 0 AND limit_promised <> ''", casework.Never)
	case ViewSupervised:
		l.terms = append(l.terms, "(shard, id) IN (SELECT shard, case_id FROM casework_supervision WHERE answered_at IS NULL)")
	}
	if f.View != ViewAll {
		l.terms = append(l.terms, "open = 1")
	}
	l.narrow(f, now)
	if f.Tail != "" {
		l.terms = append(l.terms, l.Term(fmt.Sprintf("(shard, id) IN (SELECT shard, id FROM casework_case WHERE substr(number, %d) = %%s)",
			casework.TailAt), f.Tail))
	}
	return l, l.numbered(f.Number)
}

// scope bounds the list: to the areas that the actor oversees, or to the units and hands that
// are the actor's within the areas of their grants.
func (l *listing) scope(a *authority.Actor, f Filter) {
	overseen, own := f.areas(a)
	records := f.View == ViewAll
	switch {
	case f.View == ViewHelping: // what is helped with, and nothing else
	case f.View == ViewMine:
		for _, area := range own {
			l.branches = append(l.branches, l.Term("handler_id = %s AND handler_id <> '' AND ", a.ID)+l.Within(area))
		}
	case f.View == ViewUnit || len(overseen) == 0:
		if records {
			l.key, l.up = byUnitTime, false
		}
		for _, body := range a.Bodies() {
			for _, area := range own {
				l.branches = append(l.branches, l.Term("unit_id = %s AND ", body)+l.Within(area))
			}
		}
	default:
		if records {
			l.key, l.up = byTime, false
		}
		for _, area := range overseen {
			l.branches = append(l.branches, l.at(area, !records))
		}
	}
}

// at bounds to an area and all below it by the index of its level.
func (l *listing) at(area string, due bool) string {
	if area != "" && len(area) < casework.CountyDigits && l.far { // nearly all, which PostgreSQL must know
		return l.Within(area)
	}
	return l.At(area, due)
}

// numbered bounds to case numbers with a beginning. A number begins with the day on which its
// case was opened, so the day bounds the order, too.
func (l *listing) numbered(number string) error {
	if number == "" {
		return nil
	}
	if number = casework.ParseNumber(number); strings.Trim(number, "0123456789-") != "" {
		return errs.ErrInvalid.At("number", "field.number")
	}
	l.add("number >= %s AND number < %s", number, number+"\U0010FFFF")
	for _, shape := range []struct {
		layout              string
		years, months, days int
	}{{"20060102", 0, 0, 1}, {"200601", 0, 1, 0}, {"2006", 1, 0, 0}} {
		if len(number) < len(shape.layout) {
			continue
		}
		if from, err := time.ParseInLocation(shape.layout, number[:len(shape.layout)], clock.City); err == nil {
			l.add("reported_at >= %s AND reported_at < %s", clock.Millis(from), clock.Millis(from.AddDate(shape.years, shape.months, shape.days)))
		}
		break
	}
	return nil
}

// order is how the list is read; back is against it.
func (l *listing) order(back bool) string {
	direction := "DESC"
	if l.up != back {
		direction = "ASC"
	}
	return fmt.Sprintf(" ORDER BY %s %s, id %s", l.key, direction, direction)
}

// page is the query of one page after a cursor: of limit cases or some more.
func (l *listing) page(limit int, back bool) string {
	order := fmt.Sprintf("%s LIMIT %d", l.order(back), db.Few(limit))
	one := func(branch string) string {
		where := " WHERE " + strings.Join(append([]string{branch}, l.terms...), " AND ")
		if len(l.loose) == 0 {
			return casework.SelectCase + where + order
		}
		return "SELECT * FROM (" + casework.SelectCase + where + fmt.Sprintf("%s LIMIT %d", l.order(back),
			looseMost) + ") AS looked WHERE " + strings.Join(l.loose, " AND ") + order
	}
	if len(l.branches) == 1 {
		return one(l.branches[0])
	}
	parts := make([]string, len(l.branches))
	for i, b := range l.branches {
		parts[i] = "SELECT * FROM (" + one(b) + ") AS part"
	}
	return "SELECT * FROM (" + strings.Join(parts, " UNION ALL ") + ") AS parts" + order
}

func (l *listing) after(k casework.Cursor) {
	if k.ID == "" {
		return
	}
	compare := "<"
	if l.up != k.Back {
		compare = ">"
	}
	l.add("("+l.key+", id) "+compare+" (%s, %s)", k.At, k.ID)
}
