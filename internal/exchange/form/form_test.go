package form_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/exchange/form"
	"linli/internal/gate"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	fields "linli/internal/platform/form"
	"linli/internal/platform/module"
	"linli/internal/platform/text"
	"linli/internal/registry/change"
)

type object = map[string]any

// world is a platform with a form that a department may send, what is held, and a gate that knows admissions.
type world struct {
	*apptest.World
	s      *form.Service
	forms  map[string]form.Definition
	held   map[string]map[string]form.Held
	passes map[string]string // last day of an admission, by its number
	causes map[string]string // of suspensions, likewise
	loads  []gate.Load
	reads  int
}

func both(s string) text.Pair { return text.Pair{Zh: s, En: s} }

func field(key string, kind fields.Kind, required bool) fields.Field {
	return fields.Field{Key: key, Kind: kind, Label: both(key), Group: both("g"), Required: required}
}

// questions are of every shape: two are held.
func questions() []form.Question {
	name, count := field("secretary", fields.Text, true), field("households", fields.Number, true)
	name.Personal, count.Max = true, 100_000
	lifts, works := field("lifts", fields.Choices, true), field("works", fields.Table, false)
	lifts.Options = []fields.Option{{Value: "old", Label: both("旧")}, {Value: "new", Label: both("新")}}
	column := field("what", fields.Text, true)
	column.Group = text.Pair{}
	works.Columns = []fields.Column{fields.Column(column)}
	return []form.Question{{Field: name, Element: "member.secretary.name"}, {Field: count, Element: "people.households"},
		{Field: lifts}, {Field: works}, {Field: field("pictures", fields.File, false)}}
}

func open(t *testing.T, w *apptest.World) *world {
	t.Helper()
	o := &world{World: w, s: module.Of[*form.Service](w.App.Modules), forms: map[string]form.Definition{},
		held: map[string]map[string]form.Held{}, passes: map[string]string{"准-1": "2099-12-31"}, causes: map[string]string{}}
	bodies, err := w.App.Registry.Bodies(w.System(), apptest.County)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bodies {
		if b.Department == "civil_affairs" {
			o.forms["lifts"] = form.Definition{ID: "lifts", Body: b.ID, Title: both("电梯情况"), Purpose: both("摸清底数"), Admission: "准-1", Days: 5,
				Questions: questions()}
		}
	}
	for _, area := range []string{apptest.Community, apptest.Neighbour} {
		o.held[area] = map[string]form.Held{
			"member.secretary.name": {Value: fields.One("王建国"), Source: both("组织登记簿"), AsOf: "2026-03-01", Department: "civil_affairs"},
			"people.households":     {Value: fields.One("1205"), Source: both("户籍"), AsOf: "2026-02-01", Department: "urban_management"}}
	}
	o.s.Forms, o.s.Holdings, o.s.Gate, o.s.Ledger, o.s.Admissions = o, o, o, o, o
	return o
}

func (o *world) Sendable(_ context.Context, _ db.Reader, id string) (form.Definition, error) {
	d, ok := o.forms[id]
	if !ok {
		return d, errs.ErrNotFound
	}
	return d, nil
}

func (o *world) All(context.Context) ([]string, error)         { return []string{"lifts"}, nil }
func (o *world) Probe(context.Context, string) (string, error) { return "lifts", nil }

func (o *world) Values(_ context.Context, _, communities []string) (map[string]map[string]form.Held, error) {
	o.reads++
	out := map[string]map[string]form.Held{}
	for _, c := range communities {
		out[c] = o.held[c]
	}
	return out, nil
}

// Pass lets through what rests on an admission that has not ended.
func (o *world) Pass(_ context.Context, tx *audit.Tx, r gate.Request) (gate.Pass, error) {
	until, known := o.passes[r.Admission]
	switch {
	case !known:
		return gate.Pass{}, errs.New(errs.Conflict, "admission.gate.unknown")
	case until < clock.Day(tx.Now):
		return gate.Pass{}, errs.New(errs.Conflict, "admission.gate.expired")
	}
	return gate.Pass{Number: r.Admission, Title: "电梯", Until: until}, nil
}

