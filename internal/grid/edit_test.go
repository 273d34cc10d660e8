package grid_test

import (
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/grid"
	"linli/internal/platform/calendar"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

func hasCategory(a apptest.Answer, code string) bool {
	for _, row := range a.Items() {
		if row["code"] == code {
			return true
		}
	}
	return false
}

// An officer of the city changes, adds and switches off categories; a stale form and a wrong set
// change nothing, and a code that was used is not used again.
func TestCategoriesAreEdited(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city := w.As("city")
		change := city.Category("0101")
		change["limit"] = map[string]any{"amount": 6, "unit": "workhour"}
		change["closing"] = map[string]any{"zh": "已清除。", "en": "Cleared."}
		after := city.Do("PUT", "/grid/categories/0101", change).Want(200)
		if after.Text("limit.amount") != "6" || after.Text("closing.en") != "Cleared." ||
			after.Text("version") != "2" || after.Text("parent") != "01" {
			t.Fatalf("changed to %s", after.Raw)
		}
		city.Do("PUT", "/grid/categories/0101", change).Want(409, "stale")
		w.As("county").Do("PUT", "/grid/categories/0101", change).Want(403)
		change["version"] = 2
		for name, spoil := range map[string]func(map[string]any){
			"limit":        func(m map[string]any) { m["limit"] = map[string]any{"amount": 3, "unit": "day"} },
			"department":   func(m map[string]any) { m["department"] = "ministry_of_magic" },
			"text_missing": func(m map[string]any) { m["closing"] = map[string]any{"zh": "已清除。", "en": " "} },
			"certainty":    func(m map[string]any) { m["certainty"] = "X" },
		} {
			spoilt := map[string]any{}
			for k, v := range change {
				spoilt[k] = v
			}
			spoil(spoilt)
			city.Do("PUT", "/grid/categories/0101", spoilt).Want(422, "grid.category."+name)
		}

		fresh := map[string]any{"code": "8801", "parent": "88", "kind": "event", "name": map[string]any{"zh": "占道经营", "en": "Street stalls"},
			"limit": map[string]any{"amount": 1, "unit": "workday"}, "department": "urban_management", "level": 4, "certainty": "U",
			"closing": change["closing"], "source": map[string]any{"zh": "本市配置", "en": "The city's own"}, "enabled": true}
		city.Do("POST", "/grid/categories", fresh).Want(422, "grid.category.parent")
		city.Do("POST", "/grid/categories", map[string]any{"code": "88", "kind": "event",
			"name": map[string]any{"zh": "街面秩序", "en": "Order in the street"}, "enabled": true}).Want(201)
		if hasCategory(w.Nobody().Do("GET", "/grid/categories", nil), "88") {
			t.Error("a class without sub-classes is offered")
		}
		city.Do("POST", "/grid/categories", fresh).Want(201)
		city.Do("POST", "/grid/categories", fresh).Want(422, "grid.category.twice")
		if !hasCategory(w.Nobody().Do("GET", "/grid/categories", nil), "8801") ||
			!strings.Contains(w.Nobody().Page("GET", "/report/what", nil).Raw, "占道经营") {
			t.Error("the new category is not offered")
		}
		if rows := w.As("auditor").Do("GET", "/audit/entries?action=grid.category.edit", nil).Want(200).Items(); len(rows) != 3 ||
			rows[2]["before"] == nil {
			t.Errorf("recorded %v", rows)
		}
	})
}

// A category that is switched off takes no new report, and its open cases go on to their end.
func TestOpenCasesOutliveTheirCategory(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city, dispatcher := w.As("city"), w.As("dispatcher")
		id, _ := w.Incident(apptest.Community, "0101", "楼前垃圾未清", "3 号楼东侧")
		for _, code := range []string{"0101", "01"} { // by itself, and by its class
			off := city.Category(code)
			off["enabled"] = false
			if code == "01" {
				delete(off, "limit")
				on := city.Category("0101")
				on["enabled"] = true
				city.Do("PUT", "/grid/categories/0101", on).Want(200)
			}
			city.Do("PUT", "/grid/categories/"+code, off).Want(200)
			w.Nobody().OpenCase(map[string]any{"category": "0101", "description": "楼前垃圾未清", "area": apptest.Community,
				"place": map[string]any{"text": "3 号楼东侧"}}).Want(422, "invalid")
			if hasCategory(w.Nobody().Do("GET", "/grid/categories", nil), "0101") {
				t.Errorf("0101 is offered with %s switched off", code)
			}
		}
		if !hasCategory(w.Nobody().Do("GET", "/grid/categories?all=true", nil), "0101") {
			t.Error("a category that is switched off is gone")
		}
		step := func(verb string, body map[string]any) apptest.Answer {
			return dispatcher.Step(id, verb, body)
		}
		step("establish", nil).Want(200)
		step("dispatch", map[string]any{"unit": w.Body[apptest.Community+" station"]}).Want(200)
		if got := step("handle", nil).Want(200); got.Text("subjectName") != "市容环境 / 暴露垃圾" || got.Text("incident.closing") == "" {
			t.Errorf("shown as %q, closed when %q", got.Text("subjectName"), got.Text("incident.closing"))
		}
	})
}

// More time is a share of the limit that runs, also when the category has meanwhile got one of another
// unit.
func TestExtensionKeepsItsUnit(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		c := o.Does("dispatcher", "03-02 09:00", o.Report("03-02 08:30"), "establish", flow.Input{})
		c = o.Does("dispatcher", "03-02 09:30", c, "dispatch", flow.Input{Unit: w.Body[apptest.County+" urban_management"]})
		category, _ := module.Of[*grid.Service](w.App.Modules).Category("0101")
		category.Limit = calendar.Workdays(2)
		if _, err := module.Of[*grid.Service](w.App.Modules).ChangeCategory(o.At("city", "03-02 09:40"), category); err != nil {
			t.Fatal(err)
		}
		c = o.Does("urban head", "03-02 10:00", c, "extend", apptest.Noted)
		o.Due(c, "03-03 10:30", "") // four hours and as many again
	})
}
