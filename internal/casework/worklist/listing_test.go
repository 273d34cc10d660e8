package worklist_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

const planCases = 24_000

// clerks are actors of every reach, the widest first.
var clerks = []struct {
	name   string
	grants []authority.Grant
}{
	{"city officer", []authority.Grant{{Role: registry.RoleCityOfficer, Area: "3207"}}},
	{"county officer", []authority.Grant{{Role: registry.RoleCountyOfficer, Area: "320722"}}},
	{"street officer", []authority.Grant{{Role: registry.RoleSubdistrictOfficer, Area: "320722100"}}},
	{"window worker", []authority.Grant{{Role: registry.RoleWindowWorker, Area: "320703001007", Body: "320703001007"}}},
	{"grid worker", []authority.Grant{{Role: registry.RoleGridWorker, Area: "320703001007001", Body: "320703001007"}}},
	{"worker of two communities", []authority.Grant{{Role: registry.RoleWindowWorker, Area: "320703001007", Body: "320703001007"},
		{Role: registry.RoleWindowWorker, Area: "320722100001", Body: "320722100001"}}},
	{"dispatcher", []authority.Grant{{Role: registry.RoleDispatcher, Area: "320722100", Body: "320722100001"}}},
	{"department clerk", []authority.Grant{{Role: registry.RoleDepartmentClerk, Area: "320722", Body: "320722"}}},
	{"clerk of a department of the city", []authority.Grant{{Role: registry.RoleDepartmentClerk, Area: "3207", Body: "3207"}}},
}

// A clerk's list costs what an administrator's costs: no list of any view scans the cases, and
// every one reads from an index that its own scope leads.
func TestListsAreReadFromAnIndex(t *testing.T) {
	t.Parallel()
	apptest.EachEmpty(t, func(t *testing.T, w *apptest.World) {
		ctx := context.Background()
		fillCases(t, w)
		fillParts(t, w)
		s := w.App.Worklist
		widest := map[worklist.View]float64{}
		for _, c := range clerks {
			actor := authority.NewActor(w.App.Policy, "of "+c.grants[0].Area[:min(12, len(c.grants[0].Area))], c.name, c.grants)
			for _, view := range []worklist.View{worklist.ViewOpen, worklist.ViewAll, worklist.ViewSoon, worklist.ViewOverdue, worklist.ViewUnit,
				worklist.ViewMine, worklist.ViewWaiting} {
				f := worklist.Filter{View: view}
				query, args, err := s.PageQuery(authority.With(ctx, actor), f)
				if err != nil {
					t.Fatal(err)
				}
				branches := s.Branches(authority.With(ctx, actor), f)
				if branches == 0 {
					continue // an officer has no unit
				}
				name := fmt.Sprintf("%s, %s", c.name, view)
				if w.App.DB.Dialect == db.SQLite {
					checkSQLitePlan(t, w.App.DB, name, branches, query, args)
					continue
				}
				rows := postgresRows(t, w.App.DB, name, query, args)
				if c.name == "city officer" {
					widest[view] = rows
				}
				// One page of each branch, read once from the index and once from the page.
				if most := max(widest[view], 60) * float64(branches); rows > most {
					t.Errorf("%s: %v rows are read for a page, %v for the whole city's", name, rows, widest[view])
				}
			}
		}
	})
}

// What a unit helps with is read from its own parts, as many of them as the page has, from the
// beginning and from the middle.
func TestHelpingIsReadFromAnIndex(t *testing.T) {
	t.Parallel()
	apptest.EachEmpty(t, func(t *testing.T, w *apptest.World) {
		fillCases(t, w)
		fillParts(t, w)
		now := clock.Millis(clock.Now(context.Background()))
		for _, open := range []bool{true, false} {
			for _, after := range []bool{false, true} {
				name, query, args := fmt.Sprintf("open %v, after %v", open, after), worklist.PartsQuery(open, after), []any{"3207"}
				if after {
					args = append(args, now-planCases*20_000, "320703-00000001")
				}
				if w.App.DB.Dialect == db.Postgres {
					if rows := postgresRows(t, w.App.DB, name, query, args); rows > 21 {
						t.Errorf("%s: %v parts are read for 21", name, rows)
					}
					continue
				}
				plan, err := db.All(context.Background(), w.App.DB, func(s db.Scanner) (detail string, err error) {
					var id, parent, unused int
					return detail, s.Scan(&id, &parent, &unused, &detail)
				}, "EXPLAIN QUERY PLAN "+query, args...)
				if all := strings.Join(plan, "\n"); err != nil || !strings.HasPrefix(all, "SEARCH casework_part USING") ||
					strings.Contains(all, "TEMP B-TREE") {
					t.Errorf("%s: %v\n%s", name, err, all)
				}
			}
		}
	})
}