// Standings are of the admissions that are known.
func (o *world) Standings(ctx context.Context, _ db.Reader, numbers []string) (map[string]gate.Standing, error) {
	out := map[string]gate.Standing{}
	for _, n := range numbers {
		if until, known := o.passes[n]; known {
			st := gate.Standing{Number: n, Until: until, State: "active", Cause: o.causes[n], Live: until >= clock.Day(clock.Now(ctx))}
			if st.Cause != "" {
				st.State, st.Live = "suspended", false
			}
			out[n] = st
		}
	}
	return out, nil
}

func (o *world) Live(context.Context, db.Reader, string) ([]gate.Standing, error) { return nil, nil }

func (o *world) Record(_ context.Context, _ *audit.Tx, loads ...gate.Load) error {
	o.loads = append(o.loads, loads...)
	return nil
}

// send sends the form to communities and gives them their rows.
func (o *world) send(areas ...string) string {
	o.T.Helper()
	id := o.As("clerk").Do("POST", "/exchange/forms/lifts/send", object{"areas": areas, "minutes": 20}).Want(201).Text("id")
	if err := o.s.Prepare(o.System()); err != nil {
		o.T.Fatal(err)
	}
	return id
}

// mine is the form that waits for a community.
func (o *world) mine(login string) string {
	o.T.Helper()
	got := o.As(login).Do("GET", "/exchange/answers?state=open", nil).Want(200).Items()
	if len(got) != 1 {
		o.T.Fatalf("%d forms wait for %s", len(got), login)
	}
	return got[0]["id"].(string)
}

func number(v any) int { return int(v.(float64)) }

// right answers all that is not held, and confirms the rest.
func right(version int, more ...any) object {
	out := object{"version": version, "answers": object{"lifts": []string{"new"}, "works": []any{object{"what": "加装"}}},
		"marks": object{"secretary": "confirmed", "households": "confirmed"}}
	for i := 0; i < len(more); i += 2 {
		out[more[i].(string)] = more[i+1]
	}
	return out
}

