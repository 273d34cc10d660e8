package application_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/module"
)

// The demo shows an application in each of these states, and its admissions stand in the public register.
func TestTheDemoShowsEveryState(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		if begins := clock.Now(w.System()).AddDate(0, 0, -200); !w.App.Calendar.Now().Loaded(begins.Year()) {
			w.LoadYear(begins.Year())
		}
		i := slices.IndexFunc(w.App.Modules, func(m module.Module) bool { return m.Name == "admission/application" })
		city := module.Demo{Now: clock.Now(w.System()), As: func(ctx context.Context, login string, at time.Time) (context.Context, error) {
			if !slices.Contains([]string{"clerk", "head", "builder", "street"}, login) { // those of posts have no grants in the demo
				t.Errorf("%s acts", login)
			}
			a, err := w.App.Accounts.FindLogin(w.System(), login)
			return authority.With(clock.With(ctx, at), w.App.Access.Actor(a, a.Grants)), err
		}}
		must(t, w.App.Modules[i].Demo(w.System(), city))
		found := map[string]int{}
		for _, a := range w.As("clerk").Do("GET", base+"?limit=50", nil).Want(200).Items() {
			found[a["state"].(string)]++
		}
		for _, state := range []string{"draft", "evaluating", "unfunded", "active", "suspended", "unratified"} {
			if found[state] != 1 {
				t.Errorf("%d applications are %s: %v", found[state], state, found)
			}
		}
		if found["refused"] != 2 {
			t.Errorf("refused by decision and by silence: %v", found)
		}
		visitor := w.Nobody()
		list := visitor.Page("GET", "/admissions", nil)
		if list.Status != 200 || len(list.Raw) > 60_000 {
			t.Errorf("the register: %d, %d bytes", list.Status, len(list.Raw))
		}
		for _, a := range w.As("clerk").Do("GET", base+"?state=unratified", nil).Want(200).Items() {
			if got := visitor.Page("GET", "/admissions/"+a["number"].(string), nil); got.Status != 200 || !contains(got.Raw, "您无需填报、无需办理") {
				t.Errorf("an ended admission's page: %d", got.Status)
			}
		}
		if got := visitor.Page("GET", "/admissions?overdue=1", nil); !contains(got.Raw, "困难群众临时救助排查") || contains(got.Raw, "独居老人冬季走访") {
			t.Error("overdue money is not listed")
		}
	})
}

func contains(text, part string) bool { return strings.Contains(text, part) }
