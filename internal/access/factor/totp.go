package factor

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"image/png"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"linli/internal/access"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/limit"
	"linli/internal/platform/reseal"
)

// Kinds of second factor.
const (
	kindTOTP    = "totp" // RFC 6238: six digits, thirty seconds
	kindPasskey = "passkey"
)

const (
	totpPeriod    = 30
	recoveryCodes = 10
)

var errCode = errs.New(errs.Unauthenticated, "access.code_wrong")

// Factor is a proof beside the password, as its owner sees it.
type Factor struct {
	ID      string `json:"id"`
	Kind    string `json:"kind" enum:"totp,passkey"`
	Name    string `json:"name"`
	Created int64  `json:"created"`
	Used    int64  `json:"used" doc:"0 when it was not used yet"`
}

// Offered is a secret that an authenticator app must take in before it counts.
type Offered struct {
	ID     string `json:"id"`
	Secret string `json:"secret" doc:"To type by hand"`
	URI    string `json:"uri" doc:"otpauth:// address"`
	Image  string `json:"image" doc:"The address as a QR code, data: PNG"`
}

// ListFactors lists the confirmed factors of an account.
func (s *Service) ListFactors(ctx context.Context, account string) ([]Factor, error) {
	return db.All(ctx, s.Access.Log.DB, func(row db.Scanner) (f Factor, err error) {
		err = row.Scan(&f.ID, &f.Kind, &f.Name, &f.Created, &f.Used)
		return f, err
	}, `SELECT id, kind, name, created_at, used_at FROM access_factor WHERE account_id = $1 AND confirmed = 1 ORDER BY created_at, id`,
		account)
}

// RecoveryLeft tells how many recovery codes an account has not used.
func (s *Service) RecoveryLeft(ctx context.Context, account string) (int, error) {
	return db.Value[int](ctx, s.Access.Log.DB, `SELECT COUNT(*) FROM access_recovery WHERE account_id = $1`, account)
}

// OfferTOTP makes a secret for the signed-in account. It counts once ConfirmTOTP has seen a
// code of it; an earlier offer is forgotten. Errors: Conflict when one is in use
// already, or when the session is not fresh.
func (s *Service) OfferTOTP(ctx context.Context) (Offered, error) {
	if err := s.Access.Fresh(ctx); err != nil {
		return Offered{}, err
	}
	a, err := access.FindAccount(ctx, s.Access.Log.DB, authority.From(ctx).ID)
	if err != nil {
		return Offered{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Linli", AccountName: a.Login, Period: totpPeriod, SecretSize: 20})
	if err != nil {
		return Offered{}, err
	}
	picture, err := key.Image(220, 220)
	if err != nil {
		return Offered{}, err
	}
	var raw bytes.Buffer
	if err := png.Encode(&raw, picture); err != nil {
		return Offered{}, err
	}
	o := Offered{ID: db.NewID(ctx), Secret: key.Secret(), URI: key.URL(), Image: "data:image/png;base64," +
		base64.StdEncoding.EncodeToString(raw.Bytes())}
	own := s.Access.Own(ctx)
	return o, s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := own(tx); err != nil {
			return err
		}
		n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM access_factor WHERE account_id = $1 AND kind = $2 AND confirmed = 1`,
			a.ID, kindTOTP)
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, "access.factor_there")
		}
		if _, err := tx.Exec(ctx, `DELETE FROM access_factor WHERE account_id = $1 AND kind = $2`, a.ID, kindTOTP); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: "access.factor.offer", Area: s.Access.CityCode(), Subject: "access.account", SubjectID: a.ID})
		return insertFactor(ctx, tx, a.ID, Factor{ID: o.ID, Kind: kindTOTP, Name: "TOTP"}, o.ID,
			s.Access.Ring.Seal([]byte(key.Secret()), o.ID), 0)
	})
}

// Reseal is the job that seals second factors with the current key after the keys were rotated.
func (s *Service) Reseal(ctx context.Context) error {
	_, err := reseal.All(ctx, s.Access.Log, s.Access.Ring, reseal.Table{Name: "access_factor",
		Action: "access.factor.reseal", Area: s.Access.CityCode()})
	return err
}

func insertFactor(ctx context.Context, tx *audit.Tx, account string, f Factor, handle, sealed string, confirmed int) error {
	_, err := tx.Exec(ctx, `INSERT INTO access_factor (id, account_id, kind, name, handle, sealed, confirmed, last_step, created_at, used_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,0,$8,0)`, f.ID, account, f.Kind, f.Name, handle, sealed, confirmed, clock.Millis(tx.Now))
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, "access.factor_there")
	}
	return err
}

// ConfirmTOTP takes the first code of an offered secret, and answers with fresh recovery codes.
func (s *Service) ConfirmTOTP(ctx context.Context, code string) ([]string, error) {
	account := authority.From(ctx).ID
	var fresh []string
	err := s.Access.Limits.Guard(ctx, limit.Factor, account, wrongFactor, func() (err error) {
		fresh, err = s.confirmTOTP(ctx, account, code)
		return err
	})
	if wrongFactor(err) {
		return nil, errs.ErrInvalid.At("code", "access.code_wrong")
	}
	return fresh, err
}

func wrongFactor(err error) bool { return errs.Of(err).Key == errCode.Key }

func (s *Service) confirmTOTP(ctx context.Context, account, code string) ([]string, error) {
	var fresh []string
	own := s.Access.Own(ctx)
	err := s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := own(tx); err != nil {
			return err
		}
		if err := s.takeTOTP(ctx, tx, account, code, 0); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE access_factor SET confirmed = 1 WHERE account_id = $1 AND kind = $2`, account, kindTOTP); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: "access.factor.add", Area: s.Access.CityCode(), Subject: "access.account", SubjectID: account,
			Detail: map[string]any{"kind": kindTOTP}})
		var err error
		fresh, err = s.freshRecovery(ctx, tx, account)
		return err
	})
	return fresh, err
}

