package agreement_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"linli/internal/admission/agreement"
	"linli/internal/app/apptest"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/registry"
	"linli/internal/registry/change"
)

type object = map[string]any

func year(w *apptest.World) int { return clock.Now(w.System()).In(clock.City).Year() }

// terms are two items: one of the committee's own, one that it helps with and is paid for.
func terms(year int, amount int) object {
	return object{"acceptance": "每半年验收一次", "breach": "逾期三十日可以暂停", "dispute": "协商，不成由区社区建设管理机构裁定", "items": []any{
		object{"code": "P11", "standard": "每周值班两天"},
		object{"code": "S01", "standard": "五个工作日内反馈", "payer": "区民政局", "amount": amount, "payBy": fmt.Sprintf("%d-06-30", year),
			"conditions": "每半年培训一次"}}}
}

func begin(w *apptest.World, c *apptest.Caller, year int) apptest.Answer {
	return c.Do("POST", "/admission/agreements", object{"area": apptest.Community, "year": year})
}

func write(c *apptest.Caller, id string, version int, t object) apptest.Answer {
	return c.Do("PUT", "/admission/agreements/"+id, object{"version": version, "terms": t, "note": "修改"})
}

func step(c *apptest.Caller, id, verb string) apptest.Answer {
	now := c.Do("GET", "/admission/agreements/"+id, nil)
	version, digest := 1, ""
	if now.Status == http.StatusOK {
		version, digest = int(now.JSON["version"].(float64)), now.Text("digest")
	}
	return c.Do("POST", "/admission/agreements/"+id+"/"+verb, object{"version": version, "digest": digest, "note": "说明"})
}

// signed makes an agreement of this year that both sides have signed.
func signed(w *apptest.World) string {
	street, committee := w.As("street"), w.As("committee")
	id := begin(w, street, year(w)).Want(201).Text("id")
	write(street, id, 1, terms(year(w), 500000)).Want(200)
	step(street, id, "propose").Want(200)
	step(street, id, "sign").Want(200)
	step(committee, id, "sign").Want(200)
	return id
}

// Both sides may change the text until both have signed the same one; a change takes back signatures, and the text that was
// not seen is not signed.
func TestAnAgreementFromDraftToForce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		street, committee, nobody := w.As("street"), w.As("committee"), w.Nobody()
		begin(w, committee, year(w)).Want(403)
		begin(w, street, year(w)-1).Want(422)
		street.Do("POST", "/admission/agreements", object{"area": apptest.Street, "year": year(w)}).Want(422)
		street.Do("POST", "/admission/agreements", object{"area": apptest.Elsewhere, "year": year(w)}).Want(403)
		id := begin(w, street, year(w)).Want(201).Text("id")
		begin(w, street, year(w)).Want(409, "admission.agreement.exists")
		step(street, id, "propose").Want(422)
		write(committee, id, 1, terms(year(w), 1)).Want(403)
		bad := terms(year(w), 500000)
		bad["items"].([]any)[0].(object)["code"] = "N02"
		write(street, id, 1, bad).Want(422)
		write(street, id, 1, terms(year(w), 0)).Want(200)
		if got := step(street, id, "propose").Want(422); !strings.Contains(got.Raw, "第四十三条") {
			t.Errorf("no article: %s", got.Raw)
		}
		write(street, id, 2, terms(year(w), 500000)).Want(200)
		step(street, id, "propose").Want(200)
		step(street, id, "sign").Want(200)
		step(street, id, "sign").Want(409, "admission.agreement.signed")
		old := street.Do("GET", "/admission/agreements/"+id, nil).Text("digest")
		write(committee, id, 5, terms(year(w), 800000)).Want(200)
		now := committee.Do("GET", "/admission/agreements/"+id, nil)
		if now.JSON["street"].(object)["at"].(float64) != 0 {
			t.Error("a change leaves a signature")
		}
		street.Do("POST", "/admission/agreements/"+id+"/sign", object{"version": 6, "digest": old}).Want(409, "admission.agreement.changed")
		step(committee, id, "sign").Want(200)
		if page := nobody.Page("GET", "/communities/"+apptest.Community+"/agreements", nil); strings.Contains(page.Raw, "区民政局") {
			t.Error("what one side has signed is public")
		}
		if got := step(street, id, "sign").Want(200); got.Text("state") != "force" {
			t.Errorf("signed by both: %s", got.Text("state"))
		}
		page := nobody.Page("GET", "/communities/"+apptest.Community+"/agreements", nil)
		for _, want := range []string{"区民政局", "8,000.00元", "姓名street", "姓名committee", "SHA-256", "分别评估"} {
			if !strings.Contains(page.Raw, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		write(street, id, 8, terms(year(w), 1)).Want(409)
		if got := step(committee, id, "terminate").Want(200); got.Text("state") != "terminated" {
			t.Errorf("%s", got.Text("state"))
		}
		begin(w, street, year(w)).Want(201)
	})
}

