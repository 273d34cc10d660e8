package access

import (
	"context"
	"net/http"

	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// SessionView is who is signed in and what they may do.
type SessionView struct {
	Account struct {
		ID       string    `json:"id"`
		Login    string    `json:"login"`
		Name     string    `json:"name"`
		Language text.Lang `json:"language"`
	} `json:"account"`
	Grants      []GrantView `json:"grants"`
	Permissions []string    `json:"permissions"`
	Scope       []string    `json:"scope" doc:"Outermost areas of all grants"`
}

// GrantView is a role over an area.
type GrantView struct {
	ID        string         `json:"id"`
	Role      authority.Role `json:"role"`
	Area      string         `json:"area"`
	AreaName  string         `json:"areaName"`
	BodyID    string         `json:"bodyId"`
	BodyName  string         `json:"bodyName"`
	ValidFrom string         `json:"validFrom"`
	ValidTo   string         `json:"validTo"`
}

// AccountView is an account as the administrator sees it.
type AccountView struct {
	ID      string      `json:"id"`
	Login   string      `json:"login"`
	Name    string      `json:"name"`
	State   string      `json:"state" enum:"active,disabled"`
	Grants  []GrantView `json:"grants"`
	Posts   []GrantView `json:"posts" doc:"Held by a post in a body, for its term; of one account only"`
	Version int64       `json:"version"`
}

// RoleView is a role with what it contains.
type RoleView struct {
	Role        authority.Role `json:"role"`
	Permissions []string       `json:"permissions"`
	Levels      []int          `json:"levels" doc:"Levels of area at which it is given"`
}

// SetupView says whom a set-up link makes.
type SetupView struct {
	Role authority.Role `json:"role"`
}

// AccountPath names an account in an address.
type AccountPath struct {
	ID string `path:"id" maxLength:"64"`
}

type signInInput struct {
	Body struct {
		Login    string `json:"login" maxLength:"60"`
		Password string `json:"password" maxLength:"200"`
	}
}

type setupInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"64"`
		Login    string `json:"login" maxLength:"40"`
		Name     string `json:"name" maxLength:"50"`
		Password string `json:"password" maxLength:"200"`
	}
}

type grantInput struct {
	AccountPath
	Body struct {
		Role      authority.Role `json:"role" maxLength:"40"`
		Area      string         `json:"area" maxLength:"15" pattern:"^[0-9]+$"`
		BodyID    string         `json:"bodyId,omitempty" maxLength:"64"`
		ValidFrom string         `json:"validFrom,omitempty" maxLength:"10"`
		ValidTo   string         `json:"validTo,omitempty" maxLength:"10"`
	}
}

func (s *Service) routes(api *httpx.API) {
	s.sessionRoutes(api)
	s.accountRoutes(api)
}

func (s *Service) sessionRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/session", Permission: authority.Public, Summary: "Sign in"},
		func(ctx context.Context, in *signInInput) (*httpx.Answer[SessionView], error) {
			a, err := s.SignIn(ctx, in.Body.Login, in.Body.Password)
			return s.sessionOf(ctx, a, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/session", Permission: authority.SignedIn, Summary: "Who is signed in"},
		func(ctx context.Context, _ *struct{}) (*httpx.Answer[SessionView], error) {
			return s.sessionOf(ctx, authority.From(ctx), nil)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: "/session", Permission: authority.Public, Summary: "Sign out", Status: http.StatusNoContent},
		func(ctx context.Context, _ *struct{}) (*struct{}, error) { return nil, s.Sessions.Destroy(ctx) })
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/session/password", Permission: authority.SignedIn, Summary: "Change one's password", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			Body struct {
				Current string `json:"current" maxLength:"200"`
				New     string `json:"new" maxLength:"200"`
			}
		}) (*struct{}, error) {
			return nil, s.ChangePassword(ctx, in.Body.Current, in.Body.New)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/setup", Permission: authority.Public, Summary: "Which administrator a one-time set-up link makes"},
		func(ctx context.Context, in *struct {
			Token string `query:"token" maxLength:"64"`
		}) (*httpx.Answer[SetupView], error) {
			role, err := s.SetupRole(ctx, s.Log.DB, in.Token)
			return httpx.NewAnswer(SetupView{role}), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/setup", Permission: authority.Public, Summary: "Make an administrator by a one-time link"},
		func(ctx context.Context, in *setupInput) (*httpx.Answer[SessionView], error) {
			b := in.Body
			a, err := s.Setup(ctx, b.Token, NewAccount{Login: b.Login, Name: b.Name, Password: b.Password, Language: text.From(ctx)})
			return s.sessionOf(ctx, a, err)
		})
}

func (s *Service) accountRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/access/roles", Permission: permRead, Summary: "Roles and what they contain"},
		func(context.Context, *struct{}) (*httpx.List[RoleView], error) {
			var out []RoleView
			for _, r := range registry.Roles {
				out = append(out, RoleView{r, s.Policy.Of(r), registry.RoleLevels[r]})
			}
			return httpx.NewList(out, ""), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/access/accounts", Permission: permRead, Summary: "Accounts by login, one page"},
		func(ctx context.Context, in *struct {
			Words  string `query:"q" maxLength:"60"`
			Cursor string `query:"cursor" maxLength:"60"`
		}) (*httpx.List[AccountView], error) {
			accounts, next, err := s.List(ctx, in.Words, in.Cursor)
			views := make([]AccountView, len(accounts))
			for i := range accounts {
				views[i] = s.view(&accounts[i])
			}
			return httpx.NewList(views, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/access/accounts", Permission: permEdit, Summary: "Make an account", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				Login    string `json:"login" maxLength:"40"`
				Name     string `json:"name" maxLength:"50"`
				Password string `json:"password" maxLength:"200"`
			}
		}) (*httpx.Answer[AccountView], error) {
			a, err := s.Create(ctx, NewAccount{Login: in.Body.Login, Name: in.Body.Name, Password: in.Body.Password})
			return s.answer(ctx, &a, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/access/accounts/{id}", Permission: permRead, Summary: "One account"},
		func(ctx context.Context, in *AccountPath) (*httpx.Answer[AccountView], error) {
			a, err := s.Find(ctx, in.ID)
			return s.answer(ctx, &a, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/access/accounts/{id}", Permission: permEdit, Summary: "Rename, disable or enable an account"},
		func(ctx context.Context, in *struct {
			AccountPath
			Body struct {
				Name    string `json:"name" maxLength:"50"`
				State   string `json:"state" enum:"active,disabled"`
				Version int64  `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[AccountView], error) {
			a, err := s.Change(ctx, in.ID, in.Body.Name, in.Body.State, in.Body.Version)
			return s.answer(ctx, &a, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/access/accounts/{id}/password", Permission: permEdit, Summary: "Give an account a new password", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			AccountPath
			Body struct {
				Password string `json:"password" maxLength:"200"`
			}
		}) (*struct{}, error) {
			return nil, s.SetPassword(ctx, in.ID, in.Body.Password)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/access/accounts/{id}/grants", Permission: permGrant, Summary: "Give an account a role over an area", Status: http.StatusCreated},
		func(ctx context.Context, in *grantInput) (*httpx.Answer[GrantView], error) {
			b := in.Body
			g, err := s.Grant(ctx, in.ID, Grant{Role: b.Role, Area: b.Area, Body: b.BodyID, ValidFrom: b.ValidFrom, ValidTo: b.ValidTo})
			return httpx.NewAnswer(s.grantView(&g)), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: "/access/accounts/{id}/grants/{grant}", Permission: permGrant, Summary: "Take a grant away", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			AccountPath
			Grant string `path:"grant" maxLength:"64"`
		}) (*struct{}, error) {
			return nil, s.Revoke(ctx, in.ID, in.Grant)
		})
}

