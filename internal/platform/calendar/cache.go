package calendar

import (
	"context"
	"encoding/json"
	"sync/atomic"

	"linli/internal/platform/db"
	"linli/internal/platform/revision"
	"linli/internal/platform/shipped"
)

// Cache is the calendar in force, read from the database and safe for use by many.
type Cache struct{ current atomic.Pointer[Calendar] }

// NewCache holds a calendar.
func NewCache(c *Calendar) *Cache {
	b := &Cache{}
	b.current.Store(c)
	return b
}

// Now is the calendar in force.
func (b *Cache) Now() *Calendar { return b.current.Load() }

// Set is what ships of the calendar, by years: a notice decrees a year as a whole, and whoever corrects
// a day of it has judged all.
func (b *Cache) Set(days []Day) *shipped.Set {
	byYear := years(days)
	set := &shipped.Set{Kind: "calendar", Revision: Revision, Shipped: forms(byYear),
		Stored: func(ctx context.Context, r db.Reader) (map[string]string, error) {
			all, err := db.All(ctx, r, scanDay, `SELECT day, kind, notice FROM calendar_day`)
			return forms(years(all)), err
		}}
	set.Put = func(ctx context.Context, tx revision.Execer, year string) error {
		if _, err := tx.Exec(ctx, `DELETE FROM calendar_day WHERE day >= $1 AND day <= $2`, year+"-01-01", year+"-12-31"); err != nil {
			return err
		}
		return replaceDays(ctx, tx, nil, byYear[year])
	}
	return set
}

// Put adds days inside a write; a day already there keeps what it says.
func (b *Cache) Put(ctx context.Context, tx *db.Tx, days []Day) error {
	for _, day := range days {
		if _, err := tx.Exec(ctx, `INSERT INTO calendar_day (day, kind, notice) VALUES ($1,$2,$3) ON CONFLICT (day) DO NOTHING`,
			day.Date, string(day.Kind), day.Notice); err != nil {
			return err
		}
	}
	return revision.Bump(ctx, tx, Revision)
}

func years(days []Day) map[string][]Day {
	out := map[string][]Day{}
	for _, d := range days {
		out[d.Date[:4]] = append(out[d.Date[:4]], d)
	}
	return out
}

// forms are the years as they are compared: what each special day is, not by which notice.
func forms(years map[string][]Day) map[string]string {
	out := map[string]string{}
	for year, days := range years {
		raw, _ := json.Marshal(plain(days)) // texts
		out[year] = string(raw)
	}
	return out
}

// Refresh reads the database's days into the book.
func (b *Cache) Refresh(ctx context.Context, r db.Reader) error {
	days, err := db.All(ctx, r, func(s db.Scanner) (d Day, err error) {
		err = s.Scan(&d.Date, &d.Kind, &d.Notice)
		return d, err
	}, `SELECT day, kind, notice FROM calendar_day ORDER BY day`)
	if err != nil {
		return err
	}
	c, err := New(days, DefaultHours())
	if err != nil {
		return err
	}
	b.current.Store(c)
	return nil
}
