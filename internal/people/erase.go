package people

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
)

// SetState writes the state that a person's request brought about, named in the record. A person whose data is erased
// stays erased.
func (s *Service) SetState(ctx context.Context, tx *audit.Tx, p *Record, state State, verb string) error {
	if p.State == Erased {
		return nil
	}
	p.State = state
	tx.Record(audit.Entry{Action: permEdit, Area: p.Area, Subject: Subject, SubjectID: p.ID, Detail: map[string]any{"verb": verb},
		After: map[string]any{"state": p.State}})
	return s.updatePerson(ctx, tx, p)
}

// Release erases a person that a module has kept and needs no longer; one that is erased stays so.
func (s *Service) Release(ctx context.Context, tx *audit.Tx, id string) error {
	p, err := s.FindRecord(ctx, tx, id)
	if err != nil || p.State == Erased {
		return err
	}
	return s.Erase(ctx, tx, &p)
}

// Erase deletes what is held of a person here: their fields, tags, and the household that nobody is left in. The
// row stays, so that what names it shows that the data was erased.
func (s *Service) Erase(ctx context.Context, tx *audit.Tx, p *Record) error {
	if err := replaceTags(ctx, tx, p.ID, nil); err != nil {
		return err
	}
	household := p.Household
	tx.Record(audit.Entry{Action: "people.person.erase", Area: p.Area, Subject: Subject, SubjectID: p.ID})
	*p = Record{Person: Person{ID: p.ID}, Area: p.Area, State: Erased, Version: p.Version}
	if err := s.updatePerson(ctx, tx, p); err != nil || household == "" {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM people_household WHERE shard = $1 AND id = $2
		AND NOT EXISTS (SELECT 1 FROM people_person o WHERE o.shard = people_household.shard AND o.household_id = people_household.id)`,
		db.ShardOf(p.ID), household)
	return err
}
