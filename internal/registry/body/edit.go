package body

import (
	"context"
	"errors"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// PutBody adds a body (no ID) or changes the description of one, by its version. Its area, kind
// and department never change. It takes PermissionEdit over the area.
func (s *Service) PutBody(ctx context.Context, b registry.Body) (registry.Body, error) {
	isNew := b.ID == ""
	var before registry.Body
	err := s.edit(ctx, func(tx *audit.Tx) (audit.Entry, error) {
		if !isNew {
			old, err := s.standing(ctx, tx, b.ID)
			if err != nil {
				return audit.Entry{}, err
			}
			b.Area, b.Kind, b.Department = old.Area, old.Kind, old.Department
			before = old
		}
		if err := tx.Require(PermissionEdit, b.Area); err != nil {
			return audit.Entry{}, err
		}
		entry, err := s.storeBody(ctx, tx, &b, isNew)
		entry.After = bodyRecord(b)
		if !isNew {
			entry.Before = bodyRecord(before)
		}
		return entry, err
	})
	if err != nil {
		return registry.Body{}, err
	}
	return s.Register.Body(ctx, s.Register.Log.DB, b.ID)
}

// bodyRecord is what the audit log keeps of a body: all of it is public.
func bodyRecord(b registry.Body) map[string]any {
	return map[string]any{"name": b.Name, "phone": b.Phone, "address": b.Address, "hours": b.Hours}
}

func (s *Service) storeBody(ctx context.Context, tx *audit.Tx, b *registry.Body, isNew bool) (audit.Entry, error) {
	entry := audit.Entry{Action: PermissionEdit, Area: b.Area, Subject: "registry.body"}
	a, ok := s.Register.Area(b.Area)
	if !ok {
		return entry, registry.ErrAreaMissing(b.Area)
	}
	foldBody(b)
	if err := checkBody(*b, a); err != nil {
		return entry, err
	}
	if isNew {
		_, err := registry.FindBodyOf(ctx, tx, b.Area, b.Kind, b.Department)
		if err == nil {
			return entry, errBodyTwice
		}
		if !db.IsNone(err) {
			return entry, err
		}
		b.ID, b.Version = db.NewID(ctx), 1
		entry.SubjectID, entry.Detail = b.ID, map[string]string{"verb": "add", "kind": b.Kind}
		return entry, registry.InsertBody(ctx, tx, *b)
	}
	entry.SubjectID, entry.Detail = b.ID, map[string]string{"verb": "change", "kind": b.Kind}
	changed, err := registry.UpdateBody(ctx, tx, *b)
	return entry, registry.OrStale(changed, err, "registry.body", b.ID)
}

// edit runs a write on bodies one after another with all others, so that what the rules look at
// stays true until the commit.
func (s *Service) edit(ctx context.Context, do func(*audit.Tx) (audit.Entry, error)) error {
	return s.Register.Log.Do(ctx, func(tx *audit.Tx) error {
		if _, err := registry.BumpRevision(ctx, tx, registry.RevisionBody); err != nil {
			return err
		}
		entry, err := do(tx)
		if err != nil {
			return err
		}
		tx.Record(entry)
		tx.After(s.Register.RefreshAfter)
		return nil
	})
}

var (
	errBodyTwice     = errs.New(errs.Conflict, "registry.body.twice")
	errDissolved     = errs.New(errs.Conflict, "registry.body.dissolved")
	errDissolvedInto = errs.New(errs.Conflict, "registry.body.dissolved_into")
)

// standing is a body with its members. Of one that a reorganisation dissolved the refusal says when, and which took over.
func (s *Service) standing(ctx context.Context, r db.Reader, id string) (registry.Body, error) {
	b, err := s.Register.Body(ctx, r, id)
	if !errors.Is(err, errs.ErrNotFound) {
		return b, err
	}
	on, into, past := registry.ClosedBody(ctx, r, id)
	switch {
	case db.IsNone(past):
		return b, err
	case past != nil:
		return b, past
	case into == "":
		return b, errDissolved.With("on", on)
	}
	return b, errDissolvedInto.With("on", on, "into", into)
}

func orNotFound(err error) error {
	if db.IsNone(err) {
		return errs.ErrNotFound
	}
	return err
}
