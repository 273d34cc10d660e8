package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// A list is read in its order from an index that begins with what bounds it: the area at its
// level, the unit or the handler. So one page costs a clerk of one community what it costs
// whoever sees the whole city: as many rows as the page has. An actor with several areas or
// units reads a page of each, and of these the first.

// never sorts after every deadline; migration 0007 has it in two indexes.
const never = int64(1) << 53

// Orders of what a unit or a person has in hand. The sum keeps PostgreSQL from walking over the
// whole city's cases in their order, looking for the unit's.
const (
	byDeadline = "COALESCE(due_at, 9007199254740992)"
	byTime     = "reported_at + 0"
)

// listing is a list that is bounded to what its actor may read.
type listing struct {
	terms    []string // hold for every row
	branches []string // alternatives that share no row; none means that nothing may be read
	args     []any
	key      string // what it is ordered by, before id
	up       bool   // smallest first
	due      string // the deadline as the leading index has it
}

// term writes a condition whose %s stand for the arguments.
func (l *listing) term(format string, args ...any) string {
	marks := make([]any, len(args))
	for i, a := range args {
		l.args = append(l.args, a)
		marks[i] = fmt.Sprintf("$%d", len(l.args))
	}
	return fmt.Sprintf(format, marks...)
}

func (l *listing) add(format string, args ...any) {
	l.terms = append(l.terms, l.term(format, args...))
}

// listing turns a filter into a list that never reaches outside the actor's authority. Errors:
// Forbidden or Unauthenticated for who reads no cases at all.
func (s *Service) listing(ctx context.Context, f Filter) (*listing, error) {
	a, l := authority.From(ctx), &listing{key: byTime, due: byDeadline}
	if !a.CanAnywhere(permReadOwn) {
		if a.SignedIn() {
			return nil, errs.ErrForbidden
		}
		return nil, errs.ErrUnauthenticated
	}
	l.scope(a, f)
	now := clock.Now(ctx)
	switch f.View {
	case ViewMine, ViewUnit:
		l.key, l.up = byDeadline, true
	case ViewSoon:
		l.key, l.up = l.due, true
		l.add(l.key+" >= %s AND "+l.key+" <= %s", clock.Millis(now), clock.Millis(s.soonBy(ctx)))
	case ViewOverdue:
		l.key, l.up = l.due, true
		l.add(l.key+" < %s", clock.Millis(now))
	case ViewPending:
		l.terms = append(l.terms, "due_year > 0")
	case ViewSuspended:
		l.terms = append(l.terms, "due_at IS NULL AND due_year = 0 AND clock_at > 0 AND limit_promised <> ''")
	case ViewSupervised:
		l.terms = append(l.terms, "(shard, id) IN (SELECT shard, case_id FROM casework_supervision WHERE answered_at IS NULL)")
	}
	if f.View != ViewAll || s.waits(f.State) {
		l.terms = append(l.terms, "open = 1")
	}
	if f.Kind != "" {
		l.add("kind = %s", f.Kind)
	}
	if f.State != "" {
		l.add("state = %s", f.State)
	}
	return l, l.numbered(f.Number)
}

// scope bounds the list: to the areas that the actor oversees, or to the units and hands that
// are the actor's within the areas of their grants.
func (l *listing) scope(a *authority.Actor, f Filter) {
	overseen := authority.Narrow(a.Scope(permRead), f.Area)
	own := authority.Narrow(a.Scope(permReadOwn), f.Area)
	switch {
	case f.View == ViewMine:
		for _, area := range own {
			l.branches = append(l.branches, l.term("handler_id = %s AND ", a.ID)+l.within(area))
		}
	case f.View == ViewUnit || len(overseen) == 0:
		for _, body := range a.Bodies() {
			for _, area := range own {
				l.branches = append(l.branches, l.term("unit_id = %s AND ", body)+l.within(area))
			}
		}
	default:
		l.key, l.due = "reported_at", "due_at"
		for _, area := range overseen {
			l.branches = append(l.branches, l.at(area, f.View == ViewSoon || f.View == ViewOverdue))
		}
	}
}

