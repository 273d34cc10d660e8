package election_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/council/ballot"
	"linli/internal/council/bundle"
	"linli/internal/people"
	"linli/internal/platform/clock"
)

type object = map[string]any

// number is an identity number of the county, valid, of a person born on a day; odd sequences are men's.
func number(birth string, seq int) string {
	s := "320703" + birth + fmt.Sprintf("%03d", seq)
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	return s + string("10X98765432"[sum%11])
}

// residents puts n adults on the community's roster; every third is a woman.
func residents(t *testing.T, w *apptest.World, area string, n int) {
	t.Helper()
	s := w.App.People
	for i := 1; i <= n; i++ {
		seq := 2*i - 1
		if i%3 == 0 {
			seq = 2 * i
		}
		_, err := s.Add(w.System(), people.NewResident{Area: area, Household: fmt.Sprint("H", i/2),
			Person: people.Person{Name: fmt.Sprintf("选民%03d", i), Number: number("19800101", seq)}})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func day(w *apptest.World, days int) string {
	return clock.Now(w.System()).In(clock.City).AddDate(0, 0, days).Format(time.DateOnly)
}

// plan is an election some days ahead, with what differs from the usual.
func plan(w *apptest.World, days int, more object) object {
	p := object{"kind": "term", "mode": "voters", "day": day(w, days), "online": true, "womanSeat": true, "chosenBy": "assembly", "chosenOn": day(w, -1),
		"seats":     []any{object{"post": "director", "seats": 1}, object{"post": "member", "seats": 4}},
		"committee": []any{object{"name": "甲", "post": "director"}, object{"name": "乙", "post": "member"}, object{"name": "丙", "post": "member"}},
		"boxes":     []any{object{"name": "一号票箱"}, object{"name": "流动票箱", "mobile": true}}}
	for k, v := range more {
		p[k] = v
	}
	return p
}

type way struct {
	t      *testing.T
	w      *apptest.World
	by     *apptest.Caller
	street *apptest.Caller
	id     string
}

func begin(t *testing.T, w *apptest.World, more object) *way {
	x := &way{t: t, w: w, by: w.As("committee"), street: w.As("street")}
	x.id = x.by.Do("POST", "/council/elections", object{"area": apptest.Community, "plan": plan(w, 21, more)}).Want(201).Text("id")
	return x
}

func (x *way) get() object { return x.by.Do("GET", "/council/elections/"+x.id, nil).Want(200).JSON }

func (x *way) step(verb string, more object) apptest.Answer {
	body := object{"version": x.get()["version"], "note": "说明"}
	for k, v := range more {
		body[k] = v
	}
	return x.by.Do("POST", "/council/elections/"+x.id+"/"+verb, body)
}

func (x *way) post(what string, body object) apptest.Answer {
	return x.by.Do("POST", "/council/elections/"+x.id+"/"+what, body)
}

func (x *way) poll() string { return x.get()["poll"].(string) }

func (x *way) onPoll(what string, body object) apptest.Answer {
	return x.by.Do("POST", "/council/polls/"+x.poll()+"/"+what, body)
}

// candidate nominates a number for a post and clears it.
func (x *way) candidate(no int, post string) string {
	x.post("candidates", object{"number": no, "post": post, "by": "party"}).Want(200)
	all := x.get()["plan"].(object)["candidates"].([]any)
	id := all[len(all)-1].(object)["id"].(string)
	checks := []any{}
	for _, bar := range []string{"expelled", "sentenced", "gang", "cult"} {
		checks = append(checks, object{"bar": bar, "found": false, "source": "联审单位答复"})
	}
	x.post("candidates/"+id, object{"checks": checks}).Want(200)
	return id
}

// today moves the polling day of the present vote to today, with the roll posted long ago: as if the days had passed.
func (x *way) today() {
	poll := x.poll()
	p, err := ballot.Find(x.w.System(), x.w.App.DB, poll)
	if err != nil {
		x.t.Fatal(err)
	}
	p.Day, p.Least = day(x.w, 0), day(x.w, 0)
	raw, _ := json.Marshal(p.Poll)
	x.w.Exec(`UPDATE council_poll SET content = $1 WHERE id = $2`, string(raw), poll)
}

// codes are the voter cards by number.
func (x *way) codes() map[int]string {
	out := map[int]string{}
	for _, row := range x.by.Do("GET", "/council/polls/"+x.poll()+"/roll?cards=true", nil).Want(200).JSON["items"].([]any) {
		r := row.(object)
		out[int(r["number"].(float64))] = r["code"].(string)
	}
	return out
}

// counted sends a count of a box in which each option has so many votes; options are those of the present ballot paper.
func (x *way) counted(box string, found, valid int, yes map[string]int) apptest.Answer {
	questions := []any{}
	d := x.by.Do("GET", "/council/polls/"+x.poll(), nil).Want(200).JSON
	for _, q := range d["questions"].([]any) {
		options := []any{}
		for _, o := range q.(object)["options"].([]any) {
			id := o.(object)["id"].(string)
			options = append(options, object{"id": id, "yes": yes[id], "no": 0, "abstain": valid - yes[id]})
		}
		questions = append(questions, object{"id": q.(object)["id"], "valid": valid, "invalid": 0, "options": options})
	}
	return x.onPoll("count", object{"box": box, "found": found, "questions": questions})
}

// An election from the roll to the handover: a proxy refused, a difference explained, a run-off, members in the register, and a bundle that
// an outsider verifies.
func TestAnElectionFromRollToHandover(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		residents(t, w, apptest.Community, 21)
		x := begin(t, w, nil)
		if f := x.post("fill", nil).Want(200); int(f.JSON["added"].(float64)) < 21 {
			t.Fatalf("%v", f.JSON)
		}
		x.step("post", nil).Want(200)
		// Nominations: five or jointly by ten; more candidates than seats; who was found barred does not stand.
		x.post("candidates", object{"number": 1, "post": "director", "by": "voters", "voters": []int{2, 3, 4}}).Want(409, "council.election.joint")
		ids := map[int]string{}
		for i, post := range []string{"director", "director", "member", "member", "member", "member"} {
			ids[i+1] = x.candidate(i+1, post)
		}
		if got := x.step("final", nil).Want(409, "council.election.candidates"); !strings.Contains(got.Raw, "条") {
			t.Errorf("no article: %s", got.Raw)
		}
		ids[7] = x.candidate(7, "member")
		x.post("candidates", object{"number": 7, "post": "director", "by": "party"}).Want(409, "council.election.nominated")
		// Proxies: three each, no candidates, nobody onward.
		proxy := func(principal, agent int) apptest.Answer {
			return x.post("proxies", object{"principal": principal, "agent": agent, "relation": "other", "document": "委托书"})
		}
		for _, no := range []int{10, 11, 12} {
			proxy(no, 13).Want(200)
		}
		if got := proxy(14, 13).Want(409, "council.proxy.limit"); !strings.Contains(got.Raw, "第十") {
			t.Errorf("no article: %s", got.Raw)
		}
		proxy(14, 1).Want(409, "council.proxy.candidate")
		proxy(14, 10).Want(409, "council.proxy.onward")
		// The roll changes by an entry with reason alone.
		x.post("roll", object{"remove": []int{21}}).Want(422)
		x.post("roll", object{"remove": []int{21}, "reason": "已迁出"}).Want(200)
		old := x.by.Do("GET", "/council/polls/"+x.poll()+"/roll?rollVersion=1", nil).Want(200).JSON["items"].([]any)
		now := x.by.Do("GET", "/council/polls/"+x.poll()+"/roll", nil).Want(200).JSON["items"].([]any)
		if len(old) != len(now)+1 {
			t.Errorf("the old roll has %d lines, the new one %d", len(old), len(now))
		}
		x.post("objections", object{"text": "漏登"}).Want(200)
		x.step("final", nil).Want(409, "council.election.undecided")
		o := x.get()["plan"].(object)["objections"].([]any)[0].(object)["id"].(string)
		x.post("objections/"+o, object{"answer": "已核实", "upheld": true}).Want(200)
		x.step("final", nil).Want(200)
		x.step("open", nil).Want(409)
		early := w.Nobody().Page("GET", "/votes/"+x.poll()+"/bundle", nil).Raw
		x.today()
		x.step("open", nil).Want(200)
		// A proxy's principal waits for the agent.
		issue := func(no, agent int) apptest.Answer {
			return x.onPoll("issue", object{"box": "1", "number": no, "agent": agent})
		}
		issue(10, 13).Want(409, "council.proxy.absent")
		issue(10, 0).Want(409, "council.ballot.delegated")
		issue(13, 0).Want(200)
		issue(10, 13).Want(200)
		issue(13, 0).Want(409, "council.ballot.twice")
		for no := 1; no <= 9; no++ {
			issue(no, 0).Want(200)
		}
		codes := x.codes()
		vote := func(no int, marks map[string]string) apptest.Answer {
			f := url.Values{}
			for k, v := range marks {
				f.Set(k, v)
			}
			return w.Nobody().Page("POST", "/vote/"+codes[no], f)
		}
		marks := map[string]string{"q0.0": "y", "q0.1": "n"}
		for k := range 5 {
			marks[fmt.Sprintf("q1.%d", k)] = "a"
		}
		if got := vote(1, marks); got.Status != http.StatusConflict {
			t.Errorf("marked at the booth, then online: %d", got.Status)
		}
		got := vote(15, marks)
		receipt := regexp.MustCompile(`[a-z2-7]{4}(-[a-z2-7]{4}){3}`).FindString(got.Raw)
		if got.Status != http.StatusOK || receipt == "" {
			t.Fatalf("%d %s", got.Status, got.Raw)
		}
		issue(15, 0).Want(409, "council.ballot.twice")
		var all sync.WaitGroup // fifty at once for one person
		for range 50 {
			all.Go(func() { vote(16, marks) })
		}
		all.Wait()
		if d := x.by.Do("GET", "/council/polls/"+x.poll(), nil).Want(200).JSON["turnout"].(object); d["online"].(float64) != 2 {
			t.Fatalf("%v", d)
		}
		x.step("end", nil).Want(200)
		x.step("announce", nil).Want(409, "council.count.missing")
		q := x.by.Do("GET", "/council/polls/"+x.poll(), nil).JSON["questions"].([]any)
		opt := func(question, k int) string {
			return q[question].(object)["options"].([]any)[k].(object)["id"].(string)
		}
		yes := map[string]int{opt(0, 0): 8, opt(1, 0): 9, opt(1, 1): 9, opt(1, 2): 8, opt(1, 3): 3, opt(1, 4): 2}
		x.counted("2", 0, 0, nil).Want(200)
		x.counted("1", 11, 10, yes).Want(200)
		x.step("announce", nil).Want(409, "council.count.differs")
		x.onPoll("explain", object{"box": "1", "reason": "一张投票后带走"}).Want(200)
		x.counted("1", 10, 11, yes).Want(200)
		x.step("announce", nil).Want(409, "council.count.differs")
		x.counted("1", 11, 11, yes).Want(200)
		if d := x.by.Do("GET", "/council/polls/"+x.poll(), nil).JSON["counts"].([]any); len(d) != 4 {
			t.Errorf("%d counts are kept", len(d))
		}
		x.step("announce", nil).Want(200)
		page := w.Nobody().Page("GET", "/votes/"+x.poll(), nil)
		if !strings.Contains(page.Raw, "赞成10，反对") || !strings.Contains(page.Raw, "13号") {
			t.Errorf("%s", page.Raw)
		}
		if got := w.Nobody().Page("POST", "/votes/"+x.poll()+"/receipt", url.Values{"receipt": {receipt}}); !strings.Contains(got.Raw, "已经计入") {
			t.Errorf("receipt: %s", got.Raw)
		}
		first := w.Nobody().Page("GET", "/votes/"+x.poll()+"/bundle", nil).Raw
		if pdf := w.Nobody().Page("GET", "/votes/"+x.poll()+"/certificate", nil); !strings.HasPrefix(pdf.Raw, "%PDF") {
			t.Error("no certificate")
		}
		// One seat of a member is open: a run-off between those with most votes, then the register.
		x.step("conclude", nil).Want(409, "council.election.vacant")
		x.step("runoff", object{"day": day(w, 0)}).Want(200)
		x.step("open", nil).Want(200)
		for no := 1; no <= 13; no++ {
			if no < 10 || no == 13 {
				issue(no, 0).Want(200)
			}
		}
		issue(10, 13).Want(200)
		x.step("end", nil).Want(200)
		q = x.by.Do("GET", "/council/polls/"+x.poll(), nil).JSON["questions"].([]any)
		x.counted("2", 0, 0, nil).Want(200)
		x.counted("1", 11, 11, map[string]int{opt(0, 0): 6, opt(0, 1): 5}).Want(200)
		x.step("announce", nil).Want(200)
		x.step("conclude", nil).Want(200)
		members := w.Nobody().Page("GET", "/communities/"+apptest.Community, nil)
		if !strings.Contains(members.Raw, "选民001") {
			t.Error("the register does not have the new director")
		}
		x.step("handover", nil).Want(403)
		done := x.street.Do("POST", "/council/elections/"+x.id+"/handover", object{"version": x.get()["version"], "note": "印章账册已移交"}).Want(200)
		if done.Text("state") != "done" {
			t.Error(done.Text("state"))
		}
		verified(t, early, first)
		verified(t, "", w.Nobody().Page("GET", "/votes/"+x.poll()+"/bundle", nil).Raw)
	})
}

// verified checks a bundle; one kept from before is its beginning. The test moved the polling day, which no chain allows: the roll's first
// day alone differs.
func verified(t *testing.T, early, now string) {
	t.Helper()
	o := bundle.Options{Decide: bundle.Law("")}
	if early != "" {
		o.Earlier = []byte(early)
	}
	for _, f := range bundle.Verify([]byte(now), o).Findings {
		if f.Code != "order" || early == "" {
			t.Errorf("%v", f)
		}
	}
}
