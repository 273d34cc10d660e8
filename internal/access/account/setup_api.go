package account

import (
	"context"
	"net/http"

	"linli/internal/access"
	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

type setupInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"64"`
		Login    string `json:"login" maxLength:"40"`
		Name     string `json:"name" maxLength:"50"`
		Password string `json:"password" maxLength:"200"`
	}
}

func (s *Service) setupRoutes(api *httpx.API) {
	public := func(method, path, summary string) httpx.Route {
		return httpx.Route{Method: method, Path: path, Permission: authority.Public, Summary: summary}
	}
	httpx.Handle(api, public(http.MethodGet, "/setup", "Which administrator a one-time set-up link makes, or that it lets one begin again"),
		func(ctx context.Context, in *struct {
			Token string `query:"token" maxLength:"64"`
		}) (*httpx.Answer[SetupView], error) {
			id, err := s.recovered(ctx, s.Access.Log.DB, in.Token)
			if err != nil {
				return nil, err
			}
			if id != "" {
				role, err := s.roleOf(ctx, id)
				return httpx.NewAnswer(SetupView{Role: role, Recovers: true}), err
			}
			role, err := s.SetupRole(ctx, s.Access.Log.DB, in.Token)
			return httpx.NewAnswer(SetupView{Role: role}), err
		})
	httpx.Handle(api, public(http.MethodPost, "/setup", "Make an administrator by a one-time link, or begin again with a new password"),
		func(ctx context.Context, in *setupInput) (*httpx.Answer[access.SessionView], error) {
			b := in.Body
			a, next, err := s.Setup(ctx, b.Token, NewAccount{Login: b.Login, Name: b.Name, Password: b.Password, Language: text.From(ctx)})
			return s.Access.SessionOf(ctx, a, next, err)
		})
}
