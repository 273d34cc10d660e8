package grid

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// RecheckView is a closed incident that was drawn, and what was found.
type RecheckView struct {
	Case      casework.Summary `json:"case"`
	ClosedOn  string           `json:"closedOn" doc:"YYYY-MM-DD"`
	State     string           `json:"state" enum:"due,confirmed,refuted"`
	DueAt     *int64           `json:"dueAt" nullable:"true"`
	Late      bool             `json:"late" doc:"Not checked in time"`
	CheckedAt *int64           `json:"checkedAt" nullable:"true"`
	Checker   string           `json:"checker" doc:"Name of the account"`
	Closing   string           `json:"closing" doc:"What must be so"`
}

// RecheckFigures are the checks of the closings of one month. Rate is the verified-closure rate,
// confirmed ÷ checked; null when nothing was checked.
type RecheckFigures struct {
	Checked   int      `json:"checked"`
	Confirmed int      `json:"confirmed"`
	Rate      *float64 `json:"rate" nullable:"true"`
}

func (f *RecheckFigures) add(checked, confirmed int) {
	f.Checked += checked
	f.Confirmed += confirmed
	if f.Checked > 0 {
		rate := float64(f.Confirmed) / float64(f.Checked)
		f.Rate = &rate
	}
}

// RecheckMonth are the figures of the closings of one month.
type RecheckMonth struct {
	Month string `json:"month" doc:"YYYY-MM"`
	RecheckFigures
}

// RecheckChild are this month's figures of an area below.
type RecheckChild struct {
	Code string `json:"code"`
	Name string `json:"name"`
	RecheckFigures
}

// RecheckBoard is what was found at the drawn incidents of an area.
type RecheckBoard struct {
	Area     string         `json:"area"`
	Due      int            `json:"due" doc:"Drawn and not checked yet"`
	Months   []RecheckMonth `json:"months" doc:"At most twelve, the last first"`
	Children []RecheckChild `json:"children" doc:"This month, by area below"`
}

type recheckRow struct {
	id, day, state, checker string
	drawnAt                 int64
	dueAt, checkedAt        *int64
}

// ListRechecks is one page of the drawn incidents in the actor's areas, the first drawn first, and
// the cursor of the next. Done lists those that were checked instead.
func (s *Service) ListRechecks(ctx context.Context, area string, done bool, cursor string, limit int) ([]RecheckView, string, error) {
	at, id := int64(-1), ""
	if err := db.ReadCursor(cursor, &at, &id); err != nil {
		return nil, "", err
	}
	states := []string{closingDue}
	if done {
		states = []string{closingConfirmed, closingRefuted}
	}
	var rows []recheckRow
	for _, scope := range authority.Narrow(authority.From(ctx).Scope(permRecheck), area) {
		for _, state := range states {
			some, err := db.All(ctx, s.Casework.Log.DB, scanRecheck, `SELECT case_id, closed_on, state, checker_id, drawn_at, due_at, checked_at
				FROM grid_recheck
				WHERE area >= $1 AND area < $2 AND state = $3 AND (drawn_at, case_id) > ($4, $5) ORDER BY drawn_at, case_id LIMIT $6`,
				scope, authority.PrefixEnd(scope), state, at, id, limit+1)
			if err != nil {
				return nil, "", err
			}
			rows = append(rows, some...)
		}
	}
	slices.SortFunc(rows, func(a, b recheckRow) int {
		if a.drawnAt != b.drawnAt {
			return int(min(max(a.drawnAt-b.drawnAt, -1), 1))
		}
		return strings.Compare(a.id, b.id)
	})
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = db.Cursor(rows[limit-1].drawnAt, rows[limit-1].id)
	}
	views, err := s.viewRechecks(ctx, rows)
	return views, next, err
}