// What is read page by page, forwards and back, with a filter and without, is what there is.
func TestHelpingIsWhole(t *testing.T) {
	t.Parallel()
	apptest.EachEmpty(t, func(t *testing.T, w *apptest.World) {
		fillCases(t, w)
		fillParts(t, w)
		ctx := context.Background()
		for _, c := range clerks[7:] {
			a := authority.NewActor(w.App.Policy, "somebody", c.name, c.grants)
			g := c.grants[0]
			near, err := db.Value[string](ctx, w.App.DB,
				`SELECT MIN(area) FROM casework_case c JOIN casework_part p ON p.shard = c.shard AND p.case_id = c.id WHERE p.unit_id = $1
					AND p.state = 'open'`, g.Body)
			if err != nil {
				t.Fatal(err)
			}
			street, hand := near[:9], "of "+near[:12]
			helped := fmt.Sprintf(`(shard, id) IN (SELECT shard, case_id FROM casework_part WHERE unit_id = '%s'`, g.Body)
			for _, l := range []struct {
				f    worklist.Filter
				want string
			}{
				{worklist.Filter{View: worklist.ViewHelping}, helped + ` AND state = 'open')`},
				{worklist.Filter{View: worklist.ViewHelping, Area: street}, helped + ` AND state = 'open') AND area LIKE '` + street + `%'`},
				{worklist.Filter{View: worklist.ViewHelping, Handler: hand}, helped + ` AND state = 'open') AND handler_id = '` + hand + `'`},
				{worklist.Filter{View: worklist.ViewOpen}, `open = 1 AND (unit_id = '` + g.Body + `' OR ` + helped + ` AND state = 'open'))`},
				{worklist.Filter{View: worklist.ViewAll, Handler: hand}, `handler_id = '` + hand +
					`' AND (unit_id = '` + g.Body + `' OR ` + helped + `))`},
			} {
				order := "COALESCE(due_at, 9007199254740992), id"
				if l.f.View == worklist.ViewAll {
					order = "reported_at DESC, id DESC"
				}
				want, err := db.All(ctx, w.App.DB, func(s db.Scanner) (id string, err error) { return id, s.Scan(&id) },
					`SELECT id FROM casework_case WHERE area LIKE '`+g.Area+`%' AND `+l.want+` ORDER BY `+order)
				if err != nil {
					t.Fatal(err)
				}
				if len(want) == 0 {
					t.Fatalf("%s: nothing is to be found by %+v", c.name, l.f)
				}
				there, back := everyPage(t, authority.With(ctx, a), w, l.f)
				if strings.Join(there, " ") != strings.Join(want, " ") {
					t.Errorf("%s, %+v: %d cases are listed, %d there are", c.name, l.f, len(there), len(want))
				}
				if strings.Join(back, " ") != strings.Join(want, " ") {
					t.Errorf("%s, %+v: back from the end there are %d of %d", c.name, l.f, len(back), len(want))
				}
			}
		}
	})
}

// everyPage is a whole list read forwards, and read back from its last page.
func everyPage(t *testing.T, ctx context.Context, w *apptest.World, f worklist.Filter) (there, back []string) {
	t.Helper()
	f.Limit = 50
	var p worklist.Page
	for {
		var err error
		if p, err = w.App.Worklist.List(ctx, f); err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Cases {
			there = append(there, c.ID)
		}
		if f.Cursor = p.Next; p.Next == "" {
			break
		}
	}
	for {
		var ids []string
		for _, c := range p.Cases {
			ids = append(ids, c.ID)
		}
		if back = append(ids, back...); p.Prev == "" {
			return there, back
		}
		f.Cursor = p.Prev
		var err error
		if p, err = w.App.Worklist.List(ctx, f); err != nil {
			t.Fatal(err)
		}
	}
}

