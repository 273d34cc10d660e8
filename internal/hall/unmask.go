package hall

import (
	"context"
	"net/http"

	"linli/internal/casework"
	"linli/internal/casework/reporter"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/errs"
	"linli/internal/platform/form"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// Unmask shows one personal answer of an application to whoever has the duty to know it, for a
// purpose; the applicant can see that it was. Errors: NotFound for an application that the actor
// may not read or an answer that it does not have.
func (s *Service) Unmask(ctx context.Context, id, question, purpose string) (string, error) {
	return s.Reporter.UnmaskHeld(ctx, id, purpose, func(tx *audit.Tx, c *casework.Case) (string, error) {
		if c.Kind != KindApplication {
			return "", errs.ErrNotFound
		}
		row, err := findApplication(ctx, tx, c)
		if err != nil {
			return "", err
		}
		item, _ := s.made(c.Subject, row.edition)
		q, ok := form.Find(item.Form, question)
		if !ok || !q.Masked() {
			return "", errs.ErrNotFound
		}
		answers, err := s.answers(&row, c)
		if err == nil && answers[question].Empty() {
			err = errs.ErrNotFound
		}
		return q.Words(answers[question], text.From(ctx), s.AreaName(text.From(ctx))), err
	})
}

func unmaskRoutes(s *Service, api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/hall/applications/{id}/answers/{question}/unmask",
		Permission: reporter.PermUnmask,
		Summary:    "Show one personal answer of an application for a purpose; recorded"},
		func(ctx context.Context, in *struct {
			casework.CasePath
			Question string `path:"question" maxLength:"60" pattern:"^[a-z0-9_]+$"`
			Body     struct {
				Purpose string `json:"purpose" enum:"contact,verify,service,visit,emergency,rights"`
			}
		}) (*httpx.Answer[people.Plain], error) {
			v, err := s.Unmask(ctx, in.ID, in.Question, in.Body.Purpose)
			return httpx.NewAnswer(people.Plain{Value: v}), err
		})
}
