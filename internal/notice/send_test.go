package notice_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/notice"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/module"
	"linli/internal/platform/notify"
)

// post keeps what it was given to send.
type post struct {
	mu   sync.Mutex
	sent []notify.Delivery
}

func (p *post) Send(_ context.Context, d notify.Delivery) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, d)
	return nil
}

// to are the texts that were sent to somebody, codes apart.
func (p *post) to(address string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, d := range p.sent {
		if d.To == address && strings.Contains(d.Text, "/notices/") {
			out = append(out, d.Text)
		}
	}
	return out
}

// city is a world with gateways, and the texts that left by them.
type city struct {
	*apptest.World
	post *post
}

func wired(w *apptest.World) *city {
	c := &city{w, &post{}}
	w.App.Outbox.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: c.post, notify.Mail: c.post}
	return c
}

func (c *city) deliver() {
	c.T.Helper()
	for _, channel := range []notify.Channel{notify.SMS, notify.Mail} {
		must(c.T, c.App.Outbox.Deliver(c.System(), channel))
		must(c.T, c.App.Outbox.Deliver(at(c.World, 1, 23), channel)) // what the tests send tomorrow
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// at is a context of the platform itself, so many days from today at an hour.
func at(w *apptest.World, days, hour int) context.Context {
	now := clock.Now(w.System())
	y, m, d := now.Date()
	return clock.With(w.System(), time.Date(y, m, d+days, hour, 0, 0, 0, clock.City))
}

func consents(w *apptest.World) *notice.Consents {
	return module.Of[*notice.Service](w.App.Modules).Consents
}

func send(w *apptest.World, days, hour int) {
	w.T.Helper()
	must(w.T, consents(w).Send(at(w, days, hour)))
}

var code = regexp.MustCompile(`\d{4} \d{4}`)

// resident proves a number on the way to the form of an area's notices, and consents.
func (c *city) resident(phone, area string, form url.Values) *apptest.Caller {
	c.T.Helper()
	q := c.Nobody()
	here := "/notices/consent?area=" + area + "&from=community"
	if got := q.Page("GET", here, nil); got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/me" {
		c.T.Fatalf("the form does not ask to prove a number: %d", got.Status)
	}
	if asked := q.Page("GET", "/me", nil).Want(200).Raw; !strings.Contains(asked, "公告通知，请先确认手机号") {
		c.T.Errorf("the page that asks for the number does not say what for: %.900s", asked)
	}
	q.Page("POST", "/me", url.Values{"phone": {phone}}).Want(http.StatusSeeOther)
	c.deliver()
	sent := ""
	for _, d := range c.post.sent {
		if d.To == phone && code.MatchString(d.Text) {
			sent = code.FindString(d.Text)
		}
	}
	if got := q.Page("POST", "/me/code", url.Values{"code": {sent}}).Want(http.StatusSeeOther); !strings.HasPrefix(got.Header.Get("Location"),
		"/notices/consent?") {
		c.T.Fatalf("proving does not lead back: %s", got.Header.Get("Location"))
	}
	q.Page("GET", here, nil).Want(200)
	q.Page("POST", here, form).Want(http.StatusSeeOther)
	return q
}

var bySMS = url.Values{"channels": {"sms"}}

const (
	first, second, third = "19900002001", "19900002002", "19900002003"
)

// Whoever consented to the notices of an area is told once of what reaches it, in the hours of the rule, though two of their
// consents hold it and two processes send; who consented elsewhere is not; a withdrawal tells those who were told, and nobody else.
func TestThoseWhoConsentedAreToldOnce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := wired(w)
		c.resident(first, apptest.Community, bySMS)
		c.resident(first, apptest.Street, bySMS)
		stops := c.resident(second, apptest.Neighbour, bySMS)
		c.resident(third, apptest.Elsewhere, bySMS)
		id := publish(w, w.As("street"), w.As("county"), content(w, "疫苗接种", apptest.Street))

		send(w, 1, 3)
		c.deliver()
		if n := len(c.post.to(first)); n != 0 {
			t.Fatalf("%d messages in the night", n)
		}
		other := w.Another()
		other.App.Outbox.Gateways = w.App.Outbox.Gateways
		var both sync.WaitGroup
		for _, p := range []*apptest.World{w, other} {
			both.Go(func() {
				if err := consents(p).Send(at(w, 1, 9)); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		send(w, 1, 10)
		c.deliver()
		for phone, want := range map[string]int{first: 1, second: 1, third: 0} {
			got := c.post.to(phone)
			if len(got) != want {
				t.Fatalf("%s was sent %d messages, want %d: %v", phone, len(got), want, got)
			}
			if want == 1 && (!strings.Contains(got[0], "疫苗接种") || !strings.Contains(got[0], w.URL+"/notices/"+id) ||
				!strings.Contains(got[0], w.URL+"/notices/stop/")) {
				t.Errorf("sent %s", got[0])
			}
		}
		round := w.As("street").Do("GET", "/notice/notices/"+id, nil).Want(200).JSON["rounds"].([]any)[0].(object)
		if round["handed"] != 2.0 || round["counts"].(object)["sent"] != 2.0 || round["done"] == nil {
			t.Errorf("staff see %v", round)
		}

		c.resident("19900002004", apptest.Community, bySMS) // who came later was not told, so the withdrawal is no news
		mine := stops.Page("GET", "/me", nil).Want(200).Raw
		stop := regexp.MustCompile(`/notices/consents/[^"]+/stop`).FindString(mine)
		stops.Page("POST", stop, url.Values{}).Want(http.StatusSeeOther)
		step(w.As("street"), id, "withdraw", "改期举行").Want(200)
		send(w, 1, 11)
		send(other, 1, 11)
		c.deliver()
		for phone, want := range map[string]int{first: 2, second: 1, third: 0, "19900002004": 0} {
			got := c.post.to(phone)
			if len(got) != want {
				t.Errorf("after the withdrawal %s was sent %d, want %d: %v", phone, len(got), want, got)
			}
			if want == 2 && !strings.Contains(got[1], "改期举行") {
				t.Errorf("the withdrawal says no reason: %s", got[1])
			}
		}
	})
}

// Urgent notices go at any hour. What had not left when a notice is withdrawn does not leave, and is not taken back either.
func TestUrgentNoticesAreToldAtOnce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := wired(w)
		c.resident(first, apptest.Community, bySMS)
		urgent := with(content(w, "停水", apptest.Community), "urgent", true, "until", day(w, 3))
		publish(w, w.As("window"), w.As("committee"), urgent)
		send(w, 1, 3)
		c.deliver()
		if got := c.post.to(first); len(got) != 1 || !strings.Contains(got[0], "紧急") {
			t.Fatalf("sent %v", got)
		}
		id := publish(w, w.As("window"), w.As("committee"), with(content(w, "停电", apptest.Community), "urgent", true, "until", day(w, 3)))
		send(w, 1, 3)
		step(w.As("committee"), id, "withdraw", "不停了").Want(200)
		send(w, 1, 3)
		c.deliver()
		if got := c.post.to(first); len(got) != 1 {
			t.Errorf("a withdrawn notice is sent, or what was never told is taken back: %v", got)
		}
	})
}

