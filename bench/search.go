package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"time"

	"linli/internal/app"
	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/registry"
)

// search compares the newest twenty of a million cases that have two Chinese characters, as a city
// officer searches for them, to SQL's LIKE with the same order. LIKE stops as soon as it has twenty,
// so it is asked for words of three frequencies.
func search(ctx context.Context, r *Run) ([]Result, error) {
	if err := demo(ctx, r.Folder); err != nil {
		return nil, err
	}
	if err := fill(ctx, r.Folder, r.size(1_000_000)); err != nil {
		return nil, err
	}
	a, err := app.Open(ctx, app.Options{Data: r.Folder, Relaxed: true})
	if err != nil {
		return nil, err
	}
	defer a.Close()
	if err := a.Worklist.RefreshWords(authority.With(ctx, authority.SystemActor("bench"))); err != nil {
		return nil, err
	}
	d, err := sql.Open("sqlite", "file:"+filepath.Join(r.Folder, "linli.db"))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	like, err := d.PrepareContext(ctx, `SELECT id FROM casework_case WHERE title LIKE ? ORDER BY reported_at DESC LIMIT 20`)
	if err != nil {
		return nil, err
	}
	officer := authority.With(ctx, authority.NewActor(a.Policy, "bench", "bench",
		[]authority.Grant{{Role: registry.RoleCityOfficer, Area: home[:4]}}))
	ours := func(word string) (int, error) {
		page, err := a.Worklist.List(officer, worklist.Filter{View: worklist.ViewAll, Words: word})
		return len(page.Cases), err
	}
	theirs := func(word string) (int, error) {
		rows, err := like.QueryContext(ctx, "%"+word+"%")
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		n := 0
		for rows.Next() {
			n++
		}
		return n, rows.Err()
	}
	kinds := []struct {
		name  string
		word  func(i int) string
		ours  int // queries a round
		peers int
	}{
		{"in one of twelve", func(i int) string { return things[i%len(things)][:6] }, 200, 50},
		{"in one of nine hundred", func(i int) string { return road(i * 7 % 900) }, 200, 50},
		{"in ten of all", func(int) string { return rare }, 200, 5},
	}
	var out []Result
	var all []time.Duration
	for _, k := range kinds {
		var linli, peer []time.Duration
		for range r.Rounds {
			t, err := each(k.ours, func(i int) error {
				n, err := ours(k.word(i))
				if err == nil && n == 0 {
					err = fmt.Errorf("%s is not found", k.word(i))
				}
				return err
			})
			if err != nil {
				return nil, err
			}
			all, linli = append(all, t...), append(linli, median(t))
			if t, err = each(k.peers, func(i int) error { _, err := theirs(k.word(i)); return err }); err != nil {
				return nil, err
			}
			peer = append(peer, median(t))
		}
		o, p := median(linli), median(peer)
		out = append(out, Result{"two characters, newest 20 of 1,000,000, " + k.name, "SQL LIKE", short(o), short(p), ratio(p, o), 100, false})
	}
	p99 := quantile(all, 0.99)
	return append(out, Result{"the same, p99 of all (ratio: milliseconds)", "5 ms", short(p99), "", float64(p99) / 1e6, 5, true}), nil
}
