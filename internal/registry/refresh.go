package registry

import (
	"context"
	"log/slog"
)

// Refresh reads again what has changed since it was last read, by this process or another one
// on the same database. It costs three small reads when nothing has.
func (s *Service) Refresh(ctx context.Context) error {
	s.reload.Lock()
	defer s.reload.Unlock()
	if err := s.refreshAreas(ctx); err != nil {
		return err
	}
	if err := s.refreshOutlines(ctx); err != nil {
		return err
	}
	return s.refreshBodies(ctx)
}

func (s *Service) refreshAreas(ctx context.Context) error {
	revision, err := ReadRevision(ctx, s.Log.DB, RevisionArea)
	if err != nil {
		return err
	}
	if t := s.tree.Load(); t != nil && t.revision == revision {
		return nil
	}
	t, err := loadTree(ctx, s.Log.DB, revision)
	if err != nil {
		return err
	}
	s.tree.Store(t)
	return nil
}

func (s *Service) refreshOutlines(ctx context.Context) error {
	revision, err := ReadRevision(ctx, s.Log.DB, RevisionOutline)
	if err != nil {
		return err
	}
	if x := s.outlines.Load(); x != nil && x.revision == revision {
		return nil
	}
	x, err := loadOutlines(ctx, s.Log.DB, revision)
	if err != nil {
		return err
	}
	s.outlines.Store(x)
	return nil
}

// refreshBodies forgets what was kept of bodies; it is read again when asked for. What is counted of
// them names the revision that it was counted at.
func (s *Service) refreshBodies(ctx context.Context) error {
	revision, err := ReadRevision(ctx, s.Log.DB, RevisionBody)
	if err != nil {
		return err
	}
	if s.bodies.Swap(revision) != revision {
		s.names.Clear()
		s.bodiesOf.Clear()
	}
	return nil
}

// RefreshAfter is Refresh for a write that has reached the disk. A failure leaves the older
// picture until the next regular refresh.
func (s *Service) RefreshAfter() {
	if err := s.Refresh(context.Background()); err != nil {
		slog.Error("register could not be read again", "error", err)
	}
}
