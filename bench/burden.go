package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"linli/internal/app"
	"linli/internal/burden"
	"linli/internal/platform/module"
)

// burdenBoard reads the city's board of burden, by month, way, body and county, over ten million loads, from the sums; 5 ms are
// allowed. DuckDB scans the same loads.
func burdenBoard(ctx context.Context, r *Run) ([]Result, error) {
	ours := func(city context.Context, a *app.App) error {
		b, err := module.Of[*burden.Service](a.Modules).Board(city, burden.Period{Area: home[:4], From: "2026-10", To: "2026-10"})
		if err == nil && (b.Total.Asked == 0 || len(b.Bodies) == 0 || len(b.Months) == 0) {
			err = fmt.Errorf("an empty board")
		}
		return err
	}
	o, p, err := besideDuck(ctx, r, duckLoads, sumsOf, ours, `SELECT substr(area,1,6), body, way, month, sum(declared), sum(measured)
		FROM loads GROUP BY 1, 2, 3, 4`)
	if err != nil {
		return nil, err
	}
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
