package follow

import (
	"context"
	"net/http"
	"slices"

	"linli/internal/casework"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/errs"
	"linli/internal/platform/page"
)

// A follow code may be found, so the pages of a case mask what it holds of its reporter. Whoever has proven besides, by a
// one-time code, that the reporter's telephone number is theirs sees it whole, and that is recorded.

const actionOwn = "people.person.own"

// ownPage is what a case holds of the visitor, whole.
type ownPage struct {
	Number  string
	Person  people.Person
	Answers []people.HeldAnswer
}

// isOwn tells whether the visitor has proven the telephone number of a case's reporter.
func (s *Service) isOwn(q *page.Request, c *casework.Case) (bool, error) {
	phone, proven, err := s.Proven(q)
	if err != nil || !proven || c.Person == "" {
		return false, err
	}
	ids, err := s.Cases.People.ByPhone(q.Context(), s.Cases.Log.DB, phone)
	return slices.Contains(ids, c.Person), err
}

// pageOwn shows what a case holds of the visitor. Error: Forbidden casework.own_unproven for whoever has the follow
// code alone.
func (s *Service) pageOwn(q *page.Request, ctx context.Context, id string) error {
	c, err := s.Cases.Find(ctx, id)
	if err != nil {
		return err
	}
	own, err := s.isOwn(q, &c)
	switch {
	case err != nil:
		return err
	case !own:
		return errs.New(errs.Forbidden, "casework.own_unproven")
	}
	v := ownPage{Number: c.Number}
	err = s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // by the one-time code
		if v.Person, err = s.Cases.People.Find(ctx, tx, c.Person); err != nil {
			return err
		}
		if m := s.Cases.Matters[c.Kind]; m.Held != nil {
			if v.Answers, err = m.Held(ctx, tx, &c); err != nil {
				return err
			}
		}
		tx.Record(audit.Entry{Action: actionOwn, Area: c.Area, Subject: "people.person", SubjectID: c.Person,
			Detail: map[string]any{"case": c.Number}})
		return nil
	})
	if err != nil {
		return err
	}
	q.Personal()
	q.Crumb(q.T("page.door.track"), "/track")
	q.Crumb(c.Number, "/track/case")
	q.Crumb(q.T("casework.page.own"), "")
	return q.Render(http.StatusOK, "casework/own", v)
}
