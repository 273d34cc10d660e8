package hall_test

import (
	"reflect"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/hall"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

// An item that a release ships no more is offered no more; its open cases go on by what it was.
func TestADroppedItemFreezesNoCase(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		o := apptest.NewOffice(t, w)
		c := o.Apply("03-02 10:00")
		w.Exec(`UPDATE hall_item SET code = 'dropped_item' WHERE code = 'senior_card'`)
		w.Exec(`UPDATE hall_edition SET code = 'dropped_item', document = replace(document, 'senior_card', 'dropped_item')
			WHERE code = 'senior_card'`)
		w.Exec(`UPDATE casework_case SET subject = 'dropped_item'`)
		w.Rebase("hall.item")
		w.App = w.Peer()
		c = o.Does("window", "03-02 11:00", c, "accept", flow.Input{})
		o.Does("clerk", "03-03 11:00", c, "review", flow.Input{Choice: "pass"})
		if c.Clock.Promised.Unit == "" {
			t.Error("the case runs without the item's promise")
		}
		if item, ok := module.Of[*hall.Service](w.App.Modules).Item("dropped_item"); !ok || item.Enabled {
			t.Errorf("the item is known %v and offered %v", ok, item.Enabled)
		}
	})
}

// A correction of an item that a release ships reaches what nobody has changed, and one that ships no more is not offered.
func TestAShippedCorrectionOfAnItemArrives(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		item, _ := module.Of[*hall.Service](w.App.Modules).Item("senior_card")
		w.Exec(`UPDATE hall_edition SET document = replace(document, '"copies":', '"copies":1') WHERE code = 'senior_card'`)
		w.Exec(`INSERT INTO hall_item (code, enabled, version) VALUES ('dropped_item', 1, 1)`)
		w.Exec(`INSERT INTO hall_edition (code, edition, state, document, from_on, writer_name, written_at, releaser_name, released_at,
			reason, version) SELECT 'dropped_item', 1, 'released', replace(document, 'senior_card', 'dropped_item'), '', '', 0, '', 0, '', 1
			FROM hall_edition WHERE code = 'senior_card'`)
		w.Rebase("hall.item")
		again := module.Of[*hall.Service](w.Peer().Modules)
		if i, _ := again.Item("senior_card"); !reflect.DeepEqual(i.Materials, item.Materials) {
			t.Errorf("the materials are still %+v, want %+v", i.Materials, item.Materials)
		}
		if i, ok := again.Item("dropped_item"); !ok || i.Enabled {
			t.Errorf("an item that ships no more: known %v, offered %v", ok, i.Enabled)
		}
		w.WantNoDifferences()
	})
}

// What is changed of an item is known to every process.
func TestAChangedItemReachesEveryProcess(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Reaches("hall.item", func() {
			item := w.Nobody().Do("GET", "/hall/items/senior_card", nil).Want(200)
			w.As("city").Do("PUT", "/hall/items/senior_card", map[string]any{"promised": map[string]any{"amount": 1, "unit": "workday"},
				"enabled": true, "version": item.JSON["version"]}).Want(200)
		}, func(a *app.App) string {
			i, _ := module.Of[*hall.Service](a.Modules).Item("senior_card")
			return i.Promised.String()
		})
	})
}
