package body

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/idcode"
	"linli/internal/registry"
)

var errBodyFull = errs.New(errs.Conflict, "registry.body.full")

// AddMember gives somebody a post in a body. A supervisor who is an executive of the same
// community, or the reverse, is refused by ErrSupervisor. It takes PermissionEdit over the area.
func (s *Service) AddMember(ctx context.Context, bodyID string, m registry.Member) (registry.Member, error) {
	foldMember(&m)
	err := s.edit(ctx, func(tx *audit.Tx) (audit.Entry, error) {
		b, err := s.editable(ctx, tx, bodyID)
		if err != nil {
			return audit.Entry{}, err
		}
		if len(b.Members) >= maxMembers {
			return audit.Entry{}, errBodyFull.With("limit", maxMembers)
		}
		m.ID, m.BodyID, m.Version = db.NewID(ctx), b.ID, 1
		if err := s.mayLink(ctx, tx, b, registry.Member{}, m); err != nil {
			return audit.Entry{}, err
		}
		if err := s.checkSeat(ctx, tx, b, m); err != nil {
			return audit.Entry{}, err
		}
		return memberEntry(b, m.ID, "add", nil, &m), registry.InsertMember(ctx, tx, m)
	})
	return m, err
}

// ChangeMember changes a member's description by its version, under the rules of AddMember. The
// body and the link to an account stay.
func (s *Service) ChangeMember(ctx context.Context, m registry.Member) (registry.Member, error) {
	foldMember(&m)
	err := s.edit(ctx, func(tx *audit.Tx) (audit.Entry, error) {
		old, err := registry.FindMember(ctx, tx, m.ID)
		if err != nil {
			return audit.Entry{}, orNotFound(err)
		}
		b, err := s.editable(ctx, tx, old.BodyID)
		if err != nil {
			return audit.Entry{}, err
		}
		m.BodyID, m.Account = old.BodyID, old.Account
		if err := s.mayLink(ctx, tx, b, old, m); err != nil {
			return audit.Entry{}, err
		}
		if err := s.checkSeat(ctx, tx, b, m); err != nil {
			return audit.Entry{}, err
		}
		changed, err := registry.UpdateMember(ctx, tx, m)
		if err := registry.OrStale(changed, err, "registry.member", m.ID); err != nil {
			return audit.Entry{}, err
		}
		return memberEntry(b, m.ID, "change", &old, &m), s.unseated(ctx, tx, old)
	})
	m.Version++
	return m, err
}

// RemoveMember deletes a member entered by mistake, by its version. Whoever leaves office gets an
// end of term instead, so that the term stays on record.
func (s *Service) RemoveMember(ctx context.Context, id string, version int64) error {
	return s.edit(ctx, func(tx *audit.Tx) (audit.Entry, error) {
		old, err := registry.FindMember(ctx, tx, id)
		if err != nil {
			return audit.Entry{}, orNotFound(err)
		}
		b, err := s.editable(ctx, tx, old.BodyID)
		if err != nil {
			return audit.Entry{}, err
		}
		changed, err := registry.DeleteMember(ctx, tx, id, version)
		if err := registry.OrStale(changed, err, "registry.member", id); err != nil {
			return audit.Entry{}, err
		}
		return memberEntry(b, id, "remove", &old, nil), s.unseated(ctx, tx, old)
	})
}

// editable is a body that the actor may edit.
func (s *Service) editable(ctx context.Context, tx *audit.Tx, bodyID string) (registry.Body, error) {
	b, err := s.standing(ctx, tx, bodyID)
	if err != nil {
		return b, err
	}
	return b, tx.Require(PermissionEdit, b.Area)
}

// checkSeat judges a member and the rule of supervision.
func (s *Service) checkSeat(ctx context.Context, tx *audit.Tx, b registry.Body, m registry.Member) error {
	if err := checkMember(m); err != nil {
		return err
	}
	other := opposite(b.Kind)
	if other == "" {
		return nil
	}
	a, ok := s.Register.Area(b.Area)
	if !ok {
		return registry.ErrAreaMissing(b.Area)
	}
	members, err := registry.ListMembersOf(ctx, tx, b.Area, other)
	if err != nil {
		return err
	}
	return checkSupervisor(s.Rules, a, m, members, registry.Today(ctx))
}

// memberEntry records what was and what is, the name and telephone number masked.
func memberEntry(b registry.Body, memberID, verb string, before, after *registry.Member) audit.Entry {
	entry := audit.Entry{Action: PermissionEdit, Area: b.Area, Subject: "registry.member", SubjectID: memberID,
		Detail: map[string]string{"verb": verb, "body": b.ID}}
	if before != nil {
		entry.Before = memberRecord(before)
	}
	if after != nil {
		entry.After = memberRecord(after)
	}
	return entry
}

func memberRecord(m *registry.Member) map[string]any {
	return map[string]any{"name": idcode.MaskName(m.Name), "phone": idcode.MaskPhone(m.Phone), "post": m.Post,
		"account": m.Account, "from": m.TermFrom, "to": m.TermTo}
}
