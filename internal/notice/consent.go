package notice

import (
	"context"
	"encoding/base32"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/notify"
	"linli/internal/platform/rule"
	"linli/internal/platform/seal"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Consents keep who wants to be told of the notices of an area, and tell them.
type Consents struct {
	Log      *audit.Log
	Registry *registry.Service
	Rules    *rule.Cache
	Ring     *seal.Ring
	Words    Words
	Outbox   Outbox
	People   People
	Visitors Visitors
	URL      string // address by which people reach the platform; "" for that at which a consent was given
}

const (
	subjectConsent = "notice.consent"
	actionConsent  = "notice.consent.give"
	actionWithdraw = "notice.consent.withdraw"
	actionErase    = "notice.consent.erase"

	purposeNotices = "notices" // what consents are for; the purpose's words are a text
	purposeConfirm = "notice.confirm"

	// confirmLasts is how long a mail address may be confirmed.
	confirmLasts = 48 * time.Hour
)

// sources are where a consent may be given.
var sources = []string{"community", "notice", "list", "mine"}

// Consent is a resident's consent to be told of the notices that reach an area, by one channel.
type Consent struct {
	Shard, ID string
	Person    string // record in people with the number or mail address
	Owner     string // keyed digest of the proven telephone number; "" once withdrawn
	Address   string // keyed digest of the number or mail address; "" once withdrawn
	Area      string
	Channel   notify.Channel
	Lang      text.Lang
	Purpose   string
	Source    string // one of sources: where it was given
	Origin    string // address by which the platform was reached then, for links
	Asked     int64
	Given     int64 // 0 while a mail address is not confirmed
	Withdrawn int64 // 0 while it holds
}

// NewConsent is what a resident asks for. Phone is proven; Email is needed by mail alone.
type NewConsent struct {
	Area     string
	Channels []string
	Phone    string
	Email    string
	Source   string
	Origin   string
}

func (s *Consents) ownerIndex(phone string) string { return s.Ring.Index("notice owner", phone) }

// code opens one consent to whoever was sent it. Only the holder of the root key can make it, and it is not kept.
func (s *Consents) code(shard, id string) string {
	sum := s.Ring.Digest("notice consent", id)
	return shard + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:10]))
}

func (s *Consents) codeHash(code string) string {
	return hex.EncodeToString(s.Ring.Digest("notice consent code", code))
}

// checkConsent brings what is asked for into form and refuses what cannot be kept, by field: Invalid.
func (s *Consents) checkConsent(ctx context.Context, n *NewConsent) error {
	if _, err := s.consentable(n.Area); err != nil {
		return err
	}
	p := people.Person{Phone: n.Phone, Email: n.Email}
	if err := p.Check(ctx, ""); err != nil {
		return err
	}
	n.Phone, n.Email = p.Phone, p.Email
	n.Channels = slices.Compact(slices.Sorted(slices.Values(n.Channels)))
	if len(n.Channels) == 0 {
		return errs.ErrInvalid.At("channels", "field.required")
	}
	for _, c := range n.Channels {
		switch {
		case !slices.Contains(s.Outbox.Offered(), notify.Channel(c)):
			return errs.ErrInvalid.At("channels", "field.choice")
		case notify.Channel(c) == notify.Mail && n.Email == "":
			return errs.ErrInvalid.At("email", "notice.consent_mail")
		}
	}
	if !slices.Contains(sources, n.Source) {
		n.Source = "list"
	}
	return nil
}

// consentable is an area whose notices one can be told of. Error: NotFound for any other.
func (s *Consents) consentable(code string) (registry.Area, error) {
	a, ok := s.Registry.Area(code)
	if !ok || a.Level < registry.LevelCity || a.Level > registry.LevelCommunity {
		return a, errs.ErrNotFound
	}
	return a, nil
}

// Agree keeps consents of whoever has proven the telephone number, one a channel. One that holds already stays as it is. A
// mail address, which nobody has proven, is sent a link by which it is confirmed. Errors: Invalid by field; NotFound for an area that
// is none for notices; TooMany beyond the messages of a number or address.
func (s *Consents) Agree(ctx context.Context, n NewConsent) error {
	if err := s.checkConsent(ctx, &n); err != nil {
		return err
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the one-time code has proven the number
		mine, err := ownConsents(ctx, tx, s.ownerIndex(n.Phone))
		if err != nil {
			return err
		}
		for _, c := range n.Channels {
			if _, err := s.agree(ctx, tx, &n, notify.Channel(c), mine); err != nil {
				return err
			}
		}
		tx.Record(audit.Entry{Action: actionConsent, Area: n.Area, Subject: subjectConsent,
			After: map[string]any{"channels": n.Channels, "where": n.Source, "purpose": purposeNotices}})
		return nil
	})
}