// A form is sent, arrives filled in with what is held, is saved, sent, returned with reasons, sent again and accepted.
func TestAFormFromSendingToAcceptance(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		o := open(t, w)
		clerk, committee := w.As("clerk"), w.As("committee")
		sending := o.send(apptest.County)
		shown := clerk.Do("GET", "/exchange/sendings/"+sending, nil).Want(200)
		if shown.Text("state") != "open" || number(shown.JSON["total"]) != 2 || number(shown.JSON["prefilled"]) != 4 ||
			number(shown.JSON["saved"]) != 6 || len(shown.JSON["streets"].([]any)) != 1 {
			t.Errorf("sent: %s", shown.Raw)
		}
		id := o.mine("committee")
		at := "/exchange/answers/" + id
		got := committee.Do("POST", at+"/open", nil).Want(200)
		if got.Text("pass.number") != "准-1" || got.Text("pass.until") != "2099-12-31" || got.JSON["pass"].(object)["live"] != true {
			t.Errorf("no number and end on the form: %s", got.Raw)
		}
		first := got.JSON["questions"].([]any)[0].(object)
		held := first["held"].(object)
		if held["words"] != "王*国" || held["source"] != "组织登记簿" || held["asOf"] != "2026-03-01" || strings.Contains(got.Raw, "王建国") {
			t.Errorf("filled in: %v", first)
		}

		saved := committee.Do("PUT", at+"/draft", object{"version": 1, "answers": object{"lifts": []string{"moon"}}, "marks": object{}}).Want(200)
		committee.Do("PUT", at+"/draft", object{"version": 1, "answers": object{}, "marks": object{}}).Want(409)
		committee.Do("PUT", at+"/draft", object{"version": 2, "answers": object{"nothing": "x"}, "marks": object{}}).Want(422)
		if saved.JSON["questions"].([]any)[2].(object)["answer"].([]any)[0] != "moon" {
			t.Errorf("the draft is lost: %s", saved.Raw)
		}
		wrong := committee.Do("POST", at+"/submit", object{"version": 2, "answers": object{"lifts": []string{"moon"},
			"works": []any{object{"what": "x"}, object{"other": "y"}}}, "marks": object{"secretary": "confirmed"}}).Want(422)
		for _, at := range []string{`"answers.lifts"`, `"answers.households"`, `"answers.works`} {
			if !strings.Contains(wrong.Raw, at) {
				t.Errorf("%s is not refused: %s", at, wrong.Raw)
			}
		}
		committee.Do("POST", at+"/submit", right(2)).Want(200)
		if got := clerk.Do("GET", at, nil).Want(200); got.Text("state") != "submitted" || strings.Contains(got.Raw, "王建国") {
			t.Errorf("sent: %s", got.Raw)
		}
		clerk.Do("POST", at+"/return", object{"version": 3, "reasons": object{}}).Want(422)
		clerk.Do("POST", at+"/return", object{"version": 3, "reasons": object{"nothing": "x"}}).Want(422)
		clerk.Do("POST", at+"/return", object{"version": 3, "reasons": object{"works": "请写明楼号"}}).Want(200)
		again := committee.Do("POST", at+"/open", nil).Want(200)
		if again.Text("state") != "returned" || !strings.Contains(again.Raw, "请写明楼号") {
			t.Errorf("returned: %s", again.Raw)
		}
		committee.Do("POST", at+"/submit", right(4, "minutes", 12)).Want(200)
		committee.Do("POST", at+"/time", object{"version": 5, "minutes": 15}).Want(200)
		clerk.Do("POST", at+"/accept", object{"version": 6}).Want(200)
		clerk.Do("POST", at+"/accept", object{"version": 7}).Want(409)
		committee.Do("POST", at+"/submit", right(7)).Want(409)

		answered, measured, asked := 0, 0, 0
		for _, l := range o.loads {
			answered, measured, asked = answered+l.Answered, measured+l.Measured, asked+l.Asked
		}
		if answered != 1 || measured != 15 || asked != 2 || o.loads[0].Fields != 5 || o.loads[0].Prefilled != 2 || o.loads[0].Declared != 20 {
			t.Errorf("the ledger has %d answers in %d minutes of %d: %+v", answered, measured, asked, o.loads)
		}
		shown = clerk.Do("GET", "/exchange/sendings/"+sending, nil).Want(200)
		if got := shown.JSON["measured"].(object); number(got["median"]) != 15 {
			t.Errorf("measured: %v", got)
		}
	})
}

// Every step that a state does not allow is refused, for everybody who may read the form.
func TestStepsOutOfTurn(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		o := open(t, w)
		o.send(apptest.Community)
		id := o.mine("committee")
		at := "/exchange/answers/" + id
		committee, clerk := w.As("committee"), w.As("clerk")
		bodies := map[string]object{"submit": right(1), "time": {"version": 1, "minutes": 3}, "accept": {"version": 1},
			"return": {"version": 1, "reasons": object{"works": "x"}}}
		try := func(c *apptest.Caller, verb string, version int) int {
			body := maps.Clone(bodies[verb])
			body["version"] = version
			return c.Do("POST", at+"/"+verb, body).Status
		}
		for _, c := range []struct {
			who   *apptest.Caller
			verb  string
			state string
			want  int
		}{
			{clerk, "accept", "asked", 409}, {clerk, "return", "asked", 409}, {committee, "time", "asked", 409}, {clerk, "submit", "asked", 403},
			{w.As("urban"), "accept", "asked", 403}, {committee, "submit", "asked", 200},
			{committee, "submit", "submitted", 409}, {committee, "accept", "submitted", 403}, {committee, "time", "submitted", 200},
			{clerk, "return", "submitted", 200}, {clerk, "accept", "returned", 409}, {committee, "time", "returned", 409},
			{committee, "submit", "returned", 200}, {w.As("stranger"), "submit", "submitted", 404}, {clerk, "accept", "submitted", 200},
			{clerk, "return", "accepted", 409}, {clerk, "accept", "accepted", 409}, {committee, "time", "accepted", 200},
		} {
			got := committee.Do("GET", at, nil).Want(200)
			if got.Text("state") != c.state {
				t.Fatalf("before %s it is %s, want %s", c.verb, got.Text("state"), c.state)
			}
			status := try(c.who, c.verb, number(got.JSON["version"]))
			if c.want == 403 && status == 404 { // a department that did not send it does not know of it
				continue
			}
			if status != c.want {
				t.Errorf("%s when %s: %d, want %d", c.verb, c.state, status, c.want)
			}
		}
	})
}