// at bounds to an area and all below it by the index of its level. Grids have none by deadline:
// what is due in one is looked for among what is due in its community.
func (l *listing) at(area string, due bool) string {
	switch {
	case area == "":
		return "1 = 1"
	case len(area) == gridDigits && due:
		return l.at(area[:communityDigits], due) + " AND " + l.within(area)
	case len(area) == gridDigits:
		return l.term("area = %s", area)
	}
	return l.term(fmt.Sprintf("substr(area, 1, %d) = %%s", len(area)), area)
}

// within bounds to an area where another index leads. It is written so that SQLite does not turn
// to the area's own index and PostgreSQL still knows how many rows to expect.
func (l *listing) within(area string) string {
	return l.term("NOT (area < %s OR area >= %s)", area, authority.After(area))
}

// waits tells whether a state is one in which every kind of case that knows it is open.
func (s *Service) waits(state string) bool {
	known := false
	for _, m := range s.matters {
		if slices.ContainsFunc(m.Flow.Places, func(p flow.Place) bool { return p.State == flow.State(state) }) {
			if known = true; !m.Flow.IsOpen(flow.State(state)) {
				return false
			}
		}
	}
	return known
}

// numbered bounds to case numbers with a beginning. A number begins with the day on which its
// case was opened, so the day bounds the order, too.
func (l *listing) numbered(number string) error {
	if number == "" {
		return nil
	}
	if strings.Trim(number, "0123456789-") != "" {
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

// page is the query of one page after a cursor.
func (l *listing) page(limit int) string {
	direction := "DESC"
	if l.up {
		direction = "ASC"
	}
	order := fmt.Sprintf(" ORDER BY %s %s, id %s LIMIT %d", l.key, direction, direction, limit)
	one := func(branch string) string {
		return selectCase + " WHERE " + strings.Join(append([]string{branch}, l.terms...), " AND ") + order
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

func (l *listing) after(at int64, id string) {
	compare := "<"
	if l.up {
		compare = ">"
	}
	l.add("("+l.key+", id) "+compare+" (%s, %s)", at, id)
}

// count adds up the branches, which share no row.
func (l *listing) count(ctx context.Context, r db.Reader) (int, error) {
	if len(l.branches) == 0 {
		return 0, nil
	}
	parts := make([]string, len(l.branches))
	for i, b := range l.branches {
		parts[i] = "(SELECT COUNT(*) FROM casework_case WHERE " + strings.Join(append([]string{b}, l.terms...), " AND ") + ")"
	}
	return db.Value[int](ctx, r, "SELECT "+strings.Join(parts, " + "), l.args...)
}

// years lists the calendar years that the listed cases wait for.
func (l *listing) years(ctx context.Context, r db.Reader) ([]int, error) {
	return db.All(ctx, r, func(sc db.Scanner) (y int, err error) {
		err = sc.Scan(&y)
		return y, err
	}, "SELECT DISTINCT due_year FROM casework_case WHERE ("+strings.Join(l.branches, " OR ")+") AND "+strings.Join(l.terms, " AND ")+" ORDER BY due_year", l.args...)
}

// List is one page of a view, and the cursor of the next. By deadline for the views of work,
// newest first for the views of record.
func (s *Service) List(ctx context.Context, f Filter) ([]Case, string, error) {
	l, err := s.listing(ctx, f)
	if err != nil {
		return nil, "", err
	}
	if f.Cursor != "" {
		at, id, ok := readCursor(f.Cursor)
		if !ok {
			return nil, "", errs.New(errs.Malformed, "cursor")
		}
		l.after(at, id)
	}
	if len(l.branches) == 0 {
		return []Case{}, "", nil
	}
	limit := f.Limit
	if limit < 1 || limit > 100 {
		limit = 20
	}
	cases, err := db.All(ctx, s.Log.DB, scanCase, l.page(limit+1), l.args...)
	if err != nil || len(cases) <= limit {
		return cases, "", err
	}
	cases = cases[:limit]
	return cases, cursorAfter(&cases[limit-1], l.up), nil
}
