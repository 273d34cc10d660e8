package follow

import (
	"context"
	"net/http"

	"linli/internal/people/request"
	"linli/internal/platform/errs"
	"linli/internal/platform/page"
)

type heldPage struct {
	request.Held
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
	c, err := s.Cases.Find(ctx, id)
	if err != nil {
		return err
	}
	held, err := s.Requests.HeldFor(ctx, s.Cases.Log.DB, c.Person)
	if err != nil {
		return err
	}
	own, err := s.isOwn(q, &c)
	if err != nil {
		return err
	}
	kinds := page.Field{Name: "kind", Kind: page.Radios, Label: q.T("casework.page.held_ask"), Required: true}
	for _, k := range request.Kinds {
		kinds.Options = append(kinds.Options, page.Option{Value: k, Label: q.T("people.request." + k)})
	}
	fields := []page.Field{kinds, {Name: "note", Kind: page.Textarea, Label: q.T("casework.page.held_note"),
		Hint: q.T("casework.page.held_note_hint"), Max: 500}}
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
	c, err := s.Cases.Find(ctx, id)
	if err != nil {
		return err
	}
	if c.Person == "" {
		return errs.ErrNotFound
	}
	if _, err = s.Requests.Ask(ctx, c.Person, f.Code("kind"), "portal", f.Get("note")); err == nil {
		q.Notice("casework.page.held_asked")
		return q.Redirect("/track/case/person")
	}
	status, err := q.Refuse(err)
	if err != nil {
		return err
	}
	return s.renderHeld(q, ctx, status, id, f)
}
