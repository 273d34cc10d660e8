package app_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/text"
)

// Every list, table and export between two days: a last day before the first is refused with the cause, days before
// 1970 bound as any other, and nothing is ignored.
func TestDayRangesAreJudged(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Nobody().OpenCase(
			map[string]any{"category": "0101", "description": "垃圾", "area": apptest.Community, "place": map[string]any{"text": "东门"}}).Want(201)
		raw, err := w.App.Document()
		must(t, err)
		s := &surface{}
		must(t, json.Unmarshal(raw, s))
		walker := &hostileWalk{surface: s, t: t, w: w, callers: map[string]*apptest.Caller{}, got: map[string]int{}}
		walked := 0
		for _, path := range slices.Sorted(maps.Keys(s.Paths)) {
			op, ok := s.Paths[path]["get"]
			most := map[string]int{}
			for _, p := range op.Parameters {
				if p.In == "query" {
					most[p.Name] = s.deref(p.Schema).MaxLength
				}
			}
			if !ok || most["from"] == 0 || most["to"] == 0 {
				continue
			}
			walked++
			c := walker.caller(op.Permission)
			if strings.Contains(path, "/casework/") {
				c = w.As("street")
			}
			ask := func(from, to string) apptest.Answer {
				q := url.Values{"area": {apptest.Community[:min(len(apptest.Community), most["area"])]}} // of some, a county at most
				if strings.HasSuffix(path, "/casework/export") {
					q.Set("format", "csv")
				}
				for name, day := range map[string]string{"from": from, "to": to} {
					if day != "" {
						q.Set(name, day[:most[name]])
					}
				}
				return c.Do("GET", strings.TrimPrefix(path, "/api/v1")+"?"+q.Encode(), nil)
			}
			for _, lang := range text.Languages {
				c.Lang = string(lang)
				got := ask("2026-03-02", "2026-02-01")
				if got.Status != 422 || !strings.Contains(got.Raw, `"location":"to"`) && !strings.Contains(got.Raw, `"location":"from"`) {
					t.Errorf("%s, last before first: %d %.200s", path, got.Status, got.Raw)
				}
			}
			c.Lang = "zh"
			if most["from"] == len("2006-01") {
				continue // the months of a period are bounded by their number
			}
			rows := func(a apptest.Answer) int {
				a.Want(http.StatusOK)
				if a.JSON != nil {
					return len(a.Items())
				}
				return strings.Count(a.Raw, "\n") - 1 // without the head
			}
			all := rows(ask("", ""))
			if all == 0 {
				t.Errorf("%s lists nothing", path)
			}
			for _, x := range []struct {
				from, to string
				want     int
			}{{"1900-01-01", "", all}, {"0001-01-01", "9999-12-31", all}, {"1900-01-01", "1969-12-31", 0}, {"", "1969-12-31", 0},
				{"", "1970-01-01", 0}, {"9999-01-01", "", 0}} {
				if n := rows(ask(x.from, x.to)); n != x.want && !(x.want > 0 && n > x.want) { // a question is recorded, too
					t.Errorf("%s from %q to %q: %d rows, want %d", path, x.from, x.to, n, x.want)
				}
			}
		}
		if walked < 6 {
			t.Errorf("only %d ranges were walked", walked)
		}
		street := w.As("street")
		street.Do("GET", "/casework/board?area="+apptest.Street+"&on=2999-01-01", nil).Want(422)
		street.Do("GET", "/casework/board?area="+apptest.Street+"&on=1969-12-31", nil).Want(404)
		street.Do("POST", "/casework/views", map[string]any{"name": "一",
			"query": map[string]string{"from": "2026-03-02", "to": "2026-03-01"}}).Want(422)
	})
}

// Nobody is born tomorrow, in the doors of the residents' register.
func TestABirthToComeIsRefused(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		number, window := apptest.Born(clock.Now(w.System()).Add(24*time.Hour)), w.As("window")
		window.Do("POST", "/people/persons", map[string]any{"area": apptest.Community, "name": "王芳", "idNumber": number}).Want(422)
		if got := window.File("/people/roster?area="+apptest.Community, "r.csv",
			[]byte("姓名,身份证号\n王芳,"+number+"\n")).Want(201); got.Text("ready") != "0" {
			t.Errorf("a roster takes %s", got.Raw)
		}
	})
}
