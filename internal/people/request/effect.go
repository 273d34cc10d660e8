package request

import (
	"context"
	"io"
	"slices"

	"linli/internal/people"
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
	p, err := s.People.FindRecord(ctx, tx, q.PersonID)
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
		return nil, s.People.SetState(ctx, tx, &p, people.Restricted, q.Kind)
	case "release":
		return nil, s.People.SetState(ctx, tx, &p, people.Active, q.Kind)
	case "delete":
		return s.eraseHuman(ctx, tx, p)
	default:
		return nil, nil
	}
}

// eraseHuman deletes a person and what the same human gave in other cases. The roster is another
// purpose: of the others, those that stand in one are left to a request of their own.
func (s *Service) eraseHuman(ctx context.Context, tx *audit.Tx, p people.Record) (gone []string, err error) {
	same, err := s.People.SameHuman(ctx, tx, &p)
	if err != nil {
		return nil, err
	}
	all := []people.Record{p}
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
		if all[i].State == people.Erased {
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

func (s *Service) erase(ctx context.Context, tx *audit.Tx, p *people.Record) ([]string, error) {
	gone, err := s.Cases.ErasePerson(ctx, tx, p.ID)
	if err != nil {
		return nil, err
	}
	for _, h := range s.People.Personal {
		if err := h.Erase(ctx, tx, p.Person); err != nil {
			return nil, err
		}
	}
	if err := s.eraseRequests(ctx, tx, p.ID); err != nil {
		return nil, err
	}
	return gone, s.People.Erase(ctx, tx, p)
}

// eraseRequests takes the words out of what a person has asked for; that and when they asked stays, as
// proof of the answer.
func (s *Service) eraseRequests(ctx context.Context, tx *audit.Tx, person string) error {
	requests, err := s.listRequestsOf(ctx, tx, person)
	for _, q := range requests {
		sealed := s.People.Ring.Seal(nil, q.ID)
		if _, err := tx.Exec(ctx, `UPDATE people_request SET sealed = $1, sealed_by = $2, answer = '' WHERE shard = $3 AND id = $4`,
			sealed, seal.KeyOf(sealed), db.ShardOf(q.ID), q.ID); err != nil {
			return err
		}
	}
	return err
}

// CopyPerson is one record of a human.
type CopyPerson struct {
	Area      string        `json:"area"`
	Person    people.Person `json:"person"`
	Household string        `json:"household,omitempty"`
	Tags      []people.Tag  `json:"tags"`
}

// Copy is all that is held of a person, in a form that other programs read (PIPL article 45).
type Copy struct {
	At        int64             `json:"at"`
	Area      string            `json:"area"`
	Person    people.Person     `json:"person"`
	Household string            `json:"household,omitempty"`
	Tags      []people.Tag      `json:"tags"`
	Others    []CopyPerson      `json:"others" doc:"Other records of the same human, where the caller handles requests"`
	Cases     []people.HeldCase `json:"cases"`
	Looks     []people.Look     `json:"looks" doc:"Who saw it in full"`

	Consents []people.HeldConsent `json:"consents" doc:"To be told of something, outside of cases"`
}

// copied is an open request for a copy with the records of its human.
func (s *Service) copied(ctx context.Context, tx *audit.Tx, request string) ([]people.Record, error) {
	q, err := s.findRequest(ctx, tx, request)
	if err != nil {
		return nil, err
	}
	if err := people.Within(tx, permRequest, q.Area); err != nil {
		return nil, err
	}
	if q.Kind != "copy" || q.State != Open {
		return nil, errs.New(errs.Conflict, "people.no_copy")
	}
	p, err := s.People.FindRecord(ctx, tx, q.PersonID)
	if err != nil {
		return nil, err
	}
	all := []people.Record{p}
	same, err := s.People.SameHuman(ctx, tx, &p)
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
	err = s.People.Log.Do(ctx, func(tx *audit.Tx) error {
		all, err := s.copied(ctx, tx, request)
		if err != nil {
			return err
		}
		c, id = Copy{Others: []CopyPerson{}, Cases: []people.HeldCase{}, Consents: []people.HeldConsent{}}, all[0].ID
		for i, p := range all {
			w, err := s.People.WholeOf(ctx, tx, p)
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
			if err := s.addConsents(ctx, tx, &c, p.Person); err != nil {
				return err
			}
			s.People.RecordCopy(tx, &p, permRequest)
		}
		return nil
	})
	if err != nil {
		return Copy{}, err
	}
	c.At = clock.Millis(clock.Now(ctx))
	c.Looks, err = s.People.LooksOf(ctx, id, false)
	return c, err
}

// addConsents adds to a copy what modules hold of one record of its human, each once.
func (s *Service) addConsents(ctx context.Context, r db.Reader, c *Copy, p people.Person) error {
	for _, h := range s.People.Personal {
		held, err := h.Held(ctx, r, p)
		if err != nil {
			return err
		}
		for _, consent := range held {
			if !slices.Contains(c.Consents, consent) {
				c.Consents = append(c.Consents, consent)
			}
		}
	}
	return nil
}

// CopyFile reads a file that belongs to the copy of an open request. The caller closes it. Errors:
// NotFound for a file that the copy does not list.
func (s *Service) CopyFile(ctx context.Context, request, file string) (f people.HeldFile, content io.ReadCloser, err error) {
	var all []people.Record
	err = s.People.Log.Do(ctx, func(tx *audit.Tx) error {
		if all, err = s.copied(ctx, tx, request); err != nil {
			return err
		}
		s.People.RecordCopy(tx, &all[0], permRequest)
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
func (s *Service) passOn(ctx context.Context, tx *audit.Tx, q *Request, p *people.Record) error {
	others, err := s.offices(ctx, tx, p)
	if err != nil {
		return err
	}
	since := clock.Millis(tx.Now.AddDate(0, 0, -2*s.People.Rules.Int(ruleAnswer, clock.Day(tx.Now))))
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

// moved takes the open requests of a person along to another community.
func moved(ctx context.Context, tx *audit.Tx, person, area string) error {
	_, err := tx.Exec(ctx, `UPDATE people_request SET area = $1 WHERE shard = $2 AND person_id = $3 AND state = $4`,
		area, db.ShardOf(person), person, Open)
	return err
}

// offices are the same human's records in communities for which another office answers, one of each.
func (s *Service) offices(ctx context.Context, tx *audit.Tx, p *people.Record) ([]people.Record, error) {
	same, err := s.People.SameHuman(ctx, tx, p)
	seen := map[string]bool{people.Community(p.Area): true}
	var out []people.Record
	for _, o := range same {
		if at := people.Community(o.Area); !seen[at] && o.State != people.Erased && !tx.Actor.Can(permRequest, o.Area) {
			seen[at] = true
			out = append(out, o)
		}
	}
	return out, err
}
