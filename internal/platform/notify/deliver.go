package notify

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// Delivery is a message as a gateway takes it. Key is the same whenever the same message is
// handed over.
type Delivery struct{ Key, To, Title, Text string }

// Gateway hands over messages of one channel. Nil says that the gateway has accepted the message;
// a Failure says what is known otherwise, and any other error that nothing is known.
type Gateway interface {
	Send(ctx context.Context, d Delivery) error
}

// Failure is why a gateway has not accepted a message.
type Failure struct {
	State  State  // Waiting: not sent, may be tried again; Refused: for good; Unknown: may have been sent
	Reason string // stable word of the catalogue, with what the gateway said, e.g. "status 503"; nothing personal
	Cause  error
}

func (f *Failure) Error() string {
	if f.Cause != nil {
		return f.Reason + ": " + f.Cause.Error()
	}
	return f.Reason
}

func (f *Failure) Unwrap() error { return f.Cause }

const (
	atOnce      = 4  // messages of one channel that are handed over at once
	batch       = 40 // messages of one channel that one round takes up
	firstPause  = 30 * time.Second
	longest     = 6 * time.Hour
	lastWord    = 3 * time.Second // for a gateway to answer when the platform stops: else nobody knows
	claimLasts  = 5 * time.Minute // more than a gateway's time: a claim that is older belongs to nobody
	reasonLapse = "lapsed"
	reasonLate  = "late"
)

type waiting struct {
	shard, id, sealed string
	tries             int
	until             int64
}

// Deliver hands the due messages of one channel to its gateway. A row is claimed by one worker
// before it is handed over, so that two processes never send it twice; a worker that dies with
// a message in hand leaves it as unknown, because it may have been sent.
func (o *Outbox) Deliver(ctx context.Context, c Channel) error {
	gateway := o.Gateways[c]
	if gateway == nil {
		return nil
	}
	now := clock.Millis(clock.Now(ctx))
	if err := o.lapse(ctx, c, now); err != nil {
		return err
	}
	due, err := db.All(ctx, o.Log.DB, func(r db.Scanner) (w waiting, err error) {
		err = r.Scan(&w.shard, &w.id, &w.sealed, &w.tries, &w.until)
		return w, err
	}, `SELECT shard, id, sealed, tries, until_at FROM notify_message WHERE channel = $1 AND state = 'waiting' AND next_at <= $2
		ORDER BY bulk, next_at LIMIT $3`, string(c), now, batch)
	if err != nil {
		return err
	}
	turns := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for _, w := range due {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			if err := o.handOver(ctx, gateway, w); err != nil && ctx.Err() == nil {
				slog.ErrorContext(ctx, "message not settled", "message", w.id, "error", err)
			}
		})
	}
	all.Wait()
	return nil
}

// lapse settles what a worker took and never settled.
func (o *Outbox) lapse(ctx context.Context, c Channel, now int64) error {
	return o.Log.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE notify_message SET state = $1, reason = $2, done_at = $3 WHERE channel = $4 AND state = 'sending'
			AND next_at <= $5`,
			string(Unknown), reasonLapse, now, string(c), now)
		return err
	})
}

// claim takes a message; false when another worker has it, or its reader no longer wants it. Its context must
// not end with the platform's: a claim that is on disk and that nobody heard of would be settled as unknown.
func (o *Outbox) claim(ctx context.Context, w waiting) (bool, error) {
	taken := false
	err := o.Log.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE notify_message SET state = 'sending', tries = tries + 1, next_at = $1 WHERE shard = $2 AND id = $3
			AND state = 'waiting' AND tries = $4`,
			clock.Millis(clock.Now(ctx).Add(claimLasts)), w.shard, w.id, w.tries)
		taken = n == 1
		return err
	})
	return taken, err
}

func (o *Outbox) handOver(ctx context.Context, gateway Gateway, w waiting) error {
	if ctx.Err() != nil {
		return nil // the platform stops: what is not yet taken up waits for its next start
	}
	if w.until > 0 && w.until < clock.Millis(clock.Now(ctx)) {
		return o.settle(ctx, w, GivenUp, reasonLate)
	}
	raw, err := o.Ring.Open(w.sealed, w.id)
	var m Message
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	if err != nil {
		return errors.Join(err, o.settle(ctx, w, GivenUp, "unreadable"))
	}
	if taken, err := o.claim(context.WithoutCancel(ctx), w); err != nil || !taken {
		return err
	}
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Duration(o.number(ctx, ruleTimeout))*time.Second)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(lastWord, cancel) })()
	err = gateway.Send(sending, Delivery{Key: w.id, To: m.To, Title: m.Title, Text: m.Text})
	return o.conclude(context.WithoutCancel(ctx), w, err)
}

// conclude writes down what a gateway's answer means.
func (o *Outbox) conclude(ctx context.Context, w waiting, err error) error {
	var f *Failure
	switch {
	case err == nil:
		return o.settle(ctx, w, Sent, "")
	case !errors.As(err, &f):
		return o.settle(ctx, w, Unknown, "unknown")
	case f.State != Waiting:
		return o.settle(ctx, w, f.State, f.Reason)
	case w.tries+1 >= o.number(ctx, ruleTries):
		return o.settle(ctx, w, GivenUp, f.Reason)
	}
	next := clock.Millis(clock.Now(ctx).Add(pause(w.tries)))
	return o.Log.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE notify_message SET state = 'waiting', next_at = $1, reason = $2 WHERE shard = $3 AND id = $4
			AND state = 'sending'`,
			next, f.Reason, w.shard, w.id)
		return err
	})
}

// pause is how long to wait after so many tries: half a minute, then four times as long each.
func pause(tries int) time.Duration {
	d := firstPause
	for range tries {
		if d *= 4; d >= longest {
			return longest
		}
	}
	return d
}

// settle ends a message. The words of one that was sent are dropped, but for a demo.
func (o *Outbox) settle(ctx context.Context, w waiting, s State, reason string) error {
	return o.Log.DB.Write(ctx, func(tx *db.Tx) error {
		kept := w.sealed
		if s == Sent && !o.Shown() {
			kept = ""
		}
		_, err := tx.Exec(ctx, `UPDATE notify_message SET state = $1, reason = $2, sealed = $3, done_at = $4 WHERE shard = $5 AND id = $6
			AND state IN ('waiting','sending')`,
			string(s), reason, kept, clock.Millis(clock.Now(ctx)), w.shard, w.id)
		return err
	})
}
