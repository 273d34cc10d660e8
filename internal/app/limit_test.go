package app_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/geo"
	"linli/internal/platform/httpx"
	"linli/internal/platform/notify"
)

// behind trusts the machine itself as a proxy, so that callers can come from anywhere.
func behind(t *testing.T, w *apptest.World) {
	t.Helper()
	proxies, err := httpx.ParseProxies([]string{"127.0.0.0/8", "::1/128"})
	must(t, err)
	w.App.Access.Proxies = proxies
}

func from(w *apptest.World, origin string) *apptest.Caller {
	c := w.Nobody()
	c.Origin = origin
	return c
}

// said is the refusal of whoever comes too often: it says when to come back, to programs and to people.
func said(t *testing.T, a apptest.Answer, sentence string) {
	t.Helper()
	seconds, err := strconv.Atoi(a.Header.Get("Retry-After"))
	if a.Status != http.StatusTooManyRequests || err != nil || seconds < 1 || !strings.Contains(a.Raw, sentence) {
		t.Errorf("%d, Retry-After %q: %.400s", a.Status, a.Header.Get("Retry-After"), a.Raw)
	}
}

// A hall full of people has one address: their honest reports and right codes use nothing up. Wrong codes
// do, in API and portal together, whatever form the proxy writes the address in; neighbours go on.
func TestAHallOfHonestPeople(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		behind(t, w)
		code := ""
		for i := range 25 {
			code = from(w, "203.0.113.7").OpenCase(apptest.Incident(fmt.Sprint("hall", i))).Want(201).Text("code")
		}
		for range 25 {
			from(w, "203.0.113.7").Do("POST", "/casework/follow", map[string]any{"code": code}).Want(200)
		}
		kept := from(w, "203.0.113.7")
		if got := kept.Page("POST", "/track", url.Values{"code": {code}}); got.Status != http.StatusSeeOther {
			t.Fatalf("a right code: %d %.300s", got.Status, got.Raw)
		}
		wrong := map[string]any{"code": code[:len(code)-4] + "0000"}
		forms := []string{"203.0.113.7", "203.0.113.7:51234", "  203.0.113.7 ", "::ffff:203.0.113.7",
			"198.51.100.99, 203.0.113.7", "203.0.113.7, unix:"}
		for i := range 20 {
			from(w, forms[i%len(forms)]).Do("POST", "/casework/follow", wrong).Want(404)
		}
		said(t, from(w, "203.0.113.7").Do("POST", "/casework/follow", wrong), "秒后再试")
		said(t, from(w, "203.0.113.7:80").Page("POST", "/track", url.Values{"code": {code}}), "秒后再试")
		if got := kept.Page("GET", "/track/case", nil); got.Status != http.StatusOK {
			t.Errorf("who has shown a right code before is shut out: %d", got.Status)
		}
		from(w, "203.0.113.8").Do("POST", "/casework/follow", map[string]any{"code": code}).Want(200)
		for i := range 20 { // one line has a whole /64
			from(w, fmt.Sprintf("[2001:db8:1:2::%x]:443", i+1)).Do("POST", "/casework/follow", wrong).Want(404)
		}
		said(t, from(w, "2001:db8:1:2:ffff::1").Do("POST", "/casework/follow", wrong), "秒后再试")
		from(w, "2001:db8:1:3::1").Do("POST", "/casework/follow", wrong).Want(404)
	})
}

// API and portal spend one budget, and a visitor alone cannot spend that of the hall.
func TestReportsAreBoundedInEveryFace(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		behind(t, w)
		w.Rule("limit.report.address", "3")
		for i := range 3 {
			from(w, "203.0.113.7").OpenCase(apptest.Incident(fmt.Sprint(i))).Want(201)
		}
		said(t, from(w, "203.0.113.7").OpenCase(apptest.Incident("one more")), "分钟后再试")
		visitor := from(w, "203.0.113.7")
		said(t, visitor.Page("POST", "/report/send", url.Values{}), "分钟后再试")
		from(w, "203.0.113.9").OpenCase(apptest.Incident("a neighbour")).Want(201)
		w.As("dispatcher").OpenCase(apptest.Incident("staff")).Want(201)
		w.Rule("limit.report.visitor", "0")
		other := from(w, "203.0.113.9")
		other.Page("POST", "/report/send", url.Values{})
		said(t, other.Page("POST", "/report/send", url.Values{}), "后再试")
		from(w, "203.0.113.9").OpenCase(apptest.Incident("beside that visitor")).Want(201)
	})
}

