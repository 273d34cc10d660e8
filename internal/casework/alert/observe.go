package alert

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/registry"
)

// alertsFollow lowers the warnings of a deadline that is no more, and all of a case that has ended.
func (s *Service) alertsFollow(ctx context.Context, tx *audit.Tx, ch *casework.Change) error {
	switch {
	case ch.Before == nil, ch.Case.Open && ch.Case.Clock.Same(&ch.Before.Clock):
		return nil
	case !ch.Case.Open:
		return LowerAlerts(ctx, tx, ch.Case, "")
	}
	return LowerAlerts(ctx, tx, ch.Case, "deadline")
}

// relocate lets alerts follow the bodies that they name, and the areas of officers.
func (s *Service) relocateAlerts(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	for _, pairs := range []registry.Pairs{m.Areas, m.Bodies} { // alerts name bodies, and areas of officers
		if err := pairs.Rewrite(ctx, tx, "casework_alert", "holder"); err != nil {
			return err
		}
	}
	return nil
}
