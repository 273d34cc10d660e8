package community

import (
	"context"
	"log/slog"

	"linli/internal/registry"
)

// Refresh reads again what communities have, if it has changed since it was last read, by this process or another one on
// the same database.
func (s *Service) Refresh(ctx context.Context) error {
	s.reload.Lock()
	defer s.reload.Unlock()
	revision, err := registry.ReadRevision(ctx, s.Register.Log.DB, revisionFacility)
	if err != nil {
		return err
	}
	if x := s.facilities.Load(); x != nil && x.revision == revision {
		return nil
	}
	x, err := loadFacilities(ctx, s.Register.Log.DB, revision)
	if err == nil {
		s.facilities.Store(x)
	}
	return err
}

// refreshAfter is Refresh for a write that has reached the disk. A failure leaves the older picture until the next
// regular refresh.
func (s *Service) refreshAfter() {
	if err := s.Refresh(context.Background()); err != nil {
		slog.Error("facilities could not be read again", "error", err)
	}
}