// A correction is told with its reason, to those who had consented by then.
func TestCorrectionsAreTold(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := wired(w)
		c.resident(first, apptest.Community, bySMS)
		window := w.As("window")
		id := publish(w, window, w.As("committee"), content(w, "讲座", apptest.Community))
		step(window, id, "correct", "地点有误").Want(200)
		step(window, id, "submit", "").Want(200)
		step(w.As("committee"), id, "approve", "").Want(200)
		send(w, 1, 9)
		c.deliver()
		if got := c.post.to(first); len(got) != 1 || !strings.Contains(got[0], "地点有误") {
			t.Errorf("sent %v: the text that was replaced before it was told is not told, the correction is", got)
		}
	})
}

// A round goes on where it stood: after the city's budget was used up, once it has grown back.
func TestARoundWaitsForTheBudget(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := wired(w)
		for _, phone := range []string{first, second, third} {
			c.resident(phone, apptest.Community, bySMS)
		}
		w.Rule("limit.bulk.all", "2")
		id := publish(w, w.As("window"), w.As("committee"), content(w, "讲座", apptest.Community))
		told := func() int { return len(c.post.to(first)) + len(c.post.to(second)) + len(c.post.to(third)) }
		send(w, 1, 9)
		c.deliver()
		if told() != 2 {
			t.Fatalf("%d were told", told())
		}
		send(w, 1, 12)
		c.deliver()
		if told() != 3 {
			t.Errorf("%d were told after the budget grew back", told())
		}
		round := w.As("committee").Do("GET", "/notice/notices/"+id, nil).Want(200).JSON["rounds"].([]any)[0].(object)
		if round["handed"] != 3.0 {
			t.Errorf("staff see %v", round)
		}
	})
}

// One press on the page that a message links to ends a consent: the number is deleted, what waits does not leave. Opening the link ends
// nothing. The page of who is signed in shows and ends it, too.
func TestAConsentIsWithdrawnByOnePress(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := wired(w)
		c.resident(first, apptest.Community, bySMS)
		id := publish(w, w.As("window"), w.As("committee"), content(w, "讲座", apptest.Community))
		send(w, 1, 9)
		c.deliver()
		link := regexp.MustCompile(`/notices/stop/\S+`).FindString(c.post.to(first)[0])
		publish(w, w.As("window"), w.As("committee"), content(w, "义诊", apptest.Community))
		send(w, 1, 9) // waits at the outbox

		q := w.Nobody()
		holds := func() int {
			n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM notice_consent WHERE withdrawn_at = 0 AND owner_index <> ''`)
			must(t, err)
			return n
		}
		if page := q.Page("GET", link, nil).Want(200); strings.Contains(page.Raw, first) || holds() != 1 {
			t.Error("opening the link changes something, or shows the number")
		}
		q.Page("POST", "/notices/stop/320703aaaaaaaaaaaaaaaa", url.Values{}).Want(http.StatusNotFound)
		q.Page("POST", link, url.Values{}).Want(http.StatusSeeOther)
		if holds() != 0 {
			t.Error("the consent holds still")
		}
		c.deliver()
		if got := c.post.to(first); len(got) != 1 {
			t.Errorf("sent after it was stopped: %v", got)
		}
		active, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM people_person WHERE state = 'active'`)
		must(t, err)
		if active != 0 {
			t.Errorf("%d numbers are kept", active)
		}
		if page := q.Page("GET", link, nil).Want(200); !strings.Contains(page.Raw, "已于") {
			t.Error("the page does not say that it was stopped")
		}
		step(w.As("committee"), id, "withdraw", "取消").Want(200)
		send(w, 1, 9)
		c.deliver()
		if got := c.post.to(first); len(got) != 1 {
			t.Errorf("told of the withdrawal after it was stopped: %v", got)
		}
	})
}

