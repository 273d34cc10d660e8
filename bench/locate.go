package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"linli/internal/platform/geo"
)

// locate compares finding the grid of a point among 20,000 polygons of 30 vertices to PostGIS with
// a GiST index and a prepared statement.
func locate(ctx context.Context, r *Run) ([]Result, error) {
	conn, err := pgx.Connect(ctx, r.Postgres)
	if err != nil {
		return nil, fmt.Errorf("PostGIS: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, q := range []string{`CREATE EXTENSION IF NOT EXISTS postgis`, `DROP TABLE IF EXISTS bench_grid`,
		`CREATE TABLE bench_grid (id TEXT PRIMARY KEY, outline geometry(Polygon, 4490))`} {
		if _, err := conn.Exec(ctx, q); err != nil {
			return nil, fmt.Errorf("PostGIS: %w", err)
		}
	}
	var entries []geo.Entry
	var rows [][]any
	for i := range 20_000 {
		id, ring := fmt.Sprint("grid-", i), ringOf(i)
		var shape geo.Shape
		if err := shape.UnmarshalJSON([]byte(`{"type":"Polygon","coordinates":[[` + points(ring, "[%v,%v]") + `]]}`)); err != nil {
			return nil, err
		}
		entries = append(entries, geo.Entry{ID: id, Shape: shape})
		rows = append(rows, []any{id, "SRID=4490;POLYGON((" + points(ring, "%v %v") + "))"})
	}
	for _, row := range rows {
		if _, err := conn.Exec(ctx, `INSERT INTO bench_grid VALUES ($1, ST_GeomFromEWKT($2))`, row...); err != nil {
			return nil, err
		}
	}
	for _, q := range []string{`CREATE INDEX ON bench_grid USING gist (outline)`, `ANALYZE bench_grid`} {
		if _, err := conn.Exec(ctx, q); err != nil {
			return nil, err
		}
	}
	index := geo.NewIndex(entries)
	spot := func(i int) (float64, float64) {
		return 118 + float64(i*7919%200_000)/1e5, 34 + float64(i*104729%100_000)/1e5
	}
	post := func(i int) ([]string, error) {
		lng, lat := spot(i)
		found, err := conn.Query(ctx, `SELECT id FROM bench_grid WHERE ST_Intersects(outline, ST_SetSRID(ST_MakePoint($1, $2), 4490)) ORDER BY id`, lng, lat)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(found, pgx.RowTo[string])
	}
	for i := range 500 { // both must find the same
		lng, lat := spot(i)
		ids, err := post(i)
		if err != nil {
			return nil, err
		}
		if a, b := strings.Join(index.At(lng, lat), " "), strings.Join(ids, " "); a != b {
			return nil, fmt.Errorf("at %v %v: %q, PostGIS %q", lng, lat, a, b)
		}
	}
	var linli, peer []time.Duration
	for range r.Rounds {
		const many = 200_000
		began := time.Now()
		for i := range many {
			index.At(spot(i))
		}
		linli = append(linli, time.Since(began)/many)
		const few = 2_000
		began = time.Now()
		for i := range few {
			if _, err := post(i); err != nil {
				return nil, err
			}
		}
		peer = append(peer, time.Since(began)/few)
	}
	o, p := median(linli), median(peer)
	return []Result{{"point → grid among 20,000 polygons", "PostGIS, GiST, prepared statement", short(o), short(p), ratio(p, o), 100, false}},
		nil
}

// ringOf is a closed ring of thirty corners; neighbours overlap a little.
func ringOf(i int) [][2]float64 {
	var ring [][2]float64
	for k := range 31 {
		turn := float64(k%30) / 30 * 2 * math.Pi
		ring = append(ring, [2]float64{118 + float64(i%200)*0.01 + 0.006*math.Cos(turn), 34 + float64(i/200)*0.01 + 0.006*math.Sin(turn)})
	}
	return ring
}

func points(ring [][2]float64, shape string) string {
	parts := make([]string, len(ring))
	for i, p := range ring {
		parts[i] = fmt.Sprintf(shape, p[0], p[1])
	}
	return strings.Join(parts, ",")
}
