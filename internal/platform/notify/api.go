package notify

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/module"
)

const (
	permRead  = "notify.message.read"
	permRetry = "notify.message.retry"
)

// View is a message as the operator sees it.
type View struct {
	ID       string  `json:"id"`
	At       int64   `json:"at"`
	Channel  Channel `json:"channel" enum:"sms,wecom,mail"`
	Purpose  string  `json:"purpose"`
	To       string  `json:"to" doc:"Telephone number or mail address, masked"`
	Text     string  `json:"text" doc:"In a demo alone; empty elsewhere"`
	State    State   `json:"state" enum:"waiting,sending,sent,refused,unknown,given_up,withdrawn,withheld,kept"`
	Tries    int     `json:"tries"`
	NextAt   int64   `json:"nextAt,omitempty" doc:"When a waiting one is tried"`
	Reason   string  `json:"reason" doc:"Why the last try failed: a word of the catalogue, and what the gateway said"`
	DoneAt   int64   `json:"doneAt,omitempty"`
	MayRetry bool    `json:"mayRetry"`
}

// ChannelView is how a channel stands.
type ChannelView struct {
	Channel   Channel       `json:"channel" enum:"sms,wecom,mail"`
	Connected bool          `json:"connected" doc:"A gateway is connected"`
	Counts    map[State]int `json:"counts" doc:"Messages by state"`
}

// retriable are the states from which the operator may have a message sent again.
var retriable = []State{Refused, Unknown, GivenUp}

// List is one page of messages, the newest first, and the cursor of the next.
func (o *Outbox) List(ctx context.Context, c Channel, s State, cursor string, limit int) ([]View, string, error) {
	var (
		at int64
		id string
		w  db.Where
	)
	if err := db.ReadCursor(cursor, &at, &id); err != nil {
		return nil, "", err
	}
	if c != "" {
		w.And(`channel = %s`, string(c))
	}
	if s != "" {
		w.And(`state = %s`, string(s))
	}
	if cursor != "" {
		w.And(`(at, id) < (%s, %s)`, at, id)
	}
	now := clock.Millis(clock.Now(ctx))
	views, err := db.All(ctx, o.Log.DB, func(row db.Scanner) (v View, err error) {
		var sealed string
		var until int64
		if err := row.Scan(&v.ID, &v.At, &v.Channel, &v.Purpose, &v.To, &sealed, &v.State, &v.Tries, &v.NextAt,
			&until, &v.Reason, &v.DoneAt); err != nil {
			return v, err
		}
		if v.State != Waiting {
			v.NextAt = 0
		}
		v.MayRetry = slices.Contains(retriable, v.State) && sealed != "" && (until == 0 || until > now)
		if !o.Shown() || sealed == "" {
			return v, nil
		}
		raw, err := o.Ring.Open(sealed, v.ID)
		if err != nil {
			return v, err
		}
		var m Message
		err = json.Unmarshal(raw, &m)
		v.Text = m.Text
		return v, err
	}, `SELECT id, at, channel, purpose, masked, sealed, state, tries, next_at, until_at, reason, done_at FROM notify_message`+w.String()+
		` ORDER BY at DESC, id DESC LIMIT `+w.Arg(limit+1), w.List...)
	if err != nil || len(views) <= limit {
		return views, "", err
	}
	last := views[limit-1]
	return views[:limit], db.Cursor(last.At, last.ID), nil
}

// Standing is how every channel stands.
func (o *Outbox) Standing(ctx context.Context) ([]ChannelView, error) {
	type row struct {
		channel Channel
		state   State
		n       int
	}
	rows, err := db.All(ctx, o.Log.DB, func(s db.Scanner) (r row, err error) {
		err = s.Scan(&r.channel, &r.state, &r.n)
		return r, err
	}, `SELECT channel, state, COUNT(*) FROM notify_message GROUP BY channel, state`)
	out := make([]ChannelView, len(Channels))
	for i, c := range Channels {
		out[i] = ChannelView{c, o.Gateways[c] != nil, map[State]int{}}
		for _, r := range rows {
			if r.channel == c {
				out[i].Counts[r.state] = r.n
			}
		}
	}
	return out, err
}

