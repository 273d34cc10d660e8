package casework

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// Permissions of the spine.
const (
	permRead    = "casework.case.read"     // every case of the area
	permReadOwn = "casework.case.read_own" // cases of one's own unit or hands
)

// View is a list that a worker opens.
type View string

const (
	ViewMine    View = "mine"    // taken by me, open
	ViewUnit    View = "unit"    // of my units, open
	ViewSoon    View = "soon"    // due within a working day
	ViewOverdue View = "overdue" // past due, open
	ViewOpen    View = "open"    // every open case of my areas
	ViewAll     View = "all"     // closed ones too, newest first
	ViewPending View = "pending" // deadline waits for a calendar year
)

// Filter narrows a list. Zero values do not narrow.
type Filter struct {
	View   View
	Kind   string
	State  string
	Area   string
	Number string
	Cursor string
	Limit  int // 1…100, 20 when zero
}

// never sorts after every deadline.
const never = int64(1) << 53

// List is one page of a view, and the cursor of the next. By deadline for the views of work,
// newest first for the views of record.
func (s *Service) List(ctx context.Context, f Filter) ([]Case, string, error) {
	w, err := s.where(ctx, f)
	if err != nil {
		return nil, "", err
	}
	limit := f.Limit
	if limit < 1 || limit > 100 {
		limit = 20
	}
	key, order, compare := "reported_at", "DESC", "<"
	if f.View == ViewMine || f.View == ViewUnit || f.View == ViewSoon || f.View == ViewOverdue {
		key, order, compare = fmt.Sprintf("COALESCE(due_at, %d)", never), "ASC", ">"
	}
	if f.Cursor != "" {
		at, id, ok := readCursor(f.Cursor)
		if !ok {
			return nil, "", errs.New(errs.Malformed, "cursor")
		}
		w.add("("+key+", id) "+compare+" (%s, %s)", at, id)
	}
	query := selectCase + " WHERE " + strings.Join(w.terms, " AND ") + fmt.Sprintf(" ORDER BY %s %s, id %s LIMIT %d", key, order, order, limit+1)
	cases, err := db.All(ctx, s.Log.DB, scanCase, query, w.args...)
	if err != nil || len(cases) <= limit {
		return cases, "", err
	}
	cases = cases[:limit]
	return cases, cursorAfter(&cases[limit-1], key != "reported_at"), nil
}

// where turns a filter into conditions that never reach outside the actor's authority.
func (s *Service) where(ctx context.Context, f Filter) (*conditions, error) {
	a := authority.From(ctx)
	w := &conditions{}
	if err := w.scope(a, f); err != nil {
		return nil, err
	}
	now := clock.Now(ctx)
	switch f.View {
	case ViewSoon:
		w.add("due_at >= %s AND due_at <= %s", clock.Millis(now), clock.Millis(s.soonBy(ctx)))
	case ViewOverdue:
		w.add("due_at < %s", clock.Millis(now))
	case ViewPending:
		w.terms = append(w.terms, "due_year > 0")
	}
	if f.View != ViewAll {
		w.terms = append(w.terms, "open = 1")
	}
	for column, value := range map[string]string{"kind": f.Kind, "state": f.State} {
		if value != "" {
			w.add(column+" = %s", value)
		}
	}
	if f.Number != "" {
		if strings.Trim(f.Number, "0123456789-") != "" {
			return nil, errs.ErrInvalid.At("number", "field.number")
		}
		w.add("number LIKE %s", f.Number+"%")
	}
	return w, nil
}

type conditions struct {
	terms []string
	args  []any
}

func (w *conditions) add(format string, args ...any) {
	marks := make([]any, len(args))
	for i, a := range args {
		w.args = append(w.args, a)
		marks[i] = fmt.Sprintf("$%d", len(w.args))
	}
	w.terms = append(w.terms, fmt.Sprintf(format, marks...))
}

// scope bounds a list to what the actor may read.
func (w *conditions) scope(a *authority.Actor, f Filter) error {
	if !a.CanAnywhere(permReadOwn) {
		if a.SignedIn() {
			return errs.ErrForbidden
		}
		return errs.ErrUnauthenticated
	}
	areas := authority.Narrow(a.Scope(permRead), f.Area)
	switch {
	case f.View == ViewMine:
		w.any(authority.Narrow(a.Scope(permReadOwn), f.Area), w.area)
		w.add("handler_id = %s", a.ID)
	case f.View == ViewUnit || len(areas) == 0:
		w.any(authority.Narrow(a.Scope(permReadOwn), f.Area), w.area)
		w.any(a.Bodies(), func(b string) { w.add("unit_id = %s", b) })
	default:
		w.any(areas, w.area)
	}
	return nil
}

// area bounds to an area and all below it.
func (w *conditions) area(code string) {
	if code != "" {
		w.add("area >= %s AND area < %s", code, authority.After(code))
	}
}

// any joins alternatives; none of them is never true.
func (w *conditions) any(of []string, add func(string)) {
	rest := w.terms
	w.terms = nil
	for _, v := range of {
		add(v)
	}
	if len(w.terms) == 0 {
		w.terms = []string{"1 = 0"}
	}
	w.terms = append(rest, "("+strings.Join(w.terms, " OR ")+")")
}

// Inbox counts what waits for the actor.
type Inbox struct {
	Mine    int `json:"mine"`
	Unit    int `json:"unit"`
	Soon    int `json:"soon"`
	Overdue int `json:"overdue"`
	Pending struct {
		Count int   `json:"count"`
		Years []int `json:"years" doc:"Calendar years that are not loaded"`
	} `json:"pending" doc:"Deadlines that wait for a calendar year"`
}

// Inbox tells how much waits in each view of the actor.
func (s *Service) Inbox(ctx context.Context, area string) (Inbox, error) {
	var in Inbox
	for view, n := range map[View]*int{ViewMine: &in.Mine, ViewUnit: &in.Unit, ViewSoon: &in.Soon, ViewOverdue: &in.Overdue, ViewPending: &in.Pending.Count} {
		w, err := s.where(ctx, Filter{View: view, Area: area})
		if err != nil {
			return in, err
		}
		if *n, err = db.Value[int](ctx, s.Log.DB, "SELECT COUNT(*) FROM casework_case WHERE "+strings.Join(w.terms, " AND "), w.args...); err != nil {
			return in, err
		}
	}
	in.Pending.Years = []int{}
	if in.Pending.Count == 0 {
		return in, nil
	}
	w, err := s.where(ctx, Filter{View: ViewPending, Area: area})
	if err != nil {
		return in, err
	}
	in.Pending.Years, err = db.All(ctx, s.Log.DB, func(sc db.Scanner) (y int, err error) {
		err = sc.Scan(&y)
		return y, err
	},
		"SELECT DISTINCT due_year FROM casework_case WHERE "+strings.Join(w.terms, " AND ")+" ORDER BY due_year", w.args...)
	return in, err
}

type cursor struct {
	At int64  `json:"a"`
	ID string `json:"i"`
}

func cursorAfter(c *Case, byDeadline bool) string {
	k := cursor{c.ReportedAt, c.ID}
	if byDeadline {
		k.At = never
		if c.Clock.Due != nil {
			k.At = *c.Clock.Due
		}
	}
	raw, _ := json.Marshal(k)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func readCursor(s string) (int64, string, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	var k cursor
	if err != nil || len(s) > 200 || json.Unmarshal(raw, &k) != nil || k.ID == "" {
		return 0, "", false
	}
	return k.At, k.ID, true
}
