package form

import (
	"context"

	"linli/internal/gate"
	"linli/internal/platform/audit"
)

// Begin keeps a sending as if the gate had let it through.
func (s *Service) Begin(ctx context.Context, d *Definition, areas []string) (of Sending, err error) {
	all, chosen, err := s.communities(areas)
	if err != nil {
		return of, err
	}
	err = s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged()
		of, err = s.begin(ctx, tx, d, &NewSending{DueOn: "2099-01-01"}, chosen, len(all), gate.Pass{Number: "test"})
		return err
	})
	return of, err
}

// Ended ends what rests on an admission.
func (s *Service) Ended(ctx context.Context, tx *audit.Tx, e gate.Ending) error {
	return s.ended(ctx, tx, e)
}

// Paused lets what rests on an admission stand still, or go on.
func (s *Service) Paused(ctx context.Context, tx *audit.Tx, e gate.Ending) error {
	return halting{s}.paused(ctx, tx, e)
}
