package worklist

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/audit"
)

// wordsFollow keeps the words by which a case is found.
func (s *Service) wordsFollow(ctx context.Context, tx *audit.Tx, ch *casework.Change) error {
	c := ch.Case
	switch {
	case ch.Before == nil:
		return s.keepWords(ctx, tx, c, ch.Words)
	case ch.Erased, c.Unit != ch.Before.Unit, c.RatedLow() != ch.Before.RatedLow(), ch.Event != nil && ch.Event.Verb == casework.VerbJoin:
		return s.rewords(ctx, tx, c)
	}
	return nil
}