func checkSQLitePlan(t *testing.T, d *db.DB, name string, branches int, query string, args []any) {
	t.Helper()
	plan, err := db.All(context.Background(), d, func(s db.Scanner) (detail string, err error) {
		var id, parent, unused int
		err = s.Scan(&id, &parent, &unused, &detail)
		return detail, err
	}, "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(plan, "\n")
	for _, line := range plan {
		if strings.Contains(line, "casework_case") && !strings.Contains(line, "USING INDEX") {
			t.Errorf("%s is not read from an index:\n%s", name, all)
		}
		if strings.HasPrefix(line, "SCAN casework_case") && !strings.HasPrefix(name, "city officer") {
			t.Errorf("%s walks over others' cases:\n%s", name, all)
		}
	}
	if branches == 1 && strings.Contains(all, "TEMP B-TREE") {
		t.Errorf("%s is sorted after it is read:\n%s", name, all)
	}
}

type planNode struct {
	Type      string     `json:"Node Type"`
	Index     string     `json:"Index Name"`
	Rows      float64    `json:"Actual Rows"`
	Loops     float64    `json:"Actual Loops"`
	Filtered  float64    `json:"Rows Removed by Filter"`
	Rechecked float64    `json:"Rows Removed by Index Recheck"`
	Plans     []planNode `json:"Plans"`
}

// postgresRows runs a query and tells how many rows were read for it.
func postgresRows(t *testing.T, d *db.DB, name, query string, args []any) float64 {
	t.Helper()
	raw, err := db.Value[string](context.Background(), d, "EXPLAIN (ANALYZE, FORMAT JSON) "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	var plans []struct{ Plan planNode }
	if err := json.Unmarshal([]byte(raw), &plans); err != nil {
		t.Fatal(err)
	}
	var read func(n planNode) float64
	read = func(n planNode) float64 {
		sum := 0.0
		if strings.Contains(n.Type, "Scan") && n.Type != "Subquery Scan" {
			sum = (n.Rows + n.Filtered + n.Rechecked) * n.Loops
		}
		if n.Type == "Seq Scan" {
			t.Errorf("%s scans the cases: %s", name, raw)
		}
		for _, below := range n.Plans {
			sum += read(below)
		}
		return sum
	}
	return read(plans[0].Plan)
}

// fillCases spreads cases over the register: a quarter of them open, with deadlines, each in the
// hands of a unit of its own area, as cases are.
func fillCases(t *testing.T, w *apptest.World) {
	t.Helper()
	communities := communityCodes(t)
	ctx, now := context.Background(), clock.Millis(clock.Now(context.Background()))
	var rows [][]any
	for i := range planCases {
		area := communities[i%len(communities)]
		if i%5 == 0 {
			area += "001"
		}
		shard := area[:6]
		open, due := 0, any(nil)
		if i%4 == 0 {
			open, due = 1, any(now+int64(i%2000-1000)*3_600_000)
		}
		unit, handler := area[:12], "of "+area[:12] // the station's, a department's of the county or of the city
		if i%3 == 0 {
			unit = shard
		} else if i%10 == 7 {
			unit = "3207"
		}
		rows = append(rows, []any{shard, fmt.Sprintf("%s-%08d", shard, i), fmt.Sprintf("20260101-%s-%05d", shard, i),
			"incident", "0101", "题", "reported", open, area,
			unit, handler, "", "", "portal", fmt.Sprint(i), fmt.Sprint(i), "", now - int64(planCases-i)*60_000, 0, "", "", due, 0, 0, 0, 1, 1})
	}
	const columns = `shard, id, number, kind, subject, title, state, open, area, unit_id, handler_id, worker_id, person_id, channel, client_key, code_hash,
		place, reported_at, clock_at, limit_promised, limit_statutory, due_at, due_year, late, returned, events, version`
	err := w.App.DB.Write(ctx, func(tx *db.Tx) error {
		for len(rows) > 0 {
			n := min(200, len(rows))
			var marks []string
			var args []any
			for _, r := range rows[:n] {
				marks = append(marks, db.List(len(args)+1, len(r)))
				args = append(args, r...)
			}
			if _, err := tx.Exec(ctx, "INSERT INTO casework_case ("+columns+") VALUES "+strings.Join(marks, ","), args...); err != nil {
				return err
			}
			rows = rows[n:]
		}
		if w.App.DB.Dialect == db.Postgres { // as its own daemon does while serving
			_, err := tx.Exec(ctx, "ANALYZE casework_case")
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fillParts asks for help on every third case: a station and a department in turn, and one unit on
// far more than a page; of every four parts one is open.
func fillParts(t *testing.T, w *apptest.World) {
	t.Helper()
	ctx := context.Background()
	err := w.App.DB.Write(ctx, func(tx *db.Tx) error {
		for n, helper := range []string{"substr(area, 1, 12)", "shard", "'3207'"} {
			if _, err := tx.Exec(ctx, fmt.Sprintf(`INSERT INTO casework_part (shard, case_id, seq, unit_id, state, ask, asked_at, workdays, due_year,
				answer, ended_by, late, case_due_at, reported_at)
				SELECT shard, id, 1, %s, CASE WHEN open = 1 THEN 'open' ELSE 'done' END, '核对', reported_at, 2, 0, '', '', 0, due_at, reported_at
				FROM casework_case WHERE reported_at / 60000 %% 9 = %d`, helper, n)); err != nil {
				return err
			}
		}
		if w.App.DB.Dialect == db.Postgres {
			_, err := tx.Exec(ctx, "ANALYZE casework_part")
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func communityCodes(t *testing.T) []string {
	t.Helper()
	f, err := os.Open("../../demo/data/lianyungang-2023.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range lines {
		if len(l[0]) == 12 && !strings.HasSuffix(l[0], "000") {
			out = append(out, l[0])
		}
	}
	if len(out) < 1600 {
		t.Fatalf("only %d communities", len(out))
	}
	return out
}
