package app_test

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// What staff and residents do stands in the log with who, when, from where, before and after;
// auditors alone read it.
func TestAuditLogTellsWhatWasDone(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin, auditor := w.As("admin"), w.As("auditor")
		account := admin.Do("GET", "/access/accounts?q=window2", nil).Want(200).Items()[0]
		admin.Do("PUT", "/access/accounts/"+account["id"].(string),
			map[string]any{"name": "新名", "state": "active", "version": account["version"]}).Want(200)

		rows := auditor.Do("GET", "/audit/entries?action=access.account.change", nil).Want(200).Items()
		if len(rows) != 1 {
			t.Fatalf("%d records of the change", len(rows))
		}
		row := rows[0]
		before, _ := row["before"].(map[string]any)
		after, _ := row["after"].(map[string]any)
		if row["actorName"] != "姓名admin" || row["origin"] != "127.0.0.1" || row["session"] == "" || row["subjectId"] != account["id"] ||
			before["name"] != "姓名window2" || after["name"] != "新名" {
			t.Errorf("recorded %v", row)
		}
		if n := len(auditor.Do("GET", "/audit/entries?action=access.sign_in&actor=&limit=200", nil).Want(200).Items()); n == 0 {
			t.Error("no sign-in is recorded")
		}
		for _, login := range []string{"admin", "city", "window"} {
			w.As(login).Do("GET", "/audit/entries", nil).Want(403, "forbidden")
		}
		w.Nobody().Do("GET", "/audit/entries", nil).Want(401)
		auditor.Do("GET", "/audit/entries?from=yesterday", nil).Want(422)

		all, cursor := 0, ""
		for {
			page := auditor.Do("GET", "/audit/entries?limit=7&cursor="+cursor, nil).Want(200)
			all += len(page.Items())
			if cursor = page.Text("next"); cursor == "" {
				break
			}
		}
		if whole := len(auditor.Do("GET", "/audit/entries?limit=200", nil).Want(200).Items()); whole != all {
			t.Errorf("pages hold %d records, the whole %d", all, whole)
		}
		today := clock.Day(clock.Now(w.System()))
		if n := len(auditor.Do("GET", "/audit/entries?limit=200&from="+today+"&to="+today, nil).Want(200).Items()); n != all {
			t.Errorf("today has %d of %d records", n, all)
		}
		if n := len(auditor.Do("GET", "/audit/entries?to=2020-01-01", nil).Want(200).Items()); n != 0 {
			t.Errorf("%d records of before the platform", n)
		}
	})
}

// A county's auditor sees the county's records and nobody else's.
func TestAuditLogIsScopedByArea(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Account("auditor2", registry.RoleAuditor, apptest.County)
		w.App.Log.Do(w.System(), func(tx *audit.Tx) error {
			tx.Judged()
			for _, area := range []string{apptest.Community, apptest.Neighbour, apptest.Elsewhere, apptest.CityCode} {
				tx.Record(audit.Entry{Action: "test.thing.change", Area: area})
			}
			return nil
		})
		for query, want := range map[string]string{
			"":                              "[320703001007 320703001009]",
			"&area=" + apptest.Community:    "[320703001007]",
			"&area=" + apptest.CityCode:     "[320703001007 320703001009]",
			"&area=320703001&action=test.t": "[320703001007 320703001009]",
		} {
			seen := map[string]bool{}
			for _, r := range w.As("auditor2").Do("GET", "/audit/entries?action=test.thing"+query, nil).Want(200).Items() {
				seen[r["area"].(string)] = true
			}
			if got := fmt.Sprint(sorted(seen)); got != want {
				t.Errorf("%q shows %s; want %s", query, got, want)
			}
		}
		w.As("auditor2").Do("GET", "/audit/entries?area="+apptest.Elsewhere, nil).Want(403, "forbidden")
		w.As("auditor2").Do("GET", "/audit/export?area="+apptest.Elsewhere, nil).Want(403, "forbidden")
		if got := w.As("auditor2").Do("GET", "/audit/export?action=test", nil).Want(200).Raw; strings.Contains(got, apptest.Elsewhere) ||
			!strings.Contains(got, apptest.Community) {
			t.Errorf("exported %s", got)
		}
	})
}