// Without a gate nothing is sent; with one, only what it lets through, by the department whose form it is.
func TestNothingPassesTheGateUnasked(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		o := open(t, w)
		send := func(login string, areas ...string) apptest.Answer {
			return w.As(login).Do("POST", "/exchange/forms/lifts/send", object{"areas": areas})
		}
		o.s.Gate = nil
		send("clerk", apptest.Community).Want(409, "exchange.sending.gateless")
		o.s.Gate = o
		d := o.forms["lifts"]
		d.Admission = "准-9"
		o.forms["lifts"] = d
		send("clerk", apptest.Community).Want(409, "admission.gate.unknown")
		d.Admission = "准-1"
		o.forms["lifts"] = d
		send("urban", apptest.Community).Want(403)
		send("committee", apptest.Community).Want(403)
		send("clerk", apptest.Elsewhere).Want(403)
		send("clerk", "999999").Want(422)
		if n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM exchange_sending`); n != 0 || err != nil {
			t.Errorf("%d sendings were made, %v", n, err)
		}
		again := object{"areas": []string{apptest.Community}, "clientKey": "k1"}
		first := w.As("clerk").Do("POST", "/exchange/forms/lifts/send", again).Want(201).Text("id")
		if second := w.As("clerk").Do("POST", "/exchange/forms/lifts/send", again).Want(201).Text("id"); first != second {
			t.Error("a repeated request sends again")
		}
	})
}

// A disputed value goes to the department that answers for it, which must answer in ten working days.
func TestADisputeGoesToTheOwner(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		o := open(t, w)
		o.send(apptest.Community)
		at := "/exchange/answers/" + o.mine("committee")
		committee := w.As("committee")
		disputed := right(1)
		disputed["marks"] = object{"secretary": "confirmed", "households": "disputed"}
		committee.Do("POST", at+"/submit", disputed).Want(422)
		disputed["answers"].(object)["households"], disputed["why"] = "1210", object{"households": "新交付一幢楼"}
		got := committee.Do("POST", at+"/submit", disputed).Want(200)
		d := got.JSON["disputes"].([]any)[0].(object)
		day, err := w.App.Calendar.Now().WorkdaysBetween(clock.Day(clock.Now(w.System())), d["dueOn"].(string))
		if err != nil || day != 10 || d["held"] != "1205" || d["claim"] != "1210" || d["reason"] != "新交付一幢楼" {
			t.Errorf("the dispute: %v, due in %d working days, %v", d, day, err)
		}
		id := d["id"].(string)
		if n := len(w.As("clerk").Do("GET", "/exchange/disputes", nil).Want(200).Items()); n != 0 {
			t.Errorf("who does not answer for it has %d disputes", n)
		}
		w.As("clerk").Do("POST", "/exchange/disputes/"+id+"/correct", object{"version": 1, "note": "x"}).Want(404)
		urban := w.As("urban")
		if n := len(urban.Do("GET", "/exchange/disputes?state=claimed", nil).Want(200).Items()); n != 1 {
			t.Fatalf("the owner has %d disputes", n)
		}
		urban.Do("POST", "/exchange/disputes/"+id+"/correct", object{"version": 1}).Want(422)
		urban.Do("POST", "/exchange/disputes/"+id+"/correct", object{"version": 1, "note": "已核实"}).Want(204)
		urban.Do("POST", "/exchange/disputes/"+id+"/uphold", object{"version": 2, "note": "x"}).Want(409)
		if got := committee.Do("GET", at, nil).Want(200); !strings.Contains(got.Raw, "已核实") || !strings.Contains(got.Raw, `"corrected"`) {
			t.Errorf("the community is not told: %s", got.Raw)
		}
	})
}

// A community sends its answer whether or not the working days are known by which a dispute falls due; the day follows.
func TestADisputeWaitsForTheCalendar(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		o := open(t, w)
		o.send(apptest.County)
		at := "/exchange/answers/" + o.mine("committee")
		disputed := right(1)
		disputed["marks"] = object{"secretary": "confirmed", "households": "disputed"}
		disputed["answers"].(object)["households"], disputed["why"] = "1210", object{"households": "新交付一幢楼"}
		known := o.s.Calendar
		empty, err := calendar.New(nil, calendar.DefaultHours())
		must(t, err)
		o.s.Calendar = calendar.NewCache(empty)
		got := w.As("committee").Do("POST", at+"/submit", disputed).Want(200)
		due := func(got apptest.Answer) string { return got.JSON["disputes"].([]any)[0].(object)["dueOn"].(string) }
		if due(got) != "" {
			t.Errorf("due without a calendar: %s", got.Raw)
		}
		if again := w.As("clerk").Do("POST", "/exchange/forms/lifts/send",
			object{"areas": []string{apptest.County}}).Want(422); !strings.Contains(again.Raw, `"dueOn"`) {
			t.Errorf("sent without a calendar: %s", again.Raw)
		}
		must(t, o.s.End(w.System()))
		o.s.Calendar = known
		must(t, o.s.End(w.System()))
		day, err := known.Now().WorkdaysBetween(clock.Day(clock.Now(w.System())), due(w.As("committee").Do("GET", at, nil).Want(200)))
		if err != nil || day != 10 {
			t.Errorf("due in %d working days, %v", day, err)
		}
	})
}

// When the admission ends, its sendings end in the same write; one whose last day has passed is over from that day on, and
// what was sent stays. A sending that rests on another admission goes on.
func TestAnAdmissionThatEndsEndsItsSendings(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		o := open(t, w)
		sending := o.send(apptest.County)
		at := "/exchange/answers/" + o.mine("committee")
		must(t, o.s.End(w.System()))
		end := func(number string) {
			must(t, w.App.Log.Do(w.System(), func(tx *audit.Tx) error {
				tx.Judged()
				tx.Record(audit.Entry{Action: "test", Area: apptest.County, Subject: "test", SubjectID: number})
				return o.s.Ended(w.System(), tx, gate.Ending{Number: number, State: "revoked", Reason: "政策已调整"})
			}))
		}
		end("准-2")
		if got := w.As("committee").Do("GET", at, nil).Want(200); got.Text("state") != "asked" {
			t.Errorf("another admission's end: %s", got.Raw)
		}
		end("准-1")
		got := w.As("committee").Do("GET", at, nil).Want(200)
		if got.Text("state") != "lapsed" || got.JSON["pass"].(object)["live"] != false || got.Text("pass.number") != "准-1" {
			t.Errorf("after the admission ended: %s", got.Raw)
		}
		w.As("committee").Do("POST", at+"/submit", right(2)).Want(409)
		if got := w.As("clerk").Do("GET", "/exchange/sendings/"+sending, nil).Want(200); got.JSON["passEnded"] != true ||
			got.Text("endReason") != "政策已调整" || got.Text("state") != "ended" {
			t.Errorf("the sending: %s", got.Raw)
		}
		again := func() {
			w.Exec(`UPDATE exchange_sending SET state = 'open', end_reason = ''`)
			w.Exec(`UPDATE exchange_answer SET state = 'asked'`)
		}
		again()
		o.passes["准-1"] = "2020-01-01" // its end is not written down yet
		w.As("committee").Do("POST", at+"/submit", right(2)).Want(409, "exchange.sending.over")
		must(t, o.s.End(w.System()))
		if got := w.As("committee").Do("GET", at, nil).Want(200); got.Text("state") != "lapsed" {
			t.Errorf("after the last day: %s", got.Raw)
		}
	})
}

// While an admission is suspended nobody need answer: faces say so and why, nothing is late, nobody is reminded; once it holds
// again all goes on.
func TestASuspendedAdmissionHaltsItsSendings(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		o := open(t, w)
		sending := "/exchange/sendings/" + o.send(apptest.County)
		at := "/exchange/answers/" + o.mine("committee")
		w.Exec(`UPDATE exchange_answer SET due_on = '2020-01-01'`)
		clerk, committee := w.As("clerk"), w.As("committee")
		late := func(want bool) {
			t.Helper()
			if got := committee.Do("GET", at, nil).Want(200); got.JSON["late"] != want || got.JSON["pass"].(object)["live"] != want {
				t.Errorf("late %v is wanted: %s", want, got.Raw)
			}
		}
		late(true)
		o.causes["准-1"] = "money"
		late(false)
		shown := clerk.Do("GET", sending, nil).Want(200)
		if shown.Text("pass.cause") != "money" || number(shown.JSON["streets"].([]any)[0].(object)["late"]) != 0 {
			t.Errorf("suspended: %s", shown.Raw)
		}
		clerk.Do("POST", sending+"/remind", object{"version": shown.JSON["version"]}).Want(409, "exchange.sending.suspended")
		must(t, o.s.End(w.System()))
		committee.Do("POST", at+"/submit", right(1)).Want(200) // whoever wants to may
		clerk.Do("POST", at+"/return", object{"version": 2, "reasons": object{"works": "x"}}).Want(409, "exchange.sending.suspended")
		o.causes["准-1"] = ""
		clerk.Do("POST", at+"/return", object{"version": 2, "reasons": object{"works": "x"}}).Want(200)
		late(true)
	})
}

// The department reminds, closes, and takes the answers along for a purpose; without a purpose nobody sees personal data.
func TestRemindCloseAndExport(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		o := open(t, w)
		person := keep(t, w)
		h := o.held[apptest.Community]["member.secretary.name"]
		h.Person = person
		o.held[apptest.Community]["member.secretary.name"] = h
		sending := o.send(apptest.County)
		id, clerk := o.mine("committee"), w.As("clerk")
		w.As("committee").Do("POST", "/exchange/answers/"+id+"/submit", right(1)).Want(200)
		looks := func() int {
			all, err := w.App.People.LooksOf(w.System(), person, false)
			must(t, err)
			return len(all)
		}
		before := looks()
		if before != 1 {
			t.Errorf("filling in a person's name is shown to them %d times", before)
		}
		unmask := "/exchange/answers/" + id + "/fields/secretary/unmask"
		clerk.Do("POST", unmask, object{}).Want(403, "exchange.answer.purpose")
		if got := clerk.Do("POST", unmask, object{"purpose": "verify"}).Want(200); got.Text("value") != "王建国" || looks() != before+1 {
			t.Errorf("shown for a purpose: %s, %d looks", got.Raw, looks())
		}
		clerk.Do("GET", "/exchange/sendings/"+sending+"/export?format=csv", nil).Want(403, "exchange.answer.purpose")
		w.As("head").Do("GET", "/exchange/sendings/"+sending+"/export?format=xlsx&purpose=service", nil).Want(200)
		got := clerk.Do("GET", "/exchange/sendings/"+sending+"/export?format=csv&purpose=service", nil).Want(200)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(got.Raw, "\ufeff"))).ReadAll()
		must(t, err)
		if len(rows) != 3 || !slices.Contains(rows[1], "王建国") || !slices.Contains(rows[1], "1205") || slices.Contains(rows[2], "王建国") {
			t.Errorf("the table: %q", rows)
		}
		if looks() != before+3 {
			t.Errorf("the export is shown to the person %d times", looks()-before-1)
		}
		shown := clerk.Do("GET", "/exchange/sendings/"+sending, nil).Want(200)
		clerk.Do("POST", "/exchange/sendings/"+sending+"/remind", object{"version": shown.JSON["version"]}).Want(200)
		if n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM exchange_answer WHERE reminded_at > 0`); n != 1 || err != nil {
			t.Errorf("%d communities are reminded, %v", n, err)
		}
		version := number(shown.JSON["version"]) + 1
		clerk.Do("POST", "/exchange/sendings/"+sending+"/close", object{"version": version}).Want(422)
		w.As("urban").Do("POST", "/exchange/sendings/"+sending+"/close", object{"version": version, "note": "x"}).Want(404)
		closed := clerk.Do("POST", "/exchange/sendings/"+sending+"/close", object{"version": version, "note": "已收齐"}).Want(200)
		if closed.Text("state") != "ended" || number(closed.JSON["counties"].([]any)[0].(object)["lapsed"]) != 1 {
			t.Errorf("closed: %s", closed.Raw)
		}
	})
}

