package app_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/notify"
)

// What was counted of a follow-up while a year was unknown stays counted as it was when the year is
// loaded: the counters and what they are counted from agree.
func TestFollowUpsAreCountedOnce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		c := o.Does("dispatcher", "12-31 09:00", o.Report("12-31 08:30"), "dismiss", flow.Input{Note: "不属实"})
		reporter := o.At(c.ID, "12-31 10:00")
		if _, err := w.App.Casework.Move(reporter, c.Kind, casework.MoveInput{ID: c.ID, Verb: "rate", Level: 1}); err != nil {
			t.Fatal(err)
		}
		step := func(when string, verb flow.Verb) {
			t.Helper()
			if err := w.App.Rating.MoveFollowUp(o.At("street", when), c.ID, 1, verb, casework.StepInput{Input: flow.Input{Note: "说明"}}); err != nil {
				t.Fatal(err)
			}
		}
		step("2027-02-01 10:00", "contact")
		w.LoadYear(2027)
		if got := differing(t, w); got != "" {
			t.Errorf("after the year was loaded:\n%s", got)
		}
		step("2027-02-02 10:00", "rectify")
		if got := differing(t, w); got != "" {
			t.Errorf("after the next step:\n%s", got)
		}
	})
}

// Who follows a case by its code learns of the steps of others what is told, and nothing that they
// wrote or chose among themselves, nor the files of such steps.
func TestWhatTheReporterIsNotTold(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened := w.Nobody().Apply(w.Fill(apptest.Application("inner"))).Want(201)
		id, code := opened.Text("id"), opened.Text("code")
		step := func(who, verb string, body map[string]any) {
			t.Helper()
			w.As(who).StepApplication(id, verb, body).Want(200)
		}
		step("window", "accept", nil)
		clerk := w.As("clerk")
		file := clerk.Upload("内部审查意见.png", apptest.OnePixel).Want(200).Text("id")
		clerk.StepApplication(id, "review", map[string]any{"choice": "fail", "note": "拟不予", "files": []string{file}}).Want(200)
		seen := w.Nobody().Do("POST", "/casework/follow", map[string]any{"code": code}).Want(200)
		for _, inner := range []string{"拟不予", `"choice":"fail"`, `"opinion":"fail"`, "内部审查意见", file} {
			if strings.Contains(seen.Raw, inner) {
				t.Errorf("the applicant learns %s before the decision", inner)
			}
		}
		w.Nobody().Do("POST", "/casework/follow/files/"+file, map[string]any{"code": code}).Want(404)
		if head := w.As("head").Do("GET", "/casework/cases/"+id, nil).Want(200); !strings.Contains(head.Raw, file) ||
			!strings.Contains(head.Raw, "拟不予") {
			t.Errorf("the head does not see the review: %s", head.Raw)
		}
	})
}

// The button to rate again is offered exactly when the step would be taken.
func TestRatingAgainIsOffered(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened := w.Nobody().OpenCase(apptest.Incident("again")).Want(201)
		j, code := &apptest.Matter{T: t, W: w, ID: opened.Text("id")}, opened.Text("code")
		offered := func() bool {
			t.Helper()
			seen := w.Nobody().Do("POST", "/casework/follow", map[string]any{"code": code}).Want(200)
			return strings.Contains(seen.Text("allowed"), `"verb":"rerate"`)
		}
		rate := func(verb string, level int) {
			t.Helper()
			w.Nobody().Do("POST", "/casework/follow/"+verb, map[string]any{"code": code, "level": level}).Want(200)
		}
		j.Step(w.As("dispatcher"), "establish", nil).Want(200)
		j.Step(w.As("dispatcher"), "dispatch", map[string]any{"unit": w.Body[apptest.Community+" station"]}).Want(200)
		j.Finish(w.As("grid"), w.As("dispatcher"))
		rate("rate", 1)
		j.Reopen()
		j.Finish(w.As("grid"), w.As("dispatcher"))
		rate("rate", 2)
		if !offered() {
			t.Error("the second closing may be rated again, and that is not offered")
		}
		rate("rerate", 4)
		if offered() {
			t.Error("rating again is offered more often than it is taken")
		}
	})
}

// An unanswered urging is not complained of once its case is closed.
func TestNobodyIsToldOfAnUrgingThatIsOver(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		c := o.Report("03-02 08:30")
		o.Does("county", "03-02 09:00", c, "supervise", flow.Input{Note: "请抓紧", Number: 1})
		o.Does("dispatcher", "03-02 09:30", c, "dismiss", flow.Input{Note: "不属实"})
		o.raises("03-20 10:00")
		if got := o.hears("county", "03-20 10:00"); slices.Contains(got, "unanswered") {
			t.Errorf("the officer is told of %v after the case was closed", got)
		}
	})
}

