package design

import (
	"context"
	"slices"

	"linli/internal/hall"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/revision"
)

// Actions of the audit log on editions; all need PermItem over the city.
const (
	actCreate   = "hall.edition.create"
	actSave     = "hall.edition.save"
	actDiscard  = "hall.edition.discard"
	actPublish  = "hall.edition.publish"
	actWithdraw = "hall.edition.withdraw"
)

// designing runs a write on the editions of an item: judged over the city, one at a time, told to all processes.
func (s *Service) designing(ctx context.Context, do func(tx *audit.Tx) (action string, e *hall.Edition, err error)) (hall.Edition, error) {
	var out hall.Edition
	city, _ := s.Hall.Registry.City()
	err := s.Hall.Casework.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(hall.PermItem, city.Code); err != nil {
			return err
		}
		if err := revision.Bump(ctx, tx, hall.RevisionItem); err != nil {
			return err
		}
		action, e, err := do(tx)
		if err != nil {
			return err
		}
		out = *e
		tx.Record(audit.Entry{Action: action, Area: city.Code, Subject: hall.SubjectEdition, SubjectID: e.Code,
			After: map[string]any{"edition": e.Number, "from": e.From}, Detail: map[string]any{"reason": e.Reason}})
		return nil
	})
	if err != nil {
		return out, err
	}
	return out, s.Hall.RefreshItems(ctx)
}

// write signs a draft.
func write(tx *audit.Tx, e *hall.Edition, c hall.Content) {
	e.Content, e.Writer, e.WrittenAt = c, tx.Actor.Name, clock.Millis(tx.Now)
	e.Content.Code = e.Code
}

// Create begins an item of the city's own with its first draft. What is not filled in yet may be missing; publishing
// demands it. Errors: Invalid "hall.item.code"; Conflict "hall.item.exists".
func (s *Service) Create(ctx context.Context, c hall.Content) (hall.Edition, error) {
	if !hall.ValidCode(c.Code) {
		return hall.Edition{}, errs.ErrInvalid.At("code", "hall.item.code")
	}
	return s.designing(ctx, func(tx *audit.Tx) (string, *hall.Edition, error) {
		if err := hall.InsertOwn(ctx, tx, c.Code); err != nil {
			return "", nil, err
		}
		e := &hall.Edition{Code: c.Code, Number: 1, State: hall.DraftEdition, Version: 1}
		write(tx, e, c)
		return actCreate, e, hall.InsertEdition(ctx, tx, e)
	})
}

// Draft begins a draft of an item with the text of one of its editions, or of the newest that is released for 0.
// Errors: NotFound; Conflict "hall.edition.draft_exists" naming its writer.
func (s *Service) Draft(ctx context.Context, code string, from int) (hall.Edition, error) {
	return s.designing(ctx, func(tx *audit.Tx) (string, *hall.Edition, error) {
		all, err := listEditions(ctx, tx, code)
		if err != nil {
			return "", nil, err
		}
		if d := draftOf(all); d != nil {
			return "", nil, errs.New(errs.Conflict, "hall.edition.draft_exists").With("by", d.Writer)
		}
		i := slices.IndexFunc(all, func(e hall.Edition) bool { return e.Number == from || from == 0 && e.State == hall.ReleasedEdition })
		if i < 0 {
			return "", nil, errs.ErrNotFound
		}
		next := &hall.Edition{Code: code, Number: all[0].Number + 1, State: hall.DraftEdition, Version: 1}
		write(tx, next, all[i].Content)
		return actCreate, next, hall.InsertEdition(ctx, tx, next)
	})
}