// Every verb in every state: only what the table allows is done; the next year's waits for its first day.
func TestEveryVerbOfAnAgreementInEveryState(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		street, committee := w.As("street"), w.As("committee")
		next := year(w) + 1
		allowed := map[string][]string{"draft": {"propose", "drop"}, "negotiating": {"sign", "drop"}, "signed": {"terminate"}, "dropped": {}}
		for state, verbs := range allowed {
			for _, verb := range []string{"propose", "sign", "drop", "terminate"} {
				id := begin(w, street, next).Want(201).Text("id")
				write(street, id, 1, terms(next, 500000)).Want(200)
				if state == "negotiating" || state == "signed" {
					step(street, id, "propose").Want(200)
				}
				if state == "signed" {
					step(committee, id, "sign").Want(200)
					if got := step(street, id, "sign").Want(200); got.Text("state") != "signed" {
						t.Fatalf("the next year's is %s", got.Text("state"))
					}
				}
				if state == "dropped" {
					step(street, id, "drop").Want(200)
				}
				want := http.StatusConflict
				for _, v := range verbs {
					if v == verb {
						want = http.StatusOK
					}
				}
				if got := step(street, id, verb); got.Status != want {
					t.Errorf("%s from %s: %d, want %d: %s", verb, state, got.Status, want, got.Raw)
				}
				w.Exec(`UPDATE admission_agreement SET state = 'dropped' WHERE id = $1`, id)
			}
		}
	})
}

// later is the world at a day: its year's first or last weeks.
func later(w *apptest.World, login, day string) (at func() (agreementActor, error)) {
	return func() (agreementActor, error) {
		account, err := w.App.Accounts.FindLogin(w.System(), login)
		moment, _ := time.ParseInLocation(time.DateOnly, day, clock.City)
		return agreementActor{w.App.Access.Actor(account, account.Grants), moment.Add(9 * time.Hour)}, err
	}
}

type agreementActor struct {
	actor *authority.Actor
	at    time.Time
}

