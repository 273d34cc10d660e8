package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
	"linli/internal/platform/text"
)

// The pages of a case mask what it holds of its reporter; whoever has proven the reporter's telephone sees it whole, which
// is recorded, and nobody with the follow code alone or with another number does.
func TestAResidentSeesTheirOwnWhole(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		sent := outbox{}
		w.App.Residents.Notify = &sent
		const number, phone = "11010519491231002X", "13800138000"
		opened := w.Nobody().Apply(map[string]any{"item": "senior_card", "area": apptest.Community,
			"applicant": map[string]any{"name": "王秀英", "phone": phone, "idNumber": number},
			"answers":   map[string]string{"birth_date": "1949-12-31", "fetch": "window"}}).Want(201)
		w.Nobody().OpenCase(map[string]any{"category": "0101", "description": "垃圾", "area": apptest.Community,
			"place": map[string]any{"text": "东门"}, "reporter": map[string]any{"name": "李梅", "phone": "13900139000"}}).Want(201)
		visitor := func(proves string) *apptest.Caller {
			c := w.Nobody()
			if proves != "" {
				c.Page("POST", "/me", url.Values{"phone": {proves}}).Want(http.StatusSeeOther)
				c.Page("POST", "/me/code", url.Values{"code": {sent.code()}}).Want(http.StatusSeeOther)
			}
			c.Page("POST", "/track", url.Values{"code": {opened.Text("code")}}).Want(http.StatusSeeOther)
			return c
		}
		looks := func() int {
			n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM audit_entry WHERE action = 'people.person.own'`)
			must(t, err)
			return n
		}
		for _, proves := range []string{"", "13900139000"} {
			c := visitor(proves)
			if held := c.Page("GET", "/track/case/person", nil).Want(200).Raw; strings.Contains(held, number) ||
				strings.Contains(held, "person/show") || !strings.Contains(held, `href="/me"`) {
				t.Errorf("with %q proven the page shows too much: %.300s", proves, held)
			}
			if got := c.Page("POST", "/track/case/person/show", nil); got.Status != http.StatusForbidden || strings.Contains(got.Raw, number) {
				t.Errorf("with %q proven: %d", proves, got.Status)
			}
		}
		if looks() != 0 {
			t.Error("what was refused is recorded as seen")
		}
		own := visitor(phone)
		if held := own.Page("GET", "/track/case/person", nil).Want(200).Raw; strings.Contains(held, number) ||
			!strings.Contains(held, "person/show") {
			t.Errorf("before it is asked for: %.300s", held)
		}
		for _, lang := range text.Languages {
			own.Header = http.Header{"Cookie": {"lang=" + string(lang)}}
			shown := own.Page("POST", "/track/case/person/show", nil).Want(200)
			if !strings.Contains(shown.Raw, number) || !strings.Contains(shown.Raw, phone) || !strings.Contains(shown.Raw, "王秀英") ||
				!strings.Contains(shown.Raw, "1949") {
				t.Errorf("in %s their own page lacks something: %s", lang, shown.Raw)
			}
			if shown.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("the page may be kept: %s", shown.Header.Get("Cache-Control"))
			}
		}
		own.Header = nil
		if n := looks(); n != len(text.Languages) {
			t.Errorf("it is recorded %d times", n)
		}
		own.Page("POST", "/me/leave", nil)
		own.Page("POST", "/track", url.Values{"code": {opened.Text("code")}}).Want(http.StatusSeeOther)
		own.Page("POST", "/track/case/person/show", nil).Want(http.StatusForbidden)
	})
}
