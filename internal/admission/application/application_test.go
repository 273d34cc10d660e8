package application_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/access"
	"linli/internal/admission/application"
	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

type object = map[string]any

const base = "/admission/applications"

func service(w *apptest.World) *application.Service {
	return module.Of[*application.Service](w.App.Modules)
}

// day is so many days from today, in city time.
func day(w *apptest.World, n int) string { return clock.Day(clock.Now(w.System()).AddDate(0, 0, n)) }

// content is an application that the rules admit.
func content(w *apptest.World, areas ...string) object {
	return object{"name": "独居老人冬季走访", "ways": []string{"task", "form"},
		"basis": object{"document": "《老年人权益保障法》", "article": "第七条", "certainty": "V"}, "areas": areas,
		"text": "每季度上门走访独居老人一次，了解取暖和用药情况，发现困难及时报告民政局。", "role": "assist", "from": day(w, 50), "until": day(w, 200),
		"exit": day(w, 200), "frequency": 4, "minutes": 60,
		"money": object{"amount": 300000, "source": "区级财政福利经费", "line": "连民财〔2026〕12号",
			"instalments": []object{{"amount": 100000, "due": day(w, 60)}, {"amount": 200000, "due": day(w, 120)}}},
		"ownStaff": "走访需要熟悉居民的人员，本局人员不足以逐户到达。", "assessment": "none", "consistency": "减评〔2026〕3号"}
}

func with(o object, pairs ...any) object {
	for i := 0; i < len(pairs); i += 2 {
		o[pairs[i].(string)] = pairs[i+1]
	}
	return o
}

// begin has the department's clerk begin an application.
func begin(c *apptest.Caller, p object) string {
	return c.Do("POST", base, object{"content": p}).Want(201).Text("id")
}

// step takes a verb on the version that stands.
func step(w *apptest.World, c *apptest.Caller, id, verb string, in ...any) apptest.Answer {
	w.T.Helper()
	body := with(object{"version": version(w, id)}, in...)
	return c.Do("POST", base+"/"+id+"/"+verb, body)
}

func version(w *apptest.World, id string) int {
	w.T.Helper()
	v, err := db.Value[int](w.System(), w.App.DB, `SELECT version FROM admission_application WHERE id = $1`, id)
	if err != nil {
		w.T.Fatal(err)
	}
	return v
}

// cast are the people of one case.
type cast struct{ clerk, head, builder, street, council, committee *apptest.Caller }

func people(w *apptest.World) cast {
	return cast{w.As("clerk"), w.As("head"), w.As("builder"), w.As("street"), w.As("council"), w.As("committee")}
}

// handIn brings a draft to the builder's table.
func (p cast) handIn(w *apptest.World, id string) {
	w.T.Helper()
	step(w, p.clerk, id, "submit").Want(200)
	step(w, p.head, id, "sign").Want(200)
}

// A department applies, is told that the money lacks, amends, is admitted without a budget line and active once it is there;
// the communities confirm the money.
func TestFromADraftToAnActiveAdmission(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		p := people(w)
		w.LoadNow()
		w.LoadYear(2027)
		poor := with(content(w, apptest.Street), "money", object{"amount": 0, "source": "", "instalments": []object{}})
		id := begin(p.clerk, poor)
		if got := step(w, p.clerk, id, "submit"); got.Status != 422 || !strings.Contains(got.Raw, "money.amount") {
			t.Fatalf("handed in without money: %d %s", got.Status, got.Raw)
		}
		if got := p.builder.Do("GET", base+"/"+id, nil); got.Status != 404 {
			t.Errorf("a draft is shown to the deciding body: %d", got.Status)
		}
		content := content(w, apptest.Street)
		content["money"].(object)["line"] = ""
		p.clerk.Do("PUT", base+"/"+id, object{"content": content, "version": version(w, id)}).Want(200)
		p.handIn(w, id)
		step(w, p.builder, id, "accept").Want(200)
		if got := step(w, p.builder, id, "admit"); got.Status != 409 || got.Text("key") != "admission.application.opinions" {
			t.Errorf("admitted without opinions: %d %s", got.Status, got.Raw)
		}
		step(w, p.street, id, "opine", "choice", "support", "note", "街道同意").Want(200)
		step(w, p.council, id, "opine", "choice", "support", "note", "居民同意").Want(200)
		got := step(w, p.builder, id, "admit").Want(200)
		number := fmt.Sprintf("%s-%s-0001", day(w, 0)[:4], apptest.County)
		if got.Text("state") != "unfunded" || got.Text("number") != number {
			t.Fatalf("admitted: %s %s, want %s", got.Text("state"), got.Text("number"), number)
		}
		if got := step(w, p.head, id, "fund", "note", "连民财〔2026〕12号").Want(200); got.Text("state") != "active" {
			t.Fatalf("with its line: %s", got.Text("state"))
		}
		pay := func(c *apptest.Caller, verb string, version int, in ...any) apptest.Answer {
			return c.Do("POST", base+"/"+id+"/instalments/1/"+verb, with(object{"version": version}, in...))
		}
		pay(p.committee, "confirm", 1).Want(409)
		pay(p.clerk, "pay", 1, "day", day(w, 1), "note", "回单1").Want(422)
		pay(p.clerk, "pay", 1, "day", day(w, 0), "note", "回单1").Want(200)
		if got := pay(p.committee, "confirm", 2).Want(200); state(got, 0) != "paid" {
			t.Errorf("confirmed by one community of two: %s", state(got, 0))
		}
		if got := pay(p.street, "confirm", 3).Want(200); state(got, 0) != "confirmed" {
			t.Errorf("confirmed by the street: %s", state(got, 0))
		}
	})
}

