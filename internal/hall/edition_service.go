package hall

import (
	"context"
	"slices"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/revision"
)

// Subjects of the audit log.
const (
	subjectItem    = "hall.item"
	subjectEdition = "hall.edition"
)

// Actions of the audit log on editions; all need permItem over the city.
const (
	actCreate   = "hall.edition.create"
	actSave     = "hall.edition.save"
	actDiscard  = "hall.edition.discard"
	actPublish  = "hall.edition.publish"
	actWithdraw = "hall.edition.withdraw"
)

// designing runs a write on the editions of an item: judged over the city, one at a time, told to all processes.
func (s *Service) designing(ctx context.Context, do func(tx *audit.Tx) (action string, e *Edition, err error)) (Edition, error) {
	var out Edition
	city, _ := s.Registry.City()
	err := s.Casework.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permItem, city.Code); err != nil {
			return err
		}
		if err := revision.Bump(ctx, tx, revisionItem); err != nil {
			return err
		}
		action, e, err := do(tx)
		if err != nil {
			return err
		}
		out = *e
		tx.Record(audit.Entry{Action: action, Area: city.Code, Subject: subjectEdition, SubjectID: e.Code,
			After: map[string]any{"edition": e.Number, "from": e.From}, Detail: map[string]any{"reason": e.Reason}})
		return nil
	})
	if err != nil {
		return out, err
	}
	return out, s.RefreshItems(ctx)
}

// write signs a draft.
func (e *Edition) write(tx *audit.Tx, c Content) {
	e.Content, e.Writer, e.WrittenAt = c, tx.Actor.Name, clock.Millis(tx.Now)
	e.Content.Code = e.Code
}

// Create begins an item of the city's own with its first draft. What is not filled in yet may be missing; publishing
// demands it. Errors: Invalid "hall.item.code"; Conflict "hall.item.exists".
func (s *Service) Create(ctx context.Context, c Content) (Edition, error) {
	if !identifier.MatchString(c.Code) || len(c.Code) > 60 || isKind(c.Code) {
		return Edition{}, errs.ErrInvalid.At("code", "hall.item.code")
	}
	return s.designing(ctx, func(tx *audit.Tx) (string, *Edition, error) {
		n, err := tx.Exec(ctx, `INSERT INTO hall_item (code, enabled, version, own) VALUES ($1,1,1,1) ON CONFLICT (code) DO NOTHING`, c.Code)
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, "hall.item.exists").At("code", "hall.item.exists")
		}
		if err != nil {
			return "", nil, err
		}
		e := &Edition{Code: c.Code, Number: 1, State: draftEdition, Version: 1}
		e.write(tx, c)
		return actCreate, e, insertEdition(ctx, tx, e)
	})
}

// Draft begins a draft of an item with the text of one of its editions, or of the newest that is released for 0.
// Errors: NotFound; Conflict "hall.edition.draft_exists" naming its writer.
func (s *Service) Draft(ctx context.Context, code string, from int) (Edition, error) {
	return s.designing(ctx, func(tx *audit.Tx) (string, *Edition, error) {
		all, err := listEditions(ctx, tx, code)
		if err != nil {
			return "", nil, err
		}
		if d := draftOf(all); d != nil {
			return "", nil, errs.New(errs.Conflict, "hall.edition.draft_exists").With("by", d.Writer)
		}
		i := slices.IndexFunc(all, func(e Edition) bool { return e.Number == from || from == 0 && e.State == releasedEdition })
		if i < 0 {
			return "", nil, errs.ErrNotFound
		}
		next := &Edition{Code: code, Number: all[0].Number + 1, State: draftEdition, Version: 1}
		next.write(tx, all[i].Content)
		return actCreate, next, insertEdition(ctx, tx, next)
	})
}

