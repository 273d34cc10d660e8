package burden

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
)

// A page of events is read from an index in its order, and not sorted: for a community by its area, for a wider area by the
// department; of PostgreSQL the plan of few rows says nothing, so SQLite alone is asked.
func TestEventsAreReadFromTheirIndex(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if d.Dialect != db.SQLite {
			return
		}
		for want, f := range map[string]EventFilter{
			"burden_event_area": {Area: "320703001007", From: "2026-01", To: "2026-03"},
			"burden_event_body": {Area: "3207", By: "body", From: "2026-01", To: "2026-03", Way: "task"},
		} {
			w, err := f.where()
			if err != nil {
				t.Fatal(err)
			}
			plan, err := db.All(t.Context(), d, func(sc db.Scanner) (detail string, err error) {
				var id, parent, unused int
				return detail, sc.Scan(&id, &parent, &unused, &detail)
			}, "EXPLAIN QUERY PLAN "+eventPage(&w, 21), w.List...)
			all := strings.Join(plan, "\n")
			if err != nil || !strings.Contains(all, want) || strings.Contains(all, "TEMP B-TREE") || strings.Contains(all, "SCAN") {
				t.Errorf("%s: %s %v", want, all, err)
			}
		}
		number, err := db.All(t.Context(), d, func(sc db.Scanner) (detail string, err error) {
			var id, parent, unused int
			return detail, sc.Scan(&id, &parent, &unused, &detail)
		}, "EXPLAIN QUERY PLAN "+passEvents, "ZR-1", "3207", "3208", 100)
		if all := strings.Join(number, "\n"); err != nil || !strings.Contains(all, "USING COVERING INDEX burden_event_pass") ||
			strings.Contains(all, "TEMP B-TREE") {
			t.Errorf("a number: %s %v", all, err)
		}
	})
}

// spy keeps the statements that are read through it.
type spy struct {
	db.Reader
	queries []string
	args    [][]any
}

func (s *spy) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s.queries, s.args = append(s.queries, query), append(s.args, args)
	return s.Reader.Query(ctx, query, args...)
}

func (s *spy) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	s.queries, s.args = append(s.queries, query), append(s.args, args)
	return s.Reader.QueryRow(ctx, query, args...)
}

// The sums of a board and the events of one number are found by their indexes on both engines, among the sums of five years of five
// hundred communities and their counties: no statement reads a table from its beginning to its end.
func TestBoardsAreReadFromTheirIndexes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fill(t, d)
		months := append(before("2026-01", 11), "2026-01")
		of := &spy{Reader: d}
		for _, area := range []string{"320703001", "320703"} {
			if _, err := listMonths(t.Context(), of, area, months); err != nil {
				t.Fatal(err)
			}
			if _, err := listBodies(t.Context(), of, area, months); err != nil {
				t.Fatal(err)
			}
			if _, err := listBelow(t.Context(), of, area, communityDigits, months); err != nil {
				t.Fatal(err)
			}
		}
		of.queries, of.args = append(of.queries, passEvents), append(of.args, []any{"ZR-1", "3207", "3208", 100})
		for i, query := range of.queries {
			if plan := planOf(t, d, query, of.args[i]); strings.Contains(plan, "Seq Scan") || strings.Contains(plan, "SCAN burden") {
				t.Errorf("%s\n%s", query, plan)
			}
		}
	})
}

const communityDigits = 12

// planOf is how an engine reads a statement.
func planOf(t *testing.T, d *db.DB, query string, args []any) string {
	t.Helper()
	explain := map[bool]string{true: "EXPLAIN QUERY PLAN ", false: "EXPLAIN "}[d.Dialect == db.SQLite]
	lines, err := db.All(t.Context(), d, func(sc db.Scanner) (line string, err error) {
		if d.Dialect != db.SQLite {
			return line, sc.Scan(&line)
		}
		var id, parent, unused int
		return line, sc.Scan(&id, &parent, &unused, &line)
	}, explain+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// fill writes sums and events as a city has them.
func fill(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for county := range 5 {
			for community := range 50 {
				area := fmt.Sprintf("3207%02d%03d%03d", county+1, community/10+1, community%10+1)
				for month := range 24 {
					at := fmt.Sprintf("%d-%02d", 2024+month/12, month%12+1)
					for _, body := range []string{"", "b1", "b2"} {
						if _, err := tx.Exec(t.Context(), `INSERT INTO burden_count (shard, origin, body, way, month, level, area, asked, answered, fields,
							prefilled, declared, measured, timed) VALUES ($1,$2,$3,'task',$4,5,$5,1,1,0,0,10,9,1)`,
							area[:6], area, body, at, area); err != nil {
							return err
						}
					}
					if _, err := tx.Exec(t.Context(), `INSERT INTO burden_event (shard, id, at, day, origin, area, body, way, subject, title, pass, asked,
						answered, fields, prefilled, declared, measured) VALUES ($1,$2,$3,$4,$5,$5,'b1','task','t','t',$6,1,0,0,0,10,0)`,
						area[:6], area+at, month, at+"-01", area, fmt.Sprintf("ZR-%d", month)); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	if err == nil {
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `ANALYZE`)
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
}
