package notice

import (
	"context"
	"errors"
	"time"

	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/idcode"
	"linli/internal/platform/notify"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
)

// Whoever has consented is told of each edition that reaches their area, and of a withdrawal if they were told of the notice.
// The write that publishes or withdraws opens a round; a job hands the round's messages to the outbox, so many in a write together
// with how far it has come. Whom it told is a row whose key is notice, edition, channel and address: so nobody is told twice, however many
// processes there are and wherever one of them stops, also when several consents of theirs hold one notice.

// Kinds of rounds.
const (
	tellPublished = "published"
	tellWithdrawn = "withdrawn"
)

const (
	purposeNotice = "notice.notice"
	actionSend    = "notice.notice.send"

	ruleSendHours = "notice.send.hours"     // of the day, in which notices that are not urgent are sent
	ruleToldDays  = "notice.told.keep.days" // for which is kept who was told of a notice that has ended

	sendEvery   = 10 * time.Second
	settleEvery = 10 * time.Minute
	sendBatch   = 100 // messages of one write
)

// place is how far a round has come: the key of the last row that was looked at.
type place struct{ first, second string }

// Round is one telling of an edition.
type Round struct {
	Shard, Notice string
	Kind          string // tellPublished or tellWithdrawn
	Seq           int
	Urgent        bool
	From          string // first day on which it is told
	Opened        int64
	Place         string // "first second" of place
	Handed        int    // messages that the outbox took
	Done          int64  // 0 while it goes on
	Counts        string // what became of the messages, as JSON, once that is settled
	Settled       bool
}

// topic is by which the outbox counts a round's messages.
func (r *Round) topic() string { return topicOf(r.Notice, r.Kind, r.Seq) }

// Send is the job that tells of what was published or withdrawn: urgent notices at once, others in the hours of the rule.
func (s *Consents) Send(ctx context.Context) error {
	for ctx.Err() == nil {
		r, found, err := s.nextRound(ctx)
		if err != nil || !found {
			return err
		}
		more, err := s.sendSome(ctx, r)
		if err != nil {
			return err
		}
		if !more { // the city's budget is used up
			return nil
		}
	}
	return nil
}

func (s *Consents) sendWaits(ctx context.Context) (bool, error) {
	_, found, err := s.nextRound(ctx)
	return found, err
}

// nextRound is the round that goes on now: urgent ones first, then in order of time.
func (s *Consents) nextRound(ctx context.Context) (Round, bool, error) {
	now := clock.Now(ctx)
	v, ok := s.Rules.On(ruleSendHours, clock.Day(now))
	r, err := readyRound(ctx, s.Log.DB, clock.Day(now), !ok || clock.Within(v.Value, now))
	if db.IsNone(err) {
		return r, false, nil
	}
	return r, err == nil, err
}

// errOver ends a write in which another process has gone on with the round.
var errOver = errors.New("another process is ahead")

// sendSome hands over the next messages of a round. It tells false when the budget of all together
// is used up: the round then goes on later.
func (s *Consents) sendSome(ctx context.Context, at Round) (bool, error) {
	more := true
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the platform's own job; who approved or withdrew the notice was judged
		r, err := findRound(ctx, tx, &at)
		if err != nil {
			return err
		}
		if r.Done > 0 || r.Place != at.Place {
			return errOver
		}
		e, err := editionAt(ctx, tx, r.Shard, r.Notice, r.Seq)
		if err != nil {
			return err
		}
		more = true
		if more, err = s.advance(ctx, tx, &e, &r); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: actionSend, Area: e.Area, Subject: subject, SubjectID: e.ID,
			Detail: map[string]any{"edition": e.Seq, "kind": r.Kind, "messages": r.Handed - at.Handed}})
		return updateRound(ctx, tx, &r)
	})
	if errors.Is(err, errOver) {
		return true, nil
	}
	return more, err
}