func draftOf(all []Edition) *Edition {
	i := slices.IndexFunc(all, func(e Edition) bool { return e.State == draftEdition })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// draftAt is the draft of an item at the version that the actor saw. Errors: NotFound, Stale.
func draftAt(ctx context.Context, r db.Reader, code string, version int64) (*Edition, error) {
	all, err := listEditions(ctx, r, code)
	if err != nil {
		return nil, err
	}
	d := draftOf(all)
	switch {
	case len(all) == 0:
		return nil, errs.ErrNotFound
	case d == nil || d.Version != version: // published or discarded since
		return nil, errs.StaleOf(errs.Record{Subject: subjectEdition, ID: code})
	}
	return d, nil
}

// Save writes a draft; nobody but its writers sees it. Errors: NotFound, Stale.
func (s *Service) Save(ctx context.Context, c Content, version int64) (Edition, error) {
	return s.designing(ctx, func(tx *audit.Tx) (string, *Edition, error) {
		d, err := draftAt(ctx, tx, c.Code, version)
		if err != nil {
			return "", nil, err
		}
		d.write(tx, c)
		err = updateEdition(ctx, tx, d)
		d.Version++
		return actSave, d, err
	})
}

// Discard deletes a draft, and an item that never was published with its first one. Errors: NotFound, Stale.
func (s *Service) Discard(ctx context.Context, code string, version int64) error {
	_, err := s.designing(ctx, func(tx *audit.Tx) (string, *Edition, error) {
		d, err := draftAt(ctx, tx, code, version)
		if err != nil {
			return "", nil, err
		}
		if d.Number == 1 {
			if _, err := tx.Exec(ctx, `DELETE FROM hall_item WHERE code = $1`, code); err != nil {
				return "", nil, err
			}
		}
		return actDiscard, d, deleteEdition(ctx, tx, d)
	})
	return err
}

// Publish releases a draft from a day on, today or later. It never changes again. Errors: those of Content.Validate;
// Invalid "hall.edition.past"; NotFound, Stale.
func (s *Service) Publish(ctx context.Context, code string, version int64, from string) (Edition, error) {
	return s.designing(ctx, func(tx *audit.Tx) (string, *Edition, error) {
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
		d.State, d.From, d.Releaser, d.ReleasedAt = releasedEdition, from, tx.Actor.Name, clock.Millis(tx.Now)
		err = updateEdition(ctx, tx, d)
		d.Version++
		return actPublish, d, err
	})
}

// valid is Content.Validate, and that the city's texts know the department.
func (s *Service) valid(c *Content) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if !s.Texts.Has(c.departmentKey()) {
		return errs.New(errs.Invalid, "hall.item.department").At("department", "hall.item.department")
	}
	return nil
}

// Withdraw takes back an edition that is not in force yet. Errors: NotFound; Conflict "hall.edition.in_force"; Stale.
func (s *Service) Withdraw(ctx context.Context, code string, number int, version int64, reason string) (Edition, error) {
	return s.designing(ctx, func(tx *audit.Tx) (string, *Edition, error) {
		all, err := listEditions(ctx, tx, code)
		if err != nil {
			return "", nil, err
		}
		i := slices.IndexFunc(all, func(e Edition) bool { return e.Number == number })
		if i < 0 {
			return "", nil, errs.ErrNotFound
		}
		e := &all[i]
		if e.State != releasedEdition || e.From <= clock.Day(tx.Now) {
			return "", nil, errs.New(errs.Conflict, "hall.edition.in_force")
		}
		e.State, e.Reason, e.Version = withdrawnEdition, reason, version
		err = updateEdition(ctx, tx, e)
		e.Version++
		return actWithdraw, e, err
	})
}

// Editions are all editions of an item, the newest first, for those who may design. Errors: NotFound, Forbidden.
func (s *Service) Editions(ctx context.Context, code string) ([]Edition, error) {
	if err := mayDesign(ctx, s); err != nil {
		return nil, err
	}
	all, err := listEditions(ctx, s.Casework.Log.DB, code)
	if err == nil && len(all) == 0 {
		err = errs.ErrNotFound
	}
	return all, err
}

func mayDesign(ctx context.Context, s *Service) error {
	city, _ := s.Registry.City()
	return authority.Require(ctx, permItem, city.Code)
}

// Compare lists what differs between two editions of an item. Errors: NotFound, Forbidden.
func (s *Service) Compare(ctx context.Context, code string, before, after int) ([]EditionChange, error) {
	all, err := s.Editions(ctx, code)
	if err != nil {
		return nil, err
	}
	at := func(n int) *Content {
		if i := slices.IndexFunc(all, func(e Edition) bool { return e.Number == n }); i >= 0 {
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