func (s *Consents) agree(ctx context.Context, tx *audit.Tx, n *NewConsent, c notify.Channel, mine []Consent) (Consent, error) {
	u := Consent{Area: n.Area, Channel: c, Lang: text.From(ctx), Purpose: purposeNotices, Source: n.Source, Origin: n.Origin,
		Asked: clock.Millis(tx.Now), Owner: s.ownerIndex(n.Phone), Shard: db.Shard(n.Area)}
	p, to := people.Person{Phone: n.Phone}, n.Phone
	if c == notify.Mail {
		p.Email, to = n.Email, n.Email
	} else {
		u.Given = u.Asked
	}
	u.ID, u.Address = u.Shard+"-"+db.NewID(ctx), s.Ring.Index("notice address", to)
	for _, o := range mine {
		if o.Channel != c || o.Area != u.Area {
			continue
		}
		if o.Address == u.Address && o.Given > 0 {
			return o, nil // it holds already
		}
		if err := s.end(ctx, tx, &o); err != nil { // another mail address, or one that was not confirmed
			return u, err
		}
	}
	var err error
	if u.Person, err = s.People.Keep(ctx, tx, u.Area, p); err != nil {
		return u, err
	}
	if err := insertConsent(ctx, tx, &u, s.codeHash(s.code(u.Shard, u.ID))); err != nil {
		return u, err
	}
	if c != notify.Mail {
		return u, nil
	}
	return u, s.Outbox.Add(ctx, tx, s.confirmation(&u, to, tx.Now))
}

// confirmation asks whoever reads a mail address whether it may be sent notices.
func (s *Consents) confirmation(u *Consent, to string, now time.Time) notify.Message {
	pairs := []any{"city", s.cityIn(u.Lang), "area", s.areaIn(u.Area, u.Lang), "link", s.linkTo(u, "/notices/confirm/"+s.code(u.Shard, u.ID))}
	return notify.Message{To: to, Channel: notify.Mail, Purpose: purposeConfirm, Subject: u.ID, Must: true, Until: now.Add(confirmLasts),
		Title: s.Words.T(u.Lang, "notice.message.confirm_title", pairs...), Text: s.Words.T(u.Lang, "notice.message.confirm", pairs...)}
}

// linkTo is a whole address of the platform, as an operator has set it, else as the resident reached it.
func (s *Consents) linkTo(u *Consent, path string) string {
	if s.URL != "" {
		return s.URL + path
	}
	return u.Origin + path
}

func (s *Consents) cityIn(lang text.Lang) string {
	city, _ := s.Registry.City()
	return registry.NameIn(city, lang)
}

func (s *Consents) areaIn(code string, lang text.Lang) string {
	if a, ok := s.Registry.Area(code); ok {
		return registry.NameIn(a, lang)
	}
	return code
}

// byCode is the consent that a code opens. Error: NotFound for any other code.
func (s *Consents) byCode(ctx context.Context, r db.Reader, code string) (Consent, error) {
	code = strings.ToLower(fold.Code(code))
	if len(code) < 7 || len(code) > 40 {
		return Consent{}, errs.ErrNotFound
	}
	return consentByCode(ctx, r, code[:6], s.codeHash(code))
}

// Confirm lets a mail address be sent notices. Errors: NotFound for another code, and when the time to confirm is over.
func (s *Consents) Confirm(ctx context.Context, code string) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the code was sent to the address
		u, err := s.byCode(ctx, tx, code)
		switch {
		case err != nil:
			return err
		case u.Withdrawn > 0 || u.Given == 0 && u.Asked < clock.Millis(tx.Now.Add(-confirmLasts)):
			return errs.ErrNotFound
		}
		tx.Record(audit.Entry{Action: actionConsent, Area: u.Area, Subject: subjectConsent, SubjectID: u.ID,
			After: map[string]any{"channel": u.Channel, "confirmed": true}})
		if u.Given > 0 {
			return nil
		}
		return giveConsent(ctx, tx, &u)
	})
}

// Stop withdraws the consent that a code opens, or with all every consent of the same number. Error: NotFound for another code.
func (s *Consents) Stop(ctx context.Context, code string, all bool) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the code stands in the messages alone
		u, err := s.byCode(ctx, tx, code)
		if err != nil {
			return err
		}
		these := []Consent{u}
		if all && u.Owner != "" {
			if these, err = ownConsents(ctx, tx, u.Owner); err != nil {
				return err
			}
		}
		return s.endAll(ctx, tx, these)
	})
}

// StopOwn withdraws one consent of whoever has proven the telephone number. Error: NotFound for one that is not theirs.
func (s *Consents) StopOwn(ctx context.Context, phone, id string) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the one-time code has proven the number
		mine, err := ownConsents(ctx, tx, s.ownerIndex(phone))
		if err != nil {
			return err
		}
		i := slices.IndexFunc(mine, func(u Consent) bool { return u.ID == id })
		if i < 0 {
			return errs.ErrNotFound
		}
		return s.endAll(ctx, tx, mine[i:i+1])
	})
}