// Numbers of persons that somebody wrote into a note stand masked in the log, however they are set.
func TestNumbersInNotesAreMasked(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		written := []string{"电话\n19900004321", "电话 <19900004321>", "+8619900004321", "199 0000 4321",
			"199-0000-4321", "１９９００００４３２１", "证号34052419800101001X，"}
		err := w.App.Log.Do(w.System(), func(tx *audit.Tx) error {
			tx.Judged()
			tx.Record(audit.Entry{Action: "test.note", Area: apptest.County, Subject: "test", SubjectID: "note",
				Detail: map[string]any{"reason": written}})
			return nil
		})
		must(t, err)
		rows, err := w.App.Log.Of(w.System(), "note", 10, "test.note")
		if err != nil || len(rows) != 1 {
			t.Fatal(rows, err)
		}
		for _, bare := range []string{"19900004321", "199 0000 4321", "199-0000-4321", "１９９００００４３２１", "34052419800101001X"} {
			if strings.Contains(rows[0].Detail, bare) {
				t.Errorf("%s stands in the log: %s", bare, rows[0].Detail)
			}
		}
	})
}

// What a stranger may know of an open case nearby holds no number of a person.
func TestWhatLiesNearHoldsNoNumbers(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		body := apptest.Incident("near")
		body["description"], body["place"] = "楼前垃圾无人清运", map[string]any{"text": "3 号楼 502 电话19900004321"}
		w.Nobody().OpenCase(body).Want(201)
		got := w.Nobody().Alike(map[string]any{"category": "0101", "description": "楼前垃圾无人清运", "area": apptest.Community,
			"place": map[string]any{"text": "3 号楼 502"}}).Want(200)
		if len(got.Items()) != 1 || strings.Contains(got.Raw, "19900004321") {
			t.Errorf("a stranger is shown %s", got.Raw)
		}
	})
}

// A database that is away for a moment does not make the browser forget the case that it follows.
func TestAwayIsNotForgotten(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		code := w.Nobody().OpenCase(apptest.Incident("away")).Want(201).Text("code")
		visitor := w.Nobody()
		if got := visitor.Page("POST", "/track", url.Values{"code": {code}}); got.Status != 303 {
			t.Fatalf("the code is answered by %d", got.Status)
		}
		visitor.Page("GET", "/track/case", nil).Want(200)
		must(t, w.App.DB.Close())
		for _, path := range []string{"/track/case", "/track/case/person"} {
			if got := visitor.Page("GET", path, nil); got.Status < 500 || got.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s while the database is away: %d, cookie %q", path, got.Status, got.Header.Get("Set-Cookie"))
			}
		}
	})
}

// While an account waits for its next message no record says that it was told.
func TestNothingToldIsNotRecorded(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newTold(t, w)
		o.asks("head", "03-02 10:00", "19900005678")
		o.due()
		recorded := func() int {
			t.Helper()
			n, err := db.Value[int](w.System(), w.App.DB,
				`SELECT COUNT(*) FROM audit_entry WHERE action = 'casework.alert.raise' AND subject_id = 'told'`)
			must(t, err)
			return n
		}
		o.raises("03-06 00:00")
		o.wants("03-06 08:00", "19900005678")
		o.due()
		o.raises("03-06 08:01")
		before := recorded()
		o.wants("03-06 08:02") // a message was sent just now
		if n := recorded(); n != before {
			t.Errorf("%d records say that somebody was told nothing", n-before)
		}
	})
}

// Who wants to be told of a case is told of what moves it and of what is for them, not of every word
// that offices exchange about it.
func TestOfficesUrgeWithoutAMessage(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		g := newGateway(t)
		w.App.Outbox.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: notify.NewHTTP(g.URL, "", false)}
		id := w.Nobody().OpenCase(wishing("urged", "sms")).Want(201).Text("id")
		for _, step := range []struct {
			who, verb string
			body      map[string]any
			told      int
		}{
			{"dispatcher", "establish", nil, 2}, // and the receipt
			{"county", "supervise", map[string]any{"note": "请抓紧", "number": 2}, 2},
			{"dispatcher", "answer", map[string]any{"note": "今日派遣"}, 2},
			{"dispatcher", "dispatch", map[string]any{"unit": w.Body[apptest.County+" urban_management"]}, 3},
			{"dispatcher", "join", map[string]any{"unit": w.Body[apptest.Community+" office"], "note": "请协助", "number": 2}, 3},
			{"dispatcher", "suspend", map[string]any{"note": "待春季补植", "choice": "season"}, 4}, // told why
		} {
			w.As(step.who).Step(id, step.verb, step.body).Want(200)
			deliver(t, w.System(), w.App.Outbox, notify.SMS)
			if n := len(g.got()); n != step.told {
				t.Errorf("after %s %d messages were sent, want %d", step.verb, n, step.told)
			}
		}
	})
}