func sorted(set map[string]bool) []string {
	var out []string
	for _, code := range []string{apptest.CityCode, apptest.Community, apptest.Neighbour, apptest.Elsewhere} {
		if set[code] {
			out = append(out, code)
		}
	}
	return out
}

// An export is recorded, and no cell of it is a formula.
func TestAuditExport(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.App.Log.Do(w.System(), func(tx *audit.Tx) error {
			tx.Judged()
			tx.Record(audit.Entry{Action: "test.thing.change", Area: apptest.Community, SubjectID: `=HYPERLINK("http://x","y")`,
				Detail: map[string]string{"phone": "13812345678"}})
			return nil
		})
		auditor := w.As("auditor")
		got := auditor.Do("GET", "/audit/export", nil).Want(200)
		if strings.Contains(got.Raw, "13812345678") {
			t.Error("a telephone number left with the export")
		}
		for _, line := range strings.Split(got.Raw, "\n") {
			for _, cell := range strings.Split(line, ",") {
				if c := strings.Trim(cell, `"`); c != "" && strings.ContainsAny(c[:1], "=+-@") {
					t.Errorf("the cell %s is a formula", cell)
				}
			}
		}
		if n := len(auditor.Do("GET", "/audit/entries?action=audit.entry.export", nil).Want(200).Items()); n != 1 {
			t.Errorf("%d records of the export", n)
		}
		w.As("city").Do("GET", "/audit/export", nil).Want(403, "forbidden")
	})
}

