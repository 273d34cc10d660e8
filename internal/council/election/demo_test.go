package election_test

import (
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/module"
	"linli/internal/registry"
	"linli/internal/registry/change"
)

// The demo's elections are made by the rules: one handed over in a village, one at the polls in an urban community.
func TestElectionsOfTheDemo(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.LoadNow()
		residents(t, w, apptest.Community, 35)
		_, err := w.App.Changes.Import(w.System(), []change.Source{change.FromReader("more.csv",
			strings.NewReader("code,name,level,parent\n320703001210,平山村委会,5,320703001\n"))}, change.ImportOptions{Supplement: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.App.Bodies.LoadBodies(w.System(), []registry.Body{{Area: "320703001210", Kind: registry.BodyCommittee,
			Name: "平山村村民委员会"}}); err != nil {
			t.Fatal(err)
		}
		for _, m := range w.App.Modules {
			if m.Name == "council/election" {
				if err := m.Demo(w.System(), module.Demo{Now: clock.Now(w.System())}); err != nil {
					t.Fatal(err)
				}
			}
		}
		states := map[string]string{}
		for _, e := range w.As("city").Do("GET", "/council/elections", nil).Want(200).Items() {
			states[e["law"].(string)] = e["state"].(string)
		}
		if states["residents"] != "polling" || states["villagers"] != "done" {
			t.Errorf("the elections stand as %v", states)
		}
	})
}
