package resident

import (
	"cmp"
	"context"
	"encoding/hex"
	"time"

	"linli/internal/access"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
	"linli/internal/platform/limit"
	"linli/internal/platform/notify"
	"linli/internal/platform/seal"
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
//   - a number with which no case was opened is sent nothing, and the answer does not tell; unless a
//     page asks for any number, for a consent: the same bounds by number, address and city hold.

// SendCode sends a code to a telephone number, unless one that was sent still lives. Code and message
// are kept in one write. For a number with which no case was opened the same is done, and nothing sent
// unless anyone may be sent one.
// Word makes the message. Errors: Invalid for what is no mobile number; TooMany for a hasty address.
func (s *Service) SendCode(ctx context.Context, phone string, anyone bool, word func(code string) string) error {
	p, err := idcode.ParsePhone(phone)
	if err != nil || p.Kind != idcode.Mobile {
		return errs.ErrInvalid.At("phone", "field.phone")
	}
	known, err := s.Follow.HasPhone(ctx, p.Number)
	if err != nil {
		return err
	}
	if err := s.Access.Limits.Check(ctx, limit.CodeAll, limit.Everybody); err != nil { // alike for known and unknown numbers
		return err
	}
	code := seal.Digits(access.CodeDigits)
	return s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // anybody may ask
		if err := s.Access.Limits.TakeIn(ctx, tx.Tx, limit.CodeAsk, limit.Address(ctx)); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: "access.code.ask", Area: s.Access.CityCode(), Subject: "access.code"})
		until, err := s.keepCode(ctx, tx, p.Number, code)
		if err != nil || until.IsZero() || !known && !anyone {
			return err
		}
		return s.Notify.Add(ctx, tx, notify.Message{To: p.Number, Purpose: "access.code", Text: word(code), Until: until, Code: true})
	})
}

// keepCode keeps a fresh code where none lives, and tells until when it does; zero when it kept none.
// Whether one lives is judged by the statement that writes, so that of two who ask at the same time
// one is sent a code.
func (s *Service) keepCode(ctx context.Context, tx *audit.Tx, phone, code string) (time.Time, error) {
	day, most, now := clock.Day(tx.Now), s.Access.Number(ctx, access.RuleCodeSends), clock.Millis(tx.Now)
	until := clock.Millis(tx.Now.Add(time.Duration(s.Access.Number(ctx, access.RuleCodeMinutes)) * time.Minute))
	first := until
	if most <= 1 {
		first = clock.Millis(clock.Midnight(tx.Now))
	}
	var expires int64
	err := tx.QueryRow(ctx, `INSERT INTO access_code (phone_index, code_hash, sent_on, sends, expires_at) VALUES ($1,$2,$3,1,$4)
		ON CONFLICT (phone_index) DO UPDATE SET code_hash = excluded.code_hash, sent_on = excluded.sent_on,
			sends = CASE WHEN access_code.sent_on = excluded.sent_on THEN access_code.sends + 1 ELSE 1 END,
			expires_at = CASE WHEN access_code.sent_on = excluded.sent_on AND access_code.sends + 1 >= $5 THEN $6 ELSE excluded.expires_at END
		WHERE access_code.expires_at <= $7 AND (access_code.sent_on <> excluded.sent_on OR access_code.sends < $8)
		RETURNING expires_at`,
		s.codeIndex(phone), s.codeHash(phone, code), day, first, most, clock.Millis(clock.Midnight(tx.Now)), now, most).Scan(&expires)
	if db.IsNone(err) {
		return time.Time{}, nil
	}
	return clock.Instant(expires), err
}

// TakeCode accepts the code that lives for a number, once, by the statement that removes it, and tells
// the number. Errors: Invalid
// for any other; TooMany for an address that tries too often.
func (s *Service) TakeCode(ctx context.Context, phone, code string) (string, error) {
	p, err := idcode.ParsePhone(phone)
	if err != nil {
		return "", access.ErrResidentCode
	}
	shown := s.codeHash(p.Number, fold.Digits(code))
	var refusal error
	err = s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the code decides it
		refusal = nil
		if err := s.Access.Limits.TakeIn(ctx, tx.Tx, limit.ResidentCode, limit.Address(ctx)); err != nil {
			return err // counted before it is looked at: of many at once no more are
		}
		n, err := tx.Exec(ctx, `DELETE FROM access_code WHERE phone_index = $1 AND code_hash = $2 AND expires_at > $3`,
			s.codeIndex(p.Number), shown, clock.Millis(tx.Now))
		if err != nil {
			return err
		}
		if n == 0 {
			refusal = access.ErrResidentCode
			tx.Record(audit.Entry{Action: "access.resident.sign_in_failed", Area: s.Access.CityCode(), Subject: "access.code"})
			return nil
		}
		tx.Record(audit.Entry{Action: "access.resident.sign_in", Area: s.Access.CityCode(), Subject: "access.code"})
		for _, b := range []limit.Budget{limit.ResidentCode, limit.CodeAsk} {
			if err := s.Access.Limits.GiveBackIn(ctx, tx.Tx, b, limit.Address(ctx)); err != nil {
				return err
			}
		}
		return nil
	})
	return p.Number, cmp.Or(err, refusal)
}

func (s *Service) codeIndex(phone string) string { return s.Access.Ring.Index("sign-in phone", phone) }

func (s *Service) codeHash(phone, code string) string {
	return hex.EncodeToString(s.Access.Ring.Digest("sign-in code", phone+" "+code))
}

// forgetCodes drops those of days gone by.
func (s *Service) forgetCodes(ctx context.Context) error {
	return s.Access.Log.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM access_code WHERE sent_on < $1 AND expires_at < $2`, access.Today(ctx), clock.Millis(clock.Now(ctx)))
		return err
	})
}