func (s *Consents) endAll(ctx context.Context, tx *audit.Tx, these []Consent) error {
	for i := range these {
		u := &these[i]
		tx.Record(audit.Entry{Action: actionWithdraw, Area: u.Area, Subject: subjectConsent, SubjectID: u.ID,
			Before: map[string]any{"channel": u.Channel}})
		if u.Withdrawn > 0 {
			continue
		}
		if err := s.end(ctx, tx, u); err != nil {
			return err
		}
	}
	return nil
}

// end withdraws a consent: what waits to be sent is withdrawn, the number or address is deleted (PIPL article 47), and
// that it was given and withdrawn stays as proof.
func (s *Consents) end(ctx context.Context, tx *audit.Tx, u *Consent) error {
	if err := endConsent(ctx, tx, u); err != nil {
		return err
	}
	if err := s.Outbox.Cancel(ctx, tx, u.ID, u.Channel); err != nil {
		return err
	}
	if shared, err := personInUse(ctx, tx, u.Person); err != nil || shared {
		return err
	}
	return s.People.Release(ctx, tx, u.Person)
}

// Own are the consents that hold of whoever has proven the telephone number, and those that a mail address has yet to confirm.
func (s *Consents) Own(ctx context.Context, phone string) ([]Consent, error) {
	return ownConsents(ctx, s.Log.DB, s.ownerIndex(phone))
}

// held lists for a person's copy the consents of their number.
func (s *Consents) held(ctx context.Context, r db.Reader, p people.Person) ([]people.HeldConsent, error) {
	found, err := consentsOf(ctx, r, s.ownerIndex(p.Phone), p.ID)
	var out []people.HeldConsent
	lang := text.From(ctx)
	for i := range found {
		u := &found[i]
		out = append(out, people.HeldConsent{Given: u.Given, Channel: string(u.Channel), Withdrawn: u.Withdrawn,
			Purpose: s.Words.T(lang, "notice.purpose."+u.Purpose, "area", s.areaIn(u.Area, lang)),
			Where:   s.Words.T(lang, "notice.source."+u.Source)})
	}
	return out, err
}

// erase deletes the consents of a person's number, what was sent by them, and the other records that were kept for them.
func (s *Consents) erase(ctx context.Context, tx *audit.Tx, p people.Person) error {
	found, err := consentsOf(ctx, tx, s.ownerIndex(p.Phone), p.ID)
	if err != nil {
		return err
	}
	for i := range found {
		u := &found[i]
		tx.Record(audit.Entry{Action: actionErase, Area: u.Area, Subject: subjectConsent, SubjectID: u.ID})
		if err := deleteConsent(ctx, tx, u); err != nil {
			return err
		}
		if err := s.Outbox.Forget(ctx, tx, u.ID); err != nil {
			return err
		}
		if u.Person == p.ID {
			continue
		}
		if err := s.People.Release(ctx, tx, u.Person); err != nil {
			return err
		}
	}
	return nil
}

// forgetUnconfirmed ends what no mail address has confirmed in time.
func (s *Consents) forgetUnconfirmed(ctx context.Context) error {
	late := clock.Millis(clock.Now(ctx).Add(-confirmLasts))
	found, err := unconfirmed(ctx, s.Log.DB, late)
	if err != nil || len(found) == 0 {
		return err
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the platform's own job
		found, err := unconfirmed(ctx, tx, late)
		if err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: actionErase, Area: s.cityCode(), Subject: subjectConsent,
			Detail: map[string]any{"unconfirmed": len(found)}})
		for i := range found {
			if err := deleteConsent(ctx, tx, &found[i]); err != nil {
				return err
			}
			if err := s.People.Release(ctx, tx, found[i].Person); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Consents) cityCode() string {
	city, _ := s.Registry.City()
	return city.Code
}

// move lets consents follow their areas. Who wanted the notices of an area that is divided gets those of each part.
func (s *Consents) move(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	var parts []Consent
	for _, p := range m.Parts {
		found, err := consentsIn(ctx, tx, p.From)
		if err != nil {
			return err
		}
		for _, u := range found {
			u.Area = p.To
			parts = append(parts, u)
		}
	}
	if err := m.Areas.Rewrite(ctx, tx, "notice_consent", "area"); err != nil {
		return err
	}
	for _, u := range parts {
		u.ID = u.Shard + "-" + db.NewID(ctx)
		if err := insertConsent(ctx, tx, &u, s.codeHash(s.code(u.Shard, u.ID))); err != nil {
			return err
		}
	}
	return nil
}
