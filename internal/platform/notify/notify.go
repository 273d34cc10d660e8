// Package notify carries short messages out of the platform: by SMS, by an enterprise WeChat
// gateway, by mail. What is to be said is kept in the same transaction as the change that it tells
// of; a job then hands it to the channel's gateway, at most once. Where a city has connected no
// gateway, messages are kept: in a demo they can be read, anywhere else it only shows that they
// were meant. Table (sharded): notify_message.
package notify

import (
	"context"
	"embed"
	"encoding/json"
	"net/mail"
	"slices"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
	"linli/internal/platform/limit"
	"linli/internal/platform/reseal"
	"linli/internal/platform/rule"
	"linli/internal/platform/seal"
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var rules []byte

// Rules are how often and how long is tried.
func Rules() []rule.Value { return rule.Shipped(rules) }

// Channel is a way by which messages leave.
type Channel string

const (
	SMS   Channel = "sms"
	WeCom Channel = "wecom" // enterprise WeChat, or a gateway that speaks like it
	Mail  Channel = "mail"
)

// Channels lists all.
var Channels = []Channel{SMS, WeCom, Mail}

// Message is what somebody is told.
type Message struct {
	To      string `json:"to"` // telephone number, or mail address
	Title   string `json:"title,omitempty"`
	Text    string `json:"text"`
	Purpose string `json:"-"` // what it is about, e.g. "access.code"

	Channel Channel   `json:"-"` // SMS when empty
	Subject string    `json:"-"` // id of the case that it tells of, of the account that it is to, or ""
	Seq     int       `json:"-"` // step of the case
	Topic   string    `json:"-"` // what it tells many of, by which Counts counts it; or ""
	Until   time.Time `json:"-"` // not sent after; zero for no bound
	Caller  string    `json:"-"` // network address from which a stranger has it sent, see limit.Address; or ""
	// Bulk is one of many: it waits behind others and has budgets of its own; beyond the one of all together it is refused.
	Bulk bool `json:"-"`
	Must bool `json:"-"` // refused rather than withheld beyond its bounds: somebody waits for it
	Code bool `json:"-"` // by which a resident signs in: whoever makes it bounds it by number, so that other messages never use that up
}

// Sender keeps a message to be delivered, in the write that it tells of.
type Sender interface {
	Add(ctx context.Context, tx *audit.Tx, m Message) error
}

// State is what became of a message.
type State string

const (
	Waiting   State = "waiting"
	Sending   State = "sending"   // in the hands of one worker
	Sent      State = "sent"      // accepted by the gateway
	Refused   State = "refused"   // by the gateway, for good
	Unknown   State = "unknown"   // the gateway did not answer: it may have been sent, so it is not sent again
	GivenUp   State = "given_up"  // tried as often as the rule says, or too late
	Withdrawn State = "withdrawn" // the reader no longer wants it, or what it tells no longer holds
	Withheld  State = "withheld"  // beyond the messages that a number, an address or the city may have
	Unwired   State = "kept"      // no gateway is connected
)

// States lists all.
var States = []State{Waiting, Sending, Sent, Refused, Unknown, GivenUp, Withdrawn, Withheld, Unwired}

// Outbox keeps messages and hands them to the gateways.
type Outbox struct {
	Log      *audit.Log
	Ring     *seal.Ring
	Rules    *rule.Cache
	Limits   *limit.Limiter
	Gateways map[Channel]Gateway
	Shown    func() bool // whether texts may be read: in a demo alone
}

// Offered lists the channels by which somebody can be told: those with a gateway, in a demo all.
func (o *Outbox) Offered() []Channel {
	return slices.DeleteFunc(slices.Clone(Channels), func(c Channel) bool { return o.Gateways[c] == nil && !o.Shown() })
}

// Send is Add in a write of its own.
func (o *Outbox) Send(ctx context.Context, m Message) error {
	return o.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // whoever has the platform send something has judged that
		tx.Record(audit.Entry{Action: "notify.message.send", Subject: "notify.message", Detail: map[string]any{"purpose": m.Purpose}})
		return o.Add(ctx, tx, m)
	})
}

