package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// The secret of a visit is in a cookie that only the host itself can set over HTTPS; the plain name is not
// believed there, and over plain HTTP, where the prefix is refused by browsers, it is used.
func TestTheVisitCookieIsTheHostsOwn(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		proxies, err := httpx.ParseProxies([]string{"127.0.0.0/8", "::1/128"})
		must(t, err)
		w.App.Access.Proxies = proxies
		for proto, want := range map[string]string{"http": "linli_visit=", "https": "__Host-linli_visit="} {
			c := w.Nobody()
			c.Origin, c.Header = "203.0.113.9", http.Header{"X-Forwarded-Proto": {proto}}
			set := c.Page("GET", "/report/what", nil).Header.Get("Set-Cookie")
			if !strings.HasPrefix(set, want) || !strings.Contains(set, "Path=/;") || !strings.Contains(set, "HttpOnly") ||
				strings.Contains(set, "; Secure") != (proto == "https") {
				t.Errorf("%s: %s", proto, set)
			}
			name, rest, _ := strings.Cut(set, "=")
			value, _, _ := strings.Cut(rest, ";")
			c.Header.Set("Cookie", name+"="+value)
			c.Page("POST", "/report/what", url.Values{"category": {"0101"}, "description": {"垃圾成堆"}}).Want(http.StatusSeeOther)
			if held := c.Page("GET", "/leave", nil).Want(200); strings.Contains(held.Header.Get("Set-Cookie"), want) {
				t.Errorf("%s: another visit begins", proto)
			}
			if proto == "https" { // what a sibling of the host's name or a plain connection has set
				other := w.Nobody()
				other.Origin, other.Header = c.Origin, http.Header{"X-Forwarded-Proto": {proto}, "Cookie": {"linli_visit=" + value}}
				if set := other.Page("GET", "/report/what", nil).Header.Get("Set-Cookie"); !strings.HasPrefix(set, want) ||
					strings.Contains(set, value) {
					t.Errorf("the plain name is believed over HTTPS: %s", set)
				}
			}
		}
	})
}

// Staff see on the case that a message was not sent, and why; its reporter does not hear what a gateway said.
func TestAWithheldMessageTellsItsCause(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Rule("limit.message.number", "1")
		w.App.Site.Demo = true
		var opened apptest.Answer
		for i := range 2 {
			opened = w.Nobody().OpenCase(
				map[string]any{"category": "0101", "description": strings.Repeat("垃圾", i+1), "area": apptest.Community,
					"place":    map[string]any{"text": "东门"},
					"reporter": map[string]any{"name": "李梅", "phone": "13800138000"}, "tell": []string{"sms"}, "tellLang": "zh"}).Want(201)
		}
		staff := w.As("dispatcher").Do("GET", "/casework/cases/"+opened.Text("id"), nil).Want(200)
		if told := staff.Text("told.messages"); !strings.Contains(told, `"state":"withheld"`) || !strings.Contains(told, `"reason":"limit.number"`) {
			t.Errorf("staff see %s", told)
		}
		if own := w.Nobody().Do("POST", "/casework/follow", map[string]any{"code": opened.Text("code")}).Want(200); strings.Contains(own.Raw,
			`"reason":"limit`) {
			t.Error("the reporter hears the reason")
		}
		for _, lang := range text.Languages {
			for _, which := range []string{"", ".number", ".address", ".all"} {
				if key := "notify.reason.limit" + which; !w.App.Catalogue.Has(key) || w.App.Catalogue.T(lang, key) == "" {
					t.Errorf("no words for %s in %s", key, lang)
				}
			}
		}
	})
}
