package app_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/notify"
	"linli/internal/registry"
)

// told is an office in which the accounts of the test city's department act, with a gateway.
type told struct {
	*office
	g *gateway
}

func newTold(t *testing.T, w *apptest.World) *told {
	o := &told{newOffice(t, w), newGateway(t)}
	w.App.Outbox.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: notify.NewHTTP(o.g.URL, "", false)}
	if err := w.App.DB.Write(w.System(), func(tx *db.Tx) error { // the year is played earlier than the city was made
		_, err := tx.Exec(w.System(), `UPDATE access_grant SET valid_from = '2020-01-01'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	civil := w.Body[apptest.County+" civil_affairs"]
	for login, role := range map[string]authority.Role{"clerk": registry.RoleDepartmentClerk, "head": registry.RoleDepartmentHead} {
		account, err := w.App.Accounts.FindLogin(w.System(), login)
		if err != nil {
			t.Fatal(err)
		}
		o.Staff[login] = authority.NewActor(w.App.Policy, account.ID, account.Name,
			[]authority.Grant{{Role: role, Area: apptest.County, Body: civil}})
	}
	return o
}

// asks has somebody be told by SMS from an instant on.
func (o *told) asks(who, when, phone string) {
	o.Helper()
	if err := o.W.App.Tell.AskTell(o.At(who, when), notify.SMS, phone); err != nil {
		o.Fatal(err)
	}
	deliver(o.T, o.At("system", when), o.W.App.Outbox, notify.SMS)
	if err := o.W.App.Tell.ConfirmTell(o.At(who, when), notify.SMS, o.code()); err != nil {
		o.Fatal(err)
	}
}

func (o *told) code() string {
	sent := o.g.got()
	return regexp.MustCompile(`[0-9]{8}`).FindString(sent[len(sent)-1]["text"])
}

// tells runs the jobs and gives the texts that reached the gateway.
func (o *told) tells(when string) []string {
	o.Helper()
	before := len(o.g.got())
	for range 2 { // again: nothing is told twice
		if _, err := o.W.App.Alerts.TellAlerts(o.At("system", when)); err != nil {
			o.Fatal(err)
		}
		deliver(o.T, o.At("system", when), o.W.App.Outbox, notify.SMS)
	}
	var out []string
	for _, m := range o.g.got()[before:] {
		out = append(out, m["to"]+" "+m["text"])
	}
	return out
}

func (o *told) wants(when string, parts ...string) {
	o.Helper()
	got := o.tells(when)
	if len(parts) == 0 {
		if len(got) != 0 {
			o.Errorf("at %s was told %q, want nothing", when, got)
		}
		return
	}
	if len(got) != 1 {
		o.Fatalf("at %s was told %q, want one message", when, got)
	}
	for _, p := range parts {
		if !strings.Contains(got[0], p) {
			o.Errorf("at %s was told %q, which lacks %q", when, got[0], p)
		}
	}
}

// due takes in an application that falls due on the 5th of March.
func (o *told) due() (id, number string) {
	c := o.Does("window", "03-02 11:00", o.Apply("03-02 10:00"), "accept", flow.Input{})
	return c.ID, c.Number
}

func TestStaffAreToldOfAlerts(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newTold(t, w)
		_, number := o.due()
		o.raises("03-04 00:00") // reaches clerk and head
		o.wants("03-04 09:00")  // nobody asked for it

		ask, confirm := w.App.Tell.AskTell, w.App.Tell.ConfirmTell
		for _, bad := range []struct {
			channel notify.Channel
			to      string
		}{{notify.SMS, "0518-85551234"}, {notify.SMS, ""}, {notify.Mail, "head@example.cn"}, {notify.Mail, "head"}} {
			if err := ask(o.At("head", "03-04 09:10"), bad.channel, bad.to); errs.Of(err).Kind != errs.Invalid {
				t.Errorf("%s to %q: %v", bad.channel, bad.to, err)
			}
		}
		if err := ask(o.At("head", "03-04 09:10"), notify.SMS, "19900005678"); err != nil {
			t.Fatal(err)
		}
		deliver(t, o.At("system", "03-04 09:10"), w.App.Outbox, notify.SMS)
		if err := confirm(o.At("clerk", "03-04 09:11"), notify.SMS, o.code()); err == nil {
			t.Error("another account confirms by the code")
		}
		if err := confirm(o.At("head", "03-04 09:11"), notify.SMS, "00000000"); err == nil {
			t.Error("any code confirms")
		}
		if err := confirm(o.At("head", "03-04 09:31"), notify.SMS, o.code()); err == nil {
			t.Error("a code counts for ever")
		}
		o.asks("head", "03-04 09:40", "19900005678")
		if err := ask(o.At("head", "03-04 09:41"), notify.SMS, "19900005679"); errs.Of(err).Key != "access.tell_there" {
			t.Errorf("asked again while it is on: %v", err)
		}

		o.wants("03-04 10:00") // raised before it was asked for
		o.raises("03-06 00:00")
		o.wants("03-06 00:10") // at night
		o.wants("03-06 08:00", "19900005678", number, "已到期限")
		o.wants("03-06 09:00")
		if got := w.As("admin").Do("GET", "/notify/messages", nil).Want(200).Items()[0]; got["purpose"] != "casework.alert" ||
			got["to"] != "199****5678" || got["state"] != "sent" {
			t.Errorf("the operator sees %v", got)
		}
		v, err := w.App.Tell.Tells(o.At("head", "03-06 09:00"))
		if err != nil || len(v.Channels) != 1 || !v.Channels[0].On || v.Channels[0].To != "199****5678" ||
			len(v.Messages) != 3 || v.Messages[0].State != notify.Sent {
			t.Errorf("the account sees %+v %v", v, err)
		}
		if v, err := w.App.Tell.Tells(o.At("clerk", "03-06 09:00")); err != nil || v.Channels[0].On || len(v.Messages) != 0 {
			t.Errorf("another account sees %+v %v", v, err)
		}
	})
}

func TestAlertsAreToldTogetherAndNoMoreThanAsked(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newTold(t, w)
		o.asks("head", "03-02 09:00", "19900005678")
		first, _ := o.due()
		o.due()
		o.raises("03-04 00:00")
		if err := w.App.Alerts.ReadAlerts(o.At("head", "03-04 07:00"), nil); err != nil {
			t.Fatal(err)
		}
		o.wants("03-04 09:00") // read in the console before anybody was told
		o.raises("03-06 00:00")
		var both sync.WaitGroup
		for range 3 {
			both.Go(func() { _, _ = w.App.Alerts.TellAlerts(o.At("system", "03-06 08:00")) })
		}
		both.Wait()
		before := len(o.g.got())
		deliver(t, o.At("system", "03-06 08:00"), w.App.Outbox, notify.SMS)
		if sent := o.g.got()[before:]; len(sent) != 1 || !strings.Contains(sent[0]["text"], "2 条新提醒：已到期限 2 条") {
			t.Errorf("three processes at once told %v", sent)
		}

		supervise := func(when string) {
			c, err := w.App.Casework.Find(o.At("county", when), first)
			if err != nil {
				t.Fatal(err)
			}
			o.Does("county", when, c, "supervise", flow.Input{Note: "请抓紧", Number: 2})
		}
		supervise("03-06 08:10")
		o.wants("03-06 08:20") // too soon after the last
		o.wants("03-06 08:40", "上级督办")

		w.Rule("notify.tries", "9")
		o.g.answers(503)
		o.raises("03-09 08:00")
		o.raises("03-10 09:00")
		o.tells("03-11 09:00")
		if err := w.App.Tell.EndTell(o.At("head", "03-11 09:01"), notify.SMS); err != nil {
			t.Fatal(err)
		}
		kept, err := db.Value[int](w.System(), w.App.DB,
			`SELECT COUNT(*) FROM notify_message WHERE state = 'waiting' AND subject_id = $1`, o.Staff["head"].ID)
		if err != nil || kept != 0 {
			t.Errorf("%d messages still wait after it was stopped, %v", kept, err)
		}
		sealed, err := db.Value[string](w.System(), w.App.DB, `SELECT sealed FROM access_tell WHERE account_id = $1`, o.Staff["head"].ID)
		if err != nil || sealed != "" {
			t.Errorf("the number is kept as %q, %v", sealed, err)
		}
		o.g.answers(202)
		o.raises("03-12 09:00")
		o.wants("03-12 09:10")
	})
}

func TestToldThroughTheAPI(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		g := newGateway(t)
		w.App.Outbox.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: notify.NewHTTP(g.URL, "", false)}
		head := w.As("head")
		head.Do("POST", "/session/tell/mail", map[string]any{"to": "head@example.cn"}).Want(422)
		head.Do("POST", "/session/tell/sms", map[string]any{"to": "19900005678"}).Want(204)
		deliver(t, w.System(), w.App.Outbox, notify.SMS)
		code := (&told{g: g}).code()
		head.Do("POST", "/session/tell/sms/confirm", map[string]any{"code": "1"}).Want(422)
		head.Do("POST", "/session/tell/sms/confirm", map[string]any{"code": code}).Want(204)
		if got := head.Do("GET", "/session/tell", nil).Want(200).Raw; !strings.Contains(got, `"on":true`) ||
			!strings.Contains(got, "199****5678") || strings.Contains(got, "19900005678") {
			t.Errorf("the account sees %s", got)
		}
		head.Do("POST", "/session/tell/sms", map[string]any{"to": "19900005679"}).Want(409)
		head.Do("DELETE", "/session/tell/sms", nil).Want(204)
		head.Do("DELETE", "/session/tell/sms", nil).Want(404)
		for range 7 {
			head.Do("POST", "/session/tell/sms", map[string]any{"to": "19900005679"}).Want(204)
		}
		head.Do("POST", "/session/tell/sms", map[string]any{"to": "19900005679"}).Want(429)
	})
}

func TestOnlyHoldersAreTold(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newTold(t, w)
		o.asks("head", "03-02 09:00", "19900005678")
		o.due()
		o.raises("03-04 00:00")
		account, err := w.App.Accounts.FindLogin(w.System(), "head")
		if err != nil {
			t.Fatal(err)
		}
		o.wants("03-04 09:00", "即将到期")
		o.raises("03-06 00:00")
		for _, g := range account.Grants {
			if err := w.App.Accounts.Revoke(w.System(), account.ID, g.ID); err != nil {
				t.Fatal(err)
			}
		}
		o.wants("03-06 09:00")
	})
}