// takeTOTP accepts a code of the account's secret, confirmed or not. Each code is taken once,
// by whichever request comes first.
func (s *Service) takeTOTP(ctx context.Context, tx *audit.Tx, account, code string, confirmed int) error {
	var id, sealed string
	err := tx.QueryRow(ctx, `SELECT id, sealed FROM access_factor WHERE account_id = $1 AND kind = $2 AND confirmed = $3`,
		account, kindTOTP, confirmed).Scan(&id, &sealed)
	if db.IsNone(err) {
		return errCode
	}
	if err != nil {
		return err
	}
	secret, err := s.Access.Ring.Open(sealed, id)
	if err != nil {
		return err
	}
	step, ok := matching(string(secret), code, tx.Now)
	if !ok {
		return errCode
	}
	n, err := tx.Exec(ctx, `UPDATE access_factor SET last_step = $1, used_at = $2 WHERE id = $3 AND last_step < $4`,
		step, clock.Millis(tx.Now), id, step)
	if err == nil && n == 0 {
		return errCode // seen before
	}
	return err
}

// matching is the step of time whose code this is: now's, or one beside it.
func matching(secret, code string, now time.Time) (int64, bool) {
	code = fold.Digits(code)
	for _, beside := range []int64{0, -1, 1} {
		at := now.Add(time.Duration(beside) * totpPeriod * time.Second)
		want, err := totp.GenerateCodeCustom(secret, at, totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return at.Unix() / totpPeriod, true
		}
	}
	return 0, false
}

