package factor

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"linli/internal/access"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/limit"
)

// A passkey signs in by itself: it is something that its owner has, and the device asks for a
// finger, a face or a number before it answers, so it is two factors at once.

const (
	keyCeremony  = "ceremony" // what a registration or an assertion must answer
	passkeysMost = 10         // of one account
)

var errPasskey = errs.New(errs.Unauthenticated, "access.passkey")

// party is this platform to a browser: its passkeys belong to the host by which it is reached.
// Errors: Conflict "access.passkey_host" for a host without a name, to which none can belong.
func (s *Service) party(ctx context.Context) (*webauthn.WebAuthn, error) {
	base := access.VisitOf(ctx).Base
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return nil, errPasskey
	}
	party, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: "Linli", RPOrigins: []string{base},
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired}})
	if err != nil {
		return nil, errs.New(errs.Conflict, "access.passkey_host").Because(err)
	}
	return party, nil
}

// holder is an account as the library sees it.
type holder struct {
	account     access.Account
	credentials []webauthn.Credential
}

func (h *holder) WebAuthnID() []byte                         { return []byte(h.account.ID) }
func (h *holder) WebAuthnName() string                       { return h.account.Login }
func (h *holder) WebAuthnDisplayName() string                { return h.account.Name }
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

// holder reads an account with its passkeys.
func (s *Service) holder(ctx context.Context, r db.Reader, account string) (*holder, error) {
	a, err := access.FindAccount(ctx, r, account)
	if err != nil {
		return nil, err
	}
	h := &holder{account: a}
	h.credentials, err = db.All(ctx, r, func(row db.Scanner) (c webauthn.Credential, err error) {
		var id, sealed string
		if err := row.Scan(&id, &sealed); err != nil {
			return c, err
		}
		raw, err := s.Access.Ring.Open(sealed, id)
		if err != nil {
			return c, err
		}
		return c, json.Unmarshal(raw, &c)
	}, `SELECT id, sealed FROM access_factor WHERE account_id = $1 AND kind = $2 ORDER BY id`, account, kindPasskey)
	return h, err
}

// keepCeremony remembers in the session what the browser was asked.
func (s *Service) keepCeremony(ctx context.Context, data *webauthn.SessionData) error {
	raw, err := json.Marshal(data)
	s.Access.Sessions.Put(ctx, keyCeremony, string(raw))
	return err
}

// takeCeremony gives it back, once.
func (s *Service) takeCeremony(ctx context.Context) (data webauthn.SessionData, err error) {
	raw := s.Access.Sessions.PopString(ctx, keyCeremony)
	if raw == "" || json.Unmarshal([]byte(raw), &data) != nil {
		return data, errPasskey
	}
	return data, nil
}

// OfferPasskey asks the browser of the signed-in account to make a passkey.
func (s *Service) OfferPasskey(ctx context.Context) (*protocol.CredentialCreation, error) {
	if err := s.Access.Fresh(ctx); err != nil {
		return nil, err
	}
	party, err := s.party(ctx)
	if err != nil {
		return nil, err
	}
	h, err := s.holder(ctx, s.Access.Log.DB, authority.From(ctx).ID)
	if err != nil {
		return nil, err
	}
	if len(h.credentials) >= passkeysMost {
		return nil, errs.New(errs.Conflict, "access.passkeys_most").With("most", passkeysMost)
	}
	offer, data, err := party.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.credentials).CredentialDescriptors()))
	if err != nil {
		return nil, err
	}
	return offer, s.keepCeremony(ctx, data)
}

