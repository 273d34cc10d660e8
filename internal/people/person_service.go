package people

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
	"linli/internal/platform/limit"
	"linli/internal/registry"
)

var (
	errRestricted = errs.New(errs.Conflict, "people.restricted").By("people.restrict")
	// ErrErased: what was held of the person has been deleted.
	ErrErased     = errs.New(errs.Conflict, "people.erased")
	errRegistered = errs.New(errs.Conflict, "people.registered")
)

// List is one page of the roster of an area, or of all that the actor may read, and the next
// cursor.
func (s *Service) List(ctx context.Context, area, tag, cursor string, limit int) ([]Record, string, error) {
	areas, err := Scope(ctx, PermissionRead, area)
	if err != nil {
		return nil, "", err
	}
	rows, err := s.listPersons(ctx, s.Log.DB, areas, tag, cursor, limit+1)
	if err != nil || len(rows) <= limit {
		return rows, "", err
	}
	last := rows[limit-1]
	return rows[:limit], db.Cursor(last.Area, last.ID), nil
}

// Scope is where the actor holds a permission, within an area when one is given.
func Scope(ctx context.Context, permission, area string) ([]string, error) {
	var out []string
	for _, held := range authority.From(ctx).Scope(permission) {
		switch {
		case strings.HasPrefix(area, held):
			return []string{area}, nil
		case strings.HasPrefix(held, area):
			out = append(out, held)
		}
	}
	if len(out) == 0 {
		return nil, errs.ErrForbidden
	}
	return out, nil
}

// Within judges by the area of a person, or of what was found by its id: outside what the actor
// may read it is as if there were none.
func Within(tx *audit.Tx, permission, area string) error {
	if !tx.Actor.Can(PermissionRead, area) {
		tx.Judged()
		return errs.ErrNotFound
	}
	return tx.Require(permission, area)
}

// Search finds persons by a telephone or identity number, whole and exact: by its blind index.
// It finds those of the roster and those known from a case, within what the actor may read. Each is
// recorded with its purpose and what came of it; the number is not. Errors: Invalid for what is no
// whole number; TooMany, with an alarm, for an account whose searches find nobody too often.
func (s *Service) Search(ctx context.Context, words, purpose string) ([]Record, error) {
	areas, err := Scope(ctx, PermissionRead, "")
	if err != nil {
		return nil, err
	}
	if !slices.Contains(Purposes, purpose) {
		return nil, errs.ErrInvalid.At("purpose", "field.choice")
	}
	kind, value := "number", fold.Code(words)
	if resident, err := idcode.ParseResident(value, clock.Day(clock.Now(ctx))); err == nil {
		value = resident.Number
	} else {
		phone, err := idcode.ParsePhone(value)
		if err != nil {
			return nil, errs.ErrInvalid.At("q", "people.search")
		}
		kind, value = "phone", phone.Number
	}
	var out []Record
	account := authority.From(ctx).ID
	err = s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // by scope
		if err := s.Limits.TakeIn(ctx, tx.Tx, limit.PeopleSearch, account); err != nil {
			return err // counted before it is looked for: of many at once no more are
		}
		if out, err = s.findWithin(ctx, tx, areas, kind, s.Ring.Index(kind, value)); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: actionSearch, Area: areas[0], Subject: Subject,
			Detail: map[string]any{"kind": kind, "purpose": purpose, "found": len(out)}})
		if len(out) == 0 {
			return nil
		}
		return s.Limits.GiveBackIn(ctx, tx.Tx, limit.PeopleSearch, account)
	})
	if errs.Of(err).Kind == errs.TooMany {
		return nil, cmp.Or(s.alarm(ctx, account), err)
	}
	return out, err
}

// alarm tells the security administrator of an account that searches without finding.
func (s *Service) alarm(ctx context.Context, account string) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the platform itself
		return s.Alarms.Raise(ctx, tx, "search", account)
	})
}

