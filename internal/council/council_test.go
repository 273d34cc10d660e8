package council_test

import (
	"net/http"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
)

type object = map[string]any

// The numbers of both kinds and both versions of the law are shown, and judged in the console and on the portal alike.
func TestThresholdsAreShown(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		committee := w.As("committee")
		got := committee.Do("GET", "/council/thresholds?kind=villagers&day=2025-06-01", nil).Want(200)
		if !strings.Contains(got.Raw, "2018年修正") || strings.Contains(got.Raw, "2025年修正") {
			t.Error("the law of the day is not shown")
		}
		committee.Do("GET", "/council/thresholds?day=2026-02-30", nil).Want(422)
		asked := object{"matter": "representatives.quorum", "kind": "residents", "mode": "representatives", "on": "2026-03-01", "entitled": 30,
			"present": 19}
		if got := committee.Do("POST", "/council/decide", asked).Want(200); got.JSON["passes"] != false || !strings.Contains(got.Raw, "第二十九条") {
			t.Errorf("19 of 30: %s", got.Raw)
		}
		asked["present"] = 20
		if got := committee.Do("POST", "/council/decide", asked).Want(200); got.JSON["passes"] != true {
			t.Errorf("20 of 30: %s", got.Raw)
		}
		asked["kind"], asked["matter"] = "villagers", "election.valid"
		if got := committee.Do("POST", "/council/decide", asked).Want(422, "threshold.barred"); !strings.Contains(got.Raw, "第十四条") {
			t.Errorf("no article: %s", got.Raw)
		}
		page := w.Nobody().Page("GET", "/thresholds?kind=residents&day=2026-03-01&matter=election.valid&mode=voters&entitled=301&cast=150", nil)
		for _, want := range []string{"未达到", "至少需要 151", "第十九条第一款", "1/10"} {
			if !strings.Contains(page.Raw, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
	})
}

// A city sets what national law leaves open, from today on, and nothing else; the province's numbers stand until it does.
func TestTheCitySetsWhatTheLawLeavesOpen(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city := w.As("city")
		today := clock.Day(clock.Now(w.System()))
		set := func(c *apptest.Caller, kind, name, value string) apptest.Answer {
			return c.Do("PUT", "/council/local", object{"kind": kind, "name": name, "value": value, "validFrom": today, "basis": "市实施办法",
				"article": "第三条", "reason": "本市统一"})
		}
		set(w.As("committee"), "", "province", "sichuan").Want(403)
		set(city, "", "province", "jiangsu").Want(422, "council.local.province")
		if got := set(city, "residents", "assembly.notice", "5").Want(409, "council.local.law"); !strings.Contains(got.Raw, "第二十六条") {
			t.Errorf("no article: %s", got.Raw)
		}
		set(city, "residents", "assembly.unknown", "5").Want(422, "council.local.unknown")
		set(city, "residents", "representatives.notice", "0").Want(422)
		city.Do("PUT", "/council/local", object{"kind": "", "name": "province", "value": "hainan", "validFrom": "2020-01-01", "basis": "x",
			"reason": "x"}).Want(422, "council.local.past")
		if strings.Contains(city.Do("GET", "/council/thresholds?kind=villagers", nil).Want(200).Raw, "runoff.within") {
			t.Error("a province's number without a province")
		}
		set(city, "", "province", "hainan").Want(200)
		figure := func(name string) object {
			for _, f := range city.Do("GET", "/council/thresholds?kind=villagers", nil).Want(http.StatusOK).JSON["figures"].([]any) {
				if f.(object)["name"] == name {
					return f.(object)
				}
			}
			return nil
		}
		if f := figure("runoff.within"); f == nil || f["min"] != 15.0 {
			t.Errorf("Hainan's run-off: %v", f)
		}
		set(city, "villagers", "runoff.within", "12").Want(200)
		if f := figure("runoff.within"); f["min"] != 12.0 || f["basis"] != "市实施办法" {
			t.Errorf("the city's run-off: %v", f)
		}
		if f := figure("assembly.notice"); f["min"] != 10.0 || f["open"] != false {
			t.Errorf("the law's notice: %v", f)
		}
	})
}
