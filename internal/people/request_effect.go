package people

import (
	"context"
	"io"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/seal"
)

// effect does what a granted request asks, for every record of the human that lies where the actor
// handles requests, and returns the digests of files to remove. Copies and corrections are made by hand
// before.
func (s *Service) effect(ctx context.Context, tx *audit.Tx, q *Request) ([]string, error) {
	p, err := s.findPerson(ctx, tx, q.PersonID)
	if err != nil {
		return nil, err
	}
	if q.Kind == "copy" || q.Kind == "delete" {
		if err := s.passOn(ctx, tx, q, &p); err != nil {
			return nil, err
		}
	}
	switch q.Kind {
	case "restrict":
		p.State = Restricted
	case "release":
		p.State = Active
	case "delete":
		return s.eraseHuman(ctx, tx, p)
	default:
		return nil, nil
	}
	if p.State != Erased {
		tx.Record(audit.Entry{Action: permEdit, Area: p.Area, Subject: subject, SubjectID: p.ID, Detail: map[string]any{"verb": q.Kind},
			After: map[string]any{"state": p.State}})
		err = s.updatePerson(ctx, tx, &p)
	}
	return nil, err
}

// eraseHuman deletes a person and what the same human gave in other cases. The roster is another
// purpose: of the others, those that stand in one are left to a request of their own.
func (s *Service) eraseHuman(ctx context.Context, tx *audit.Tx, p personRow) (gone []string, err error) {
	same, err := s.sameHuman(ctx, tx, &p)
	if err != nil {
		return nil, err
	}
	all := []personRow{p}
	for _, o := range same {
		if !o.Roster && tx.Actor.Can(permRequest, o.Area) {
			all = append(all, o)
		}
	}
	for i := range all {
		open, err := s.Cases.HasOpenCase(ctx, tx, all[i].ID)
		if err != nil {
			return nil, err
		}
		if open {
			return nil, errs.New(errs.Conflict, "people.case_open").By("people.delete")
		}
	}
	for i := range all {
		if all[i].State == Erased {
			continue
		}
		digests, err := s.erase(ctx, tx, &all[i])
		if err != nil {
			return nil, err
		}
		gone = append(gone, digests...)
	}
	return gone, nil
}

