package identity

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"linli/internal/access"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/limit"
)

// Identity is a city's own identity system, by OpenID Connect. It says who somebody is; what they
// may do stays with their account here. An account is found by its login the first time, and is
// from then on that person's alone: another person who comes under the same login is refused.
type Identity struct {
	Issuer string // https://…, as the provider names itself
	Client string // id of this platform at the provider
	Secret string
	Name   string // on the button, e.g. 市统一身份认证
	Claim  string // that holds the login; preferred_username when ""

	mu       sync.Mutex
	provider *oidc.Provider
}

const (
	keyState    = "state"
	keyNonce    = "nonce"
	keyVerifier = "verifier"

	identityBack  = "/api/v1/session/identity/back"
	identityWaits = 10 * time.Second // for the provider
	consoleDoor   = "/console/sign-in"
)

var (
	errIdentity        = errs.New(errs.Unauthenticated, "access.identity")
	errIdentityUnknown = errs.New(errs.Unauthenticated, "access.identity_unknown")
)

// discover asks the provider for its addresses, once it answers.
func (i *Identity) discover(ctx context.Context) (*oidc.Provider, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.provider != nil {
		return i.provider, nil
	}
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), identityWaits)
	defer cancel()
	p, err := oidc.NewProvider(asking, i.Issuer)
	if err != nil {
		return nil, errs.New(errs.Unavailable, "access.identity_away").Because(err)
	}
	i.provider = p
	return p, nil
}

func (i *Identity) client(p *oidc.Provider, base string) *oauth2.Config {
	return &oauth2.Config{ClientID: i.Client, ClientSecret: i.Secret, Endpoint: p.Endpoint(), RedirectURL: base + identityBack,
		Scopes: []string{oidc.ScopeOpenID, "profile"}}
}

// GoToIdentity tells where the browser goes to sign in. Errors: NotFound without an identity
// system; Unavailable when it does not answer.
func (s *Service) GoToIdentity(ctx context.Context) (string, error) {
	i := s.Identity
	if i == nil {
		return "", errs.ErrNotFound
	}
	if err := s.Access.Limits.Take(ctx, limit.SignInOffer, limit.Address(ctx)); err != nil {
		return "", err
	}
	p, err := i.discover(ctx)
	if err != nil {
		return "", err
	}
	state, nonce, verifier := access.NewToken(), access.NewToken(), oauth2.GenerateVerifier()
	s.Access.Sessions.Put(ctx, keyState, state)
	s.Access.Sessions.Put(ctx, keyNonce, nonce)
	s.Access.Sessions.Put(ctx, keyVerifier, verifier)
	return i.client(p, access.VisitOf(ctx).Base).AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil
}

// BackFromIdentity takes the provider's answer and begins the session.
func (s *Service) BackFromIdentity(ctx context.Context, state, code string) (access.Next, error) {
	i := s.Identity
	if i == nil {
		return access.NextNothing, errs.ErrNotFound
	}
	kept := s.Access.Sessions
	want, nonce, verifier := kept.PopString(ctx, keyState), kept.PopString(ctx, keyNonce), kept.PopString(ctx, keyVerifier)
	if want == "" || code == "" || subtle.ConstantTimeCompare([]byte(want), []byte(state)) != 1 {
		return access.NextNothing, errIdentity
	}
	p, err := i.discover(ctx)
	if err != nil {
		return access.NextNothing, err
	}
	asking, cancel := context.WithTimeout(ctx, identityWaits)
	defer cancel()
	subject, login, err := i.redeem(asking, p, access.VisitOf(ctx).Base, code, verifier, nonce)
	if err != nil {
		return access.NextNothing, errIdentity.Because(err)
	}
	who, err := s.identified(ctx, subject, login)
	if err != nil {
		return access.NextNothing, err
	}
	_, next, err := s.Access.Admit(ctx, who, access.WayIdentity)
	return next, err
}