// The three rate at the year's end; nobody sees another's rating before all are in; then all are public, and what was not
// provided blocks its renewal until the committee says it is settled.
func TestRatingsArePublishedTogetherAndBlock(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := module.Of[*agreement.Service](w.App.Modules)
		id := signed(w)
		rating := func(missing bool) agreement.Appraisal {
			p := agreement.Appraisal{Guidance: "good", Added: "none", Marks: []agreement.Mark{{Code: "P11", Done: "met"},
				{Code: "S01", Done: "met", Paid: "paid", Conditions: "provided"}}}
			if missing {
				p.Marks[1].Paid = "unpaid"
			}
			return p
		}
		rate := func(login, day string, p agreement.Appraisal) error {
			who, err := later(w, login, day)()
			if err != nil {
				t.Fatal(err)
			}
			ctx := clock.With(authority.With(w.System(), who.actor), who.at)
			now, err := s.Show(ctx, id)
			if err != nil {
				return err
			}
			if now.Published == 0 && len(now.Appraisals) > 0 {
				t.Errorf("%s sees a rating before all are in", login)
			}
			_, err = s.Appraise(ctx, id, now.Version, p)
			return err
		}
		end := fmt.Sprintf("%d-12-20", year(w))
		if err := rate("street", fmt.Sprintf("%d-06-01", year(w)), rating(false)); !refused(err, "admission.appraisal.early") {
			t.Errorf("rated in June: %v", err)
		}
		if err := rate("street", end, agreement.Appraisal{Marks: []agreement.Mark{{Code: "P11", Done: "met"}}}); !refused(err, "invalid") {
			t.Errorf("an item is left out: %v", err)
		}
		for i, login := range []string{"street", "committee", "council"} {
			if err := rate(login, end, rating(login == "council")); err != nil {
				t.Fatal(err)
			}
			page := w.Nobody().Page("GET", "/communities/"+apptest.Community+"/agreements", nil)
			if shown := strings.Contains(page.Raw, "没有支付"); shown != (i == 2) {
				t.Errorf("after %s the rating is shown: %v", login, shown)
			}
		}
		if err := rate("committee", end, rating(false)); err == nil {
			t.Error("rated twice")
		}
		street, committee := w.As("street"), w.As("committee")
		next := begin(w, street, year(w)+1).Want(201)
		if n := len(next.JSON["terms"].(object)["items"].([]any)); n != 2 {
			t.Errorf("the next year begins with %d items", n)
		}
		write(street, next.Text("id"), 1, terms(year(w)+1, 500000)).Want(200)
		got := step(street, next.Text("id"), "propose").Want(409, "admission.agreement.blocked")
		if !strings.Contains(got.Raw, "S01") || !strings.Contains(got.Raw, `"rule"`) {
			t.Errorf("%s", got.Raw)
		}
		settle := func(c *apptest.Caller, code, note string) apptest.Answer {
			return c.Do("POST", "/admission/agreements/"+id+"/gaps/"+code, object{"note": note})
		}
		settle(street, "S01", "已补拨").Want(403)
		settle(committee, "S01", " ").Want(422)
		settle(committee, "P11", "已补拨").Want(404)
		settle(committee, "S01", "已补拨").Want(200)
		step(street, next.Text("id"), "propose").Want(200)
	})
}

func refused(err error, key string) bool { return err != nil && strings.Contains(err.Error(), key) }

// A signed year begins on its first day and ends after its last.
func TestAYearBeginsAndEnds(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		s := module.Of[*agreement.Service](w.App.Modules)
		street, committee := w.As("street"), w.As("committee")
		next := year(w) + 1
		id := begin(w, street, next).Want(201).Text("id")
		write(street, id, 1, terms(next, 500000)).Want(200)
		step(street, id, "propose").Want(200)
		step(committee, id, "sign").Want(200)
		step(street, id, "sign").Want(200)
		for _, c := range []struct {
			day   string
			state flow.State
		}{{fmt.Sprintf("%d-12-31", next-1), "signed"}, {fmt.Sprintf("%d-01-01", next), "force"}, {fmt.Sprintf("%d-12-31", next), "force"},
			{fmt.Sprintf("%d-01-01", next+1), "ended"}} {
			at, _ := time.ParseInLocation(time.DateOnly, c.day, clock.City)
			ctx := clock.With(w.System(), at.Add(time.Hour))
			if err := s.Turn(ctx); err != nil {
				t.Fatal(err)
			}
			got, err := s.Show(ctx, id)
			if err != nil || got.State != c.state {
				t.Errorf("on %s %s, want %s, %v", c.day, got.State, c.state, err)
			}
		}
	})
}