func (s *Service) viewRechecks(ctx context.Context, rows []recheckRow) ([]RecheckView, error) {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].id
	}
	cases, err := s.Casework.Lookup(ctx, ids)
	out := []RecheckView{}
	now := clock.Millis(clock.Now(ctx))
	for _, r := range rows {
		c, shown := cases[r.id]
		if !shown {
			continue
		}
		category, _ := s.Category(c.Subject)
		end := now
		if r.checkedAt != nil {
			end = *r.checkedAt
		}
		v := RecheckView{Case: c, ClosedOn: r.day, State: r.state, DueAt: r.dueAt, CheckedAt: r.checkedAt,
			Closing: category.Closing.In(text.From(ctx)),
			Late:    r.dueAt != nil && end > *r.dueAt}
		if r.checker != "" {
			v.Checker = s.Casework.Accounts.AccountName(r.checker)
		}
		out = append(out, v)
	}
	return out, err
}

func scanRecheck(r db.Scanner) (o recheckRow, err error) {
	err = r.Scan(&o.id, &o.day, &o.state, &o.checker, &o.drawnAt, &o.dueAt, &o.checkedAt)
	return o, err
}

// RecheckBoard sums up the checks of an area from the counters. Errors: Forbidden outside the actor's
// areas.
func (s *Service) RecheckBoard(ctx context.Context, area string) (RecheckBoard, error) {
	if err := authority.Require(ctx, casework.PermissionBoard, area); err != nil {
		return RecheckBoard{}, err
	}
	b := RecheckBoard{Area: area, Months: []RecheckMonth{}, Children: []RecheckChild{}}
	digits := communityDigits
	for _, a := range s.Registry.Children(area) {
		if len(a.Code) <= communityDigits {
			digits = len(a.Code)
			b.Children = append(b.Children, RecheckChild{Code: a.Code, Name: a.Name})
		}
	}
	now := clock.Now(ctx)
	type row struct {
		area, month        string
		checked, confirmed int
	}
	rows, err := db.All(ctx, s.Casework.Log.DB, func(r db.Scanner) (o row, err error) {
		err = r.Scan(&o.area, &o.month, &o.checked, &o.confirmed)
		return o, err
	}, `SELECT substr(area, 1, $1), month, CAST(SUM(checked) AS BIGINT), CAST(SUM(confirmed) AS BIGINT) FROM grid_recheck_tally
		WHERE area >= $2 AND area < $3 AND month > $4 GROUP BY 1, 2 ORDER BY 2 DESC, 1`,
		digits, area, authority.PrefixEnd(area), clock.Month(now.AddDate(-1, 0, 0)))
	if err != nil {
		return b, err
	}
	for _, r := range rows {
		if n := len(b.Months); n == 0 || b.Months[n-1].Month != r.month {
			b.Months = append(b.Months, RecheckMonth{Month: r.month})
		}
		b.Months[len(b.Months)-1].add(r.checked, r.confirmed)
		for i := range b.Children {
			if b.Children[i].Code == r.area && r.month == clock.Month(now) {
				b.Children[i].add(r.checked, r.confirmed)
			}
		}
	}
	b.Due, err = db.Value[int](ctx, s.Casework.Log.DB, `SELECT COUNT(*) FROM grid_recheck WHERE area >= $1 AND area < $2 AND state = 'due'`,
		area, authority.PrefixEnd(area))
	return b, err
}

func (s *Service) recheckRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/grid/rechecks", Permission: permRecheck,
		Summary: "Closed incidents that were drawn to be checked on site, one page"},
		func(ctx context.Context, in *struct {
			Area   string `query:"area" maxLength:"15" pattern:"^[0-9]*$"`
			Done   bool   `query:"done" doc:"Those that were checked"`
			Cursor string `query:"cursor" maxLength:"120"`
			Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
		}) (*httpx.List[RecheckView], error) {
			views, next, err := s.ListRechecks(ctx, in.Area, in.Done, in.Cursor, in.Limit)
			return httpx.NewList(views, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/grid/rechecks/board", Permission: casework.PermissionBoard,
		Summary: "Verified-closure rate of an area, by month and area below"},
		func(ctx context.Context, in *struct {
			Area string `query:"area" required:"true" maxLength:"15" pattern:"^[0-9]+$"`
		}) (*httpx.Answer[RecheckBoard], error) {
			v, err := s.RecheckBoard(ctx, in.Area)
			return httpx.NewAnswer(v), err
		})
}
