package casework

import (
	"context"
	"encoding/json"

	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/text"
)

// What the cases of a person hold of them: words, place, files, ratings. It is handed to them as a copy
// (PIPL art. 45) and deleted when a deletion is granted (art. 47). Number, subject, area, states, days,
// offices and the level of a rating stay: they are the record of what the offices did, and counted.

// ErasePerson deletes what the cases of a person hold of them; the cases stay. It returns the digests of
// the files that they named, to be discarded once the write is kept.
func (s *Service) ErasePerson(ctx context.Context, tx *audit.Tx, person string) ([]string, error) {
	cases, err := ListCasesOf(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	var digests []string
	for i := range cases {
		for _, p := range s.personal {
			if p.Contents == nil {
				continue
			}
			named, err := p.Contents(ctx, tx, &cases[i])
			if err != nil {
				return nil, err
			}
			digests = append(digests, named...)
		}
		if err := s.eraseCase(ctx, tx, &cases[i]); err != nil {
			return nil, err
		}
	}
	return digests, nil
}

func (s *Service) eraseCase(ctx context.Context, tx *audit.Tx, c *Case) error {
	m, before := s.Matters[c.Kind], *c
	if m.Erase != nil {
		if err := m.Erase(ctx, tx, c); err != nil {
			return err
		}
	}
	if err := s.Outbox.Forget(ctx, tx, c.ID); err != nil {
		return err
	}
	if err := eraseEvents(ctx, tx, c); err != nil {
		return err
	}
	var queries []string
	for _, p := range s.personal {
		queries = append(queries, p.Erase...)
	}
	for _, query := range queries {
		if _, err := tx.Exec(ctx, query, c.Shard, c.ID); err != nil {
			return err
		}
	}
	c.Title, c.Place = Clip(m.SubjectName(c.Subject, text.Chinese), maxTitle), Place{}
	if _, err := tx.Exec(ctx, `UPDATE casework_case SET title = $1, place = '', lng = NULL, lat = NULL WHERE shard = $2 AND id = $3`,
		c.Title, c.Shard, c.ID); err != nil {
		return err
	}
	if err := s.Happened(ctx, tx, Change{Matter: m, Before: &before, Case: c, Erased: true}); err != nil {
		return err
	}
	tx.Record(audit.Entry{Action: "casework.case.erase", Area: c.Area, Subject: "casework.case", SubjectID: c.ID})
	return UpdateCase(ctx, tx, c)
}

// eraseEvents takes the words and files out of the timeline; who did what and when stays.
func eraseEvents(ctx context.Context, tx *audit.Tx, c *Case) error {
	events, err := ListEvents(ctx, tx, c)
	if err != nil {
		return err
	}
	for i := range events {
		e := &events[i]
		if e.Note == "" && len(e.Data.Lines) == 0 && len(e.Data.Files) == 0 {
			continue
		}
		e.Data.Lines, e.Data.Files = nil, nil
		data, err := json.Marshal(e.Data)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE casework_event SET note = '', data = $1 WHERE shard = $2 AND case_id = $3 AND seq = $4`,
			string(data), c.Shard, c.ID, e.Seq); err != nil {
			return err
		}
	}
	return nil
}

// HeldOf lists what the cases of a person hold of them, for their copy.
func (s *Service) HeldOf(ctx context.Context, r db.Reader, person string) ([]people.HeldCase, error) {
	cases, err := ListCasesOf(ctx, r, person)
	out := []people.HeldCase{}
	for i := range cases {
		held, err := s.held(ctx, r, &cases[i])
		if err != nil {
			return nil, err
		}
		out = append(out, held)
	}
	return out, err
}

func (s *Service) held(ctx context.Context, r db.Reader, c *Case) (people.HeldCase, error) {
	v := people.HeldCase{ID: c.ID, Number: c.Number, Title: c.Title, At: c.ReportedAt, Place: c.Place.Text, Lng: c.Place.Lng, Lat: c.Place.Lat,
		Answers: []people.HeldAnswer{}, Steps: []people.HeldStep{}, Ratings: []people.HeldRating{}, Files: []people.HeldFile{}}
	m := s.Matters[c.Kind]
	var err error
	if m.Held != nil {
		if v.Answers, err = m.Held(ctx, r, c); err != nil {
			return v, err
		}
	}
	events, err := ListEvents(ctx, r, c)
	if err != nil {
		return v, err
	}
	for i := range events {
		if e := &events[i]; m.Told(e) && (e.Note != "" || len(e.Data.Lines) > 0) {
			v.Steps = append(v.Steps, people.HeldStep{At: e.At, Did: s.Words.T(text.From(ctx), m.Flow.Name+".did."+string(e.Verb)),
				Note: e.Note, Lines: e.Data.Lines})
		}
	}
	for _, p := range s.personal {
		if p.Held == nil {
			continue
		}
		if err := p.Held(ctx, r, m, c, &v); err != nil {
			return v, err
		}
	}
	return v, nil
}