func draftOf(all []hall.Edition) *hall.Edition {
	i := slices.IndexFunc(all, func(e hall.Edition) bool { return e.State == hall.DraftEdition })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// draftAt is the draft of an item at the version that the actor saw. Errors: NotFound, Stale.
func draftAt(ctx context.Context, r db.Reader, code string, version int64) (*hall.Edition, error) {
	all, err := listEditions(ctx, r, code)
	if err != nil {
		return nil, err
	}
	d := draftOf(all)
	switch {
	case len(all) == 0:
		return nil, errs.ErrNotFound
	case d == nil || d.Version != version: // published or discarded since
		return nil, errs.StaleOf(errs.Record{Subject: hall.SubjectEdition, ID: code})
	}
	return d, nil
}

// Save writes a draft; nobody but its writers sees it. Errors: NotFound, Stale.
func (s *Service) Save(ctx context.Context, c hall.Content, version int64) (hall.Edition, error) {
	return s.designing(ctx, func(tx *audit.Tx) (string, *hall.Edition, error) {
		d, err := draftAt(ctx, tx, c.Code, version)
		if err != nil {
			return "", nil, err
		}
		write(tx, d, c)
		err = hall.UpdateEdition(ctx, tx, d)
		d.Version++
		return actSave, d, err
	})
}

// Discard deletes a draft, and an item that never was published with its first one. Errors: NotFound, Stale.
func (s *Service) Discard(ctx context.Context, code string, version int64) error {
	_, err := s.designing(ctx, func(tx *audit.Tx) (string, *hall.Edition, error) {
		d, err := draftAt(ctx, tx, code, version)
		if err != nil {
			return "", nil, err
		}
		if d.Number == 1 {
			if err := hall.DeleteItem(ctx, tx, code); err != nil {
				return "", nil, err
			}
		}
		return actDiscard, d, hall.DeleteEdition(ctx, tx, d)
	})
	return err
}

// Publish releases a draft from a day on, today or later. It never changes again. Errors: those of Content.Validate;
// Invalid "hall.edition.past"; NotFound, Stale.
func (s *Service) Publish(ctx context.Context, code string, version int64, from string) (hall.Edition, error) {
	return s.designing(ctx, func(tx *audit.Tx) (string, *hall.Edition, error) {
		d, err := draftAt(ctx, tx, code, version)
		if err != nil {
			return "", nil, err
		}
		if err := s.valid(&d.Content); err != nil {
			return "", nil, err
		}
		if from < clock.Day(tx.Now) {
			return "", nil, errs.ErrInvalid.At("from", "hall.edition.past")
		}
		d.State, d.From, d.Releaser, d.ReleasedAt = hall.ReleasedEdition, from, tx.Actor.Name, clock.Millis(tx.Now)
		err = hall.UpdateEdition(ctx, tx, d)
		d.Version++
		return actPublish, d, err
	})
}

// valid is Content.Validate, and that the city's texts know the department.
func (s *Service) valid(c *hall.Content) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if !s.Hall.Texts.Has(c.DepartmentKey()) {
		return errs.New(errs.Invalid, "hall.item.department").At("department", "hall.item.department")
	}
	return nil
}

// Withdraw takes back an edition that is not in force yet. Errors: NotFound; Conflict "hall.edition.in_force"; Stale.
func (s *Service) Withdraw(ctx context.Context, code string, number int, version int64, reason string) (hall.Edition, error) {
	return s.designing(ctx, func(tx *audit.Tx) (string, *hall.Edition, error) {
		all, err := listEditions(ctx, tx, code)
		if err != nil {
			return "", nil, err
		}
		i := slices.IndexFunc(all, func(e hall.Edition) bool { return e.Number == number })
		if i < 0 {
			return "", nil, errs.ErrNotFound
		}
		e := &all[i]
		if e.State != hall.ReleasedEdition || e.From <= clock.Day(tx.Now) {
			return "", nil, errs.New(errs.Conflict, "hall.edition.in_force")
		}
		e.State, e.Reason, e.Version = hall.WithdrawnEdition, reason, version
		err = hall.UpdateEdition(ctx, tx, e)
		e.Version++
		return actWithdraw, e, err
	})
}

// Editions are all editions of an item, the newest first, for those who may design. Errors: NotFound, Forbidden.
func (s *Service) Editions(ctx context.Context, code string) ([]hall.Edition, error) {
	if err := mayDesign(ctx, s); err != nil {
		return nil, err
	}
	all, err := listEditions(ctx, s.Hall.Casework.Log.DB, code)
	if err == nil && len(all) == 0 {
		err = errs.ErrNotFound
	}
	return all, err
}

func mayDesign(ctx context.Context, s *Service) error {
	city, _ := s.Hall.Registry.City()
	return authority.Require(ctx, hall.PermItem, city.Code)
}

// Compare lists what differs between two editions of an item. Errors: NotFound, Forbidden.
func (s *Service) Compare(ctx context.Context, code string, before, after int) ([]EditionChange, error) {
	all, err := s.Editions(ctx, code)
	if err != nil {
		return nil, err
	}
	at := func(n int) *hall.Content {
		if i := slices.IndexFunc(all, func(e hall.Edition) bool { return e.Number == n }); i >= 0 {
			return &all[i].Content
		}
		return nil
	}
	a, b := at(before), at(after)
	if a == nil || b == nil {
		return nil, errs.ErrNotFound
	}
	return differences(a, b)
}