// redeem exchanges the code and reads who came out of the signed token, and where it does not say
// the login out of what the provider tells besides of the same person.
func (i *Identity) redeem(ctx context.Context, p *oidc.Provider, base, code, verifier, nonce string) (subject, login string, err error) {
	token, err := i.client(p, base).Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return "", "", err
	}
	raw, _ := token.Extra("id_token").(string)
	proof, err := p.VerifierContext(ctx, &oidc.Config{ClientID: i.Client}).Verify(ctx, raw)
	if err != nil {
		return "", "", err
	}
	if subtle.ConstantTimeCompare([]byte(proof.Nonce), []byte(nonce)) != 1 {
		return "", "", errIdentity
	}
	name := i.Claim
	if name == "" {
		name = "preferred_username"
	}
	claims := map[string]any{}
	if err := proof.Claims(&claims); err != nil {
		return "", "", err
	}
	if _, told := claims[name]; !told {
		info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			return "", "", err
		}
		if info.Subject != proof.Subject {
			return "", "", errIdentity
		}
		if err := info.Claims(&claims); err != nil {
			return "", "", err
		}
	}
	login, _ = claims[name].(string)
	return proof.Subject, access.TrimLogin(login), nil
}

// identified is the active account of a person of the identity system.
func (s *Service) identified(ctx context.Context, subject, login string) (who access.Proven, err error) {
	return who, s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the provider's signature decides it
		var state string
		err := tx.QueryRow(ctx, `SELECT a.id, a.epoch, a.state FROM access_identity i JOIN access_account a ON a.id = i.account_id
			WHERE i.issuer = $1 AND i.subject = $2`,
			s.Identity.Issuer, subject).Scan(&who.ID, &who.Epoch, &state)
		first := db.IsNone(err)
		if first {
			err = tx.QueryRow(ctx, `SELECT id, epoch, state FROM access_account WHERE login = $1`, login).Scan(&who.ID, &who.Epoch, &state)
		}
		if db.IsNone(err) || err == nil && state != access.StateActive {
			return errIdentityUnknown
		}
		if err != nil {
			return err
		}
		action := "access.identity.show"
		if first {
			action = "access.identity.bind"
			_, err = tx.Exec(ctx, `INSERT INTO access_identity (issuer, subject, account_id) VALUES ($1,$2,$3)`, s.Identity.Issuer, subject, who.ID)
			if db.IsUnique(err) {
				return errIdentityUnknown // the account is somebody else's there
			}
		}
		tx.Record(audit.Entry{Action: action, Area: s.Access.CityCode(), Subject: "access.account", SubjectID: who.ID})
		return err
	})
}

// goTo sends the browser on.
type goTo struct {
	Status   int
	Location string `header:"Location"`
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/session/identity", Permission: authority.Public,
		Summary: "Go to the city's own identity system to sign in", Status: http.StatusFound},
		func(ctx context.Context, _ *struct{}) (*goTo, error) {
			there, err := s.GoToIdentity(ctx)
			return &goTo{http.StatusFound, there}, err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/session/identity/back", Permission: authority.Public,
		Summary: "Come back from the city's own identity system", Status: http.StatusFound},
		func(ctx context.Context, in *struct {
			State string `query:"state" maxLength:"200"`
			Code  string `query:"code" maxLength:"2000"`
		}) (*goTo, error) {
			next, err := s.BackFromIdentity(ctx, in.State, in.Code)
			e := errs.Of(err)
			switch {
			case err == nil && next == access.NextSecond:
				return &goTo{http.StatusFound, consoleDoor + "?step=second"}, nil
			case err == nil:
				return &goTo{http.StatusFound, "/console/"}, nil
			case e.Kind == errs.Internal || e.Kind == errs.NotFound:
				return nil, err
			}
			return &goTo{http.StatusFound, consoleDoor + "?" + url.Values{"problem": {e.Key}}.Encode()}, nil
		})
}
