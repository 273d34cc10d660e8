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

// inbox compares the newest twenty of a million cases, as a community's and as the city's officer
// read them through the service, to the bare SQL statement; and what their home pages read beside the
// list, the counts of the inbox and the board, to the list.
func inbox(ctx context.Context, r *Run) ([]Result, error) {
	if err := demo(ctx, r.Folder); err != nil {
		return nil, err
	}
	if err := fill(ctx, r.Folder, r.size(1_000_000)); err != nil {
		return nil, err
	}
	a, err := app.Open(ctx, app.Options{Data: r.Folder})
	if err != nil {
		return nil, err
	}
	defer a.Close()
	d, err := sql.Open("sqlite", "file:"+filepath.Join(r.Folder, "linli.db"))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	as := func(role authority.Role, area string) context.Context {
		return authority.With(ctx, authority.NewActor(a.Policy, "bench", "bench", []authority.Grant{{Role: role, Area: area}}))
	}
	list := func(role authority.Role, area string) func(int) error {
		ctx := as(role, area)
		return func(int) error {
			page, err := a.Worklist.List(ctx, worklist.Filter{View: worklist.ViewAll})
			if err == nil && len(page.Cases) != 20 {
				err = fmt.Errorf("%s sees %d cases", role, len(page.Cases))
			}
			return err
		}
	}
	counts := func(role authority.Role, area string) func(int) error {
		ctx := as(role, area)
		return func(int) error {
			_, err := a.Worklist.Inbox(ctx, area)
			return err
		}
	}
	cityBoard := func(int) error {
		_, err := a.Stats.Board(as(registry.RoleCityOfficer, home[:4]), home[:4])
		return err
	}
	clerk, officer := list(registry.RoleDispatcher, home), list(registry.RoleCityOfficer, home[:4])
	bareClerk, err := statement(ctx, d, `WHERE substr(area, 1, 12) = ? ORDER BY reported_at DESC, id DESC LIMIT 20`, home)
	if err != nil {
		return nil, err
	}
	bareOfficer, err := statement(ctx, d, `WHERE substr(area, 1, 4) = '3207' ORDER BY reported_at DESC, id DESC LIMIT 20`)
	if err != nil {
		return nil, err
	}
	opened := 0
	bareBoard := func(int) error {
		rows, err := d.QueryContext(ctx, `SELECT substr(area, 1, 6), COUNT(*), SUM(due_at < ?) FROM casework_case WHERE open = 1 AND substr(area,
			1, 4) = '3207' GROUP BY 1`, time.Now().UnixMilli())
		if err != nil {
			return err
		}
		defer rows.Close()
		var county string
		var n, late, sum int
		for ; rows.Next(); sum += n {
			if err := rows.Scan(&county, &n, &late); err != nil {
				return err
			}
		}
		opened = sum
		return rows.Err()
	}
	const usual, dear = 500, 100 // calls of a round
	callsOf := map[string]int{"clerk": usual, "officer": usual, "bare clerk": usual, "bare officer": usual, "clerk's counts": dear,
		"officer's counts": dear, "board": dear, "bare board": dear}
	took := map[string][]time.Duration{}
	for range r.Rounds {
		for name, do := range map[string]func(int) error{"clerk": clerk, "officer": officer, "bare clerk": bareClerk, "bare officer": bareOfficer,
			"clerk's counts": counts(registry.RoleDispatcher, home), "officer's counts": counts(registry.RoleCityOfficer, home[:4]),
			"board": cityBoard, "bare board": bareBoard} {
			times, err := each(callsOf[name], do)
			if err != nil {
				return nil, err
			}
			took[name] = append(took[name], median(times))
		}
	}
	of := func(name string) time.Duration { return median(took[name]) }
	return []Result{
		{"latest 20 of 1,000,000, community clerk", "the bare statement", short(of("clerk")), short(of("bare clerk")),
			ratio(of("clerk"), of("bare clerk")), 2, true},
		{"latest 20 of 1,000,000, city officer", "the bare statement", short(of("officer")), short(of("bare officer")),
			ratio(of("officer"), of("bare officer")), 2, true},
		{"counts of the inbox, community clerk", "the clerk's list", short(of("clerk's counts")), short(of("clerk")),
			ratio(of("clerk's counts"), of("clerk")), 15, true},
		{"counts of the inbox, city officer", "the officer's list", short(of("officer's counts")), short(of("officer")),
			ratio(of("officer's counts"), of("officer")), 15, true},
		{fmt.Sprintf("the city's board, %d cases open", opened), "counting them by county", short(of("board")), short(of("bare board")),
			ratio(of("board"), of("bare board")), 2, true},
		{"the clerk's list", "the officer's list", short(of("clerk")), short(of("officer")), ratio(of("clerk"), of("officer")), 1.5, true},
	}, nil
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

func (r *Run) size(n int) int {
	if r.Quick {
		return n / 10
	}
	return n
}

// statement reads every column of twenty rows, as text, prepared.
func statement(ctx context.Context, d *sql.DB, where string, args ...any) (func(int) error, error) {
	s, err := d.PrepareContext(ctx, `SELECT * FROM casework_case `+where)
	if err != nil {
		return nil, err
	}
	return func(int) error {
		rows, err := s.QueryContext(ctx, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		row := make([]any, len(columns))
		for i := range row {
			row[i] = new(any)
		}
		n := 0
		for rows.Next() {
			if err := rows.Scan(row...); err != nil {
				return err
			}
			n++
		}
		if n != 20 {
			return fmt.Errorf("the bare statement finds %d rows", n)
		}
		return rows.Err()
	}, nil
}
