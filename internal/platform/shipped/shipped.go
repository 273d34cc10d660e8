// Package shipped brings what ships with the program into the database of a city that may change it:
// what nobody has changed is replaced by what a later release ships, what a person has changed stays,
// and the difference is listed for them. Table (reference): shipped_text.
package shipped

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"linli/internal/platform/db"
	"linli/internal/platform/revision"
)

// Set is one kind of what ships. Forms are JSON objects; equal forms are equal texts.
type Set struct {
	Kind     string
	Revision string            // counted when the program changes something
	Shipped  map[string]string // form by name
	// Stored reads the forms that the database holds, as they were written.
	Stored func(ctx context.Context, r db.Reader) (map[string]string, error)
	// Put writes what ships under a name in the place of what is there.
	Put func(ctx context.Context, tx revision.Execer, name string) error
	// Drop takes away what ships no more; nil leaves it.
	Drop func(ctx context.Context, tx revision.Execer, name string) error
	// Untouched names what nobody has changed in a database that was filled before digests were kept;
	// nil: nobody knows.
	Untouched func(ctx context.Context, r db.Reader) (map[string]bool, error)
	// Changed follows once the program has changed something and it was read again; nil: nothing does.
	Changed func(context.Context) error
}

func digest(form string) string {
	sum := sha256.Sum256([]byte(form))
	return hex.EncodeToString(sum[:])
}

// state is how one name stands.
type state struct {
	form, now     string // shipped, and in the database
	ships, stands bool
	base          string // digest of what the program put last, or ""
	untouched     bool   // what stands is what the program put
}

// same tells whether what stands is what ships.
func (s *state) same() bool { return s.ships == s.stands && s.form == s.now }

// replaceable tells whether the program may change what stands.
func (s *state) replaceable() bool {
	switch {
	case s.base == "":
		return s.ships && (!s.stands || s.untouched)
	case s.ships:
		return s.stands && s.untouched
	}
	return s.stands && s.untouched // ships no more
}

// differs tells whether a person has not judged yet that what ships is another than what stands.
func (s *state) differs() bool {
	if s.ships {
		return !s.same() && !s.replaceable() && s.base != digest(s.form)
	}
	return s.base != "" && s.stands && !s.replaceable()
}

func (s *Set) states(ctx context.Context, r db.Reader) (map[string]*state, error) {
	stored, err := s.Stored(ctx, r)
	if err != nil {
		return nil, err
	}
	type row struct{ name, digest string }
	bases, err := db.All(ctx, r, func(sc db.Scanner) (v row, err error) { return v, sc.Scan(&v.name, &v.digest) },
		`SELECT name, digest FROM shipped_text WHERE kind = $1`, s.Kind)
	if err != nil {
		return nil, err
	}
	var untouched map[string]bool
	if s.Untouched != nil && len(bases) < len(s.Shipped) {
		if untouched, err = s.Untouched(ctx, r); err != nil {
			return nil, err
		}
	}
	out := map[string]*state{}
	of := func(name string) *state {
		if out[name] == nil {
			out[name] = &state{}
		}
		return out[name]
	}
	for name, form := range s.Shipped {
		of(name).form, of(name).ships = form, true
	}
	for _, b := range bases {
		of(b.name).base = b.digest
	}
	for name, st := range out { // the city's own are no matter of the program's
		st.now, st.stands = stored[name]
		st.untouched = st.stands && (st.base == digest(st.now) || st.base == "" && untouched[name])
	}
	return out, nil
}

// pending names what Bring has to do, in order.
func pending(states map[string]*state) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(states)), func(name string) bool {
		s := states[name]
		if s.same() {
			return !s.ships || s.base == digest(s.form)
		}
		return !s.replaceable()
	})
}

// Bring puts what ships in the place of what nobody has changed, and tells whether anything did change.
// It writes nothing when there is nothing to do.
func (s *Set) Bring(ctx context.Context, d *db.DB) (changed bool, err error) {
	states, err := s.states(ctx, d)
	if err != nil || len(pending(states)) == 0 {
		return false, err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		changed = false
		states, err := s.states(ctx, tx)
		if err != nil {
			return err
		}
		for _, name := range pending(states) {
			if !states[name].same() {
				changed = true
			}
			if err := s.take(ctx, tx, name, states[name]); err != nil {
				return err
			}
		}
		if changed && s.Revision != "" {
			return revision.Bump(ctx, tx, s.Revision)
		}
		return nil
	})
	return changed, err
}

// take puts what ships, or takes away what ships no more.
func (s *Set) take(ctx context.Context, tx revision.Execer, name string, st *state) error {
	switch {
	case !st.ships:
		if s.Drop != nil {
			if err := s.Drop(ctx, tx, name); err != nil {
				return err
			}
		}
		return s.forget(ctx, tx, name)
	case !st.same():
		if err := s.Put(ctx, tx, name); err != nil {
			return err
		}
	}
	return s.remember(ctx, tx, name, st.form)
}

func (s *Set) remember(ctx context.Context, tx revision.Execer, name, form string) error {
	_, err := tx.Exec(ctx, `INSERT INTO shipped_text (kind, name, digest) VALUES ($1,$2,$3)
		ON CONFLICT (kind, name) DO UPDATE SET digest = excluded.digest`, s.Kind, name, digest(form))
	return err
}

func (s *Set) forget(ctx context.Context, tx revision.Execer, name string) error {
	_, err := tx.Exec(ctx, `DELETE FROM shipped_text WHERE kind = $1 AND name = $2`, s.Kind, name)
	return err
}

// Rebase takes forms for what the program put last: a test's way to be an earlier release.
func (s *Set) Rebase(ctx context.Context, tx revision.Execer, forms map[string]string) error {
	for name, form := range forms {
		if err := s.remember(ctx, tx, name, form); err != nil {
			return err
		}
	}
	return nil
}