// Add keeps a message in the write that it tells of. Its id is the key by which a gateway knows
// it again. One beyond the bounds of its reader, its sender's address or the city is kept as withheld
// without its words, so that what it tells of goes on. Errors: TooMany for one that must be sent.
func (o *Outbox) Add(ctx context.Context, tx *audit.Tx, m Message) error {
	held, err := o.bound(ctx, tx, &m)
	if err != nil {
		return err
	}
	return o.add(ctx, tx, m, held)
}

// Why a message was withheld: which of the limits was reached. Rows of before tell "limit" alone.
const (
	reasonNumber  = "limit.number"
	reasonAddress = "limit.address"
	reasonAll     = "limit.all"

	reasonRecalled = "recalled"
)

// bound counts a message, and tells why it is withheld, or "".
func (o *Outbox) bound(ctx context.Context, tx *audit.Tx, m *Message) (string, error) {
	if m.Code {
		return "", o.Limits.TakeIn(ctx, tx.Tx, limit.CodeAll, limit.Everybody)
	}
	type bound struct {
		budget limit.Budget
		caller string
		reason string
	}
	number := o.Ring.Index("message to", m.To)
	callers := []bound{
		{limit.MessageNumber, number, reasonNumber},
		{limit.MessageAddress, m.Caller, reasonAddress},
		{limit.MessageAll, limit.Everybody, reasonAll},
	}
	if m.Bulk { // whoever sends to many goes on later where the budget of all is used up
		if err := o.Limits.TakeIn(ctx, tx.Tx, limit.BulkAll, limit.Everybody); err != nil {
			return "", err
		}
		callers = []bound{{limit.BulkNumber, number, reasonNumber}}
	}
	for _, c := range callers {
		if c.caller == "" {
			continue
		}
		err := o.Limits.TakeIn(ctx, tx.Tx, c.budget, c.caller)
		if errs.Of(err).Kind == errs.TooMany && !m.Must {
			return c.reason, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", nil
}

func (o *Outbox) add(ctx context.Context, tx *audit.Tx, m Message, held string) error {
	if m.Channel == "" {
		m.Channel = SMS
	}
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	shard := shardOf(m.Subject)
	id, state, until := shard+"-"+db.NewID(ctx), Waiting, int64(0)
	if o.Gateways[m.Channel] == nil {
		state = Unwired
	}
	if !m.Until.IsZero() {
		until = clock.Millis(m.Until)
	}
	sealed, done := o.Ring.Seal(raw, id), int64(0)
	if held != "" {
		state, sealed, done = Withheld, "", clock.Millis(tx.Now)
	}
	_, err = tx.Exec(ctx, `INSERT INTO notify_message (shard, id, at, channel, purpose, subject_id, seq, masked, sealed, state, tries, next_at,
		until_at, reason, done_at, bulk, topic)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,0,$11,$12,$13,$14,$15,$16)`,
		shard, id, clock.Millis(tx.Now), string(m.Channel), m.Purpose, m.Subject, m.Seq,
		mask(m.Channel, m.To), sealed, string(state), clock.Millis(tx.Now), until, held, done, db.Bool(m.Bulk), m.Topic)
	return err
}

// shardOf is where the messages about a subject are kept: with the case, or with what is the whole
// city's.
func shardOf(subject string) string {
	if shard := db.ShardOf(subject); shard != "" {
		return shard
	}
	return db.Shard("")
}

// ParseAddress is where a channel reaches somebody, in its one form. Error: Invalid at "to" for what no message can reach.
func ParseAddress(c Channel, to string) (string, error) {
	to = fold.Code(to)
	if c == Mail {
		if a, err := mail.ParseAddress(to); err != nil || a.Address != to || len(to) > 120 {
			return "", errs.ErrInvalid.At("to", "field.email")
		}
		return to, nil
	}
	p, err := idcode.ParsePhone(to)
	if err != nil || p.Kind != idcode.Mobile {
		return "", errs.ErrInvalid.At("to", "field.phone")
	}
	return p.Number, nil
}

func mask(c Channel, to string) string {
	if c == Mail {
		return idcode.MaskMail(to)
	}
	return idcode.MaskPhone(to)
}

// Cancel withdraws what still waits to tell of a subject by a channel.
func (o *Outbox) Cancel(ctx context.Context, tx *audit.Tx, subject string, c Channel) error {
	_, err := tx.Exec(ctx, `UPDATE notify_message SET state = $1, sealed = '', done_at = $2 WHERE shard = $3 AND subject_id = $4
		AND channel = $5 AND state IN ('waiting','kept')`,
		string(Withdrawn), clock.Millis(tx.Now), shardOf(subject), subject, string(c))
	return err
}

// Recall withdraws what still waits to tell a subject of a topic, because that no longer holds, and tells whether anything did.
func (o *Outbox) Recall(ctx context.Context, tx *audit.Tx, subject, topic string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE notify_message SET state = $1, reason = $2, sealed = '', done_at = $3 WHERE shard = $4 AND subject_id = $5
		AND topic = $6 AND state = 'waiting'`,
		string(Withdrawn), reasonRecalled, clock.Millis(tx.Now), shardOf(subject), subject, topic)
	return n > 0, err
}

// Counts tells how many messages of a topic are in each state. Records of messages are dropped after a while.
func (o *Outbox) Counts(ctx context.Context, r db.Reader, topic string) (map[State]int, error) {
	type row struct {
		state State
		n     int
	}
	rows, err := db.All(ctx, r, func(s db.Scanner) (c row, err error) { return c, s.Scan(&c.state, &c.n) },
		`SELECT state, COUNT(*) FROM notify_message WHERE topic = $1 AND topic <> '' GROUP BY state`, topic)
	out := map[State]int{}
	for _, c := range rows {
		out[c.state] = c.n
	}
	return out, err
}

// Forget drops all that was said about a subject, when its reader's data is erased.
func (o *Outbox) Forget(ctx context.Context, tx *audit.Tx, subject string) error {
	_, err := tx.Exec(ctx, `DELETE FROM notify_message WHERE shard = $1 AND subject_id = $2`, db.ShardOf(subject), subject)
	return err
}

// Told is what became of one message about a subject.
type Told struct {
	Channel Channel `json:"channel" enum:"sms,wecom,mail"`
	Seq     int     `json:"seq" doc:"Step of the timeline that it tells of"`
	State   State   `json:"state" enum:"waiting,sending,sent,refused,unknown,given_up,withdrawn,withheld,kept"`
	At      int64   `json:"at" doc:"When it was sent or given up; else when it was written"`
	Reason  string  `json:"reason,omitempty" doc:"Why it was not sent: a word of the catalogue (notify.reason.…), and what the gateway said"`
}

// Of lists what was told about a subject, in order.
func (o *Outbox) Of(ctx context.Context, r db.Reader, subject string) ([]Told, error) {
	return db.All(ctx, r, scanTold, selectTold+` ORDER BY at, id`, shardOf(subject), subject)
}

// Latest lists the last few messages about a subject, the newest first.
func (o *Outbox) Latest(ctx context.Context, r db.Reader, subject string, limit int) ([]Told, error) {
	return db.All(ctx, r, scanTold, selectTold+` ORDER BY at DESC, id DESC LIMIT $3`, shardOf(subject), subject, limit)
}

const selectTold = `SELECT channel, seq, state, at, done_at, reason FROM notify_message WHERE shard = $1 AND subject_id = $2`

func scanTold(row db.Scanner) (t Told, err error) {
	var done int64
	err = row.Scan(&t.Channel, &t.Seq, &t.State, &t.At, &done, &t.Reason)
	if done > 0 {
		t.At = done
	}
	return t, err
}

// forget drops messages that are older than the rule says.
func (o *Outbox) forget(ctx context.Context) error {
	keep := time.Duration(o.number(ctx, ruleKeep)) * 24 * time.Hour
	return o.Log.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM notify_message WHERE at < $1 AND state NOT IN ('waiting','sending')`,
			clock.Millis(clock.Now(ctx).Add(-keep)))
		return err
	})
}

// Reseal is the job that seals messages with the current key after the keys were rotated.
func (o *Outbox) Reseal(ctx context.Context) error {
	_, err := reseal.All(ctx, o.Log, o.Ring, reseal.Table{Name: "notify_message", Action: "notify.message.reseal"})
	return err
}

const (
	ruleTries   = "notify.tries"
	ruleTimeout = "notify.timeout.seconds"
	ruleKeep    = "notify.keep.days"
)

func (o *Outbox) number(ctx context.Context, key string) int {
	return o.Rules.Int(key, clock.Day(clock.Now(ctx)))
}
