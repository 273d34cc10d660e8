package grid_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/grid"
	"linli/internal/platform/module"
	"linli/internal/platform/text"
)

// What a person has changed stays, and is listed until they take what ships or keep theirs.
func TestWhatAPersonChangedStays(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city, admin := w.As("city"), w.As("admin")
		w.Exec(`UPDATE grid_category SET document = replace(document, '"workhour"', '"workday"') WHERE code = '0101' OR code = '0102'`)
		w.Rebase("grid.category")
		if err := module.Of[*grid.Service](w.App.Modules).RefreshCategories(w.System()); err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{"0101", "0102"} {
			change := city.Category(code)
			change["closing"] = map[string]any{"zh": "本市要求。", "en": "As the city asks."}
			city.Do("PUT", "/grid/categories/"+code, change).Want(200)
		}
		again := w.Peer()
		if c, _ := module.Of[*grid.Service](again.Modules).Category("0101"); c.Closing.En != "As the city asks." {
			t.Fatalf("what an officer wrote is gone: %v", c.Closing)
		}
		listed := admin.Do("GET", "/shipped/differences", nil).Want(200)
		if items := listed.Items(); len(items) != 2 || items[0]["kind"] != "grid.category" || items[0]["name"] != "0101" {
			t.Fatalf("listed: %s", listed.Raw)
		}
		city.Do("GET", "/shipped/differences", nil).Want(403)
		city.Do("POST", "/shipped/decisions", map[string]any{"kind": "grid.category", "name": "0101", "take": true}).Want(403)
		admin.Do("POST", "/shipped/decisions", map[string]any{"kind": "grid.category", "name": "0101", "take": true}).Want(200)
		admin.Do("POST", "/shipped/decisions", map[string]any{"kind": "grid.category", "name": "0102", "take": false}).Want(200)
		admin.Do("POST", "/shipped/decisions", map[string]any{"kind": "grid.category", "name": "0102", "take": false}).Want(404)
		admin.Do("POST", "/shipped/decisions", map[string]any{"kind": "nothing", "name": "0102", "take": false}).Want(404)
		if c, _ := module.Of[*grid.Service](w.App.Modules).Category("0101"); c.Closing.En == "As the city asks." {
			t.Error("what ships was not taken")
		}
		if c, _ := module.Of[*grid.Service](w.App.Modules).Category("0102"); c.Closing.En != "As the city asks." {
			t.Error("what was to be kept is gone")
		}
		last := w.Peer()
		if c, _ := module.Of[*grid.Service](last.Modules).Category("0102"); c.Closing.En != "As the city asks." {
			t.Error("what was to be kept is gone after a start")
		}
		if left := admin.Do("GET", "/shipped/differences", nil).Want(200).Items(); len(left) != 0 {
			t.Errorf("still listed: %v", left)
		}
		if n := len(w.As("auditor").Do("GET", "/audit/entries?action=shipped.text.decide", nil).Want(200).Items()); n != 2 {
			t.Errorf("%d decisions are recorded", n)
		}
	})
}

// A shipped year is taken although one deadline cannot be computed anew; the answer says so, in the reader's language.
func TestADecisionHoldsWhereADeadlineDoesNotSettle(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		for _, m := range w.App.Modules {
			for _, set := range m.Shipped {
				if set.Kind == "grid.category" { // as a year's is when a deadline cannot be computed
					set.Changed = func(context.Context) error { return errors.New("a case without its area") }
				}
			}
		}
		w.Exec(`UPDATE grid_category SET document = replace(document, '"workhour"', '"workday"') WHERE code IN ('0101', '0102')`)
		w.Rebase("grid.category")
		if err := module.Of[*grid.Service](w.App.Modules).RefreshCategories(w.System()); err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{"0101", "0102"} {
			change := w.As("city").Category(code)
			change["closing"] = map[string]any{"zh": "本市要求。", "en": "As the city asks."}
			w.As("city").Do("PUT", "/grid/categories/"+code, change).Want(200)
		}
		for lang, name := range map[text.Lang]string{text.Chinese: "0101", text.English: "0102"} {
			admin := w.As("admin")
			admin.Lang = string(lang)
			got := admin.Do("POST", "/shipped/decisions", map[string]any{"kind": "grid.category", "name": name, "take": true}).Want(200)
			if got.Text("unfinished.title") != w.App.Catalogue.T(lang, "error.shipped.unfinished") || strings.Contains(got.Raw, "without its area") {
				t.Errorf("the answer tells %s", got.Raw)
			}
			admin.Do("POST", "/shipped/decisions", map[string]any{"kind": "grid.category", "name": name, "take": true}).Want(404) // it was taken
		}
	})
}

// A correction of a category that a release ships reaches what nobody has changed, and one that ships no more is not offered.
func TestAShippedCorrectionOfACategoryArrives(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		category, _ := module.Of[*grid.Service](w.App.Modules).Category("0101")
		w.Exec(`UPDATE grid_category SET document = replace(document, '"workhour"', '"workday"') WHERE code = '0101'`)
		w.Exec(`INSERT INTO grid_category (code, document, enabled, version) SELECT '0199', replace(document, '"0101"', '"0199"'), 1, 1
			FROM grid_category WHERE code = '0101'`)
		w.Rebase("grid.category")
		again := module.Of[*grid.Service](w.Peer().Modules)
		if c, _ := again.Category("0101"); c.Limit != category.Limit {
			t.Errorf("the category's limit is still %v", c.Limit)
		}
		if c, ok := again.Category("0199"); !ok || c.Enabled {
			t.Errorf("a category that ships no more: known %v, offered %v", ok, c.Enabled)
		}
		w.WantNoDifferences()
	})
}

// What is changed of a category is known to every process.
func TestAChangedCategoryReachesEveryProcess(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Reaches("grid.category", func() {
			city := w.As("city")
			change := city.Category("0101")
			change["limit"] = map[string]any{"amount": 6, "unit": "workhour"}
			city.Do("PUT", "/grid/categories/0101", change).Want(200)
		}, func(a *app.App) string {
			c, _ := module.Of[*grid.Service](a.Modules).Category("0101")
			return c.Limit.String()
		})
	})
}
