package body

import (
	"context"
	"slices"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// errNoBody says that a community has no body of the kind to seat members in.
var errNoBody = errs.New(errs.Conflict, "registry.body.none")

// Seat gives posts of a body of an area to those who were elected, inside the caller's write, which has judged authority. With whole, the
// terms of all present members end the day before the first new term begins. Who was in office under the same name keeps telephone number,
// duty hours and account. Errors: Conflict where the area has no such body; those of the rule of supervision.
func (s *Service) Seat(ctx context.Context, tx *audit.Tx, area, kind string, elected []registry.Member, whole bool) error {
	if _, err := registry.BumpRevision(ctx, tx, registry.RevisionBody); err != nil {
		return err
	}
	b, err := registry.FindBodyOf(ctx, tx, area, kind, "")
	if db.IsNone(err) {
		return errNoBody.With("kind", errs.Key("registry.body."+kind))
	}
	if err != nil {
		return err
	}
	old, err := registry.ListMembersOf(ctx, tx, area, kind)
	if err != nil {
		return err
	}
	for _, m := range elected {
		if i := slices.IndexFunc(old, func(o registry.Member) bool { return o.Name == m.Name && o.InTerm(dayBefore(m.TermFrom)) }); i >= 0 {
			m.Phone, m.Duty, m.Account = old[i].Phone, old[i].Duty, old[i].Account
		}
		m.ID, m.BodyID, m.Version = db.NewID(ctx), b.ID, 1
		foldMember(&m)
		if err := s.checkSeat(ctx, tx, b, m); err != nil {
			return err
		}
		tx.Record(memberEntry(b, m.ID, "elect", nil, &m))
		if err := registry.InsertMember(ctx, tx, m); err != nil {
			return err
		}
	}
	if whole && len(elected) > 0 {
		if err := s.endTerms(ctx, tx, b, old, elected); err != nil {
			return err
		}
	}
	tx.After(s.Register.RefreshAfter)
	return nil
}

// endTerms ends the terms of members in office the day before the elected begin theirs.
func (s *Service) endTerms(ctx context.Context, tx *audit.Tx, b registry.Body, old, elected []registry.Member) error {
	last := dayBefore(elected[0].TermFrom)
	for _, m := range old {
		if m.TermTo != "" && m.TermTo <= last {
			continue
		}
		before := m
		m.TermTo = max(last, m.TermFrom)
		changed, err := registry.UpdateMember(ctx, tx, m)
		if err := registry.OrStale(changed, err, "registry.member", m.ID); err != nil {
			return err
		}
		tx.Record(memberEntry(b, m.ID, "change", &before, &m))
		if slices.ContainsFunc(elected, func(e registry.Member) bool { return e.Name == m.Name }) {
			continue
		}
		if err := s.unseated(ctx, tx, before); err != nil {
			return err
		}
	}
	return nil
}

func dayBefore(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, -1).Format(time.DateOnly)
}