// The key of a submission answers with its case, and so with the follow code, to whoever sent it with the
// same content, and to nobody else.
func TestAClientKeyIsItsSendersOwn(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		behind(t, w)
		first := from(w, "203.0.113.7").OpenCase(apptest.Incident("k")).Want(201)
		if again := from(w, "203.0.113.7").OpenCase(apptest.Incident("k")).Want(201); again.Text("code") != first.Text("code") {
			t.Error("sent again, it opens another case")
		}
		other := apptest.Incident("k")
		other["description"] = "别的事"
		from(w, "203.0.113.7").OpenCase(other).Want(409, "casework.client_key_used")
		from(w, "203.0.113.8").OpenCase(apptest.Incident("k")).Want(409, "casework.client_key_used")
		w.As("dispatcher").OpenCase(apptest.Incident("k")).Want(409, "casework.client_key_used")
		d := w.As("dispatcher")
		d.OpenCase(apptest.Incident("staff")).Want(201)
		w.As("dispatcher").OpenCase(apptest.Incident("staff")).Want(201) // in a new session, too
		w.As("window").OpenCase(apptest.Incident("staff")).Want(409, "casework.client_key_used")
		w.Nobody().OpenCase(apptest.Incident("staff")).Want(409, "casework.client_key_used")
	})
}

// What only staff may state is refused to others.
func TestOnlyStaffStateAStaffChannel(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for _, channel := range []string{"window", "field", "console"} {
			body := apptest.Incident(channel)
			body["channel"] = channel
			w.Nobody().OpenCase(body).Want(403, "casework.channel_staff")
			w.As("dispatcher").OpenCase(body).Want(201)
		}
		applied := w.Fill(apptest.Application("at the window"))
		applied["channel"] = "window"
		w.Nobody().Apply(applied).Want(403, "casework.channel_staff")
		w.As("window").Apply(applied).Want(201)
	})
}

// A point must lie in or near the area that is named with it, or within the city where the area has no
// outline.
func TestAPointLiesNearItsArea(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		at := func(key string, lng, lat float64) map[string]any {
			body := apptest.Incident(key)
			body["place"] = map[string]any{"text": "路边", "lng": lng, "lat": lat}
			return body
		}
		w.Nobody().OpenCase(at("nothing known", 116.39, 39.91)).Want(201)
		load := func(code, ring string) {
			_, err := w.App.Outlines.ImportOutlines(w.System(),
				strings.NewReader(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"`+code+
					`"},"geometry":{"type":"Polygon","coordinates":[`+ring+`]}}]}`), geo.CGCS2000, "test")
			must(t, err)
		}
		load("320706", `[[119.0,34.5],[119.2,34.5],[119.2,34.7],[119.0,34.7],[119.0,34.5]]`) // another county: the box around all
		w.Nobody().OpenCase(at("beijing", 116.39, 39.91)).Want(422)
		w.Nobody().OpenCase(at("in the box", 119.1, 34.6)).Want(201)
		load("320703", `[[119.30,34.70],[119.40,34.70],[119.40,34.80],[119.30,34.80],[119.30,34.70]]`)
		w.Nobody().OpenCase(at("inside", 119.35, 34.75)).Want(201)
		w.Nobody().OpenCase(at("a kilometre outside", 119.411, 34.75)).Want(201)
		refused := w.Nobody().OpenCase(at("another county", 119.1, 34.6)).Want(422)
		if !strings.Contains(refused.Raw, "院前社区") || refused.Text("rule.key") != "grid.place.metres" {
			t.Errorf("the refusal says neither where nor by what rule: %s", refused.Raw)
		}
		w.As("grid").OpenCase(at("staff", 116.39, 39.91)).Want(422)
		w.Nobody().Alike(at("look", 116.39, 39.91)).Want(422)
	})
}

// A stranger's number is not flooded: neither by many reports with it, nor by many from one address, nor
// beyond what the city sends. The reports are taken all the same.
func TestMessagesToStrangersAreBounded(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		behind(t, w)
		g := newGateway(t)
		w.App.Outbox.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: notify.NewHTTP(g.URL, "", false)}
		report := func(key, origin, phone string) {
			t.Helper()
			body := apptest.Incident(key)
			body["tell"], body["reporter"] = []string{"sms"}, map[string]any{"phone": phone}
			from(w, origin).OpenCase(body).Want(201)
		}
		sent := func(what string, want int) {
			t.Helper()
			deliver(t, w.System(), w.App.Outbox, notify.SMS)
			if got := len(g.got()); got != want {
				t.Errorf("%s: %d messages, want %d", what, got, want)
			}
		}
		w.Rule("limit.message.number", "2")
		for i := range 4 {
			report(fmt.Sprint("number", i), fmt.Sprintf("203.0.113.%d", i), "19900004321")
		}
		sent("to one number", 2)
		w.Rule("limit.message.address", "3")
		for i := range 5 {
			report(fmt.Sprint("address", i), "203.0.113.77", fmt.Sprintf("1990000500%d", i))
		}
		sent("from one address", 5)
		w.Rule("limit.message.all", "0")
		report("all", "203.0.113.99", "19900006000")
		sent("in all", 5)
		counted := map[string]int{}
		for _, m := range w.As("admin").Do("GET", "/notify/messages?state=withheld", nil).Want(200).Items() {
			counted[m["reason"].(string)]++
		}
		if want := map[string]int{"limit.number": 2, "limit.address": 2, "limit.all": 1}; !maps.Equal(counted, want) {
			t.Errorf("withheld messages by cause: %v, want %v", counted, want)
		}
	})
}
