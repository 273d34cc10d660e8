package worklist_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// walk reads a list to its end and back to its beginning, and tells the ids on each way.
func walk(t *testing.T, ctx context.Context, s *worklist.Service, f worklist.Filter) (there, back []string) {
	t.Helper()
	var last string
	for pages := 0; pages < 100; pages++ {
		p, err := s.List(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Cases {
			there = append(there, c.ID)
		}
		if (p.Prev == "") != (pages == 0) {
			t.Fatalf("page %d has the page before it %q", pages, p.Prev)
		}
		last = p.Prev
		if p.Next == "" {
			break
		}
		f.Cursor = p.Next
	}
	var pages [][]string
	for f.Cursor = last; f.Cursor != "" && len(pages) < 100; {
		p, err := s.List(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, c := range p.Cases {
			ids = append(ids, c.ID)
		}
		if p.Next == "" {
			t.Fatal("a page before another has none behind it")
		}
		pages, f.Cursor = append([][]string{ids}, pages...), p.Prev
	}
	for _, ids := range pages {
		back = append(back, ids...)
	}
	return there, back
}

// The pages of a list hold every case that the filter fits, once, in order, forwards and backwards,
// whether an index answers the filter or not.
func TestPagesHoldEverythingOnce(t *testing.T) {
	t.Parallel()
	apptest.EachEmpty(t, func(t *testing.T, w *apptest.World) {
		fillCases(t, w)
		ctx := context.Background()
		w.Exec(`UPDATE casework_case SET handler_id = 'h', channel = 'window' WHERE id LIKE '%777' AND area >= '320722' AND area < '320723'`)
		for _, c := range clerks {
			actor := authority.With(ctx, authority.NewActor(w.App.Policy, "of "+c.grants[0].Area, c.name, c.grants))
			for name, f := range map[string]worklist.Filter{
				"open":      {View: worklist.ViewOpen},
				"rare":      {View: worklist.ViewOpen, Handler: "h"},
				"of a kind": {View: worklist.ViewSoon, Kind: "application"},
				"handler":   {View: worklist.ViewAll, Handler: "h", Area: "320722"},
				"unit":      {View: worklist.ViewUnit},
				"overdue":   {View: worklist.ViewOverdue},
				"by days":   {View: worklist.ViewAll, From: new(int64(1)), To: new(int64(1 << 50)), State: "reported", Area: "320703001"},
			} {
				f.Limit = 100
				want := expected(t, ctx, w, actor, f)
				if len(want) > 2000 {
					continue // twenty pages are enough
				}
				there, back := walk(t, actor, w.App.Worklist, f)
				if fmt.Sprint(there) != fmt.Sprint(want) {
					t.Errorf("%s, %s: %d listed, want %d", c.name, name, len(there), len(want))
				}
				if n := min(len(back), len(there)); n > 0 && fmt.Sprint(back) != fmt.Sprint(there[:len(back)]) {
					t.Errorf("%s, %s: backwards %d of %d", c.name, name, len(back), len(there))
				}
			}
		}
	})
}

// expected reads a whole list in one go.
func expected(t *testing.T, ctx context.Context, w *apptest.World, actor context.Context, f worklist.Filter) []string {
	t.Helper()
	query, args, err := w.App.Worklist.WholeQuery(actor, f)
	if err != nil {
		t.Fatal(err)
	}
	if query == "" {
		return nil
	}
	ids, err := db.All(ctx, w.App.DB, func(s db.Scanner) (id string, err error) { err = s.Scan(&id); return }, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

// A filter that no index answers costs a bounded number of rows, however rare what it fits is.
func TestARareFilterIsBounded(t *testing.T) {
	t.Parallel()
	apptest.EachEmpty(t, func(t *testing.T, w *apptest.World) {
		fillCases(t, w)
		actor := authority.With(context.Background(),
			authority.NewActor(w.App.Policy, "c", "c", []authority.Grant{{Role: registry.RoleCityOfficer, Area: "3207"}}))
		f := worklist.Filter{View: worklist.ViewAll, Handler: "nobody"}
		p, err := w.App.Worklist.List(actor, f)
		if err != nil || len(p.Cases) > 0 || p.Next == "" {
			t.Fatalf("%d cases, next %q, %v", len(p.Cases), p.Next, err)
		}
		if w.App.DB.Dialect == db.Postgres {
			query, args, err := w.App.Worklist.PageQuery(actor, f)
			if err != nil {
				t.Fatal(err)
			}
			if rows := postgresRows(t, w.App.DB, "rare", query, args); rows > 10_000 {
				t.Errorf("%v rows are read for nothing", rows)
			}
		}
	})
}

// What is asked of one person's cases is read from the person's index.
func TestCasesOfAPersonAreReadFromTheirIndex(t *testing.T) {
	t.Parallel()
	apptest.EachEmpty(t, func(t *testing.T, w *apptest.World) {
		if w.App.DB.Dialect == db.SQLite {
			plan, err := db.All(context.Background(), w.App.DB, func(s db.Scanner) (detail string, err error) {
				var a, b, c int
				err = s.Scan(&a, &b, &c, &detail)
				return detail, err
			}, "EXPLAIN QUERY PLAN "+casework.SelectCase+casework.CasesOfPerson, "320703", "320703-x")
			if err != nil || !strings.Contains(strings.Join(plan, "\n"), "casework_case_person") {
				t.Errorf("%v %v", plan, err)
			}
			return
		}
		fillCases(t, w)
		if rows := postgresRows(t, w.App.DB, "person", casework.SelectCase+casework.CasesOfPerson, []any{"320703", "320703-x"}); rows > 10 {
			t.Errorf("%v rows are read", rows)
		}
	})
}
