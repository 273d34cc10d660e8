package grid

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// keepDraw keeps what a draw was made from, so that it can be repeated whatever becomes of areas, rules
// and cases since.
func keepDraw(ctx context.Context, tx *audit.Tx, day, street string, percent int, lots []Lot) error {
	raw, err := json.Marshal(lots)
	if err != nil {
		return err
	}
	return tx.Send(ctx, `INSERT INTO grid_draw (shard, street, day, at, percent, lots) VALUES ($1,$2,$3,$4,$5,$6) ON CONFLICT (shard, street,
		day, at) DO NOTHING`,
		db.Shard(street), street, day, clock.Millis(tx.Now), percent, string(raw))
}

// DrawProof is a draw as it was made, and what repeating it shows.
type DrawProof struct {
	Street  string
	Day     string
	Percent int
	Lots    []Lot
	Picked  []string // by repeating it
	Kept    []string // that the register says were drawn
}

// Holds tells whether the register has drawn what repeating the draw picks.
func (p *DrawProof) Holds() bool { return slices.Equal(p.Picked, p.Kept) }

// ProveDraw repeats the draws from the closings of a day.
func (s *Service) ProveDraw(ctx context.Context, day string) ([]DrawProof, error) {
	r := s.Casework.Log.DB
	out, err := db.All(ctx, r, func(row db.Scanner) (p DrawProof, err error) {
		var raw string
		if err = row.Scan(&p.Street, &p.Day, &p.Percent, &raw); err != nil {
			return p, err
		}
		return p, json.Unmarshal([]byte(raw), &p.Lots)
	}, `SELECT street, day, percent, lots FROM grid_draw WHERE day = $1 ORDER BY street, at`, day)
	if err != nil {
		return nil, err
	}
	was, err := db.All(ctx, r, func(row db.Scanner) (number string, err error) { return number, row.Scan(&number) },
		`SELECT number FROM grid_recheck WHERE closed_on = $1 AND state IN ('due', 'confirmed', 'refuted')`, day)
	for i := range out {
		p := &out[i]
		p.Picked = Draw(p.Day, p.Lots, p.Percent)
		for _, l := range p.Lots {
			if slices.Contains(was, l.Number) {
				p.Kept = append(p.Kept, l.Number)
			}
		}
		slices.Sort(p.Picked)
		slices.Sort(p.Kept)
	}
	return out, err
}

// String says a draw with everything that is needed to repeat it by other means.
func (p *DrawProof) String() string {
	said := fmt.Sprintf("%s %s: %d%% of %d closings", p.Day, p.Street, p.Percent, len(p.Lots))
	for _, l := range p.Lots {
		mark := " "
		if slices.Contains(p.Picked, l.Number) {
			mark = "*"
		}
		said += fmt.Sprintf("\n  %s %s %s", mark, l.Number, l.Chance)
	}
	return said
}