func (s *Service) answer(ctx context.Context, a *Account, err error) (*httpx.Answer[AccountView], error) {
	if err != nil {
		return nil, err
	}
	v := s.view(a)
	seats, err := s.Registry.Seats(ctx, s.Log.DB, a.ID)
	for _, seat := range seats {
		v.Posts = append(v.Posts, s.grantView(&Grant{Role: seat.Role, Area: seat.Area, Body: seat.Body, ValidFrom: seat.From, ValidTo: seat.To}))
	}
	return httpx.NewAnswer(v), err
}

func (s *Service) view(a *Account) AccountView {
	return AccountView{a.ID, a.Login, a.Name, a.State, s.grantViews(a.Grants), []GrantView{}, a.Version}
}

func (s *Service) grantViews(grants []Grant) []GrantView {
	out := make([]GrantView, len(grants))
	for i := range grants {
		out[i] = s.grantView(&grants[i])
	}
	return out
}

func (s *Service) grantView(g *Grant) GrantView {
	v := GrantView{ID: g.ID, Role: g.Role, Area: g.Area, BodyID: g.Body, ValidFrom: g.ValidFrom, ValidTo: g.ValidTo}
	if a, ok := s.Registry.Area(g.Area); ok {
		v.AreaName = a.Name
	}
	if g.Body != "" {
		v.BodyName = s.Registry.BodyName(g.Body)
	}
	return v
}

func (s *Service) sessionOf(ctx context.Context, a *authority.Actor, err error) (*httpx.Answer[SessionView], error) {
	if err != nil {
		return nil, err
	}
	account, err := findAccount(ctx, s.Log.DB, a.ID)
	if err != nil {
		return nil, errs.ErrUnauthenticated
	}
	var v SessionView
	v.Account.ID, v.Account.Login, v.Account.Name, v.Account.Language = account.ID, account.Login, account.Name, account.Language
	v.Grants, v.Permissions, v.Scope = []GrantView{}, a.Permissions(), []string{}
	for _, g := range a.Grants {
		v.Grants = append(v.Grants, s.grantView(&Grant{Role: g.Role, Area: g.Area, Body: g.Body}))
		v.Scope = append(v.Scope, g.Area)
	}
	v.Scope = authority.Outermost(v.Scope)
	if v.Scope == nil {
		v.Scope = []string{}
	}
	return httpx.NewAnswer(v), nil
}