// Records younger than the rule's six months are kept; older ones go, and the log still verifies.
func TestRetention(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := w.System()
		write := func(at time.Time) {
			if err := w.App.Log.Do(clock.With(ctx, at), func(tx *audit.Tx) error {
				tx.Judged()
				tx.Record(audit.Entry{Action: "test.thing.change", Area: apptest.Community})
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := w.App.Log.Seal(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.App.Log.Seal(ctx); err != nil {
			t.Fatal(err)
		}
		now := clock.Now(ctx).AddDate(1, 0, 0)
		write(now)
		for day, refused := range map[string]bool{clock.Day(now): true, clock.Day(now.AddDate(0, -5, 0)): true, "tomorrow": true} {
			if _, err := w.App.Audit.Forget(clock.With(ctx, now), day); (err != nil) != refused {
				t.Errorf("forgetting before %s: %v", day, err)
			}
		}
		n, err := w.App.Audit.Forget(clock.With(ctx, now), clock.Day(now.AddDate(0, -7, 0)))
		if err != nil || n == 0 {
			t.Fatalf("%d records dropped: %v", n, err)
		}
		if _, err := w.App.Log.Seal(ctx); err != nil {
			t.Fatal(err)
		}
		report, err := w.App.Log.Verify(ctx, nil)
		if err != nil || len(report.Findings) != 0 || report.Forgotten != n {
			t.Errorf("after forgetting: %+v (%v)", report, err)
		}
		if rows := w.As("auditor").Do("GET", "/audit/entries?action=audit.entry.forget", nil).Want(200).Items(); len(rows) != 1 {
			t.Errorf("%d records that something was dropped", len(rows))
		}
	})
}

// Six months before a day that the earlier month lacks is that month's last day, not days of the next.
func TestNoRecordGoesEarly(t *testing.T) {
	t.Parallel()
	w := apptest.Open(t, filepath.Join(t.TempDir(), "linli.db"))
	now := clock.With(w.System(), time.Date(2026, 8, 31, 9, 0, 0, 0, clock.City))
	for day, refused := range map[string]bool{"2026-03-03": true, "2026-03-01": true, "2026-02-28": false} {
		if _, err := w.App.Audit.Forget(now, day); (err != nil) != refused {
			t.Errorf("forgetting before %s on 31 August: %v", day, err)
		}
	}
}

// What was written down as dropped and is still there, because the program ended in between, is dropped
// by the job.
func TestAnInterruptedForgetGoesOn(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := w.System()
		if _, err := w.App.Log.Seal(ctx); err != nil {
			t.Fatal(err)
		}
		must(t, w.App.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE audit_tree SET forgotten = size`) // nothing was dropped yet
			return err
		}))
		left := func() int {
			n, err := db.Value[int](ctx, w.App.DB, `SELECT COUNT(*) FROM audit_entry WHERE seq IS NOT NULL`)
			must(t, err)
			return n
		}
		before := left()
		n, err := w.App.Audit.Resume(ctx)
		must(t, err)
		if before == 0 || int(n) != before || left() != 0 {
			t.Errorf("of %d records %d were dropped and %d are left", before, n, left())
		}
		if n, err := w.App.Audit.Resume(ctx); n != 0 || err != nil {
			t.Errorf("dropped again: %d, %v", n, err)
		}
	})
}

// An auditor verifies the log in the console: it is sound, then a record is altered and named,
// also against a head that was kept before.
func TestAuditorVerifiesTheLog(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		auditor := w.As("auditor")
		if _, err := w.App.Log.Seal(w.System()); err != nil {
			t.Fatal(err)
		}
		head := auditor.Do("GET", "/audit/head", nil).Want(200).Raw
		sound := auditor.Do("POST", "/audit/verify", map[string]any{"head": head}).Want(200)
		if sound.Text("count") != "0" || sound.Text("earlier") != sound.Text("size") || sound.Text("size") == "0" {
			t.Fatalf("got %s", sound.Raw)
		}
		auditor.Do("POST", "/audit/verify", map[string]any{"head": "x"}).Want(422, "audit.head")
		if n := len(auditor.Do("GET", "/audit/entries?action=audit.entry.verify", nil).Want(200).Items()); n != 1 {
			t.Errorf("the verification is recorded %d times", n)
		}
		id := auditor.Do("GET", "/audit/entries?action=access.account.create&limit=1", nil).Want(200).Items()[0]["id"].(string)
		err := w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.System(), `UPDATE audit_entry SET actor_name = 'somebody else' WHERE id = $1`, id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		found := auditor.Do("POST", "/audit/verify", map[string]any{"head": head}).Want(200)
		if found.Text("count") == "0" || !strings.Contains(found.Raw, id) || !strings.Contains(found.Raw, `"altered"`) {
			t.Errorf("got %s", found.Raw)
		}
		w.As("admin").Do("POST", "/audit/verify", map[string]any{}).Want(403, "forbidden")
	})
}

// A sign-in is recorded in the name of who signed in; one that failed says whose account it was.
func TestSignInIsRecordedInAName(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.As("window")
		w.Nobody().Do("POST", "/session", map[string]any{"login": "window", "password": "wrong"}).Want(401)
		auditor := w.As("auditor")
		good := auditor.Do("GET", "/audit/entries?action=access.sign_in&actor="+url.QueryEscape("姓名window"), nil).Want(200).Items()
		if len(good) != 1 || good[0]["actorId"] != good[0]["subjectId"] || good[0]["origin"] != "127.0.0.1" {
			t.Errorf("recorded %v", good)
		}
		failed := auditor.Do("GET", "/audit/entries?action=access.sign_in_failed", nil).Want(200).Items()
		if detail, _ := failed[0]["detail"].(map[string]any); len(failed) != 1 ||
			failed[0]["actorName"] != "" || detail["account"] != "姓名window" {
			t.Errorf("recorded %v", failed)
		}
	})
}