// Retry has a message sent again that was refused, given up, or whose fate is not known; in the
// last case it may arrive twice. Errors: NotFound; Conflict "notify.not_retriable" in any other
// state, or when its words are no longer kept.
func (o *Outbox) Retry(ctx context.Context, id string) error {
	return o.Log.Do(ctx, func(tx *audit.Tx) error {
		if tx.Actor.CanAnywhere(permRetry) {
			tx.Judged() // the outbox is the whole city's
		} else if err := tx.Require(permRetry, ""); err != nil {
			return err
		}
		var before State
		var sealed string
		var until int64
		err := tx.QueryRow(ctx, `SELECT state, sealed, until_at FROM notify_message WHERE shard = $1 AND id = $2`,
			db.ShardOf(id), id).Scan(&before, &sealed, &until)
		now := clock.Millis(tx.Now)
		switch {
		case db.IsNone(err):
			return errs.ErrNotFound
		case err != nil:
			return err
		case !slices.Contains(retriable, before) || sealed == "" || until > 0 && until < now:
			return errs.New(errs.Conflict, "notify.not_retriable")
		}
		tx.Record(audit.Entry{Action: permRetry, Subject: "notify.message", SubjectID: id, Before: map[string]any{"state": before}})
		_, err = tx.Exec(ctx, `UPDATE notify_message SET state = 'waiting', tries = 0, next_at = $1, done_at = 0 WHERE shard = $2 AND id = $3`,
			now, db.ShardOf(id), id)
		return err
	})
}

type listInput struct {
	Channel string `query:"channel" enum:"sms,wecom,mail"`
	State   string `query:"state" enum:"waiting,sending,sent,refused,unknown,given_up,withdrawn,withheld,kept"`
	Cursor  string `query:"cursor" maxLength:"100"`
	Limit   int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

func (o *Outbox) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/notify/messages", Permission: permRead,
		Summary: "Messages of the platform and what became of them, newest first"},
		func(ctx context.Context, in *listInput) (*httpx.List[View], error) {
			list, next, err := o.List(ctx, Channel(in.Channel), State(in.State), in.Cursor, in.Limit)
			return httpx.NewList(list, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/notify/channels", Permission: permRead, Summary: "How the channels stand"},
		func(ctx context.Context, _ *struct{}) (*httpx.List[ChannelView], error) {
			list, err := o.Standing(ctx)
			return httpx.NewList(list, ""), err
		})
	httpx.HandleDone(api, httpx.Route{Method: http.MethodPost, Path: "/notify/messages/{id}/retry", Permission: permRetry,
		Summary: "Have a message sent again"}, o.Retry)
}

// Module is what the outbox brings; its operators are the given roles.
func (o *Outbox) Module(operators ...authority.Role) module.Module {
	jobs := []module.Job{{Name: "notify.outbox", Every: time.Hour, Do: o.forget}, {Name: "notify.keys", Every: 10 * time.Minute, Do: o.Reseal}}
	for _, c := range Channels { // each on its own: a gateway that hangs holds up no other channel
		jobs = append(jobs, module.Job{Name: "notify." + string(c), Every: 2 * time.Second,
			Do: func(ctx context.Context) error { return o.Deliver(ctx, c) }})
	}
	return module.Module{
		Name:        "notify",
		Reach:       reach,
		Tables:      map[string]module.Growth{"notify_message": module.Sharded},
		Permissions: []authority.Permission{{Name: permRead, Roles: operators}, {Name: permRetry, Roles: operators}},
		Texts:       Texts,
		Rules:       Rules(),
		Routes:      o.routes,
		Jobs:        jobs,
	}
}
