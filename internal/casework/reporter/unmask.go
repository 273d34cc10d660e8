package reporter

import (
	"context"
	"net/http"

	"linli/internal/casework"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
)

// PermUnmask allows to see what a case holds of its reporter, one thing at a time.
const PermUnmask = "casework.reporter.unmask"

// HasOpenCase tells whether a case of the person is still being handled.
func (s *Service) HasOpenCase(ctx context.Context, r db.Reader, person string) (bool, error) {
	cases, err := casework.ListCasesOf(ctx, r, person)
	for _, c := range cases {
		if c.Open {
			return true, err
		}
	}
	return false, err
}

// mayUnmask tells whether the actor has the duty that makes the reporter's data necessary: their
// unit is responsible, or they handled it.
func (s *Service) mayUnmask(a *authority.Actor, c *casework.Case) bool {
	return c.Person != "" && a.Can(PermUnmask, c.Area) && s.Cases.MayRead(a, c) && (a.In(c.Unit) || c.Handler == a.ID)
}

// UnmaskHeld shows something else that a case holds of its reporter to whoever has the duty, and
// records it among what was seen of them. Read takes it from the case inside the write.
func (s *Service) UnmaskHeld(ctx context.Context, id, purpose string,
	read func(tx *audit.Tx, c *casework.Case) (string, error)) (string, error) {
	c, err := s.Cases.Find(ctx, id)
	if err != nil {
		return "", err
	}
	value := ""
	_, err = s.Cases.People.UnmaskAs(ctx, c.Person, people.Showing{Field: people.FieldAnswer, Purpose: purpose, Note: c.Number},
		func(tx *audit.Tx, _ string) error {
			now, err := casework.FindCase(ctx, tx, id)
			if err != nil {
				return err
			}
			tx.Judged()
			if !s.mayUnmask(tx.Actor, &now) {
				return errs.ErrForbidden
			}
			value, err = read(tx, &now)
			return err
		})
	if err != nil {
		return "", err
	}
	return value, nil
}

// UnmaskReporter shows one field of a case's reporter to whoever has the duty, and records it.
func (s *Service) UnmaskReporter(ctx context.Context, id string, a people.Showing) (string, error) {
	c, err := s.Cases.Find(ctx, id)
	if err != nil {
		return "", err
	}
	if a.Note == "" {
		a.Note = c.Number
	}
	return s.Cases.People.UnmaskAs(ctx, c.Person, a, func(tx *audit.Tx, _ string) error {
		now, err := casework.FindCase(ctx, tx, id)
		if err != nil {
			return err
		}
		tx.Judged()
		if !s.mayUnmask(tx.Actor, &now) {
			return errs.ErrForbidden
		}
		return nil
	})
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/casework/cases/{id}/reporter/unmask", Permission: PermUnmask,
		Summary: "Show one field of a case's reporter for a purpose; recorded"},
		func(ctx context.Context, in *struct {
			casework.CasePath
			Body people.UnmaskInput
		}) (*httpx.Answer[people.Plain], error) {
			v, err := s.UnmaskReporter(ctx, in.ID, people.Showing{Field: in.Body.Field, Purpose: in.Body.Purpose, Note: in.Body.Note})
			return httpx.NewAnswer(people.Plain{Value: v}), err
		})
}
