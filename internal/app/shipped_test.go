package app_test

import (
	"encoding/json"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/grid"
	"linli/internal/hall"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

// earlier makes a row as an earlier release had put it, and as nobody has changed since: what ships now is
// a correction of it.
func earlier(t *testing.T, w *apptest.World, statement string) {
	t.Helper()
	must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error {
		_, err := tx.Exec(w.System(), statement)
		return err
	}))
}

// rebase says that what is stored of a kind is what the program put last.
func rebase(t *testing.T, w *apptest.World, kind string) {
	t.Helper()
	for _, m := range w.App.Modules {
		for _, set := range m.Shipped {
			if set.Kind != kind {
				continue
			}
			stored, err := set.Stored(w.System(), w.App.DB)
			must(t, err)
			must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error { return set.Rebase(w.System(), tx, stored) }))
		}
	}
}

// A correction that a release ships reaches what nobody has changed.
func TestAShippedCorrectionArrives(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		item, _ := module.Of[*hall.Service](w.App.Modules).Item("senior_card")
		category, _ := module.Of[*grid.Service](w.App.Modules).Category("0101")
		years := w.App.Calendar.Now().Years()
		earlier(t, w, `UPDATE rule_value SET value = '9' WHERE rule = 'hall.accept.days'`)
		earlier(t, w, `UPDATE hall_edition SET document = replace(document, '"copies":', '"copies":1') WHERE code = 'senior_card'`)
		earlier(t, w, `UPDATE grid_category SET document = replace(document, '"workhour"', '"workday"') WHERE code = '0101'`)
		earlier(t, w, `DELETE FROM calendar_day WHERE day = (SELECT MIN(day) FROM calendar_day WHERE kind = 'work' AND day >= '2026-01-01')`)
		earlier(t, w, `INSERT INTO hall_item (code, enabled, version) VALUES ('dropped_item', 1, 1)`)
		earlier(t, w, `INSERT INTO hall_edition (code, edition, state, document, from_on, writer_name, written_at, releaser_name, released_at,
			reason, version) SELECT 'dropped_item', 1, 'released', replace(document, 'senior_card', 'dropped_item'), '', '', 0, '', 0, '', 1
			FROM hall_edition WHERE code = 'senior_card'`)
		earlier(t, w, `INSERT INTO grid_category (code, document, enabled, version) SELECT '0199', replace(document, '"0101"', '"0199"'), 1, 1
			FROM grid_category WHERE code = '0101'`)
		earlier(t, w, `INSERT INTO rule_value (rule, valid_from, valid_to, value, unit, basis, article, certainty, note) VALUES ('dropped.rule',
			'2020-01-01', '', '1', '', '', '', 'U', '')`)
		for _, kind := range []string{"rule", "hall.item", "grid.category", "calendar"} {
			rebase(t, w, kind)
		}
		again := peer(t, w)
		if got := again.Rules.Int("hall.accept.days", "2026-11-30"); got != 5 {
			t.Errorf("the rule is still %d", got)
		}
		for name, pair := range map[string][2]any{"item": {item.Materials, itemOf(again, "senior_card").Materials},
			"years": {years, again.Calendar.Now().Years()}} {
			if a, b := asJSON(pair[0]), asJSON(pair[1]); a != b {
				t.Errorf("%s: %s, want %s", name, b, a)
			}
		}
		if c, _ := module.Of[*grid.Service](again.Modules).Category("0101"); c.Limit != category.Limit {
			t.Errorf("the category's limit is still %v", c.Limit)
		}
		if i, ok := module.Of[*hall.Service](again.Modules).Item("dropped_item"); !ok || i.Enabled {
			t.Errorf("an item that ships no more: known %v, offered %v", ok, i.Enabled)
		}
		if c, ok := module.Of[*grid.Service](again.Modules).Category("0199"); !ok || c.Enabled {
			t.Errorf("a category that ships no more: known %v, offered %v", ok, c.Enabled)
		}
		if _, ok := again.Rules.On("dropped.rule", "2026-01-01"); ok {
			t.Error("a rule that ships no more is still there")
		}
		if left := w.As("admin").Do("GET", "/shipped/differences", nil).Want(200).Items(); len(left) != 0 {
			t.Errorf("nobody has changed anything, and differences are listed: %v", left)
		}
	})
}

// What a person has changed stays, and is listed until they take what ships or keep theirs.
func TestWhatAPersonChangedStays(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city, admin := w.As("city"), w.As("admin")
		earlier(t, w, `UPDATE grid_category SET document = replace(document, '"workhour"', '"workday"') WHERE code = '0101' OR code = '0102'`)
		rebase(t, w, "grid.category")
		must(t, module.Of[*grid.Service](w.App.Modules).RefreshCategories(w.System()))
		for _, code := range []string{"0101", "0102"} {
			change := city.Category(code)
			change["closing"] = map[string]any{"zh": "本市要求。", "en": "As the city asks."}
			city.Do("PUT", "/grid/categories/"+code, change).Want(200)
		}
		again := peer(t, w)
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
		last := peer(t, w)
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

// An item that a release ships no more is offered no more; its open cases go on by what it was.
func TestADroppedItemFreezesNoCase(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := newOffice(t, w)
		c := o.apply("03-02 10:00")
		earlier(t, w, `UPDATE hall_item SET code = 'dropped_item' WHERE code = 'senior_card'`)
		earlier(t, w, `UPDATE hall_edition SET code = 'dropped_item', document = replace(document, 'senior_card', 'dropped_item')
			WHERE code = 'senior_card'`)
		earlier(t, w, `UPDATE casework_case SET subject = 'dropped_item'`)
		rebase(t, w, "hall.item")
		w.App = peer(t, w)
		c = o.does("window", "03-02 11:00", c, "accept", flow.Input{})
		o.does("clerk", "03-03 11:00", c, "review", flow.Input{Choice: "pass"})
		if c.Clock.Promised.Unit == "" {
			t.Error("the case runs without the item's promise")
		}
		if item, ok := module.Of[*hall.Service](w.App.Modules).Item("dropped_item"); !ok || item.Enabled {
			t.Errorf("the item is known %v and offered %v", ok, item.Enabled)
		}
	})
}

func asJSON(v any) string {
	raw, _ := json.Marshal(v)
	return string(raw)
}

func itemOf(a *app.App, code string) hall.Item {
	i, _ := module.Of[*hall.Service](a.Modules).Item(code)
	return i
}
