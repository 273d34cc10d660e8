package calendar

import (
	"context"
	"sync/atomic"

	"linli/internal/platform/db"
)

// Book is the calendar in force, read from the database and safe for use by many.
type Book struct{ current atomic.Pointer[Calendar] }

// NewBook holds a calendar.
func NewBook(c *Calendar) *Book {
	b := &Book{}
	b.current.Store(c)
	return b
}

// Now is the calendar in force.
func (b *Book) Now() *Calendar { return b.current.Load() }

// Seed adds to the database the shipped days that it lacks and reads all into the book.
func (b *Book) Seed(ctx context.Context, d *db.DB, shipped []Day) error {
	err := d.Write(ctx, func(tx *db.Tx) error { return b.Put(ctx, tx, shipped) })
	if err != nil {
		return err
	}
	return b.Refresh(ctx, d)
}

// Put adds days inside a write; a day already there keeps what it says.
func (b *Book) Put(ctx context.Context, tx *db.Tx, days []Day) error {
	for _, day := range days {
		if _, err := tx.Exec(ctx, `INSERT INTO calendar_day (day, kind, notice) VALUES ($1,$2,$3) ON CONFLICT (day) DO NOTHING`,
			day.Date, string(day.Kind), day.Notice); err != nil {
			return err
		}
	}
	return nil
}

// Refresh reads the database's days into the book.
func (b *Book) Refresh(ctx context.Context, r db.Reader) error {
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