// Another street's and another community's agreements are not there; who reads sees and does nothing.
func TestAgreementsAreTheirAreasOwn(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Account("otherstreet", registry.RoleSubdistrictOfficer, "320706014")
		w.Account("neighbour", registry.RoleCommitteeMember, apptest.Neighbour)
		id := signed(w)
		for _, login := range []string{"otherstreet", "neighbour", "stranger"} {
			w.As(login).Do("GET", "/admission/agreements/"+id, nil).Want(404)
			if n := len(w.As(login).Do("GET", "/admission/agreements", nil).Want(200).Items()); n != 0 {
				t.Errorf("%s lists %d", login, n)
			}
		}
		w.As("otherstreet").Do("PUT", "/admission/agreements/"+id, object{"version": 1, "terms": terms(year(w), 1)}).Want(404)
		step(w.As("county"), id, "terminate").Want(403)
		step(w.As("supervisor"), id, "terminate").Want(403)
		if n := len(w.As("county").Do("GET", "/admission/agreements?year="+fmt.Sprint(year(w)), nil).Want(200).Items()); n != 1 {
			t.Errorf("the county lists %d", n)
		}
		w.Nobody().Do("GET", "/admission/agreements", nil).Want(401)
	})
}

// One account that holds both posts signs for one side alone.
func TestNobodySignsForBothSides(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		street := w.As("street")
		id := begin(w, street, year(w)).Want(201).Text("id")
		write(street, id, 1, terms(year(w), 500000)).Want(200)
		step(street, id, "propose").Want(200)
		step(street, id, "sign").Want(200)
		w.Grant("street", registry.RoleCommitteeMember, apptest.Community)
		step(w.As("street"), id, "sign").Want(409, "admission.agreement.signed")
	})
}

// An agreement goes with its community when that gets another code or name. When it is merged into another, whose own agreement
// stands, its agreement is terminated and kept with the one that takes over, and what was not provided blocks there.
func TestAgreementsFollowTheirCommunities(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		street := w.As("street")
		year := clock.Now(w.System()).In(clock.City).Year()
		begin := func(area string) string {
			return street.Do("POST", "/admission/agreements", object{"area": area, "year": year}).Want(201).Text("id")
		}
		own, other := begin(apptest.Community), begin(apptest.Neighbour)
		w.Exec(`INSERT INTO admission_gap (shard, agreement_id, code, area, year, text, settled_at, settled_by, note)
			VALUES ($1, $2, 'P01', $3, 2020, '未支付', 0, '', '')`, apptest.County, own, apptest.Community)
		apply := func(c change.NewChange, days int) {
			t.Helper()
			c.Reason = "调整"
			if _, err := w.App.Changes.Change(clock.With(w.System(), clock.Now(w.System()).AddDate(0, 0, days)), c); err != nil {
				t.Fatal(err)
			}
		}
		shown := func(id string) apptest.Answer { return street.Do("GET", "/admission/agreements/"+id, nil).Want(200) }
		apply(change.NewChange{Kind: registry.ChangeRename, Area: apptest.Community, Name: "新院前社区"}, 1)
		if got := shown(own); got.Text("areaName") == "" || got.Text("state") != "draft" {
			t.Errorf("renamed: %s %s", got.Text("areaName"), got.Text("state"))
		}
		code := apptest.Street + "099"
		apply(change.NewChange{Kind: registry.ChangeRecode, Area: apptest.Community, To: code}, 2)
		if got := shown(own); got.Text("area") != code || got.Text("state") != "draft" {
			t.Errorf("recoded: %s %s", got.Text("area"), got.Text("state"))
		}
		number := shown(own).Text("number")
		apply(change.NewChange{Kind: registry.ChangeMerge, Area: code, To: apptest.Neighbour}, 3)
		if got := shown(own); got.Text("area") != apptest.Neighbour || got.Text("state") != "terminated" || got.Text("number") != number {
			t.Errorf("merged: %s %s %s", got.Text("area"), got.Text("state"), got.Text("number"))
		}
		got := shown(other)
		if got.Text("state") != "draft" || !strings.Contains(got.Raw, "未支付") {
			t.Errorf("of the community that takes over: %s", got.Raw[:300])
		}
	})
}
