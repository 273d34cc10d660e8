package casework_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework"
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
	{"worker of two communities", []authority.Grant{{Role: registry.RoleWindowWorker, Area: "320703001007", Body: "320703001007"}, {Role: registry.RoleWindowWorker, Area: "320722100001", Body: "320722100001"}}},
	{"department clerk", []authority.Grant{{Role: registry.RoleDepartmentClerk, Area: "320722", Body: "320722"}}},
	{"clerk of a department of the city", []authority.Grant{{Role: registry.RoleDepartmentClerk, Area: "3207", Body: "3207"}}},
}

// A clerk's list costs what an administrator's costs: no list of any view scans the cases, and
// every one reads from an index that its own scope leads.
func TestListsAreReadFromAnIndex(t *testing.T) {
	apptest.EachEmpty(t, func(t *testing.T, w *apptest.World) {
		ctx := context.Background()
		fillCases(t, w)
		s := w.App.Casework
		widest := map[casework.View]float64{}
		for _, c := range clerks {
			actor := authority.NewActor(w.App.Policy, "of "+c.grants[0].Area[:min(12, len(c.grants[0].Area))], c.name, c.grants)
			for _, view := range []casework.View{casework.ViewOpen, casework.ViewAll, casework.ViewSoon, casework.ViewOverdue, casework.ViewUnit, casework.ViewMine} {
				f := casework.Filter{View: view}
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
		rows = append(rows, []any{shard, fmt.Sprintf("%s-%08d", shard, i), fmt.Sprintf("20260101-%s-%05d", shard, i), "incident", "0101", "题", "reported", open, area,
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

func communityCodes(t *testing.T) []string {
	t.Helper()
	f, err := os.Open("../demo/data/lianyungang-2023.csv")
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
