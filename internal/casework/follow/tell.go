package follow

import (
	"cmp"
	"context"
	"slices"

	"linli/internal/casework"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/idcode"
	"linli/internal/platform/limit"
	"linli/internal/platform/notify"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// purposeStep is what a message about a step is about.
const purposeStep = "casework.step"

// consent is the reporter's wish to be told of a case by a channel.
type consent struct {
	Channel   notify.Channel
	Lang      text.Lang
	Given     int64
	Withdrawn *int64
}

func listConsents(ctx context.Context, r db.Reader, c *casework.Case) ([]consent, error) {
	return db.All(ctx, r, func(s db.Scanner) (k consent, err error) {
		err = s.Scan(&k.Channel, &k.Lang, &k.Given, &k.Withdrawn)
		return k, err
	}, `SELECT channel, lang, given_at, withdrawn_at FROM casework_consent WHERE shard = $1 AND case_id = $2 ORDER BY channel`, c.Shard, c.ID)
}

// addressOf is where a person is reached by a channel, or "": a landline takes no messages.
func addressOf(p *people.Person, c notify.Channel) string {
	if c == notify.Mail {
		return p.Email
	}
	if phone, err := idcode.ParsePhone(p.Phone); err != nil || phone.Kind != idcode.Mobile {
		return ""
	}
	return p.Phone
}

// CheckTell refuses to promise what cannot be kept: a channel that the city does not offer, or one
// for which the reporter has given no address.
func (s *Service) CheckTell(tell []string, p *people.Person, location string) error {
	offered := s.Cases.Outbox.Offered()
	for _, t := range tell {
		c := notify.Channel(t)
		switch {
		case !slices.Contains(offered, c):
			return errs.ErrInvalid.At(location+"tell", "field.choice")
		case addressOf(p, c) == "" && c == notify.Mail:
			return errs.ErrInvalid.At(location+"email", "casework.tell.mail")
		case addressOf(p, c) == "":
			return errs.ErrInvalid.At(location+"phone", "casework.tell.phone")
		}
	}
	return nil
}

// consentTo keeps the wish to be told by a channel in a language.
func consentTo(ctx context.Context, tx *audit.Tx, c *casework.Case, channel notify.Channel, lang text.Lang) error {
	_, err := tx.Exec(ctx, `INSERT INTO casework_consent (shard, case_id, channel, lang, given_at) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (shard, case_id, channel) DO UPDATE SET lang = excluded.lang, given_at = excluded.given_at, withdrawn_at = NULL`,
		c.Shard, c.ID, string(channel), string(lang), clock.Millis(tx.Now))
	return err
}

// tell keeps what the reporter is to be told of a step, for each channel to which they consented.
// What they did themselves they are not told, but for the receipt, nor what offices exchange about it
// that neither moves it nor is for them: urging, answering, asking another unit to help.
func (s *Service) tell(ctx context.Context, tx *audit.Tx, c *casework.Case, e *casework.Event) error {
	if c.Person == "" || e.ActorRole == flow.Reporter && e.From != "" || e.From == e.To && !e.Tells {
		return nil
	}
	consents, err := listConsents(ctx, tx, c)
	consents = slices.DeleteFunc(consents, func(k consent) bool { return k.Withdrawn != nil })
	if err != nil || len(consents) == 0 {
		return err
	}
	reached, err := s.Cases.People.Reached(ctx, tx, c.Person)
	if err != nil {
		return err
	}
	for _, k := range consents {
		to := addressOf(&reached, k.Channel)
		if to == "" {
			continue // erased, or its use is restricted
		}
		m := s.message(c, e, k, to)
		if e.From == "" && !tx.Actor.SignedIn() { // the number may be a stranger's
			m.Caller = limit.Address(ctx)
		}
		if err := s.Cases.Outbox.Add(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// message words a step for its reader: no names, nothing of what the case is about but the kind.
func (s *Service) message(c *casework.Case, e *casework.Event, k consent, to string) notify.Message {
	name := s.Cases.Matters[c.Kind].Flow.Name
	city := ""
	if a, ok := s.Cases.Registry.City(); ok {
		city = registry.NameIn(a, k.Lang)
	}
	subject := s.Cases.Matters[c.Kind].SubjectName(c.Subject, k.Lang)
	did := s.Cases.Did(k.Lang, c.Kind, e.Verb, &e.Data)
	next := s.Cases.Words.T(k.Lang, name+".next."+string(e.To))
	return notify.Message{To: to, Channel: k.Channel, Purpose: purposeStep, Subject: c.ID, Seq: e.Seq,
		Title: s.Cases.Words.T(k.Lang, "casework.tell.title", "city", city, "subject", subject, "number", c.Number),
		Text:  s.Cases.Words.T(k.Lang, "casework.tell.text", "city", city, "subject", subject, "number", c.Number, "did", did, "next", next)}
}

// TellBy gives or withdraws the reporter's consent to be told by a channel. Errors: Forbidden for
// anybody but the reporter; Invalid as CheckTell.
func (s *Service) TellBy(ctx context.Context, id string, channel notify.Channel, on bool) error {
	return s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		c, err := casework.FindCase(ctx, tx, id)
		if err != nil {
			return err
		}
		if tx.Actor.Case != c.ID {
			return errs.ErrForbidden
		}
		tx.Judged() // the follow code decides it
		tx.Record(audit.Entry{Action: "casework.consent", Area: c.Area, Subject: "casework.case", SubjectID: c.ID,
			After: map[string]any{"channel": channel, "given": on}})
		if on {
			reached, err := s.Cases.People.Reached(ctx, tx, c.Person)
			if err != nil {
				return err
			}
			if err := s.CheckTell([]string{string(channel)}, &reached, ""); err != nil {
				return err
			}
			return consentTo(ctx, tx, &c, channel, text.From(ctx))
		}
		if _, err := tx.Exec(ctx, `UPDATE casework_consent SET withdrawn_at = $1 WHERE shard = $2 AND case_id = $3 AND channel = $4
			AND withdrawn_at IS NULL`,
			clock.Millis(tx.Now), c.Shard, c.ID, string(channel)); err != nil {
			return err
		}
		return s.Cases.Outbox.Cancel(ctx, tx, c.ID, channel)
	})
}

// ToldView is how the reporter of a case is told of it.
type ToldView struct {
	Messages []notify.Told `json:"messages"`
	Read     int           `json:"read" doc:"Last step of the timeline that the reporter has seen; 0 for none"`
	ReadAt   *int64        `json:"readAt,omitempty"`
	Channels []WishView    `json:"channels"`
}

// WishView is one channel by which the reporter can be told.
type WishView struct {
	Channel   notify.Channel `json:"channel" enum:"sms,wecom,mail"`
	On        bool           `json:"on"`
	Possible  bool           `json:"possible" doc:"The city offers it and the reporter has given an address for it"`
	Given     *int64         `json:"given,omitempty"`
	Withdrawn *int64         `json:"withdrawn,omitempty"`
}

// told gathers what the reporter was told. The reporter's own wishes are shown to them; to staff,
// only what became of them.
func (s *Service) told(ctx context.Context, r db.Reader, c *casework.Case, p *people.Person) (ToldView, error) {
	v := ToldView{Channels: []WishView{}}
	var err error
	if v.Messages, err = s.Cases.Outbox.Of(ctx, r, c.ID); err != nil {
		return v, err
	}
	if !authority.From(ctx).SignedIn() {
		for i := range v.Messages {
			v.Messages[i].Reason = "" // what a gateway said is for staff
		}
	}
	var at int64
	if err = r.QueryRow(ctx, `SELECT seq, at FROM casework_reader WHERE shard = $1 AND case_id = $2`,
		c.Shard, c.ID).Scan(&v.Read, &at); err == nil {
		v.ReadAt = &at
	} else if !db.IsNone(err) {
		return v, err
	}
	consents, err := listConsents(ctx, r, c)
	offered := s.Cases.Outbox.Offered()
	for _, channel := range notify.Channels {
		w := WishView{Channel: channel, Possible: slices.Contains(offered, channel) && addressOf(p, channel) != ""}
		for _, k := range consents {
			if k.Channel == channel {
				w.On, w.Given, w.Withdrawn = k.Withdrawn == nil, &k.Given, k.Withdrawn
			}
		}
		if w.Possible || w.Given != nil {
			v.Channels = append(v.Channels, w)
		}
	}
	return v, err
}

// seen keeps up to which step the reporter has read, when that is news.
func (s *Service) seen(ctx context.Context, d *casework.Detail) error {
	last := len(d.Events)
	if authority.From(ctx).Case != d.ID || last <= casework.SectionOf[ToldView](d, SectionTold).Read {
		return nil
	}
	return s.Cases.Log.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO casework_reader (shard, case_id, seq, at) VALUES ($1,$2,$3,$4)
			ON CONFLICT (shard, case_id) DO UPDATE SET seq = excluded.seq, at = excluded.at WHERE casework_reader.seq < excluded.seq`,
			db.ShardOf(d.ID), d.ID, last, clock.Millis(clock.Now(ctx)))
		return err
	})
}

// Unread counts, of cases by their ids, the steps of others that the reporter has not seen.
func (s *Service) Unread(ctx context.Context, ids []string) (map[string]int, error) {
	out := map[string]int{}
	if len(ids) == 0 {
		return out, nil
	}
	shards := make([]string, len(ids))
	for i, id := range ids {
		shards[i] = db.ShardOf(id)
	}
	born, args := db.In(nil, shards)
	these, args := db.In(args, ids)
	type row struct {
		id string
		n  int
	}
	rows, err := db.All(ctx, s.Cases.Log.DB, func(sc db.Scanner) (r row, err error) {
		err = sc.Scan(&r.id, &r.n)
		return r, err
	}, `SELECT e.case_id, COUNT(*) FROM casework_event e LEFT JOIN casework_reader r ON r.shard = e.shard AND r.case_id = e.case_id
		WHERE e.shard IN `+born+` AND e.case_id IN `+these+`
		AND e.seq > COALESCE(r.seq, 1) AND e.actor_role <> 'reporter' GROUP BY e.case_id`, args...)
	for _, r := range rows {
		out[r.id] = r.n
	}
	return out, err
}

// notify tells the reporter of a step, and of the opening, by the channels to which they consent with it. What reporters
// wished themselves they need not be told.
func (s *Service) notify(ctx context.Context, tx *audit.Tx, ch *casework.Change) error {
	switch {
	case ch.Event == nil, ch.Event.Verb == casework.VerbMergeOwn, ch.Before == nil && len(ch.New.Tell) == 0:
		return nil
	case ch.Before == nil:
		for _, t := range ch.New.Tell {
			if err := consentTo(ctx, tx, ch.Case, notify.Channel(t), cmp.Or(ch.New.TellLang, text.From(ctx))); err != nil {
				return err
			}
		}
	}
	return s.tell(ctx, tx, ch.Case, ch.Event)
}

// checkWishes refuses to open a case whose reporter cannot be told as they wish.
func (s *Service) checkWishes(_ context.Context, n *casework.NewCase) error {
	return s.CheckTell(n.Tell, &n.Reporter, "reporter.")
}

// SectionTold is the name of what a page tells of how the reporter is told of a case.
const SectionTold = "told"

// describeTold adds how the reporter is told of a case.
func (s *Service) describeTold(ctx context.Context, r db.Reader, p *casework.Described) (err error) {
	p.Sections[SectionTold], err = s.told(ctx, r, p.Case, p.Person)
	return err
}
