package access

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"

	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// FactorsView is what an account has beside its password.
type FactorsView struct {
	Items    []Factor `json:"items"`
	Recovery int      `json:"recovery" doc:"Recovery codes that are left"`
}

// RecoveryView shows fresh recovery codes, this once.
type RecoveryView struct {
	Codes []string `json:"codes" doc:"Each works once; empty when earlier ones stay"`
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

type codeInput struct {
	Body struct {
		Code string `json:"code" maxLength:"20"`
	}
}

type passwordInput struct {
	Body struct {
		Password string `json:"password" maxLength:"200"`
	}
}

// SessionPath names a session or a factor in an address.
type SessionPath struct {
	ID string `path:"id" maxLength:"64"`
}

// credentialInput is what the browser's WebAuthn answered, as it is.
type credentialInput struct {
	Body struct {
		Name       string         `json:"name,omitempty" maxLength:"50" doc:"Of a new passkey: which device"`
		Credential map[string]any `json:"credential"`
	}
}

func (in *credentialInput) raw() []byte {
	raw, _ := json.Marshal(in.Body.Credential) // came out of JSON
	return raw
}

func (s *Service) sessionRoutes(api *httpx.API) {
	public := func(method, path, summary string) httpx.Route {
		return httpx.Route{Method: method, Path: path, Permission: authority.Public, Summary: summary}
	}
	mine := func(method, path, summary string, status int) httpx.Route {
		return httpx.Route{Method: method, Path: path, Permission: authority.SignedIn, Summary: summary, Status: status}
	}
	httpx.Handle(api, public(http.MethodPost, "/session", "Sign in"),
		func(ctx context.Context, in *signInInput) (*httpx.Answer[SessionView], error) {
			a, next, err := s.SignIn(ctx, in.Body.Login, in.Body.Password)
			return s.sessionOf(ctx, a, next, err)
		})
	httpx.Handle(api, public(http.MethodPost, "/session/second", "Show the second factor, or a recovery code"),
		func(ctx context.Context, in *codeInput) (*httpx.Answer[SessionView], error) {
			a, next, err := s.Second(ctx, in.Body.Code)
			return s.sessionOf(ctx, a, next, err)
		})
	httpx.Handle(api, public(http.MethodPost, "/session/passkey/ask", "What the browser must ask a passkey"),
		func(ctx context.Context, _ *struct{}) (*httpx.Answer[*protocol.CredentialAssertion], error) {
			ask, err := s.AskPasskey(ctx)
			return httpx.NewAnswer(ask), err
		})
	httpx.Handle(api, public(http.MethodPost, "/session/passkey", "Sign in by a passkey"),
		func(ctx context.Context, in *credentialInput) (*httpx.Answer[SessionView], error) {
			a, next, err := s.SignInPasskey(ctx, in.raw())
			return s.sessionOf(ctx, a, next, err)
		})
	httpx.Handle(api, mine(http.MethodGet, "/session", "Who is signed in", 0),
		func(ctx context.Context, _ *struct{}) (*httpx.Answer[SessionView], error) {
			a := authority.From(ctx)
			_, next, err := s.standing(ctx, a.ID)
			return s.sessionOf(ctx, a, next, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: "/session", Permission: authority.Public,
		Summary: "Sign out", Status: http.StatusNoContent},
		func(ctx context.Context, _ *struct{}) (*struct{}, error) { return nil, s.SignOut(ctx) })
	httpx.Handle(api, mine(http.MethodPut, "/session/password", "Change one's password; other sessions end", http.StatusNoContent),
		func(ctx context.Context, in *struct {
			Body struct {
				Current string `json:"current" maxLength:"200"`
				New     string `json:"new" maxLength:"200"`
			}
		}) (*struct{}, error) {
			return nil, s.ChangePassword(ctx, in.Body.Current, in.Body.New)
		})
	httpx.Handle(api, mine(http.MethodGet, "/session/places", "Where one is signed in", 0),
		func(ctx context.Context, _ *struct{}) (*httpx.List[Session], error) {
			list, err := s.ListSessions(ctx, authority.From(ctx).ID)
			return httpx.NewList(list, ""), err
		})
	httpx.Handle(api, mine(http.MethodDelete, "/session/places/{id}", "End one of one's sessions", http.StatusNoContent),
		func(ctx context.Context, in *SessionPath) (*struct{}, error) {
			return nil, s.EndSession(ctx, authority.From(ctx).ID, in.ID, s.own(ctx))
		})
	s.factorRoutes(api, mine)
	s.tellRoutes(api, mine)
	s.setupRoutes(api, public)
	s.identityRoutes(api)
}

func (s *Service) factorRoutes(api *httpx.API, mine func(method, path, summary string, status int) httpx.Route) {
	httpx.Handle(api, mine(http.MethodGet, "/session/factors", "What one has beside the password", 0),
		func(ctx context.Context, _ *struct{}) (*httpx.Answer[FactorsView], error) {
			account := authority.From(ctx).ID
			items, err := s.ListFactors(ctx, account)
			if err != nil {
				return nil, err
			}
			left, err := s.RecoveryLeft(ctx, account)
			return httpx.NewAnswer(FactorsView{items, left}), err
		})
	httpx.Handle(api, mine(http.MethodPost, "/session/factors/{id}/remove", "Take a factor away, showing the password", http.StatusNoContent),
		func(ctx context.Context, in *struct {
			SessionPath
			Body struct {
				Password string `json:"password" maxLength:"200"`
			}
		}) (*struct{}, error) {
			return nil, s.RemoveFactor(ctx, in.ID, in.Body.Password)
		})
	httpx.Handle(api, mine(http.MethodPost, "/session/totp", "Offer a secret to an authenticator app", 0),
		func(ctx context.Context, _ *struct{}) (*httpx.Answer[Offered], error) {
			o, err := s.OfferTOTP(ctx)
			return httpx.NewAnswer(o), err
		})
	httpx.Handle(api, mine(http.MethodPost, "/session/totp/confirm", "Confirm the app by its first code", 0),
		func(ctx context.Context, in *codeInput) (*httpx.Answer[RecoveryView], error) {
			codes, err := s.ConfirmTOTP(ctx, in.Body.Code)
			return httpx.NewAnswer(RecoveryView{filled(codes)}), err
		})
	httpx.Handle(api, mine(http.MethodPost, "/session/recovery", "Fresh recovery codes, showing the password", 0),
		func(ctx context.Context, in *passwordInput) (*httpx.Answer[RecoveryView], error) {
			codes, err := s.RenewRecovery(ctx, in.Body.Password)
			return httpx.NewAnswer(RecoveryView{filled(codes)}), err
		})
	httpx.Handle(api, mine(http.MethodPost, "/session/passkeys/offer", "Ask the browser to make a passkey", 0),
		func(ctx context.Context, _ *struct{}) (*httpx.Answer[*protocol.CredentialCreation], error) {
			offer, err := s.OfferPasskey(ctx)
			return httpx.NewAnswer(offer), err
		})
	httpx.Handle(api, mine(http.MethodPost, "/session/passkeys", "Take in the passkey that the browser made", 0),
		func(ctx context.Context, in *credentialInput) (*httpx.Answer[RecoveryView], error) {
			codes, err := s.AddPasskey(ctx, in.Body.Name, in.raw())
			return httpx.NewAnswer(RecoveryView{filled(codes)}), err
		})
}

func filled(codes []string) []string {
	if codes == nil {
		return []string{}
	}
	return codes
}

func (s *Service) setupRoutes(api *httpx.API, public func(method, path, summary string) httpx.Route) {
	httpx.Handle(api, public(http.MethodGet, "/setup", "Which administrator a one-time set-up link makes, or that it lets one begin again"),
		func(ctx context.Context, in *struct {
			Token string `query:"token" maxLength:"64"`
		}) (*httpx.Answer[SetupView], error) {
			id, err := s.recovered(ctx, s.Log.DB, in.Token)
			if err != nil {
				return nil, err
			}
			if id != "" {
				role, err := s.roleOf(ctx, id)
				return httpx.NewAnswer(SetupView{Role: role, Recovers: true}), err
			}
			role, err := s.SetupRole(ctx, s.Log.DB, in.Token)
			return httpx.NewAnswer(SetupView{Role: role}), err
		})
	httpx.Handle(api, public(http.MethodPost, "/setup", "Make an administrator by a one-time link, or begin again with a new password"),
		func(ctx context.Context, in *setupInput) (*httpx.Answer[SessionView], error) {
			b := in.Body
			a, next, err := s.Setup(ctx, b.Token, NewAccount{Login: b.Login, Name: b.Name, Password: b.Password, Language: text.From(ctx)})
			return s.sessionOf(ctx, a, next, err)
		})
}

// sessionOf shows who is signed in. Before the second factor nobody is.
func (s *Service) sessionOf(ctx context.Context, a *authority.Actor, next Next, err error) (*httpx.Answer[SessionView], error) {
	if err != nil {
		return nil, err
	}
	v := SessionView{Next: next, Grants: []GrantView{}, Permissions: []string{}, Scope: []string{}}
	if next == NextSecond {
		return httpx.NewAnswer(v), nil
	}
	account, err := findAccount(ctx, s.Log.DB, a.ID)
	if err != nil {
		return nil, errs.ErrUnauthenticated
	}
	v.Account.ID, v.Account.Login, v.Account.Name, v.Account.Language = account.ID, account.Login, account.Name, account.Language
	if ended, ok := s.Sessions.Pop(ctx, keyEnded).(int64); ok {
		v.Ended = int(ended)
	}
	v.Permissions = a.Permissions()
	for _, g := range a.Grants {
		v.Grants = append(v.Grants, s.grantView(&Grant{Role: g.Role, Area: g.Area, Body: g.Body}))
		v.Scope = append(v.Scope, g.Area)
	}
	if v.Scope = authority.Outermost(v.Scope); v.Scope == nil {
		v.Scope = []string{}
	}
	return httpx.NewAnswer(v), nil
}