// findWithin lists the persons with a mark within some areas.
func (s *Service) findWithin(ctx context.Context, r db.Reader, areas []string, kind, mark string) ([]Record, error) {
	var out []Record
	var shards []string
	for _, a := range areas {
		if shard := db.Shard(a); !slices.Contains(shards, shard) {
			shards = append(shards, shard)
		}
	}
	for _, shard := range shards {
		found, err := s.findIndexed(ctx, r, shard, kind, mark)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			if slices.ContainsFunc(areas, func(a string) bool { return strings.HasPrefix(p.Area, a) }) {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

// Whole is a person with all that is held of them in people.
type Whole struct {
	Record
	Tags []Tag
	Home Household
	With []Record // others of the household
	Same []Record // others with the identity number, where the actor may read
}

// Show reads a person; NotFound outside what the actor may read.
func (s *Service) Show(ctx context.Context, id string) (Whole, error) {
	p, err := s.FindRecord(ctx, s.Log.DB, id)
	if err != nil {
		return Whole{}, err
	}
	if !authority.From(ctx).Can(PermissionRead, p.Area) {
		return Whole{}, errs.ErrNotFound
	}
	w, err := s.WholeOf(ctx, s.Log.DB, p)
	if err != nil || p.Number == "" {
		return w, err
	}
	same, err := s.findWithin(ctx, s.Log.DB, authority.From(ctx).Scope(PermissionRead), "number", s.Ring.Index("number", p.Number))
	w.Same = slices.DeleteFunc(same, func(o Record) bool { return o.ID == p.ID || !o.Roster })
	return w, err
}

// WholeOf reads what belongs to a person: tags, household and who else is in it. Same stays empty.
func (s *Service) WholeOf(ctx context.Context, r db.Reader, p Record) (w Whole, err error) {
	w.Record = p
	if w.Tags, err = listTags(ctx, r, p.ID); err != nil {
		return w, err
	}
	if w.Home, err = s.findHousehold(ctx, r, p.Household); err != nil {
		return w, err
	}
	with, err := s.members(ctx, r, p.Household)
	w.With = slices.DeleteFunc(with, func(o Record) bool { return o.ID == p.ID })
	return w, err
}

// NewResident is a resident to be added to a roster.
type NewResident struct {
	Person
	Area      string // community or grid
	Household string // its number in the community, or ""
	Tags      []Tag
}

func (s *Service) checkResident(ctx context.Context, n *NewResident) error {
	if err := n.Person.Check(ctx, ""); err != nil {
		return err
	}
	if n.Name == "" {
		return errs.ErrInvalid.At("name", "field.required")
	}
	area, ok := s.Registry.Area(n.Area)
	if !ok || area.Level < registry.LevelCommunity {
		return errs.ErrInvalid.At("area", "field.community")
	}
	for i := range n.Tags {
		if err := n.Tags[i].Check("tags.", clock.Day(clock.Now(ctx))); err != nil {
			return err
		}
	}
	return nil
}

// Add puts a resident on the roster of a community. Error: Conflict when the identity number stands on
// it already, or on another that the actor may read. Whether it stands elsewhere is not told.
func (s *Service) Add(ctx context.Context, n NewResident) (string, error) {
	if err := s.checkResident(ctx, &n); err != nil {
		return "", err
	}
	id := ""
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permEdit, n.Area); err != nil {
			return err
		}
		var err error
		id, err = s.Enter(ctx, tx, &n, tx.Actor.Scope(PermissionRead))
		return err
	})
	return id, err
}

// Enter puts a resident on the roster unless their number stands on one within the given areas.
func (s *Service) Enter(ctx context.Context, tx *audit.Tx, n *NewResident, areas []string) (string, error) {
	shard := db.Shard(n.Area)
	if other, err := s.registered(ctx, tx, shard, n.Number, areas); err != nil || other != "" {
		if err == nil {
			err = errRegistered.At("idNumber", "people.registered")
		}
		return "", err
	}
	row := Record{Person: n.Person, Area: n.Area, State: Active, Roster: true}
	row.ID = shard + "-" + db.NewID(ctx)
	var err error
	if row.Household, err = s.household(ctx, tx, n.Area, n.Household); err != nil {
		return "", err
	}
	if err := s.insertPerson(ctx, tx, &row); err != nil {
		return "", err
	}
	if err := replaceTags(ctx, tx, row.ID, n.Tags); err != nil {
		return "", err
	}
	tx.Record(audit.Entry{Action: permEdit, Area: n.Area, Subject: Subject, SubjectID: row.ID,
		Detail: map[string]any{"verb": "add", "tags": len(n.Tags)}, After: row.record()})
	return row.ID, nil
}

// registered is the id of the rostered person with an identity number within some areas of a county,
// or "". It looks only where the caller may read: whoever stands on a roster elsewhere is nobody here.
func (s *Service) registered(ctx context.Context, r db.Reader, shard, number string, areas []string) (string, error) {
	if number == "" {
		return "", nil
	}
	found, err := s.findIndexed(ctx, r, shard, "number", s.Ring.Index("number", number))
	for _, p := range found {
		if p.Roster && slices.ContainsFunc(areas, func(a string) bool { return strings.HasPrefix(p.Area, a) }) {
			return p.ID, nil
		}
	}
	return "", err
}

// Correction changes what is set; nil leaves a field as it is.
type Correction struct {
	Name, Phone, Number, Address, Household *string
	Tags                                    *[]Tag
	Version                                 int64
}

// Correct changes a person's data (PIPL article 46).
func (s *Service) Correct(ctx context.Context, id string, c Correction) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		p, err := s.FindRecord(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := Within(tx, permEdit, p.Area); err != nil {
			return err
		}
		if p.State == Erased {
			return ErrErased
		}
		before, was := p.record(), p.Number
		p.Version = c.Version
		for target, value := range map[*string]*string{&p.Name: c.Name, &p.Phone: c.Phone, &p.Number: c.Number, &p.Address: c.Address} {
			if value != nil {
				*target = *value
			}
		}
		n := NewResident{Person: p.Person, Area: p.Area}
		if c.Tags != nil {
			n.Tags = *c.Tags
		}
		if err := s.checkResident(ctx, &n); err != nil {
			return err
		}
		p.Person = n.Person
		if other, err := s.registered(ctx, tx, db.ShardOf(id), p.Number, tx.Actor.Scope(PermissionRead)); p.Roster && n.Number != was &&
			(err != nil || (other != "" && other != id)) {
			if err == nil {
				err = errRegistered.At("idNumber", "people.registered")
			}
			return err
		}
		if c.Household != nil {
			if p.Household, err = s.household(ctx, tx, p.Area, *c.Household); err != nil {
				return err
			}
		}
		if c.Tags != nil {
			if err := replaceTags(ctx, tx, id, n.Tags); err != nil {
				return err
			}
		}
		tx.Record(audit.Entry{Action: permEdit, Area: p.Area, Subject: Subject, SubjectID: id, Detail: map[string]any{"verb": "correct"},
			Before: before, After: p.record()})
		return s.updatePerson(ctx, tx, &p)
	})
}
