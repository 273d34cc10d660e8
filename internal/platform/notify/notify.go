// Package notify carries short messages to people's phones. A city connects its own gateway as a
// Sender; until it does, messages go to an outbox, which in a demo shows what they say and
// anywhere else only that they were sent. Table (reference): notify_message.
package notify

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/httpx"
	"linli/internal/platform/idcode"
	"linli/internal/platform/module"
	"linli/internal/platform/reseal"
	"linli/internal/platform/seal"
)

// Message is what somebody is told.
type Message struct {
	To      string `json:"to"` // telephone number
	Purpose string `json:"-"`  // what it is about, e.g. "access.code"
	Text    string `json:"text"`
}

// Sender delivers messages. It returns once the message is out of the platform's hands.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// keepFor is how long the outbox remembers.
const keepFor = 30 * 24 * time.Hour

const permRead = "notify.message.read"

// Outbox is the Sender that delivers nowhere.
type Outbox struct {
	Log   *audit.Log
	Ring  *seal.Ring
	Shown func() bool // whether texts may be read: in a demo alone
}

// Send keeps the message, sealed.
func (o *Outbox) Send(ctx context.Context, m Message) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return o.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged() // whoever has the platform send something has judged that
		id := db.NewID(ctx)
		tx.Record(audit.Entry{Action: "notify.message.send", Subject: "notify.message", SubjectID: id, Detail: map[string]any{"purpose": m.Purpose}})
		_, err := tx.Exec(ctx, `INSERT INTO notify_message (id, at, purpose, masked, sealed) VALUES ($1,$2,$3,$4,$5)`,
			id, clock.Millis(tx.Now), m.Purpose, idcode.MaskPhone(m.To), o.Ring.Seal(raw, id))
		return err
	})
}

// View is a message as the outbox shows it.
type View struct {
	ID      string `json:"id"`
	At      int64  `json:"at"`
	Purpose string `json:"purpose"`
	To      string `json:"to" doc:"Telephone number, masked"`
	Text    string `json:"text" doc:"In a demo alone; empty elsewhere"`
}

// List is the newest hundred messages.
func (o *Outbox) List(ctx context.Context) ([]View, error) {
	return db.All(ctx, o.Log.DB, func(row db.Scanner) (v View, err error) {
		var sealed string
		if err := row.Scan(&v.ID, &v.At, &v.Purpose, &v.To, &sealed); err != nil || !o.Shown() {
			return v, err
		}
		raw, err := o.Ring.Open(sealed, v.ID)
		if err != nil {
			return v, err
		}
		var m Message
		err = json.Unmarshal(raw, &m)
		v.Text = m.Text
		return v, err
	}, `SELECT id, at, purpose, masked, sealed FROM notify_message ORDER BY at DESC, id DESC LIMIT 100`)
}

func (o *Outbox) forget(ctx context.Context) error {
	return o.Log.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM notify_message WHERE at < $1`, clock.Millis(clock.Now(ctx).Add(-keepFor)))
		return err
	})
}

// Reseal is the job that seals messages with the current key after the keys were rotated.
func (o *Outbox) Reseal(ctx context.Context) error {
	_, err := reseal.All(ctx, o.Log, o.Ring, reseal.Table{Name: "notify_message", Action: "notify.message.reseal"})
	return err
}

// Module is what the outbox brings; its readers are the given roles.
func (o *Outbox) Module(readers ...authority.Role) module.Module {
	return module.Module{
		Name:        "notify",
		Tables:      map[string]module.Growth{"notify_message": module.Reference},
		Permissions: []authority.Permission{{Name: permRead, Roles: readers}},
		Routes: func(api *httpx.API) {
			httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/notify/messages", Permission: permRead, Summary: "Messages that the platform has sent, newest first"},
				func(ctx context.Context, _ *struct{}) (*httpx.List[View], error) {
					list, err := o.List(ctx)
					return httpx.NewList(list, ""), err
				})
		},
		Jobs: []module.Job{{Name: "notify.outbox", Every: time.Hour, Do: o.forget}, {Name: "notify.keys", Every: time.Minute, Do: o.Reseal}},
	}
}