// Second takes a code of the app, or a recovery code, from whoever has shown the password, and
// begins the session. Wrong codes count as wrong passwords do.
func (s *Service) Second(ctx context.Context, code string) (*authority.Actor, access.Next, error) {
	account, way := s.Access.Sessions.GetString(ctx, access.KeyPending), s.Access.Sessions.GetString(ctx, access.KeyWay)
	if account == "" {
		return nil, access.NextNothing, errs.ErrUnauthenticated
	}
	who := access.Proven{ID: account, Epoch: s.Access.Sessions.GetInt64(ctx, access.KeyEpoch)}
	a, err := access.FindAccount(ctx, s.Access.Log.DB, account)
	if err != nil || a.State != access.StateActive || a.Epoch != who.Epoch {
		return nil, access.NextNothing, cmp.Or(err, error(errs.ErrUnauthenticated))
	}
	t, err := s.Access.TriesOf(ctx, s.Access.Log.DB, access.FailSecond, a.Login, account)
	if err != nil {
		return nil, access.NextNothing, err
	}
	right := false
	err = s.Access.Log.Do(s.Access.Signing(ctx, account), func(tx *audit.Tx) error {
		tx.Judged() // the code decides it
		refused, reached, err := s.Access.Attempt(ctx, tx.Tx, tx.Now, t)
		if err != nil {
			return err
		}
		if right, err = s.takeSecond(ctx, tx, account, code, refused); err != nil {
			return err
		}
		if !right {
			tx.Actor = authority.From(ctx) // who has not shown who they are
			return s.Access.NoteFailure(ctx, tx, account, access.WayFactor, refused, reached)
		}
		tx.Record(audit.Entry{Action: "access.second", Area: s.Access.CityCode(), Subject: "access.account", SubjectID: account})
		return s.Access.Succeed(ctx, tx.Tx, tx.Now, t)
	})
	if err != nil || !right {
		return nil, access.NextNothing, cmp.Or(err, error(errCode.By(access.RuleFailures)))
	}
	if way != access.WayIdentity {
		way = access.WayFactor
	}
	return s.Access.Enter(ctx, who, way)
}

// takeSecond takes a code of the app or a recovery code, unless the try is refused whatever it shows.
func (s *Service) takeSecond(ctx context.Context, tx *audit.Tx, account, code string, refused bool) (bool, error) {
	if refused {
		return false, nil
	}
	err := s.takeTOTP(ctx, tx, account, code, 1)
	if errs.Of(err).Key != errCode.Key {
		return err == nil, err
	}
	n, err := tx.Exec(ctx, `DELETE FROM access_recovery WHERE account_id = $1 AND code_hash = $2`, account, s.recoveryHash(account, code))
	return n > 0, err
}

// freshRecovery replaces the recovery codes of an account: ten of fifty random bits each, of
// which only keyed hashes are kept.
func (s *Service) freshRecovery(ctx context.Context, tx *audit.Tx, account string) ([]string, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM access_recovery WHERE account_id = $1`, account); err != nil {
		return nil, err
	}
	out := make([]string, recoveryCodes)
	for i := range out {
		raw := make([]byte, 10)
		_, _ = rand.Read(raw)
		text := base32.StdEncoding.EncodeToString(raw)
		out[i] = text[:5] + "-" + text[5:10]
		if _, err := tx.Exec(ctx, `INSERT INTO access_recovery (account_id, code_hash) VALUES ($1,$2)`, account,
			s.recoveryHash(account, out[i])); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Service) recoveryHash(account, code string) string {
	clean := strings.ToUpper(fold.Digits(code))
	return hex.EncodeToString(s.Access.Ring.Digest("recovery code", account+" "+clean))
}

// RenewRecovery makes new recovery codes, after the password is shown again.
func (s *Service) RenewRecovery(ctx context.Context, password string) ([]string, error) {
	var fresh []string
	err := s.again(ctx, password, "access.recovery.renew", func(tx *audit.Tx, account string) (err error) {
		fresh, err = s.freshRecovery(ctx, tx, account)
		return err
	})
	return fresh, err
}

// RemoveFactor takes one of one's own factors away, after the password is shown again.
func (s *Service) RemoveFactor(ctx context.Context, id, password string) error {
	return s.again(ctx, password, "access.factor.remove", func(tx *audit.Tx, account string) error {
		n, err := tx.Exec(ctx, `DELETE FROM access_factor WHERE id = $1 AND account_id = $2`, id, account)
		if err == nil && n == 0 {
			return errs.ErrNotFound
		}
		return err
	})
}

// again does what needs the password to be shown once more within a session.
func (s *Service) again(ctx context.Context, password, action string, do func(*audit.Tx, string) error) error {
	a, err := access.FindAccount(ctx, s.Access.Log.DB, authority.From(ctx).ID)
	if err != nil {
		return err
	}
	if _, err := s.Access.Verify(ctx, a.Login, password); errs.Of(err).Key == access.ErrSignIn.Key {
		return errs.ErrInvalid.At("password", "access.password_wrong")
	} else if err != nil {
		return err
	}
	own := s.Access.Own(ctx)
	return s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := own(tx); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: action, Area: s.Access.CityCode(), Subject: "access.account", SubjectID: a.ID})
		return do(tx, a.ID)
	})
}