// A mail address is sent notices only once whoever reads it has confirmed; what nobody confirms is dropped.
func TestAMailAddressIsConfirmed(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := wired(w)
		by := func(email string) url.Values { return url.Values{"channels": {"mail"}, "email": {email}} }
		q := c.resident(first, apptest.Community, by("a@example.cn"))
		q.Page("POST", "/notices/consent?area="+apptest.Community, url.Values{"channels": {"mail"}}).Want(422)
		c.resident(second, apptest.Community, by("b@example.cn"))
		c.deliver()
		link := regexp.MustCompile(`/notices/confirm/\w+`).FindString(c.post.to("a@example.cn")[0])
		w.Nobody().Page("POST", link, url.Values{}).Want(http.StatusSeeOther)
		publish(w, w.As("window"), w.As("committee"), content(w, "讲座", apptest.Community))
		send(w, 1, 9)
		c.deliver()
		if a, b := c.post.to("a@example.cn"), c.post.to("b@example.cn"); len(a) != 2 || len(b) != 1 {
			t.Errorf("confirmed %v, not confirmed %v", a, b)
		}
		must(t, consents(w).Settle(at(w, 3, 9)))
		left, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM notice_consent`)
		must(t, err)
		if left != 1 {
			t.Errorf("%d consents are kept", left)
		}
	})
}

// A copy of one's data lists the consents of one's number; a granted deletion deletes them, and the number with them.
func TestConsentsAreCopiedAndDeleted(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := wired(w)
		c.resident(first, apptest.Community, bySMS)
		c.resident(first, apptest.Street, bySMS)
		publish(w, w.As("window"), w.As("committee"), content(w, "讲座", apptest.Community))
		send(w, 1, 9)
		person, err := db.Value[string](w.System(), w.App.DB, `SELECT MIN(person_id) FROM notice_consent`)
		must(t, err)
		d := w.As("dispatcher")
		asked := d.Do("POST", "/people/requests", object{"personId": person, "kind": "copy"}).Want(201)
		held := d.Do("POST", "/people/requests/"+asked.Text("id")+"/copy", nil).Want(200)
		if got := held.JSON["consents"].([]any); len(got) != 2 || !strings.Contains(held.Raw, "社区页面") {
			t.Errorf("the copy holds %v", got)
		}
		d.Do("POST", "/people/requests/"+asked.Text("id")+"/answer", object{"done": true, "version": 1}).Want(200)
		asked = d.Do("POST", "/people/requests", object{"personId": person, "kind": "delete"}).Want(201)
		d.Do("POST", "/people/requests/"+asked.Text("id")+"/answer", object{"done": true, "version": 1}).Want(200)
		for _, query := range []string{`SELECT COUNT(*) FROM notice_consent`, `SELECT COUNT(*) FROM notice_told`,
			`SELECT COUNT(*) FROM people_person WHERE state = 'active'`, `SELECT COUNT(*) FROM notify_message WHERE purpose = 'notice.notice'`} {
			if n, err := db.Value[int](w.System(), w.App.DB, query); err != nil || n != 0 {
				t.Errorf("%s: %d, %v", query, n, err)
			}
		}
		c.deliver()
		if got := c.post.to(first); len(got) != 0 {
			t.Errorf("sent after the deletion: %v", got)
		}
	})
}

// What is asked for wrongly is refused by field, and nothing is kept.
func TestWrongConsents(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		wired(w)
		s := consents(w)
		for name, wrong := range map[string]notice.NewConsent{
			"no channel":        {Area: apptest.Community, Phone: first},
			"a channel not had": {Area: apptest.Community, Phone: first, Channels: []string{"wecom"}},
			"no mail address":   {Area: apptest.Community, Phone: first, Channels: []string{"mail"}},
			"no address at all": {Area: apptest.Community, Phone: first, Channels: []string{"mail"}, Email: "a b"},
			"no area":           {Area: "9999", Phone: first, Channels: []string{"sms"}},
		} {
			err := s.Agree(w.System(), wrong)
			if kind := errs.Of(err).Kind; err == nil || !slices.Contains([]errs.Kind{errs.Invalid, errs.NotFound}, kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM notice_consent`); err != nil || n != 0 {
			t.Errorf("%d are kept, %v", n, err)
		}
	})
}
