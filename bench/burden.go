package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"linli/internal/app"
	"linli/internal/burden"
	"linli/internal/platform/authority"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

// burdenBoard reads the city's board of burden, by month, way, body and county, over ten million loads, from the sums; 5 ms are
// allowed. DuckDB scans the same loads.
func burdenBoard(ctx context.Context, r *Run) ([]Result, error) {
	if err := demo(ctx, r.Folder); err != nil {
		return nil, err
	}
	lite, err := sql.Open("sqlite", "file:"+filepath.Join(r.Folder, "linli.db"))
	if err != nil {
		return nil, err
	}
	defer lite.Close()
	duck, err := sql.Open("duckdb", filepath.Join(r.Folder, "loads.duckdb"))
	if err != nil {
		return nil, err
	}
	defer duck.Close()
	if err := duckLoads(ctx, duck, lite, r.size(10_000_000)); err != nil {
		return nil, err
	}
	if err := sumsOf(ctx, duck, lite); err != nil {
		return nil, err
	}
	a, err := app.Open(ctx, app.Options{Data: r.Folder})
	if err != nil {
		return nil, err
	}
	defer a.Close()
	city := authority.With(ctx, authority.NewActor(a.Policy, "bench", "bench",
		[]authority.Grant{{Role: registry.RoleCityOfficer, Area: home[:4]}}))
	service := module.Of[*burden.Service](a.Modules)
	ours := func(int) error {
		b, err := service.Board(city, burden.Period{Area: home[:4], From: "2026-10", To: "2026-10"})
		if err == nil && (b.Total.Asked == 0 || len(b.Bodies) == 0 || len(b.Months) == 0) {
			err = fmt.Errorf("an empty board")
		}
		return err
	}
	theirs := func(int) error {
		var n int
		return duck.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT substr(area,1,6), body, way, month, sum(declared), sum(measured)
			FROM loads GROUP BY 1, 2, 3, 4)`).Scan(&n)
	}
	var linli, duckdb []time.Duration
	for range r.Rounds {
		t, err := each(50, ours)
		if err != nil {
			return nil, err
		}
		linli = append(linli, median(t))
		if t, err = each(5, theirs); err != nil {
			return nil, err
		}
		duckdb = append(duckdb, median(t))
	}
	o, p := median(linli), median(duckdb)
	return []Result{
		{"city board of burden, 10,000,000 loads", "DuckDB scanning them", short(o), short(p), ratio(p, o), 20, false},
		{"the same (ratio: milliseconds)", "5 ms", short(o), "", float64(o) / 1e6, 5, true},
	}, nil
}

// duckLoads makes the loads: of every community of the register, thirty bodies with two ways each, two years.
func duckLoads(ctx context.Context, duck, lite *sql.DB, loads int) error {
	communities, err := columnOf(ctx, lite, `SELECT code FROM registry_area WHERE level = 5 ORDER BY code`)
	if err != nil {
		return err
	}
	_, err = duck.ExecContext(ctx, fmt.Sprintf(`CREATE TABLE loads AS
		SELECT list_extract(string_split('%s', ' '), 1 + (hash(i * 13) %% %d)::INT) AS area, 'body-' || (hash(i * 3) %% 30) AS body,
			CASE WHEN hash(i * 3) %% 30 < 15 THEN ['task', 'form'][1 + (hash(i * 7) %% 2)::INT]
				ELSE ['task', 'meeting'][1 + (hash(i * 7) %% 2)::INT] END AS way,
			strftime(DATE '2026-10-01' - INTERVAL (hash(i) %% 24) MONTH, '%%Y-%%m') AS month,
			(hash(i * 5) %% 2)::INT AS asked, (hash(i * 11) %% 60)::INT AS declared, (hash(i * 17) %% 60)::INT AS measured
		FROM range(%d) t(i)`, strings.Join(communities, " "), len(communities), loads))
	return err
}

// sumsOf puts into Linli's sums what the loads add up to.
func sumsOf(ctx context.Context, duck, lite *sql.DB) error {
	sums := func(area, body, level string) string {
		return `SELECT ` + area + `, ` + body + `, way, month, ` + level + `, sum(asked), sum(1 - asked), sum(declared), sum(measured)
			FROM loads GROUP BY 1, 2, 3, 4`
	}
	var all []string
	for area, level := range map[string]string{"area": "5", "substr(area,1,6)": "3", "substr(area,1,4)": "2"} {
		all = append(all, sums(area, "body", level), sums(area, "''", level))
	}
	rows, err := duck.QueryContext(ctx, strings.Join(all, " UNION ALL "))
	if err != nil {
		return err
	}
	defer rows.Close()
	tx, err := lite.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `DELETE FROM burden_count`); err != nil {
		return err
	}
	put, err := tx.PrepareContext(ctx, `INSERT INTO burden_count (shard, origin, body, way, month, level, area, asked, answered, fields,
		prefilled, declared, measured, timed) VALUES (substr(? || '00', 1, 6), ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?)`)
	if err != nil {
		return err
	}
	for rows.Next() {
		var area, body, way, month string
		var level, asked, answered, declared, measured int64
		if err := rows.Scan(&area, &body, &way, &month, &level, &asked, &answered, &declared, &measured); err != nil {
			return err
		}
		if _, err := put.ExecContext(ctx, area, area, body, way, month, level, area, asked, answered, declared, measured, answered); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return tx.Commit()
}
