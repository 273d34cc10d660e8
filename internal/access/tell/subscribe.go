package tell

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"time"

	"linli/internal/access"
	"linli/internal/casework/alert"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
	"linli/internal/platform/limit"
	"linli/internal/platform/notify"
	"linli/internal/platform/reseal"
	"linli/internal/platform/seal"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Whoever works with the platform may be told of their alerts outside it: by a channel that the city
// offers, at a number or address that is theirs, as a code shows that was sent there. Nobody is,
// unless they ask for it.

// Tell is how the alerts of an account leave by one channel.
type Tell struct {
	Channel   notify.Channel `json:"channel" enum:"sms,wecom,mail"`
	Offered   bool           `json:"offered" doc:"The city has connected it"`
	To        string         `json:"to" doc:"Number or address, masked; empty where none was given"`
	On        bool           `json:"on"`
	Since     int64          `json:"since,omitempty" doc:"When the number was confirmed"`
	CodeUntil int64          `json:"codeUntil,omitempty" doc:"Until when the code that was sent counts; 0 when none is awaited"`
}

// TellView is what an account has chosen and what it was told.
type TellView struct {
	Channels []Tell        `json:"channels"`
	Messages []notify.Told `json:"messages" doc:"The latest, newest first"`
}

const tellShown = 10 // of the messages to an account

type tellRow struct {
	Tell
	id, account, sealed, hash, day string
	lang                           text.Lang
	sends                          int
}

const selectTell = `SELECT id, account_id, channel, sealed, masked, lang, code_hash, code_until, sent_on, sends,
	confirmed_at FROM access_tell`

func scanTell(s db.Scanner) (r tellRow, err error) {
	err = s.Scan(&r.id, &r.account, &r.Channel, &r.sealed, &r.To, &r.lang, &r.hash, &r.CodeUntil, &r.day, &r.sends, &r.Since)
	r.On = r.Since > 0
	return r, err
}

// Tells is how the signed-in account is told of its alerts.
func (s *Service) Tells(ctx context.Context) (TellView, error) {
	account, now := authority.From(ctx).ID, clock.Millis(clock.Now(ctx))
	rows, err := db.All(ctx, s.Access.Log.DB, scanTell, selectTell+` WHERE account_id = $1`, account)
	if err != nil {
		return TellView{}, err
	}
	v := TellView{Channels: []Tell{}}
	offered := s.Outbox.Offered()
	for _, c := range notify.Channels {
		t := Tell{Channel: c}
		if at := slices.IndexFunc(rows, func(r tellRow) bool { return r.Channel == c && r.sealed != "" }); at >= 0 {
			t = rows[at].Tell
		}
		if t.CodeUntil <= now {
			t.CodeUntil = 0
		}
		if t.Offered = slices.Contains(offered, c); t.Offered || t.On {
			v.Channels = append(v.Channels, t)
		}
	}
	v.Messages, err = s.Outbox.Latest(ctx, s.Access.Log.DB, account, tellShown)
	return v, err
}

