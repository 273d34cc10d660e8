package factor

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"

	"linli/internal/access"
	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
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

func (s *Service) routes(api *httpx.API) {
	public := func(method, path, summary string) httpx.Route {
		return httpx.Route{Method: method, Path: path, Permission: authority.Public, Summary: summary}
	}
	mine := func(method, path, summary string, status int) httpx.Route {
		return httpx.Route{Method: method, Path: path, Permission: authority.SignedIn, Summary: summary, Status: status}
	}
	httpx.Handle(api, public(http.MethodPost, "/session/second", "Show the second factor, or a recovery code"),
		func(ctx context.Context, in *codeInput) (*httpx.Answer[access.SessionView], error) {
			a, next, err := s.Second(ctx, in.Body.Code)
			return s.Access.SessionOf(ctx, a, next, err)
		})
	httpx.Handle(api, public(http.MethodPost, "/session/passkey/ask", "What the browser must ask a passkey"),
		func(ctx context.Context, _ *struct{}) (*httpx.Answer[*protocol.CredentialAssertion], error) {
			ask, err := s.AskPasskey(ctx)
			return httpx.NewAnswer(ask), err
		})
	httpx.Handle(api, public(http.MethodPost, "/session/passkey", "Sign in by a passkey"),
		func(ctx context.Context, in *credentialInput) (*httpx.Answer[access.SessionView], error) {
			a, next, err := s.SignInPasskey(ctx, in.raw())
			return s.Access.SessionOf(ctx, a, next, err)
		})
	httpx.HandleDone(api, httpx.Route{Method: http.MethodDelete, Path: "/access/accounts/{id}/factors", Permission: permFactor,
		Summary: "Take all second factors and passkeys of an account away"}, s.ResetFactors)
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
			access.SessionPath
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
