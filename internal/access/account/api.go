package account

import (
	"context"
	"net/http"

	"linli/internal/access"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/httpx"
	"linli/internal/registry"
)

// AccountView is an account as the administrator sees it.
type AccountView struct {
	ID      string             `json:"id"`
	Login   string             `json:"login"`
	Name    string             `json:"name"`
	State   string             `json:"state" enum:"active,disabled"`
	Locked  bool               `json:"locked" doc:"After too many wrong tries, for now"`
	Factors int                `json:"factors" doc:"Second factors and passkeys; of one account only"`
	Grants  []access.GrantView `json:"grants"`
	Posts   []access.GrantView `json:"posts" doc:"Held by a post in a body, for its term; their ids are the members'. Of one account only"`
	Version int64              `json:"version"`
}

// RoleView is a role with what it contains.
type RoleView struct {
	Role        authority.Role `json:"role"`
	Permissions []string       `json:"permissions"`
	Levels      []int          `json:"levels" doc:"Levels of area at which it is given"`
}

// SetupView says whom a set-up link makes.
type SetupView struct {
	Role     authority.Role `json:"role"`
	Recovers bool           `json:"recovers" doc:"The link lets the holder of an account begin again with a new password"`
}

type grantInput struct {
	access.AccountPath
	Body struct {
		Role      authority.Role `json:"role" maxLength:"40"`
		Area      string         `json:"area" maxLength:"15" pattern:"^[0-9]+$"`
		BodyID    string         `json:"bodyId,omitempty" maxLength:"64"`
		ValidFrom string         `json:"validFrom,omitempty" maxLength:"10"`
		ValidTo   string         `json:"validTo,omitempty" maxLength:"10"`
	}
}

func (s *Service) accountRoutes(api *httpx.API) {
	mine := func(method, path, summary string, status int) httpx.Route {
		return httpx.Route{Method: method, Path: path, Permission: authority.SignedIn, Summary: summary, Status: status}
	}
	httpx.Handle(api, mine(http.MethodPut, "/session/password", "Change one's password; other sessions end", http.StatusNoContent),
		func(ctx context.Context, in *struct {
			Body struct {
				Current string `json:"current" maxLength:"200"`
				New     string `json:"new" maxLength:"200"`
			}
		}) (*struct{}, error) {
			return nil, s.ChangePassword(ctx, in.Body.Current, in.Body.New)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/access/roles", Permission: permRead, Summary: "Roles and what they contain"},
		func(context.Context, *struct{}) (*httpx.List[RoleView], error) {
			var out []RoleView
			for _, r := range registry.Roles {
				out = append(out, RoleView{r, s.Access.Policy.Of(r), registry.RoleLevels[r]})
			}
			return httpx.NewList(out, ""), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/access/accounts", Permission: permRead,
		Summary: "Accounts by login, one page"},
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
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/access/accounts", Permission: permEdit,
		Summary: "Make an account", Status: http.StatusCreated},
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
		func(ctx context.Context, in *access.AccountPath) (*httpx.Answer[AccountView], error) {
			a, err := s.Find(ctx, in.ID)
			return s.answer(ctx, &a, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/access/accounts/{id}", Permission: permEdit,
		Summary: "Rename, disable or enable an account"},
		func(ctx context.Context, in *struct {
			access.AccountPath
			Body struct {
				Name    string `json:"name" maxLength:"50"`
				State   string `json:"state" enum:"active,disabled"`
				Version int64  `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[AccountView], error) {
			a, err := s.Change(ctx, in.ID, in.Body.Name, in.Body.State, in.Body.Version)
			return s.answer(ctx, &a, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/access/accounts/{id}/password", Permission: permEdit,
		Summary: "Give an account a new password", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			access.AccountPath
			Body struct {
				Password string `json:"password" maxLength:"200"`
			}
		}) (*struct{}, error) {
			return nil, s.SetPassword(ctx, in.ID, in.Body.Password)
		})
	httpx.HandleDone(api, httpx.Route{Method: http.MethodPost, Path: "/access/accounts/{id}/unlock", Permission: permUnlock,
		Summary: "End a lock before its time"}, s.Unlock)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/access/accounts/{id}/sessions", Permission: permSession,
		Summary: "Where an account is signed in"},
		func(ctx context.Context, in *access.AccountPath) (*httpx.List[access.Session], error) {
			if err := authority.Require(ctx, permSession, s.Access.CityCode()); err != nil {
				return nil, err
			}
			list, err := s.Access.ListSessions(ctx, in.ID)
			return httpx.NewList(list, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: "/access/accounts/{id}/sessions/{session}", Permission: permSession,
		Summary: "End a session of an account", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			access.AccountPath
			Session string `path:"session" maxLength:"64"`
		}) (*struct{}, error) {
			return nil, s.Access.EndSession(ctx, in.ID, in.Session, s.Access.By(permSession))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/access/accounts/{id}/grants", Permission: permGrant,
		Summary: "Give an account a role over an area", Status: http.StatusCreated},
		func(ctx context.Context, in *grantInput) (*httpx.Answer[access.GrantView], error) {
			b := in.Body
			g, err := s.Grant(ctx, in.ID, access.Grant{Role: b.Role, Area: b.Area, Body: b.BodyID, ValidFrom: b.ValidFrom, ValidTo: b.ValidTo})
			return httpx.NewAnswer(s.Access.GrantView(&g)), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: "/access/accounts/{id}/grants/{grant}", Permission: permGrant,
		Summary: "Take a grant away", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			access.AccountPath
			Grant string `path:"grant" maxLength:"64"`
		}) (*struct{}, error) {
			return nil, s.Revoke(ctx, in.ID, in.Grant)
		})
}

func (s *Service) answer(ctx context.Context, a *access.Account, err error) (*httpx.Answer[AccountView], error) {
	if err != nil {
		return nil, err
	}
	v := s.view(a)
	if v.Locked, err = s.Access.IsBlocked(ctx, s.Access.Log.DB, clock.Now(ctx), a.Login); err != nil {
		return nil, err
	}
	factors, err := s.Factors.ListFactors(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	v.Factors = len(factors)
	seats, err := s.Access.Registry.Seats(ctx, s.Access.Log.DB, a.ID)
	for _, seat := range seats {
		v.Posts = append(v.Posts, s.Access.GrantView(&access.Grant{ID: seat.Member, Role: seat.Role, Area: seat.Area, Body: seat.Body,
			ValidFrom: seat.From, ValidTo: seat.To}))
	}
	return httpx.NewAnswer(v), err
}

func (s *Service) view(a *access.Account) AccountView {
	return AccountView{ID: a.ID, Login: a.Login, Name: a.Name, State: a.State, Grants: s.grantViews(a.Grants),
		Posts: []access.GrantView{}, Version: a.Version}
}

func (s *Service) grantViews(grants []access.Grant) []access.GrantView {
	out := make([]access.GrantView, len(grants))
	for i := range grants {
		out[i] = s.Access.GrantView(&grants[i])
	}
	return out
}
