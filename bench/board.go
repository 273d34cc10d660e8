package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // driver "duckdb"

	"linli/internal/app"
	"linli/internal/platform/authority"
	"linli/internal/registry"
)

// board compares the city's board by county and month over ten million cases, read from counters,
// to DuckDB scanning the same cases.
func board(ctx context.Context, r *Run) ([]Result, error) {
	ours := func(city context.Context, a *app.App) error {
		b, err := a.Stats.Board(city, home[:4])
		if err == nil && len(b.Months) == 0 {
			err = fmt.Errorf("an empty board")
		}
		return err
	}
	o, p, err := besideDuck(ctx, r, duckCases, countersOf, ours, `SELECT substr(area,1,6), kind, month, count(*), sum(closed), sum(on_time),
		sum(late), sum(rated), sum(good), sum(points) FROM cases GROUP BY 1, 2, 3`)
	if err != nil {
		return nil, err
	}
	return []Result{{"city board by county and month, 10,000,000 cases", "DuckDB scanning them", short(o), short(p), ratio(p, o), 20, false}},
		nil
}

// besideDuck makes ten million rows in DuckDB, puts into Linli's sums what they add up to, and gives the medians of what a city
// officer reads from the sums and of DuckDB scanning the rows.
func besideDuck(ctx context.Context, r *Run, rows func(context.Context, *sql.DB, *sql.DB, int) error,
	sums func(context.Context, *sql.DB, *sql.DB) error, ours func(city context.Context, a *app.App) error, scan string) (
	linli, duckdb time.Duration, err error) {
	if err := demo(ctx, r.Folder); err != nil {
		return 0, 0, err
	}
	lite, err := sql.Open("sqlite", "file:"+filepath.Join(r.Folder, "linli.db"))
	if err != nil {
		return 0, 0, err
	}
	defer lite.Close()
	duck, err := sql.Open("duckdb", filepath.Join(r.Folder, "rows.duckdb"))
	if err != nil {
		return 0, 0, err
	}
	defer duck.Close()
	if err := rows(ctx, duck, lite, r.size(10_000_000)); err != nil {
		return 0, 0, err
	}
	if err := sums(ctx, duck, lite); err != nil {
		return 0, 0, err
	}
	a, err := app.Open(ctx, app.Options{Data: r.Folder})
	if err != nil {
		return 0, 0, err
	}
	defer a.Close()
	city := authority.With(ctx, authority.NewActor(a.Policy, "bench", "bench",
		[]authority.Grant{{Role: registry.RoleCityOfficer, Area: home[:4]}}))
	theirs := func(int) error {
		var n int
		err := duck.QueryRowContext(ctx, "SELECT count(*) FROM ("+scan+")").Scan(&n)
		if err == nil && n == 0 {
			err = fmt.Errorf("DuckDB finds nothing")
		}
		return err
	}
	var mine, others []time.Duration
	for range r.Rounds {
		t, err := each(20, func(int) error { return ours(city, a) })
		if err != nil {
			return 0, 0, err
		}
		mine = append(mine, median(t))
		if t, err = each(5, theirs); err != nil {
			return 0, 0, err
		}
		others = append(others, median(t))
	}
	return median(mine), median(others), nil
}

// duckCases makes the cases: of every community of the register, two kinds, two years.
func duckCases(ctx context.Context, duck, lite *sql.DB, cases int) error {
	communities, err := columnOf(ctx, lite, `SELECT code FROM registry_area WHERE level = 5 ORDER BY code`)
	if err != nil {
		return err
	}
	if _, err := duck.ExecContext(ctx, `CREATE TABLE community (n INTEGER, code VARCHAR)`); err != nil {
		return err
	}
	tx, err := duck.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for i, code := range communities {
		if _, err := tx.ExecContext(ctx, `INSERT INTO community VALUES (?, ?)`, i, code); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = duck.ExecContext(ctx, fmt.Sprintf(`CREATE TABLE cases AS
		SELECT c.code AS area, CASE WHEN i %% 3 = 0 THEN 'application' ELSE 'incident' END AS kind,
			strftime(DATE '2026-11-01' - INTERVAL (hash(i) %% 24) MONTH, '%%Y-%%m') AS month,
			1 - (hash(i * 3) %% 10 = 0)::INT AS closed, (hash(i * 5) %% 10 > 1)::INT * (1 - (hash(i * 3) %% 10 = 0)::INT) AS on_time,
			(hash(i * 5) %% 10 <= 1)::INT * (1 - (hash(i * 3) %% 10 = 0)::INT) AS late,
			(hash(i * 7) %% 4 = 0)::INT AS rated, (hash(i * 7) %% 4 = 0 AND hash(i * 11) %% 10 > 0)::INT AS good,
			(hash(i * 7) %% 4 = 0)::INT * (1 + hash(i * 11) %% 5)::INT AS points
		FROM range(%d) t(i) JOIN community c ON c.n = hash(i * 13) %% %d`, cases, len(communities)))
	return err
}

// countersOf puts into Linli's counters what the cases add up to.
func countersOf(ctx context.Context, duck, lite *sql.DB) error {
	rows, err := duck.QueryContext(ctx, `SELECT area, kind, month, 5 AS level, count(*), sum(closed), sum(on_time), sum(late), sum(rated),
		sum(good), sum(points) FROM cases GROUP BY 1, 2, 3
		UNION ALL SELECT substr(area,1,6), kind, month, 3, count(*), sum(closed), sum(on_time), sum(late), sum(rated), sum(good), sum(points)
		FROM cases GROUP BY 1, 2, 3`)
	if err != nil {
		return err
	}
	defer rows.Close()
	tx, err := lite.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `DELETE FROM casework_tally`); err != nil {
		return err
	}
	for rows.Next() {
		var area, kind, month string
		var level, n [8]int64
		if err := rows.Scan(&area, &kind, &month, &level[0], &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6]); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO casework_tally (shard, origin, area, kind, month, level, received, closed, on_time, late,
			rated, good, points)
			VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`, area[:6], area, area, kind, month, level[0], n[0], n[1], n[2], n[3], n[4], n[5], n[6]); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return tx.Commit()
}
