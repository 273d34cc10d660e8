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
	return s.allow(ctx, limit.Report, limit.ReportVisitor, visitor)
}

// mayUpload counts one file to be stored, as MayOpen. How many may wait at once: see admit.
func (s *Service) mayUpload(ctx context.Context, visitor string) error {
	if authority.From(ctx).SignedIn() {
		return nil
	}
	return s.allow(ctx, limit.Upload, limit.UploadVisitor, visitor)
}

// allow asks the visitor's own budget first, so that one visitor's haste leaves their neighbours behind
// the same address alone.
func (s *Service) allow(ctx context.Context, address, own limit.Budget, visitor string) error {
	if visitor != "" {
		if err := s.Limits.Take(ctx, own, visitor); err != nil {
			return err
		}
	}
	return s.Limits.Take(ctx, address, limit.Address(ctx))
}
