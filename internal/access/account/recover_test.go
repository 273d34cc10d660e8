package account_test

import (
	"strings"
	"testing"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// Whoever holds the machine lets the only administrator who lost password and device begin again: their sessions end,
// what was not used changes nothing, the link works once and for their login alone, and all of it is recorded.
func TestALostAdministratorBeginsAgain(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := w.System()
		before := w.As("admin")
		token, err := w.App.Accounts.Recover(ctx, "Ａdmin ")
		if err != nil {
			t.Fatal(err)
		}
		before.Do("GET", "/session", nil).Want(401)
		w.As("admin") // a link that nobody uses takes nothing away
		a, err := w.App.Accounts.FindLogin(ctx, "admin")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.App.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO access_factor (id, account_id, kind, name, handle, sealed, confirmed, last_step, created_at, used_at)
				VALUES ('lost', $1, 'totp', 'TOTP', 'lost', 'x', 1, 0, 0, 0)`, a.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		open := w.As("auditor")
		shown := w.Nobody().Do("GET", "/setup?token="+token, nil).Want(200)
		if shown.JSON["recovers"] != true || shown.Text("role") != "system_administrator" || strings.Contains(shown.Raw, "admin\"") {
			t.Errorf("the link shows %s", shown.Raw)
		}
		const fresh = "Wieder-2026-anfang"
		begin := func(token, login string) apptest.Answer {
			return w.Nobody().Do("POST", "/setup", map[string]any{"token": token, "login": login, "name": "", "password": fresh})
		}
		begin(token, "auditor").Want(422)
		begin(token+"x", "admin").Want(404, "access.setup")
		begin(token, "admin").Want(200)
		begin(token, "admin").Want(404, "access.setup")
		w.Nobody().Do("POST", "/session", map[string]any{"login": "admin", "password": apptest.Password}).Want(401)
		if got := w.Nobody().Do("POST", "/session",
			map[string]any{"login": "admin", "password": fresh}).Want(200); got.Text("next") == string(access.NextSecond) {
			t.Error("the lost device is still asked for")
		}
		open.Do("GET", "/session", nil).Want(200) // nobody else's session ends
		for _, action := range []string{"access.account.recover", "access.account.recovered"} {
			if n, err := db.Value[int](ctx, w.App.DB, `SELECT COUNT(*) FROM audit_entry WHERE action = $1 AND subject_id = $2`,
				action, a.ID); n != 1 || err != nil {
				t.Errorf("%s is recorded %d times (%v)", action, n, err)
			}
		}
		first, _ := w.App.Accounts.Recover(ctx, "auditor")
		if _, err := w.App.Accounts.Recover(ctx, "auditor"); err != nil {
			t.Fatal(err)
		}
		begin(first, "auditor").Want(404, "access.setup") // a later link ends the earlier
		if _, err := w.App.Accounts.Recover(ctx, "nobody"); errs.Of(err).Kind != errs.NotFound {
			t.Errorf("nobody begins again: %v", err)
		}
	})
}
