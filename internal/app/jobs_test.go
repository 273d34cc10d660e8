package app_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/migrations"
)

// The system administrator sees how every job stands, each by a name in both languages; readyz names
// those that are long overdue and goes on to say ready.
func TestJobsAreSeen(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		done, err := w.App.Jobs.Due(w.System())
		must(t, err)
		rows := w.As("admin").Do("GET", "/jobs", nil).Want(200).Items()
		if len(rows) != len(done) || len(rows) < 10 {
			t.Errorf("%d jobs are seen, %d were due at the first start", len(rows), len(done))
		}
		for _, row := range rows {
			name := "jobs.name." + row["name"].(string)
			if row["state"] != "waiting" || row["succeeded"] == nil || w.App.Catalogue.T("zh", name) == name ||
				w.App.Catalogue.T("en", name) == name {
				t.Errorf("seen: %v", row)
			}
		}
		w.As("city").Do("GET", "/jobs", nil).Want(403)
		if again, err := w.Peer().Jobs.Due(w.System()); len(again) > 0 || err != nil {
			t.Errorf("another process does again %v (%v)", again, err)
		}
		must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.System(), `UPDATE jobs_job SET due_at = $1 WHERE name = 'casework.storage'`,
				clock.Millis(clock.Now(w.System()).AddDate(0, 0, -4)))
			return err
		}))
		res, err := http.Get(w.URL + "/readyz")
		must(t, err)
		defer res.Body.Close()
		if body, _ := io.ReadAll(res.Body); res.StatusCode != 200 || !strings.HasPrefix(string(body), "ready\n") ||
			!strings.Contains(string(body), "casework.storage") {
			t.Errorf("readyz: %d %s", res.StatusCode, body)
		}
	})
}

// A job that got another name keeps when it was last done, and when it is due.
func TestARenamedJobKeepsItsMemory(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		done, err := w.App.Jobs.Due(w.System())
		must(t, err)
		if !slices.Contains(done, "casework.storage") {
			t.Fatalf("the sweep was not due: %v", done)
		}
		w.Exec(`UPDATE jobs_job SET name = 'casework.shelf' WHERE name = 'casework.storage'`)
		text, err := migrations.Files.ReadFile("0073_jobs_storage.sql")
		must(t, err)
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		w.Exec(up)
		if again, err := w.Peer().Jobs.Due(w.System()); len(again) > 0 || err != nil {
			t.Errorf("after the renaming it does at once %v (%v)", again, err)
		}
	})
}
