// Package visit keeps what a visitor of the portal has not finished: forms being filled in, the
// case that is followed, the telephone number that was proven. The browser holds a random secret
// alone; the values are rows of this database, sealed, and end with the visit or by themselves.
package visit

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/seal"
)

const (
	// ValueMost bounds one value, in bytes before sealing.
	ValueMost = 64 << 10
	// valuesMost bounds the values of one visit; the oldest make way for a new one.
	valuesMost = 24

	secretBytes = 32
)

// ErrTooLarge refuses a value of more than ValueMost bytes.
var ErrTooLarge = errs.New(errs.TooLarge, "visit.too_large")

// Store holds the values of all visits, for every process that shares the database.
type Store struct {
	DB   *db.DB
	Ring *seal.Ring
}

// Entry is a value without its content.
type Entry struct {
	Name string
	At   time.Time // last change
}

// NewSecret is the secret of a new visit, fit for a cookie.
func NewSecret() string {
	raw := make([]byte, secretBytes)
	_, _ = rand.Read(raw) // never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}

// IsSecret tells whether a text has the form of NewSecret's.
func IsSecret(s string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	return err == nil && len(raw) == secretBytes
}

// ID is what the database knows a visit by: who reads it cannot take part in the visit.
func ID(secret string) string {
	sum := sha256.Sum256([]byte("visit " + secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func place(visit, name string) string { return "visit." + visit + "." + name }

// Put keeps a value until an instant, in place of an earlier one of the same name. Error:
// ErrTooLarge.
func (s *Store) Put(ctx context.Context, secret, name string, value []byte, until time.Time) error {
	if len(value) > ValueMost {
		return ErrTooLarge
	}
	visit, now := ID(secret), clock.Millis(clock.Now(ctx))
	sealed := s.Ring.Seal(value, place(visit, name))
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO visit_value (visit, name, value, at, until) VALUES ($1,$2,$3,$4,$5)
			ON CONFLICT (visit, name) DO UPDATE SET value = excluded.value, at = excluded.at, until = excluded.until`,
			visit, name, sealed, now, clock.Millis(until)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM visit_value WHERE visit = $1 AND name IN (
			SELECT name FROM visit_value WHERE visit = $1 ORDER BY at DESC, name LIMIT 1000 OFFSET $2)`, visit, valuesMost)
		return err
	})
}

// Get reads a value; false when there is none, or it has ended.
func (s *Store) Get(ctx context.Context, secret, name string) ([]byte, bool, error) {
	visit := ID(secret)
	sealed, err := db.Value[string](ctx, s.DB, `SELECT value FROM visit_value WHERE visit = $1 AND name = $2 AND until > $3`,
		visit, name, clock.Millis(clock.Now(ctx)))
	if db.IsNone(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	value, err := s.Ring.Open(sealed, place(visit, name))
	return value, err == nil, nil // a key that is gone ends the value
}

// List tells which values a visit has under names that begin with a prefix, newest first.
func (s *Store) List(ctx context.Context, secret, prefix string) ([]Entry, error) {
	all, err := db.All(ctx, s.DB, func(r db.Scanner) (e Entry, err error) {
		var at int64
		err = r.Scan(&e.Name, &at)
		e.At = clock.Instant(at)
		return e, err
	}, `SELECT name, at FROM visit_value WHERE visit = $1 AND until > $2 ORDER BY at DESC, name`, ID(secret), clock.Millis(clock.Now(ctx)))
	var out []Entry
	for _, e := range all {
		if strings.HasPrefix(e.Name, prefix) {
			out = append(out, e)
		}
	}
	return out, err
}

// Delete ends values of a visit.
func (s *Store) Delete(ctx context.Context, secret string, names ...string) error {
	visit := ID(secret)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, name := range names {
			if _, err := tx.Exec(ctx, `DELETE FROM visit_value WHERE visit = $1 AND name = $2`, visit, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// End ends a visit with all that it has. A copy of its cookie then opens nothing.
func (s *Store) End(ctx context.Context, secret string) error {
	visit := ID(secret)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM visit_value WHERE visit = $1`, visit)
		return err
	})
}

// Sweep is the job that removes what has ended.
func (s *Store) Sweep(ctx context.Context) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM visit_value WHERE until <= $1`, clock.Millis(clock.Now(ctx)))
		return err
	})
}
