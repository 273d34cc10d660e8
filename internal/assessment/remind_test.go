package assessment_test

import (
	"context"
	"testing"
	"time"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/assessment"
	"linli/internal/casework/alert"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/platform/notify"
)

// subscribers want to be told by SMS.
type subscribers []alert.Subscriber

func (s subscribers) Subscribed(context.Context) ([]alert.Subscriber, error) { return s, nil }

// Whoever may appeal or decides is told once a day of the days of appeals that end, a collector of collections that do, and
// nobody of what is far off or elsewhere.
func TestWhoIsResponsibleIsTold(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		noon := time.Date(2026, 6, 10, 12, 0, 0, 0, clock.City)
		ctx := clock.With(w.System(), noon)
		var to subscribers
		for _, login := range []string{"builder", "committee", "street", "clerk"} {
			id, err := db.Value[string](ctx, w.App.Log.DB, `SELECT id FROM access_account WHERE login = $1`, login)
			if err != nil {
				t.Fatal(err)
			}
			a, err := access.FindAccountOn(ctx, w.App.Log.DB, id, clock.Day(clock.Now(w.System())))
			if err != nil {
				t.Fatal(err)
			}
			to = append(to, alert.Subscriber{Actor: w.App.Access.Actor(a, a.Grants), Channel: notify.SMS, To: "13800000000", Lang: "zh"})
		}
		s := module.Of[*assessment.Service](w.App.Modules)
		s.Alerts.Subscribers = to
		told := func() int {
			t.Helper()
			n, err := s.RemindAll(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		put := func(id, area, until string) {
			w.Exec(`INSERT INTO assessment_scheme (id, area, year, state, content, writer_id, writer_name, written_at, publisher_name, published_at,
				computer_id, results, digest, appeal_until, frozen_at, version)
				VALUES ($1,$2,2026,'appeal','{"subjects":"communities"}','','',0,'',0,'','','',$3,0,1)`, id, area, until)
		}
		put("far", apptest.County, "2026-06-20")
		put("past", apptest.County, "2026-06-01")
		if n := told(); n != 0 {
			t.Errorf("%d are told of what is far off or over", n)
		}
		put("soon", apptest.County, "2026-06-12")
		if n := told(); n != 3 { // builder decides, committee and street may appeal; a clerk may not
			t.Errorf("%d are told of appeals that end", n)
		}
		if n := told(); n != 0 {
			t.Errorf("%d are told twice a day", n)
		}
		ctx = clock.With(w.System(), noon.AddDate(0, 0, 1).Add(-9*time.Hour))
		if n := told(); n != 0 {
			t.Errorf("%d are told at night", n)
		}
		w.Exec(`DELETE FROM assessment_scheme`)
		w.Exec(`INSERT INTO assessment_survey (id, area, year, state, content, seed, frame_digest, writer_id, writer_name, written_at, results, digest,
			published_at, version) VALUES ('x',$1,2026,'open','{"closes":"2026-06-13"}','','','','',0,'','',0,1)`, apptest.County)
		ctx = clock.With(w.System(), noon.AddDate(0, 0, 1))
		if n := told(); n != 2 { // builder and street collect
			t.Errorf("%d are told of a collection that ends", n)
		}
	})
}

// What waits stands in the inbox: a scheme to publish for who did not write it, appeals for who decides, results for who may appeal,
// surveys for who collects, each with its last day.
func TestWhatWaitsStandsInTheInbox(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		put := func(id, state, until string) {
			w.Exec(`INSERT INTO assessment_scheme (id, area, year, state, content, writer_id, writer_name, written_at, publisher_name, published_at,
				computer_id, results, digest, appeal_until, frozen_at, version)
				VALUES ($1,$2,2026,$3,$4,'somebody','',0,'',0,'','','',$5,0,1)`, id, apptest.County, state,
				`{"subjects":"communities","area":"`+apptest.County+`"}`, until)
		}
		todo := func(login string) map[string]map[string]any {
			out := map[string]map[string]any{}
			for _, one := range w.As(login).Do("GET", "/casework/todo", nil).Want(200).Items() {
				out[one["kind"].(string)] = one
			}
			return out
		}
		put("draft", "proposed", "")
		put("one", "appeal", "2199-06-01")
		put("over", "appeal", "2020-06-01")
		w.Exec(`INSERT INTO assessment_appeal (scheme_id, id, area, body, at, actor_name, outcome, answer, decided_at, decider_name, department)
			VALUES ('one','a',$1,'x',0,'','','',0,'','')`, apptest.Community)
		w.Exec(`INSERT INTO assessment_survey (id, area, year, state, content, seed, frame_digest, writer_id, writer_name, written_at, results, digest,
			published_at, version) VALUES ('x',$1,2026,'open',$2,'','','','',0,'','',0,1)`, apptest.County,
			`{"closes":"2199-06-13","area":"`+apptest.County+`"}`)
		builder := todo("builder")
		if builder["assessment.todo.sign"]["id"] != "draft" || builder["assessment.todo.decide"]["id"] != "one" ||
			builder["assessment.todo.decide"]["due"].(float64) <= 0 || builder["assessment.todo.collect"]["id"] != "x" {
			t.Errorf("who decides: %v", builder)
		}
		if got := todo("committee"); got["assessment.todo.appeal"]["id"] != "one" || got["assessment.todo.decide"] != nil {
			t.Errorf("who may appeal: %v", got)
		}
		for kind := range todo("clerk") {
			if kind == "assessment.todo.appeal" || kind == "assessment.todo.sign" || kind == "assessment.todo.collect" {
				t.Errorf("a clerk is told of %s", kind)
			}
		}
	})
}
