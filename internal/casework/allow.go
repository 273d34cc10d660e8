package casework

import (
	"context"

	"linli/internal/platform/authority"
	"linli/internal/platform/limit"
)

// MayOpen counts one report or application by whoever is not signed in, in whichever face it is made.
// Visitor names the browser, or is "" where there is none to tell apart. Errors: TooMany.
func (s *Service) MayOpen(ctx context.Context, visitor string) error {
	if authority.From(ctx).SignedIn() {
		return nil
	}
	return s.Limits.TakeVisitor(ctx, limit.Report, limit.ReportVisitor, visitor)
}