// AskTell sends a code to a number or mail address, to show that it is the account's. Errors:
// Invalid for what no message can reach and for a channel that the city does not offer; Conflict
// "access.tell_there" while alerts are told by it; TooMany beyond the messages of a day.
func (s *Service) AskTell(ctx context.Context, channel notify.Channel, to string) error {
	to, err := notify.ParseAddress(channel, to)
	if err != nil {
		return err
	}
	if !slices.Contains(s.Outbox.Offered(), channel) {
		return errs.ErrInvalid.At("channel", "field.choice")
	}
	account, code := authority.From(ctx).ID, seal.Digits(access.CodeDigits)
	own := s.Access.Own(ctx)
	return s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := own(tx); err != nil {
			return err
		}
		r, err := findTell(ctx, tx, account, channel)
		if err != nil && !db.IsNone(err) {
			return err
		}
		switch day := clock.Day(tx.Now); {
		case r.On:
			return errs.New(errs.Conflict, "access.tell_there")
		case r.day != day:
			r.day, r.sends = day, 0
		case r.sends >= s.Access.Number(ctx, access.RuleCodeSends):
			return errs.New(errs.TooMany, "access.tell_sends").Later(clock.Midnight(tx.Now).Sub(tx.Now))
		}
		if r.id == "" {
			r.id = db.NewID(ctx)
		}
		minutes := s.Access.Number(ctx, access.RuleCodeMinutes)
		until := tx.Now.Add(time.Duration(minutes) * time.Minute)
		masked := idcode.MaskPhone(to)
		if channel == notify.Mail {
			masked = idcode.MaskMail(to)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO access_tell (id, account_id, channel, sealed, masked, lang, code_hash, code_until, sent_on,
			sends, confirmed_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,0)
			ON CONFLICT (account_id, channel) DO UPDATE SET sealed = excluded.sealed, masked = excluded.masked, lang = excluded.lang,
			code_hash = excluded.code_hash, code_until = excluded.code_until, sent_on = excluded.sent_on, sends = excluded.sends`,
			r.id, account, string(channel), s.Access.Ring.Seal([]byte(to), r.id), masked, string(text.From(ctx)), s.tellHash(r.id, code),
			clock.Millis(until), r.day, r.sends+1); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: "access.tell.ask", Area: s.Access.CityCode(), Subject: "access.account", SubjectID: account,
			Detail: map[string]any{"channel": channel}})
		city, _ := s.Access.Registry.City()
		lang := text.From(ctx)
		return s.Outbox.Add(ctx, tx, notify.Message{To: to, Channel: channel, Purpose: "access.tell.code",
			Subject: account, Until: until, Must: true,
			Title: s.Words.T(lang, "access.tell.code_title"),
			Text:  s.Words.T(lang, "access.tell.code_text", "city", registry.NameIn(city, lang), "code", code, "minutes", minutes)})
	})
}

func findTell(ctx context.Context, r db.Reader, account string, channel notify.Channel) (tellRow, error) {
	return db.One(ctx, r, scanTell, selectTell+` WHERE account_id = $1 AND channel = $2`, account, string(channel))
}

func (s *Service) tellHash(id, code string) string {
	return hex.EncodeToString(s.Access.Ring.Digest("tell code", id+" "+code))
}

// ConfirmTell takes the code: from now on the account is told of its alerts by the channel. Errors:
// Invalid for any other code; TooMany for an account that tries too often.
func (s *Service) ConfirmTell(ctx context.Context, channel notify.Channel, code string) error {
	account := authority.From(ctx).ID
	return s.Access.Limits.Guard(ctx, limit.Factor, account, access.WrongCode, func() error {
		return s.confirmTell(ctx, account, channel, code)
	})
}

func (s *Service) confirmTell(ctx context.Context, account string, channel notify.Channel, code string) error {
	own := s.Access.Own(ctx)
	return s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := own(tx); err != nil {
			return err
		}
		r, err := findTell(ctx, tx, account, channel)
		if err != nil && !db.IsNone(err) {
			return err
		}
		shown := s.tellHash(r.id, fold.Digits(code))
		if err != nil || r.hash == "" || r.CodeUntil <= clock.Millis(tx.Now) ||
			subtle.ConstantTimeCompare([]byte(r.hash), []byte(shown)) != 1 {
			return access.ErrResidentCode
		}
		tx.Record(audit.Entry{Action: "access.tell.confirm", Area: s.Access.CityCode(), Subject: "access.account", SubjectID: account,
			After: map[string]any{"channel": channel}})
		_, err = tx.Exec(ctx, `UPDATE access_tell SET code_hash = '', code_until = 0, confirmed_at = $1, lang = $2 WHERE id = $3`,
			clock.Millis(tx.Now), string(text.From(ctx)), r.id)
		return err
	})
}

// EndTell forgets the number or address; what still waits to be sent there is withdrawn. How many
// codes were sent this day is kept.
func (s *Service) EndTell(ctx context.Context, channel notify.Channel) error {
	account := authority.From(ctx).ID
	own := s.Access.Own(ctx)
	return s.Access.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := own(tx); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE access_tell SET sealed = '', masked = '', code_hash = '', code_until = 0, confirmed_at = 0
			WHERE account_id = $1 AND channel = $2 AND sealed <> ''`, account, string(channel))
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.ErrNotFound
		}
		tx.Record(audit.Entry{Action: "access.tell.end", Area: s.Access.CityCode(), Subject: "access.account", SubjectID: account,
			Before: map[string]any{"channel": channel}})
		return s.Outbox.Cancel(ctx, tx, account, channel)
	})
}

// Subscribed lists the accounts that want to be told of their alerts, each with the authority of today:
// those that are not active, or hold nothing, are told nothing.
func (s *Service) Subscribed(ctx context.Context) ([]alert.Subscriber, error) {
	rows, err := db.All(ctx, s.Access.Log.DB, scanTell, selectTell+` WHERE confirmed_at > 0 ORDER BY account_id, channel`)
	if err != nil {
		return nil, err
	}
	var out []alert.Subscriber
	for _, r := range rows {
		held, err := s.Access.Holding(ctx, r.account)
		switch {
		case err != nil && errs.Of(err).Kind == errs.Unauthenticated, err == nil && len(held.Grants) == 0:
			continue
		case err != nil:
			return nil, err
		}
		to, err := s.Access.Ring.Open(r.sealed, r.id)
		if err != nil {
			return nil, err
		}
		out = append(out, alert.Subscriber{Actor: s.Access.Actor(held, held.Grants), Channel: r.Channel, To: string(to),
			Lang: r.lang, Since: r.Since})
	}
	return out, nil
}

// resealTells is the job that seals the numbers with the current key after the keys were rotated.
func (s *Service) resealTells(ctx context.Context) error {
	_, err := reseal.All(ctx, s.Access.Log, s.Access.Ring, reseal.Table{Name: "access_tell", Action: "access.tell.reseal",
		Area: s.Access.CityCode()})
	return err
}