func state(got apptest.Answer, i int) string {
	return got.JSON["payments"].([]any)[i].(object)["state"].(string)
}

// Every verb in every state answers as the table says.
func TestEveryStepOfTheTable(t *testing.T) {
	t.Parallel()
	verbs := []string{"submit", "recall", "sign", "declare", "accept", "return", "opine", "hear",
		"record", "admit", "refuse", "fund", "ratify",
		"reject", "suspend", "resume", "review", "revoke", "withdraw"}
	ways := map[string][]string{"draft": {}, "signing": {"submit"}, "submitted": {"submit", "sign"}, "returned": {"submit", "sign", "return"},
		"evaluating": {"submit", "sign", "accept"}, "hearing": {"submit", "sign", "accept", "hear"},
		"unfunded": {"submit", "sign", "accept", "opine", "opine2", "admit"}, "active": {"submit", "sign", "accept", "opine", "opine2", "admit"},
		"suspended":   {"submit", "sign", "accept", "opine", "opine2", "admit", "suspend"},
		"provisional": {"submit", "declare"}, "refused": {"submit", "sign", "refuse"}, "withdrawn": {"withdraw"},
		"revoked": {"submit", "sign", "accept", "opine", "opine2", "admit", "revoke"}, "unratified": {"submit", "declare", "reject"}}
	legal := map[string][]string{"draft": {"submit", "withdraw"}, "signing": {"recall", "sign", "withdraw"},
		"submitted": {"accept", "refuse", "return", "withdraw"}, "returned": {"sign", "withdraw"},
		"evaluating": {"opine", "hear", "admit", "refuse", "return", "withdraw"}, "hearing": {"opine", "record", "refuse", "withdraw"},
		"unfunded": {"fund", "revoke", "withdraw"}, "active": {"suspend", "review", "revoke", "withdraw"},
		"suspended": {"resume", "revoke", "withdraw"}, "provisional": {"ratify", "reject", "withdraw"}}
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		p := people(w)
		w.LoadNow()
		w.LoadYear(2027)
		w.Rule("admission.opinion.days", "0")
		by := map[string]*apptest.Caller{"sign": p.head, "declare": p.head, "fund": p.head, "opine": p.street, "opine2": p.council}
		for _, v := range []string{"accept", "return", "hear", "record", "admit", "refuse", "ratify", "reject",
			"suspend", "resume", "review", "revoke"} {
			by[v] = p.builder
		}
		take := func(id, verb string) apptest.Answer {
			c := by[verb]
			if c == nil {
				c = p.clerk
			}
			return step(w, c, id, strings.TrimSuffix(verb, "2"), "note", "说明", "choice", "support", "day", day(w, 0))
		}
		make := func(state string) string {
			content := content(w, apptest.Community)
			if state == "provisional" || state == "unratified" {
				content = with(content, "emergency", true, "why", "台风登陆前转移安置需要", "from", day(w, 0), "until", day(w, 30), "exit", day(w, 30))
				content["money"].(object)["instalments"] = []object{{"amount": 300000, "due": day(w, 20)}}
			}
			if state == "unfunded" {
				content["money"].(object)["line"] = ""
			}
			id := begin(p.clerk, content)
			for _, v := range ways[state] {
				take(id, v).Want(200)
			}
			return id
		}
		for from := range ways {
			still := make(from) // what is refused leaves it as it is
			for _, verb := range verbs {
				want, id := slices.Contains(legal[from], verb), still
				if want {
					id = make(from)
				}
				if verb == "admit" && want {
					take(id, "opine").Want(200)
					take(id, "opine2").Want(200)
				}
				got := take(id, verb)
				hidden := got.Status == 404 && (from == "draft" || from == "signing") && by[verb] != nil // who decides does not see it yet
				if want != (got.Status == 200) || !want && got.Status != 409 && !hidden {
					t.Errorf("%s from %s: %d %s", verb, from, got.Status, got.Text("key"))
				}
			}
		}
	})
}

