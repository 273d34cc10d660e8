package registry

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
)

// Pair is a code or an id and the one that takes its place.
type Pair struct{ From, To string }

// Pairs are replacements that all happen at once: one's To may be another's From.
type Pairs []Pair

// Part is a piece cut out of a community: what happened inside it belongs to the area that
// carries the code To afterwards.
type Part struct {
	From  string // code of the community before
	To    string // code of the part after
	Holds func(lng, lat float64) bool
}

// Moves is what a reorganisation asks of everything that names areas.
type Moves struct {
	On     string // first day of the new structure
	Areas  Pairs  // area codes, at every level, each From once
	Bodies Pairs  // ids of dissolved bodies → those that take over
	Parts  []Part // decided by place, before Areas apply

	before func(code string) string
	after  func(code string) string
}

// NewMoves are those of a reorganisation. Before and after give the id of the area that a code means, or "".
func NewMoves(areas Pairs, parts []Part, before, after func(code string) string) *Moves {
	return &Moves{Areas: areas, Parts: parts, before: before, after: after}
}

// Before is the id of the area that carried a code before, or "".
func (m *Moves) Before(code string) string { return m.before(code) }

// After is the id of the area that carries a code afterwards, or "".
func (m *Moves) After(code string) string { return m.after(code) }

// Follower is a module whose rows name areas or bodies. Move runs inside the write that changes
// the register, so that nobody ever sees one without the other. A row's shard never changes.
type Follower struct {
	What   string // worded by registry.follows.<what>
	Widens bool   // what it keeps over a place reaches further once the place is merged into another
	Move   func(ctx context.Context, tx *audit.Tx, m *Moves) error
	Count  func(ctx context.Context, r db.Reader, area string) (int, error) // rows at an area and below
}

// Follow connects a module once at start.
func (s *Service) Follow(f Follower) { s.followers = append(s.followers, f) }

// Followers are the modules that follow, in the order in which they were connected.
func (s *Service) Followers() []Follower { return s.followers }

// Rewrite puts every From of a column's values into the place of its To. The caller names a table
// of its own, with an index on the column.
func (p Pairs) Rewrite(ctx context.Context, tx *audit.Tx, table, column string) error {
	from := make(map[string]bool, len(p))
	for _, one := range p {
		from[one.From] = true
	}
	query := "UPDATE " + table + " SET " + column + " = $1 WHERE " + column + " = $2 AND " + column + " <> ''" // an index may leave out who has none
	put := func(to, old string) error {
		_, err := tx.Exec(ctx, query, to, old)
		return err
	}
	// A To that is still somebody's From waits under a name that is no code.
	for _, waits := range []bool{true, false} {
		for _, one := range p {
			if from[one.To] != waits {
				continue
			}
			to := one.To
			if waits {
				to = Waiting(to)
			}
			if err := put(to, one.From); err != nil {
				return err
			}
		}
	}
	for _, one := range p {
		if from[one.To] {
			if err := put(one.To, Waiting(one.To)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Waiting is what stands for a code until all moves of a reorganisation are made.
func Waiting(code string) string { return "~" + code }