// AddPasskey takes in the passkey that a browser made for the signed-in account. With the first
// factor of an account come recovery codes.
func (s *Service) AddPasskey(ctx context.Context, name string, answer []byte) ([]string, error) {
	refused := errs.ErrInvalid.At("credential", "access.passkey")
	party, err := s.party(ctx)
	if err != nil {
		return nil, err
	}
	data, err := s.takeCeremony(ctx)
	if err != nil {
		return nil, refused
	}
	account := authority.From(ctx).ID
	h, err := s.holder(ctx, s.Access.Log.DB, account)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return nil, refused.Because(err)
	}
	credential, err := party.CreateCredential(h, data, parsed)
	if err != nil {
		return nil, refused.Because(err)
	}
	if name = strings.TrimSpace(name); name == "" {
		name = "passkey"
	}
	raw, err := json.Marshal(credential)
	if err != nil {
		return nil, err
	}
	var fresh []string
	own := s.Access.Own(ctx)
	return fresh, s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := own(tx); err != nil {
			return err
		}
		f := Factor{ID: db.NewID(ctx), Kind: kindPasskey, Name: name}
		tx.Record(audit.Entry{Action: "access.factor.add", Area: s.Access.CityCode(), Subject: "access.account", SubjectID: account,
			Detail: map[string]any{"kind": kindPasskey}})
		if err := insertFactor(ctx, tx, account, f, handleOf(credential.ID), s.Access.Ring.Seal(raw, f.ID), 1); err != nil {
			return err
		}
		n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM access_recovery WHERE account_id = $1`, account)
		if err == nil && n == 0 {
			fresh, err = s.freshRecovery(ctx, tx, account)
		}
		return err
	})
}

func handleOf(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }

// AskPasskey asks any browser for a passkey of this platform; which account it is of, the
// passkey says.
func (s *Service) AskPasskey(ctx context.Context) (*protocol.CredentialAssertion, error) {
	if err := s.Access.Limits.Take(ctx, limit.SignInOffer, limit.Address(ctx)); err != nil {
		return nil, err
	}
	party, err := s.party(ctx)
	if err != nil {
		return nil, err
	}
	ask, data, err := party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, err
	}
	return ask, s.keepCeremony(ctx, data)
}

// SignInPasskey begins a session for the account whose passkey answered. A passkey whose counter
// went back may have been copied: it is refused and that is recorded.
func (s *Service) SignInPasskey(ctx context.Context, answer []byte) (actor *authority.Actor, next access.Next, err error) {
	err = s.Access.Limits.Guard(ctx, limit.SignIn, limit.Address(ctx), wrongKey, func() error {
		actor, next, err = s.signInPasskey(ctx, answer)
		return err
	})
	return actor, next, err
}

func wrongKey(err error) bool { return errs.Of(err).Key == errPasskey.Key }

func (s *Service) signInPasskey(ctx context.Context, answer []byte) (*authority.Actor, access.Next, error) {
	party, err := s.party(ctx)
	if err != nil {
		return nil, access.NextNothing, err
	}
	data, err := s.takeCeremony(ctx)
	if err != nil {
		return nil, access.NextNothing, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return nil, access.NextNothing, errPasskey.Because(err)
	}
	find := func(_, handle []byte) (webauthn.User, error) { return s.holder(ctx, s.Access.Log.DB, string(handle)) }
	user, credential, err := party.ValidatePasskeyLogin(find, data, parsed)
	if err != nil {
		return nil, access.NextNothing, errPasskey.Because(err)
	}
	account := user.(*holder).account
	if account.State != access.StateActive {
		return nil, access.NextNothing, errPasskey
	}
	if credential.Authenticator.CloneWarning {
		return nil, access.NextNothing, cmp.Or(s.noteCopy(ctx, account.ID), error(errPasskey))
	}
	if err := s.usePasskey(ctx, account.ID, credential); err != nil {
		return nil, access.NextNothing, err
	}
	return s.Access.Enter(ctx, access.Proven{ID: account.ID, Epoch: account.Epoch}, access.WayPasskey)
}

// noteCopy records a passkey whose counter went back, and raises the alarm.
func (s *Service) noteCopy(ctx context.Context, account string) error {
	return s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the passkey decides it
		tx.Record(audit.Entry{Action: "access.sign_in_failed", Area: s.Access.CityCode(), Subject: "access.account", SubjectID: account,
			Detail: map[string]any{"way": access.WayPasskey, "account": s.Access.NameOf(ctx, tx, account)}})
		return s.Access.Alarms.Raise(ctx, tx, access.AlarmCopy, account)
	})
}

// usePasskey keeps the passkey's new counter.
func (s *Service) usePasskey(ctx context.Context, account string, c *webauthn.Credential) error {
	raw, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return s.Access.Log.Do(s.Access.Signing(ctx, account), func(tx *audit.Tx) error {
		tx.Judged() // the passkey decides it
		id, err := db.Value[string](ctx, tx, `SELECT id FROM access_factor WHERE handle = $1 AND account_id = $2`, handleOf(c.ID), account)
		if err != nil {
			return errPasskey.Because(err)
		}
		tx.Record(audit.Entry{Action: "access.factor.use", Area: s.Access.CityCode(), Subject: "access.account", SubjectID: account,
			Detail: map[string]any{"kind": kindPasskey}})
		_, err = tx.Exec(ctx, `UPDATE access_factor SET sealed = $1, used_at = $2 WHERE id = $3`, s.Access.Ring.Seal(raw, id),
			clock.Millis(tx.Now), id)
		return err
	})
}
