package body

import (
	"context"
	"slices"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// LoadBodies adds many bodies with their members in one write, under the rules of PutBody and
// AddMember, and gives them back with their ids. It takes PermissionEdit over the smallest area
// that holds them all. A body that is already there, or any refusal, refuses the whole.
func (s *Service) LoadBodies(ctx context.Context, bodies []registry.Body) ([]registry.Body, error) {
	if len(bodies) == 0 {
		return nil, nil
	}
	out, members, top := s.numbered(ctx, bodies)
	if err := authority.Require(ctx, PermissionEdit, top); err != nil {
		return nil, err
	}
	err := s.edit(ctx, func(tx *audit.Tx) (audit.Entry, error) {
		if err := tx.Require(PermissionEdit, top); err != nil {
			return audit.Entry{}, err
		}
		if err := s.checkLoad(ctx, tx, out); err != nil {
			return audit.Entry{}, err
		}
		return audit.Entry{Action: PermissionEdit, Area: top, Subject: "registry.body", SubjectID: top,
			Detail: map[string]any{"verb": "load", "bodies": len(out), "members": len(members)}}, registry.InsertBodies(ctx, tx, out, members)
	})
	if db.IsUnique(err) {
		return nil, errBodyTwice
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// numbered copies bodies and members with ids, lists all members, and tells the common area.
func (s *Service) numbered(ctx context.Context, bodies []registry.Body) (out []registry.Body, members []registry.Member, top string) {
	out = make([]registry.Body, len(bodies))
	rows := make([]string, len(bodies))
	for i, b := range bodies {
		b.ID, b.Version = db.NewID(ctx), 1
		own := make([]registry.Member, len(b.Members))
		for n, m := range b.Members {
			m.ID, m.BodyID, m.Version = db.NewID(ctx), b.ID, 1
			own[n] = m
		}
		b.Members = own
		out[i], rows[i] = b, b.Area
		members = append(members, own...)
	}
	return out, members, registry.CommonArea(slices.Values(rows))
}

// checkLoad judges bodies that are loaded together, against each other and, where the opposite body
// of a committee or board is already registered, against that.
func (s *Service) checkLoad(ctx context.Context, r db.Reader, bodies []registry.Body) error {
	day := registry.Today(ctx)
	loaded := map[[2]string][]registry.Member{}
	for _, b := range bodies {
		loaded[[2]string{b.Area, b.Kind}] = b.Members
	}
	for _, b := range bodies {
		a, ok := s.Register.Area(b.Area)
		if !ok {
			return registry.ErrAreaMissing(b.Area)
		}
		if err := checkBody(b, a); err != nil {
			return err
		}
		if len(b.Members) > maxMembers {
			return errBodyFull.With("limit", maxMembers)
		}
		others, err := opposites(ctx, r, loaded, b)
		if err != nil {
			return err
		}
		for _, m := range b.Members {
			if err := checkMember(m); err != nil {
				return err
			}
			if err := checkSupervisor(s.Rules, a, m, others, day); err != nil {
				return err
			}
		}
	}
	return nil
}

func opposites(ctx context.Context, r db.Reader, loaded map[[2]string][]registry.Member, b registry.Body) ([]registry.Member, error) {
	other := opposite(b.Kind)
	if other == "" {
		return nil, nil
	}
	if members, ok := loaded[[2]string{b.Area, other}]; ok {
		return members, nil
	}
	return registry.ListMembersOf(ctx, r, b.Area, other)
}