// Files answer a question of files alone, and go with the form.
func TestFilesOfAForm(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		o := open(t, w)
		o.send(apptest.Community)
		at, committee := "/exchange/answers/"+o.mine("committee"), w.As("committee")
		committee.File(at+"/fields/lifts/files", "a.pdf", apptest.PDF("x")).Want(422)
		file := committee.File(at+"/fields/pictures/files", "a.pdf", apptest.PDF("x")).Want(200).Text("id")
		answers := right(1)
		answers["answers"].(object)["pictures"] = []string{file, "another"}
		committee.Do("POST", at+"/submit", answers).Want(422)
		answers["answers"].(object)["pictures"] = []string{file}
		committee.Do("POST", at+"/submit", answers).Want(200)
		w.As("clerk").Do("GET", at+"/files/"+file, nil).Want(200)
		w.As("stranger").Do("GET", at+"/files/"+file, nil).Want(404)
		committee.Do("DELETE", at+"/files/"+file, nil).Want(409)
	})
}

// Preparing asks for what is held once for many communities, in a number of statements that does not grow with each, and
// goes on where it was stopped.
func TestPreparingIsBatched(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		const communities = 450
		o := open(t, w)
		grow(w, communities)
		o.send(apptest.Street)
		before := w.App.DB.Asked()
		o.reads = 0
		o.send(apptest.Street)
		if asked := w.App.DB.Asked() - before; asked > communities/2 {
			t.Errorf("%d statements for %d communities", asked, communities)
		}
		if o.reads > 3 {
			t.Errorf("what is held is asked for %d times", o.reads)
		}
		w.Exec(`UPDATE exchange_sending SET state = 'preparing', place = ''`)
		must(t, o.s.Prepare(w.System()))
		n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM exchange_answer`)
		if all := len(w.App.Registry.Below(apptest.Street, 5)); n != 2*all || err != nil {
			t.Errorf("%d rows for two sendings to %d communities, %v", n, all, err)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// keep makes a person.
func keep(t *testing.T, w *apptest.World) (id string) {
	t.Helper()
	must(t, w.App.Log.Do(w.System(), func(tx *audit.Tx) (err error) {
		tx.Judged()
		tx.Record(audit.Entry{Action: "people.person.add", Area: apptest.Community, Subject: people.Subject})
		id, err = w.App.People.Keep(w.System(), tx, apptest.Community, people.Person{Name: "王建国"})
		return err
	}))
	return id
}

// grow adds communities to the street.
func grow(w *apptest.World, n int) {
	w.T.Helper()
	lines := "code,name,level,parent\n"
	for i := range n {
		lines += fmt.Sprintf("%s%03d,第%d社区居委会,5,%s\n", apptest.Street, 100+i, i, apptest.Street)
	}
	_, err := w.App.Changes.Import(w.System(), []change.Source{change.FromReader("more.csv", strings.NewReader(lines))},
		change.ImportOptions{Supplement: true})
	must(w.T, err)
}
