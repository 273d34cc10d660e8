package casework

import (
	"context"
	"net/http"

	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/page"
)

const permUnmask = "casework.reporter.unmask"

// CasesOfPerson orders by time, which the person's own index has: by id, SQLite would rather walk
// over the whole county.
const CasesOfPerson = ` WHERE shard = $1 AND person_id = $2 ORDER BY reported_at, id`

// casesOf lists the cases that a person reported or applied for.
func (s *Service) casesOf(ctx context.Context, r db.Reader, person string) ([]Case, error) {
	return db.All(ctx, r, ScanCase, SelectCase+CasesOfPerson, db.ShardOf(person), person)
}

// HasOpenCase tells whether a case of the person is still being handled.
func (s *Service) HasOpenCase(ctx context.Context, r db.Reader, person string) (bool, error) {
	cases, err := s.casesOf(ctx, r, person)
	for _, c := range cases {
		if c.Open {
			return true, err
		}
	}
	return false, err
}

// mayUnmask tells whether the actor has the duty that makes the reporter's data necessary: their
// unit is responsible, or they handled it.
func (s *Service) mayUnmask(a *authority.Actor, c *Case) bool {
	return c.Person != "" && a.Can(permUnmask, c.Area) && s.MayRead(a, c) && (a.In(c.Unit) || c.Handler == a.ID)
}

// UnmaskHeld shows something else that a case holds of its reporter to whoever has the duty, and
// records it among what was seen of them. Read takes it from the case inside the write.
func (s *Service) UnmaskHeld(ctx context.Context, id, purpose string, read func(tx *audit.Tx, c *Case) (string, error)) (string, error) {
	c, err := s.Find(ctx, id)
	if err != nil {
		return "", err
	}
	value := ""
	_, err = s.People.UnmaskAs(ctx, c.Person, people.Showing{Field: people.FieldAnswer, Purpose: purpose, Note: c.Number}, func(tx *audit.Tx, _ string) error {
		now, err := FindCase(ctx, tx, id)
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

// PermissionUnmask allows to see what a case holds of its reporter, one thing at a time.
const PermissionUnmask = permUnmask

// UnmaskReporter shows one field of a case's reporter to whoever has the duty, and records it.
func (s *Service) UnmaskReporter(ctx context.Context, id string, a people.Showing) (string, error) {
	c, err := s.Find(ctx, id)
	if err != nil {
		return "", err
	}
	if a.Note == "" {
		a.Note = c.Number
	}
	return s.People.UnmaskAs(ctx, c.Person, a, func(tx *audit.Tx, _ string) error {
		now, err := FindCase(ctx, tx, id)
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

func (s *Service) personRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/casework/cases/{id}/reporter/unmask", Permission: permUnmask, Summary: "Show one field of a case's reporter for a purpose; recorded"},
		func(ctx context.Context, in *struct {
			CasePath
			Body people.UnmaskInput
		}) (*httpx.Answer[people.Plain], error) {
			v, err := s.UnmaskReporter(ctx, in.ID, people.Showing{Field: in.Body.Field, Purpose: in.Body.Purpose, Note: in.Body.Note})
			return httpx.NewAnswer(people.Plain{Value: v}), err
		})
}

type heldPage struct {
	people.Held
	Own    bool   // the visitor has proven the reporter's telephone number
	Case   string // its id
	Number string
	Fields []page.Field
}

// pageHeld shows the reporter what is held of them and who saw it, and takes their requests.
func (s *Service) pageHeld(q *page.Request, ctx context.Context, id string) error {
	return s.renderHeld(q, ctx, http.StatusOK, id, nil)
}

func (s *Service) renderHeld(q *page.Request, ctx context.Context, status int, id string, sent *page.Form) error {
	c, err := s.Find(ctx, id)
	if err != nil {
		return err
	}
	held, err := s.People.HeldFor(ctx, s.Log.DB, c.Person)
	if err != nil {
		return err
	}
	own, err := s.isOwn(q, &c)
	if err != nil {
		return err
	}
	kinds := page.Field{Name: "kind", Kind: page.Radios, Label: q.T("casework.page.held_ask"), Required: true}
	for _, k := range people.RequestKinds {
		kinds.Options = append(kinds.Options, page.Option{Value: k, Label: q.T("people.request." + k)})
	}
	fields := []page.Field{kinds, {Name: "note", Kind: page.Textarea, Label: q.T("casework.page.held_note"), Hint: q.T("casework.page.held_note_hint"), Max: 500}}
	q.Personal()
	q.Crumb(q.T("page.door.track"), "/track")
	q.Crumb(c.Number, "/track/case")
	q.Crumb(q.T("casework.page.held"), "")
	return q.Render(status, "casework/held", heldPage{held, own, c.ID, c.Number, q.Fill(fields, func(name string) string {
		if sent == nil {
			return ""
		}
		return sent.Get(name)
	})})
}

// pageAsk takes a request of the reporter about their own data.
func (s *Service) pageAsk(q *page.Request, ctx context.Context, id string) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	c, err := s.Find(ctx, id)
	if err != nil {
		return err
	}
	if c.Person == "" {
		return errs.ErrNotFound
	}
	if _, err = s.People.Ask(ctx, c.Person, f.Code("kind"), "portal", f.Get("note")); err == nil {
		q.Notice("casework.page.held_asked")
		return q.Redirect("/track/case/person")
	}
	status, err := q.Refuse(err)
	if err != nil {
		return err
	}
	return s.renderHeld(q, ctx, status, id, f)
}
