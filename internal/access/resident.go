package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/idcode"
	"linli/internal/platform/limit"
	"linli/internal/platform/notify"
)

// A resident signs in by a code that is sent to their telephone. What a stranger does with the
// number must neither keep its owner out nor fill its owner's inbox, so:
//
//   - one code is live at a time, and while it is, asking again sends nothing: the owner, too,
//     may use the one that came when a stranger asked;
//   - a number is sent a few codes a day, and the last of them lives until midnight, so that the
//     day cannot be used up before the owner comes;
//   - signing in ends the code and starts the count anew;
//   - tries are counted by network address and never by number, so wrong ones do not hurt the
//     owner; a code of eight digits stands that;
//   - a number with which no case was opened is sent nothing, and the answer does not tell.

const codeDigits = 8

var errResidentCode = errs.ErrInvalid.At("code", "access.code_resident")

// SendCode sends a code to a telephone number, unless one that was sent still lives. Word makes
// the message. Errors: Invalid for what is no mobile number; TooMany for a hasty address.
func (s *Service) SendCode(ctx context.Context, phone string, word func(code string) string) error {
	p, err := idcode.ParsePhone(phone)
	if err != nil || p.Kind != idcode.Mobile {
		return errs.ErrInvalid.At("phone", "field.phone")
	}
	if err := s.Limits.Take(ctx, limit.CodeAsk, limit.Address(ctx)); err != nil {
		return err
	}
	if known, err := s.Casework.HasPhone(ctx, p.Number); err != nil || !known {
		return err
	}
	code, until := newCode(), time.Time{}
	err = s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // anybody may ask
		tx.Record(audit.Entry{Action: "access.code.ask", Area: s.cityCode(), Subject: "access.code"})
		until, err = s.keepCode(ctx, tx, p.Number, code)
		return err
	})
	if err != nil || until.IsZero() {
		return err
	}
	if err := s.Notify.Send(ctx, notify.Message{To: p.Number, Purpose: "access.code", Text: word(code), Until: until}); err != nil {
		return errs.New(errs.Unavailable, "access.code_unsent").Because(err)
	}
	return nil
}

// keepCode keeps a fresh code where none lives, and tells until when it does; zero when it kept none.
func (s *Service) keepCode(ctx context.Context, tx *audit.Tx, phone, code string) (time.Time, error) {
	index, day := s.codeIndex(phone), clock.Day(tx.Now)
	var on string
	var sends int
	var expires int64
	err := tx.QueryRow(ctx, `SELECT sent_on, sends, expires_at FROM access_code WHERE phone_index = $1`, index).Scan(&on, &sends, &expires)
	if err != nil && !db.IsNone(err) {
		return time.Time{}, err
	}
	if expires > clock.Millis(tx.Now) {
		return time.Time{}, nil
	}
	if on != day {
		sends = 0
	}
	most := s.number(ctx, ruleCodeSends)
	if sends >= most {
		return time.Time{}, nil
	}
	until := tx.Now.Add(time.Duration(s.number(ctx, ruleCodeMinutes)) * time.Minute)
	if sends+1 == most {
		until = midnight(tx.Now)
	}
	_, err = tx.Exec(ctx, `INSERT INTO access_code (phone_index, code_hash, sent_on, sends, expires_at) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (phone_index) DO UPDATE SET code_hash = excluded.code_hash, sent_on = excluded.sent_on, sends = excluded.sends, expires_at = excluded.expires_at`,
		index, s.codeHash(phone, code), day, sends+1, clock.Millis(until))
	return until, err
}

func midnight(now time.Time) time.Time {
	y, m, d := now.In(clock.City).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, clock.City)
}

// TakeCode accepts the code that lives for a number, once, and tells the number. Errors: Invalid
// for any other; TooMany for an address that tries too often.
func (s *Service) TakeCode(ctx context.Context, phone, code string) (string, error) {
	p, err := idcode.ParsePhone(phone)
	if err != nil {
		return "", errResidentCode
	}
	err = s.Limits.Guard(ctx, limit.ResidentCode, limit.Address(ctx), wrongCode, func() error { return s.takeCode(ctx, p.Number, code) })
	return p.Number, err
}

func wrongCode(err error) bool { return errs.Of(err).Kind == errs.Invalid }

func (s *Service) takeCode(ctx context.Context, phone, code string) error {
	shown := s.codeHash(phone, strings.ReplaceAll(strings.TrimSpace(code), " ", ""))
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the code decides it
		kept, err := db.Value[string](ctx, tx, `SELECT code_hash FROM access_code WHERE phone_index = $1 AND expires_at > $2`, s.codeIndex(phone), clock.Millis(tx.Now))
		if db.IsNone(err) || err == nil && subtle.ConstantTimeCompare([]byte(kept), []byte(shown)) != 1 {
			return errResidentCode
		}
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: "access.resident.sign_in", Area: s.cityCode(), Subject: "access.code"})
		if _, err = tx.Exec(ctx, `DELETE FROM access_code WHERE phone_index = $1`, s.codeIndex(phone)); err != nil {
			return err
		}
		return s.Limits.GiveBackIn(ctx, tx.Tx, limit.CodeAsk, limit.Address(ctx))
	})
}

func newCode() string {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(codeDigits), nil)
	n, err := rand.Int(rand.Reader, most)
	if err != nil {
		panic(err) // the machine has no randomness
	}
	return fmt.Sprintf("%0*d", codeDigits, n)
}

func (s *Service) codeIndex(phone string) string { return s.Ring.Index("sign-in phone", phone) }

func (s *Service) codeHash(phone, code string) string {
	return hex.EncodeToString(s.Ring.Digest("sign-in code", phone+" "+code))
}

// forgetCodes drops those of days gone by.
func (s *Service) forgetCodes(ctx context.Context) error {
	return s.Log.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM access_code WHERE sent_on < $1 AND expires_at < $2`, today(ctx), clock.Millis(clock.Now(ctx)))
		return err
	})
}
