package clockverb

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// suspensionFollows ends a suspension that something else than its resumption has ended.
func (s *Service) suspensionFollows(ctx context.Context, tx *audit.Tx, ch *casework.Change) error {
	if ch.Before == nil || !ch.Before.Clock.Suspended() || ch.Before.Clock.Since == ch.Case.Clock.Since {
		return nil
	}
	return endSuspension(ctx, tx, ch.Case, clock.Millis(tx.Now))
}

// readClockVerbs reads whether a case was extended, and how many supervisions wait for an answer.
func readClockVerbs(ctx context.Context, r db.Reader, c *casework.Case, verb flow.Verb) (err error) {
	if verb == casework.VerbExtend || verb == "" {
		if c.Standing.Extended, err = isExtended(ctx, r, c); err != nil {
			return err
		}
	}
	if verb == casework.VerbAnswer || verb == "" {
		c.Standing.Unanswered, err = countUnanswered(ctx, r, c)
	}
	return err
}

// describeClockVerbs adds suspension, extension, supervisions and alerts.
func (s *Service) describeClockVerbs(ctx context.Context, r db.Reader, p *casework.Described) error {
	return s.showMeasures(ctx, r, p.Case, p.Events, p.Detail)
}
