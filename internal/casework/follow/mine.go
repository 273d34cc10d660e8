package follow

import (
	"context"
	"slices"
	"strconv"

	"linli/internal/casework"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/page"
)

// mineMost bounds a resident's list.
const mineMost = 100

// OfPhone lists the cases that were opened with a telephone number, the newest first. Whoever
// calls has seen proof that the number is the reader's.
func (s *Service) OfPhone(ctx context.Context, phone string) ([]casework.Summary, error) {
	ids, err := s.Cases.People.ByPhone(ctx, s.Cases.Log.DB, phone)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	in, args := db.In(nil, ids)
	cases, err := db.All(ctx, s.Cases.Log.DB, casework.ScanCase,
		casework.SelectCase+` WHERE person_id IN `+in+` ORDER BY reported_at DESC, id DESC LIMIT `+strconv.Itoa(mineMost), args...)
	if err != nil {
		return nil, err
	}
	out := make([]casework.Summary, len(cases))
	for i := range out {
		out[i] = s.Cases.Summarise(ctx, &cases[i])
	}
	return out, nil
}

// HasPhone tells whether any case was opened with a telephone number.
func (s *Service) HasPhone(ctx context.Context, phone string) (bool, error) {
	ids, err := s.Cases.People.ByPhone(ctx, s.Cases.Log.DB, phone)
	return len(ids) > 0, err
}

// Resume gives the visitor's browser the follow code of a case that was opened with their
// telephone number, and leads to the case. Errors: NotFound for any other case.
func (s *Service) Resume(q *page.Request, phone, id string) error {
	c, err := casework.FindCase(q.Context(), s.Cases.Log.DB, id)
	if err != nil {
		return err
	}
	ids, err := s.Cases.People.ByPhone(q.Context(), s.Cases.Log.DB, phone)
	if err != nil {
		return err
	}
	if c.Person == "" || !slices.Contains(ids, c.Person) {
		return errs.ErrNotFound
	}
	return s.show(q, s.Cases.CodeOf(&c))
}

// StateWords and DueWords say in a reader's language how a listed case stands.
func (s *Service) StateWords(q *page.Request, c *casework.Summary) string {
	if c.Outcome != "" {
		return q.T("casework.outcome." + string(c.Outcome))
	}
	return q.T(s.Cases.Matters[c.Kind].Flow.Name + ".state." + string(c.State))
}

// DueWords says by when something is done.
func (s *Service) DueWords(q *page.Request, c *casework.Summary) string { return s.dueWords(q, c) }