func (s *Service) erase(ctx context.Context, tx *audit.Tx, p *personRow) ([]string, error) {
	gone, err := s.Cases.ErasePerson(ctx, tx, p.ID)
	if err != nil {
		return nil, err
	}
	if err := replaceTags(ctx, tx, p.ID, nil); err != nil {
		return nil, err
	}
	if err := s.eraseRequests(ctx, tx, p.ID); err != nil {
		return nil, err
	}
	household := p.Household
	tx.Record(audit.Entry{Action: "people.person.erase", Area: p.Area, Subject: subject, SubjectID: p.ID})
	*p = personRow{Person: Person{ID: p.ID}, Area: p.Area, State: Erased, Version: p.Version}
	if err := s.updatePerson(ctx, tx, p); err != nil || household == "" {
		return gone, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM people_household WHERE shard = $1 AND id = $2
		AND NOT EXISTS (SELECT 1 FROM people_person o WHERE o.shard = people_household.shard AND o.household_id = people_household.id)`,
		db.ShardOf(p.ID), household)
	return gone, err
}

// eraseRequests takes the words out of what a person has asked for; that and when they asked stays, as
// proof of the answer.
func (s *Service) eraseRequests(ctx context.Context, tx *audit.Tx, person string) error {
	requests, err := s.listRequestsOf(ctx, tx, person)
	for _, q := range requests {
		sealed := s.Ring.Seal(nil, q.ID)
		if _, err := tx.Exec(ctx, `UPDATE people_request SET sealed = $1, sealed_by = $2, answer = '' WHERE shard = $3 AND id = $4`,
			sealed, seal.KeyOf(sealed), db.ShardOf(q.ID), q.ID); err != nil {
			return err
		}
	}
	return err
}

// CopyPerson is one record of a human.
type CopyPerson struct {
	Area      string `json:"area"`
	Person    Person `json:"person"`
	Household string `json:"household,omitempty"`
	Tags      []Tag  `json:"tags"`
}

// Copy is all that is held of a person, in a form that other programs read (PIPL article 45).
type Copy struct {
	At        int64        `json:"at"`
	Area      string       `json:"area"`
	Person    Person       `json:"person"`
	Household string       `json:"household,omitempty"`
	Tags      []Tag        `json:"tags"`
	Others    []CopyPerson `json:"others" doc:"Other records of the same human, where the caller handles requests"`
	Cases     []HeldCase   `json:"cases"`
	Looks     []Look       `json:"looks" doc:"Who saw it in full"`
}

// copied is an open request for a copy with the records of its human.
func (s *Service) copied(ctx context.Context, tx *audit.Tx, request string) ([]personRow, error) {
	q, err := s.findRequest(ctx, tx, request)
	if err != nil {
		return nil, err
	}
	if err := within(tx, permRequest, q.Area); err != nil {
		return nil, err
	}
	if q.Kind != "copy" || q.State != RequestOpen {
		return nil, errs.New(errs.Conflict, "people.no_copy")
	}
	p, err := s.findPerson(ctx, tx, q.PersonID)
	if err != nil {
		return nil, err
	}
	all := []personRow{p}
	same, err := s.sameHuman(ctx, tx, &p)
	for _, o := range same {
		if tx.Actor.Can(permRequest, o.Area) {
			all = append(all, o)
		}
	}
	return all, err
}

// CopyFor gathers what is held of the person of an open request for a copy, to be handed to
// them. It is recorded and shown among the looks.
func (s *Service) CopyFor(ctx context.Context, request string) (c Copy, err error) {
	id := ""
	err = s.Log.Do(ctx, func(tx *audit.Tx) error {
		all, err := s.copied(ctx, tx, request)
		if err != nil {
			return err
		}
		c, id = Copy{Others: []CopyPerson{}, Cases: []HeldCase{}}, all[0].ID
		for i, p := range all {
			w, err := s.whole(ctx, tx, p)
			if err != nil {
				return err
			}
			if i == 0 {
				c.Area, c.Person, c.Household, c.Tags = w.Area, w.Person, w.Home.Number, w.Tags
			} else {
				c.Others = append(c.Others, CopyPerson{w.Area, w.Person, w.Home.Number, w.Tags})
			}
			held, err := s.Cases.HeldOf(ctx, tx, p.ID)
			if err != nil {
				return err
			}
			c.Cases = append(c.Cases, held...)
			s.recordCopy(tx, &p)
		}
		return nil
	})
	if err != nil {
		return Copy{}, err
	}
	c.At = clock.Millis(clock.Now(ctx))
	c.Looks, err = s.looks(ctx, id, false)
	return c, err
}

func (s *Service) recordCopy(tx *audit.Tx, p *personRow) {
	tx.Record(audit.Entry{Action: actionCopy, Area: p.Area, Subject: subject, SubjectID: p.ID,
		Detail: look{Purpose: "rights", Role: string(tx.Actor.RoleFor(permRequest, p.Area)), Body: s.office(tx.Actor, p.Area)}})
}

// CopyFile reads a file that belongs to the copy of an open request. The caller closes it. Errors:
// NotFound for a file that the copy does not list.
func (s *Service) CopyFile(ctx context.Context, request, file string) (f HeldFile, content io.ReadCloser, err error) {
	var all []personRow
	err = s.Log.Do(ctx, func(tx *audit.Tx) error {
		if all, err = s.copied(ctx, tx, request); err != nil {
			return err
		}
		s.recordCopy(tx, &all[0])
		return nil
	})
	if err != nil {
		return f, nil, err
	}
	for _, p := range all {
		if f, content, err = s.Files.OpenHeld(ctx, p.ID, file); err == nil || errs.Of(err).Kind != errs.NotFound {
			return f, content, err
		}
	}
	return f, nil, errs.ErrNotFound
}

// passOn makes a request of its own to each other office that holds something of the human, unless that
// has been asked within the days in which a request is answered.
func (s *Service) passOn(ctx context.Context, tx *audit.Tx, q *Request, p *personRow) error {
	others, err := s.offices(ctx, tx, p)
	if err != nil {
		return err
	}
	since := clock.Millis(tx.Now.AddDate(0, 0, -2*s.Rules.Int(ruleAnswer, clock.Day(tx.Now))))
	for i := range others {
		asked, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM people_request WHERE shard = $1 AND person_id = $2 AND kind = $3
			AND asked_at >= $4`,
			db.ShardOf(others[i].ID), others[i].ID, q.Kind, since)
		if err != nil {
			return err
		}
		if asked == 0 {
			if _, err := s.insertRequest(ctx, tx, &others[i], q.Kind, q.Channel, q.Note); err != nil {
				return err
			}
		}
	}
	return nil
}

// offices are the same human's records in communities for which another office answers, one of each.
func (s *Service) offices(ctx context.Context, tx *audit.Tx, p *personRow) ([]personRow, error) {
	same, err := s.sameHuman(ctx, tx, p)
	seen := map[string]bool{community(p.Area): true}
	var out []personRow
	for _, o := range same {
		if at := community(o.Area); !seen[at] && o.State != Erased && !tx.Actor.Can(permRequest, o.Area) {
			seen[at] = true
			out = append(out, o)
		}
	}
	return out, err
}
