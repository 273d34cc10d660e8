package duplicate

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/audit"
)

func (s *Service) intoMain(ctx context.Context, tx *audit.Tx, st *casework.TakenStep) error {
	return s.merge(ctx, tx, st.Case, st.In.Case)
}

func (s *Service) outOfMain(ctx context.Context, tx *audit.Tx, st *casework.TakenStep) error {
	return s.unmerge(ctx, tx, st.Case)
}

// mergedFollow takes along what is merged into a case that ends or is opened again.
func (s *Service) mergedFollow(ctx context.Context, tx *audit.Tx, ch *casework.Change) error {
	switch {
	case ch.Event == nil:
		return nil
	case ch.Ended():
		return s.endMerged(ctx, tx, ch.Matter, ch.Case, ch.Event)
	case ch.Reopened():
		return s.reopenMerged(ctx, tx, ch.Matter, ch.Case, ch.Event)
	}
	return nil
}