// The department that applies never decides, whatever else its people are.
func TestADepartmentNeverDecidesItsOwn(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		p := people(w)
		w.LoadNow()
		w.LoadYear(2027)
		civil := w.Body[apptest.County+" civil_affairs"]
		w.AccountWith("both", access.Grant{Role: registry.RoleDepartmentHead, Area: apptest.County, Body: civil},
			access.Grant{Role: registry.RoleCommunityBuilding, Area: apptest.County})
		w.AccountWith("streetbuilder", access.Grant{Role: registry.RoleCommunityBuilding, Area: apptest.Street})
		both, low := w.As("both"), w.As("streetbuilder")
		id := begin(p.clerk, content(w, apptest.Community))
		p.handIn(w, id)
		for _, verb := range []string{"accept", "return", "refuse"} {
			if got := step(w, both, id, verb, "note", "自己定"); got.Status != 409 || got.Text("key") != "admission.application.own_department" {
				t.Errorf("%s by the applicant: %d %s", verb, got.Status, got.Raw)
			}
			if got := step(w, low, id, verb, "note", "街道定"); got.Status != 409 || got.Text("key") != "admission.application.not_level" {
				t.Errorf("%s by a street's body: %d %s", verb, got.Status, got.Raw)
			}
			step(w, p.head, id, verb, "note", "部门定").Want(403)
		}
		step(w, p.builder, id, "accept").Want(200)
		for _, verb := range []string{"admit", "refuse", "hear"} {
			if got := step(w, both, id, verb, "note", "自己定", "day", day(w, 1)); got.Text("key") != "admission.application.own_department" {
				t.Errorf("%s by the applicant: %d %s", verb, got.Status, got.Raw)
			}
		}
		if got := step(w, w.As("urban"), id, "withdraw", "note", "他人撤回"); got.Status != 409 {
			t.Errorf("withdrawn by another department: %d", got.Status)
		}
	})
}

// What is large is heard before it is decided.
func TestAHearingComesFirst(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		p := people(w)
		w.LoadNow()
		w.LoadYear(2027)
		w.Rule("admission.hearing.communities", "2")
		id := begin(p.clerk, content(w, apptest.Street))
		p.handIn(w, id)
		step(w, p.builder, id, "accept").Want(200)
		step(w, p.street, id, "opine", "choice", "support", "note", "同意").Want(200)
		step(w, p.council, id, "opine", "choice", "object", "note", "不同意").Want(200)
		if got := step(w, p.builder, id, "admit"); got.Text("key") != "admission.application.hearing" {
			t.Fatalf("admitted unheard: %d %s", got.Status, got.Raw)
		}
		step(w, p.builder, id, "hear", "day", day(w, 3)).Want(200)
		if got := step(w, p.builder, id, "record", "note", "听证结果"); got.Text("key") != "admission.application.hearing_day" {
			t.Errorf("recorded before its day: %d %s", got.Status, got.Raw)
		}
		w.Exec(`UPDATE admission_application SET hearing_on = $1 WHERE id = $2`, day(w, 0), id)
		step(w, p.builder, id, "record", "note", "多数同意").Want(200)
		step(w, p.builder, id, "admit").Want(200)
	})
}

// A list shows what concerns somebody: the community its own, another county nothing, a department no draft of others.
func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		p := people(w)
		w.LoadNow()
		w.LoadYear(2027)
		county := begin(p.clerk, content(w, apptest.County))
		neighbour := begin(p.clerk, content(w, apptest.Neighbour))
		draft := begin(p.clerk, content(w, apptest.Community))
		p.handIn(w, county)
		p.handIn(w, neighbour)
		for name, want := range map[string][]string{"clerk": {county, neighbour, draft}, "committee": {county}, "street": {county, neighbour},
			"urban": {county, neighbour}, "stranger": {}, "city": {county, neighbour}} {
			c := w.As(name)
			var got []string
			for _, item := range c.Do("GET", base, nil).Want(200).Items() {
				got = append(got, item["id"].(string))
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s sees %v, want %v", name, got, want)
			}
			for _, id := range []string{county, neighbour, draft} {
				if status := c.Do("GET", base+"/"+id, nil).Status; (status == 200) != slices.Contains(want, id) {
					t.Errorf("%s reads %s: %d", name, id, status)
				}
			}
		}
	})
}

// at is an instant of the city.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := clock.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
