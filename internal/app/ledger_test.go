package app_test

import (
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// What a department asks a community's station for on a case passes the gate and stands in the ledger of burden, in one write: a part
// that it asks for, and a case that it sends on. What the gate refuses stands nowhere, and what the station's own dispatcher asks is
// nobody's burden.
func TestPartsAndRedirectsAreCounted(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		dispatcher, clerk := w.As("dispatcher"), w.As("clerk")
		civil, station := w.Body[apptest.County+" civil_affairs"], w.Body[apptest.Community+" station"]
		j := apptest.NewMatter(t, w, "ledger")
		j.Step(dispatcher, "establish", nil).Want(200)
		j.Step(dispatcher, "dispatch", map[string]any{"unit": civil}).Want(200)
		events := func(way gate.Way) int {
			n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM burden_event WHERE way = $1 AND asked = 1 AND subject = $2
				AND area = $3 AND body = $4 AND pass = 'S01' AND title <> ''`, string(way), j.ID, apptest.Community, civil)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		ask := map[string]any{"unit": station, "note": "核对低保户信息", "number": 2}
		j.Step(clerk, "join", ask).Want(409, "admission.gate.none")
		ask["basis"] = "N01"
		j.Step(clerk, "join", ask).Want(409, "admission.gate.unlisted")
		if n := events(gate.Part); n != 0 {
			t.Errorf("%d refused parts are counted", n)
		}
		ask["basis"] = "S01"
		j.Step(clerk, "join", ask).Want(200)
		if n := events(gate.Part); n != 1 {
			t.Errorf("the part stands %d times in the ledger", n)
		}

		c, err := w.App.Casework.Find(w.System(), j.ID)
		if err != nil {
			t.Fatal(err)
		}
		send := func(login, basis string) error {
			a, err := w.App.Accounts.FindLogin(w.System(), login)
			if err != nil {
				t.Fatal(err)
			}
			ctx := authority.With(w.System(), w.App.Access.Actor(a, a.Grants))
			return w.App.Log.Do(ctx, func(tx *audit.Tx) error {
				tx.Judged()
				tx.Record(audit.Entry{Action: "probe.redirect", Subject: "probe"})
				_, _, err := w.App.Casework.Sendable(ctx, tx, &c, gate.Sending{Unit: station, Way: gate.Redirect, Basis: basis})
				return err
			})
		}
		if err := send("clerk", "P02"); errs.Of(err).Key != "admission.gate.lead" || events(gate.Redirect) != 0 {
			t.Errorf("another department's entry: %v", err)
		}
		for range 2 {
			if err := send("clerk", "S01"); err != nil {
				t.Error(err)
			}
		}
		if err := send("dispatcher", ""); err != nil {
			t.Errorf("the station's own: %v", err)
		}
		if n := events(gate.Redirect); n != 2 {
			t.Errorf("%d redirects stand in the ledger, want 2", n)
		}
	})
}