// advance tells the next of a round and moves its place on; the round is done when nobody is left, or when it is of an edition
// that is no longer shown.
func (s *Consents) advance(ctx context.Context, tx *audit.Tx, e *Edition, r *Round) (bool, error) {
	next := s.listening
	if r.Kind == tellWithdrawn {
		next = s.toldBefore
	}
	var some []hearer
	if r.Kind == tellWithdrawn || e.Shown(clock.Day(tx.Now)) {
		var err error
		if some, err = next(ctx, tx, e, readPlace(r.Place)); err != nil {
			return false, err
		}
	}
	for i := range some {
		sent, err := s.tell(ctx, tx, e, r, &some[i])
		if errs.Of(err).Kind == errs.TooMany && err != nil {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if sent {
			r.Handed++
		}
		r.Place = some[i].at.text()
	}
	if len(some) < sendBatch {
		r.Done = clock.Millis(tx.Now)
	}
	return true, nil
}

// hearer is a consent that a round comes to, and where.
type hearer struct {
	Consent
	at place
}

// listening are the next consents that a publication reaches: in its areas and the areas inside them, given before it.
func (s *Consents) listening(ctx context.Context, r db.Reader, e *Edition, after place) ([]hearer, error) {
	var out []hearer
	for _, area := range e.Areas { // sorted, and none inside another
		found, err := wanted(ctx, r, area, e.PublishedAt, after, sendBatch-len(out))
		if err != nil {
			return nil, err
		}
		for _, u := range found {
			out = append(out, hearer{u, place{u.Area, u.ID}})
		}
		if len(out) == sendBatch {
			break
		}
	}
	return out, nil
}

// toldBefore are the next consents by which somebody was told of a notice.
func (s *Consents) toldBefore(ctx context.Context, r db.Reader, e *Edition, after place) ([]hearer, error) {
	rows, err := listTold(ctx, r, e, after)
	if err != nil {
		return nil, err
	}
	var out []hearer
	for _, t := range rows {
		u, err := findConsent(ctx, r, t.consent)
		if err != nil && errs.Of(err).Kind != errs.NotFound {
			return nil, err
		}
		out = append(out, hearer{u, t.at})
	}
	return out, nil
}

// tell hands the message for one consent to the outbox, and tells whether it did: not where the consent was withdrawn, where the
// address was told already, or where what was to be told had not left.
func (s *Consents) tell(ctx context.Context, tx *audit.Tx, e *Edition, r *Round, h *hearer) (bool, error) {
	u := &h.Consent
	if u.ID == "" || u.Withdrawn > 0 {
		return false, nil
	}
	if r.Kind == tellWithdrawn {
		held, err := s.recall(ctx, tx, e, u)
		if err != nil || held {
			return false, err
		}
	}
	if told, err := isTold(ctx, tx, r, u); err != nil || told {
		return false, err
	}
	p, err := s.People.Reached(ctx, tx, u.Person)
	if err != nil {
		return false, err
	}
	to := addressFor(&p, u.Channel)
	if to == "" { // erased, or kept and not used
		return false, nil
	}
	if err := s.Outbox.Add(ctx, tx, s.message(e, r, u, to)); err != nil {
		return false, err
	}
	return true, insertTold(ctx, tx, r, u)
}

// recall withdraws what waits to tell of any edition of a notice by a consent, and tells whether nothing of it had left.
func (s *Consents) recall(ctx context.Context, tx *audit.Tx, e *Edition, u *Consent) (bool, error) {
	left := false
	for seq := 1; seq <= e.Seq; seq++ {
		told, err := isTold(ctx, tx, &Round{Shard: e.Shard, Notice: e.ID, Kind: tellPublished, Seq: seq}, u)
		if err != nil {
			return false, err
		}
		if !told {
			continue
		}
		waited, err := s.Outbox.Recall(ctx, tx, u.ID, topicOf(e.ID, tellPublished, seq))
		if err != nil {
			return false, err
		}
		left = left || !waited
	}
	return !left, nil
}

// addressFor is where a person is reached by a channel, or "".
func addressFor(p *people.Person, c notify.Channel) string {
	if c == notify.Mail {
		return p.Email
	}
	if phone, err := idcode.ParsePhone(p.Phone); err != nil || phone.Kind != idcode.Mobile {
		return ""
	}
	return p.Phone
}

// message words an edition for one who consented, with the link by which they end it.
func (s *Consents) message(e *Edition, r *Round, u *Consent, to string) notify.Message {
	title := e.Title.In(u.Lang)
	kind, reason := tellPublished, ""
	switch {
	case r.Kind == tellWithdrawn:
		kind, reason = tellWithdrawn, e.EndReason
	case e.Seq > 1:
		kind, reason = "corrected", e.Reason
	case e.Urgent:
		kind = "urgent"
	}
	pairs := []any{"city", s.cityIn(u.Lang), "title", title, "issuer", e.Issuer, "days", s.daysIn(e, u.Lang), "reason", reason,
		"link", s.linkTo(u, "/notices/"+e.ID), "stop", s.linkTo(u, "/notices/stop/"+s.code(u.Shard, u.ID))}
	m := notify.Message{To: to, Channel: u.Channel, Purpose: purposeNotice, Subject: u.ID, Seq: e.Seq, Topic: r.topic(), Bulk: true,
		Title: s.Words.T(u.Lang, "notice.message.title", pairs...), Text: s.Words.T(u.Lang, "notice.message."+kind, pairs...)}
	if r.Kind == tellPublished {
		m.Until = endOf(e.Until)
	}
	return m
}

// endOf is the end of a day; zero for "".
func endOf(day string) time.Time {
	t, err := clock.Parse(day)
	if err != nil {
		return time.Time{}
	}
	return clock.Midnight(t)
}

// RoundView is a telling of a notice as staff see it.
type RoundView struct {
	Edition int    `json:"edition"`
	Kind    string `json:"kind" enum:"published,withdrawn"`
	At      int64  `json:"at" doc:"When it was published or withdrawn"`
	Done    int64  `json:"done,omitempty" doc:"When all messages were handed over; 0 while it waits or goes on"`
	Handed  int    `json:"handed" doc:"Messages that were handed over, one for each number or mail address and channel"`

	Counts map[notify.State]int `json:"counts" doc:"Messages by what became of them"`
}

// rounds are the tellings of a notice, with what became of the messages: as the outbox has them, or as they were when that was settled.
func (s *Consents) rounds(ctx context.Context, id string) ([]RoundView, error) {
	all, err := listRounds(ctx, s.Log.DB, id)
	out := []RoundView{}
	for i := range all {
		r := &all[i]
		v := RoundView{Edition: r.Seq, Kind: r.Kind, At: r.Opened, Done: r.Done, Handed: r.Handed, Counts: readCounts(r.Counts)}
		if !r.Settled {
			if v.Counts, err = s.Outbox.Counts(ctx, s.Log.DB, r.topic()); err != nil {
				return nil, err
			}
		}
		out = append(out, v)
	}
	return out, err
}

// Settle is the job that writes down what became of a round's messages before the outbox forgets them, drops who was told of notices that
// ended long ago, and drops consents that no mail address has confirmed.
func (s *Consents) Settle(ctx context.Context) error {
	open, err := unsettledRounds(ctx, s.Log.DB)
	if err != nil {
		return err
	}
	for i := range open {
		if err := s.settle(ctx, &open[i]); err != nil {
			return err
		}
	}
	days := s.Rules.Int(ruleToldDays, clock.Day(clock.Now(ctx)))
	if err := s.forgetTold(ctx, clock.Millis(clock.Now(ctx).AddDate(0, 0, -days))); err != nil {
		return err
	}
	return s.forgetUnconfirmed(ctx)
}

// settleAfter is when the counts of a round are final though messages wait: well before the outbox forgets the first.
const settleAfter = 20 * 24 * time.Hour

func (s *Consents) settle(ctx context.Context, r *Round) error {
	counts, err := s.Outbox.Counts(ctx, s.Log.DB, r.topic())
	if err != nil {
		return err
	}
	fresh := r.Done > clock.Millis(clock.Now(ctx).Add(-settleAfter))
	if fresh && (counts[notify.Waiting]+counts[notify.Sending] > 0 || r.Done > clock.Millis(clock.Now(ctx).Add(-24*time.Hour))) {
		return nil // an operator may have some sent again
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // the platform's own job
		tx.Record(audit.Entry{Action: "notice.notice.settle", Area: r.Shard, Subject: subject, SubjectID: r.Notice,
			Detail: map[string]any{"edition": r.Seq, "kind": r.Kind, "messages": r.Handed}})
		return settleRound(ctx, tx, r, counts)
	})
}

// forgetTold drops, some at a time, who was told of notices that ended before an instant.
func (s *Consents) forgetTold(ctx context.Context, before int64) error {
	for ctx.Err() == nil {
		ended, err := endedTold(ctx, s.Log.DB, before)
		if err != nil || len(ended) == 0 {
			return err
		}
		for _, id := range ended {
			if err := s.Log.Do(ctx, func(tx *audit.Tx) error {
				tx.Judged() // the platform's own job
				tx.Record(audit.Entry{Action: "notice.notice.forget", Area: db.ShardOf(id), Subject: subject, SubjectID: id})
				return deleteTold(ctx, tx, id)
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// daysIn is how long a notice is shown, in a language.
func (s *Consents) daysIn(e *Edition, lang text.Lang) string {
	if e.Until == "" {
		return s.Words.T(lang, "notice.page.from", "from", page.Day(lang, e.From))
	}
	return s.Words.T(lang, "notice.page.days", "from", page.Day(lang, e.From), "until", page.Day(lang, e.Until))
}
