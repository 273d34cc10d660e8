package stats

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
)

// countChange keeps the counters: what a step counts, a case received, closed, or opened again.
func (s *Service) countChange(ctx context.Context, tx *audit.Tx, ch *casework.Change) error {
	if ch.Before == nil {
		return s.tally(ctx, tx, ch.Case, counts{received: 1})
	}
	if was := ch.Before.ClosedAt; was != nil && ch.Case.ClosedAt == nil { // it will be counted with the closing that holds
		if err := s.tallyIn(ctx, tx, ch.Case, clock.Month(clock.Instant(*was)), closing(ch.Before).negative()); err != nil {
			return err
		}
	}
	if ch.Event != nil {
		if err := s.countStep(ctx, tx, ch.Matter, ch.Case, ch.Event); err != nil {
			return err
		}
	}
	if ch.Ended() {
		return s.tally(ctx, tx, ch.Case, closing(ch.Case))
	}
	return nil
}
