package access

import (
	"context"
	"net/http"

	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
)

type signInInput struct {
	Body struct {
		Login    string `json:"login" maxLength:"60"`
		Password string `json:"password" maxLength:"200"`
	}
}

// SessionPath names a session or a factor in an address.
type SessionPath struct {
	ID string `path:"id" maxLength:"64"`
}

func (s *Service) routes(api *httpx.API) {
	public := func(method, path, summary string) httpx.Route {
		return httpx.Route{Method: method, Path: path, Permission: authority.Public, Summary: summary}
	}
	mine := func(method, path, summary string, status int) httpx.Route {
		return httpx.Route{Method: method, Path: path, Permission: authority.SignedIn, Summary: summary, Status: status}
	}
	httpx.Handle(api, public(http.MethodPost, "/session", "Sign in"),
		func(ctx context.Context, in *signInInput) (*httpx.Answer[SessionView], error) {
			a, next, err := s.SignIn(ctx, in.Body.Login, in.Body.Password)
			return s.SessionOf(ctx, a, next, err)
		})
	httpx.Handle(api, mine(http.MethodGet, "/session", "Who is signed in", 0),
		func(ctx context.Context, _ *struct{}) (*httpx.Answer[SessionView], error) {
			a := authority.From(ctx)
			_, next, err := s.standing(ctx, a.ID)
			return s.SessionOf(ctx, a, next, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: "/session", Permission: authority.Public,
		Summary: "Sign out", Status: http.StatusNoContent},
		func(ctx context.Context, _ *struct{}) (*struct{}, error) { return nil, s.SignOut(ctx) })
	httpx.Handle(api, mine(http.MethodGet, "/session/places", "Where one is signed in", 0),
		func(ctx context.Context, _ *struct{}) (*httpx.List[Session], error) {
			list, err := s.ListSessions(ctx, authority.From(ctx).ID)
			return httpx.NewList(list, ""), err
		})
	httpx.Handle(api, mine(http.MethodDelete, "/session/places/{id}", "End one of one's sessions", http.StatusNoContent),
		func(ctx context.Context, in *SessionPath) (*struct{}, error) {
			return nil, s.EndSession(ctx, authority.From(ctx).ID, in.ID, s.Own(ctx))
		})
}

// SessionOf shows who is signed in. Before the second factor nobody is.
func (s *Service) SessionOf(ctx context.Context, a *authority.Actor, next Next, err error) (*httpx.Answer[SessionView], error) {
	if err != nil {
		return nil, err
	}
	v := SessionView{Next: next, Grants: []GrantView{}, Permissions: []string{}, Scope: []string{}}
	if next == NextSecond {
		return httpx.NewAnswer(v), nil
	}
	account, err := FindAccount(ctx, s.Log.DB, a.ID)
	if err != nil {
		return nil, errs.ErrUnauthenticated
	}
	v.Account.ID, v.Account.Login, v.Account.Name, v.Account.Language = account.ID, account.Login, account.Name, account.Language
	if ended, ok := s.Sessions.Pop(ctx, keyEnded).(int64); ok {
		v.Ended = int(ended)
	}
	v.Permissions = a.Permissions()
	for _, g := range a.Grants {
		v.Grants = append(v.Grants, s.GrantView(&Grant{Role: g.Role, Area: g.Area, Body: g.Body}))
		v.Scope = append(v.Scope, g.Area)
	}
	if v.Scope = authority.Outermost(v.Scope); v.Scope == nil {
		v.Scope = []string{}
	}
	return httpx.NewAnswer(v), nil
}
