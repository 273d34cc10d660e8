package reporter

import (
	"context"

	"linli/internal/casework"
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
	cases, err := casework.ListCasesOf(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	var digests []string
	for i := range cases {
		for _, h := range s.holders {
			if h.Contents == nil {
				continue
			}
			named, err := h.Contents(ctx, tx, &cases[i])
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

func (s *Service) eraseCase(ctx context.Context, tx *audit.Tx, c *casework.Case) error {
	m, before := s.Cases.Matters[c.Kind], *c
	if m.Erase != nil {
		if err := m.Erase(ctx, tx, c); err != nil {
			return err
		}
	}
	if err := s.Cases.Outbox.Forget(ctx, tx, c.ID); err != nil {
		return err
	}
	if err := casework.EraseTexts(ctx, tx, m, c); err != nil {
		return err
	}
	for _, h := range s.holders {
		for _, query := range h.Erase {
			if _, err := tx.Exec(ctx, query, c.Shard, c.ID); err != nil {
				return err
			}
		}
	}
	return s.Cases.Amend(ctx, tx, casework.Change{Before: &before, Case: c, Erased: true}, audit.Entry{Action: "casework.case.erase"})
}

// HeldOf lists what the cases of a person hold of them, for their copy.
func (s *Service) HeldOf(ctx context.Context, r db.Reader, person string) ([]people.HeldCase, error) {
	cases, err := casework.ListCasesOf(ctx, r, person)
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

func (s *Service) held(ctx context.Context, r db.Reader, c *casework.Case) (people.HeldCase, error) {
	v := people.HeldCase{ID: c.ID, Number: c.Number, Title: c.Title, At: c.ReportedAt, Place: c.Place.Text, Lng: c.Place.Lng, Lat: c.Place.Lat,
		Answers: []people.HeldAnswer{}, Steps: []people.HeldStep{}, Ratings: []people.HeldRating{}, Files: []people.HeldFile{}}
	m := s.Cases.Matters[c.Kind]
	var err error
	if m.Held != nil {
		if v.Answers, err = m.Held(ctx, r, c); err != nil {
			return v, err
		}
	}
	events, err := casework.ListEvents(ctx, r, c)
	if err != nil {
		return v, err
	}
	for i := range events {
		if e := &events[i]; m.Told(e) && (e.Note != "" || len(e.Data.Lines) > 0) {
			v.Steps = append(v.Steps, people.HeldStep{At: e.At, Did: s.Cases.Words.T(text.From(ctx), m.Flow.Name+".did."+string(e.Verb)),
				Note: e.Note, Lines: e.Data.Lines})
		}
	}
	for _, h := range s.holders {
		if h.Held == nil {
			continue
		}
		if err := h.Held(ctx, r, m, c, &v); err != nil {
			return v, err
		}
	}
	return v, nil
}
