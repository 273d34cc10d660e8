package hall_test

import (
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/seal"
)

// An application takes what is chosen in a list or in one text, and a case that was stored before lists were is read.
func TestAnswersOfSeveralValues(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city, nobody, desk := w.As("city"), w.Nobody(), w.As("dispatcher")
		content := homeItem(city, "housing_aid")
		made := city.Do("POST", "/hall/items", field{"content": content}).Want(201)
		city.Do("POST", "/hall/items/housing_aid/draft/publish",
			field{"version": whole(made.JSON["version"]), "from": clock.Day(clock.Now(w.System()))}).Want(200)
		apply := func(rooms any) apptest.Answer {
			return nobody.Apply(aid(field{"tenure": "rent", "rent": "800", "rooms": rooms}))
		}
		shows := func(id string) {
			t.Helper()
			if raw := desk.Do("GET", "/casework/cases/"+id, nil).Want(200).Raw; !strings.Contains(raw, "厨房、卫生间") {
				t.Errorf("the case shows %s", raw)
			}
		}
		inText := apply("bath kitchen").Want(201).Text("id")
		shows(inText)
		shows(apply([]string{"bath", "kitchen"}).Want(201).Text("id"))
		for _, wrong := range []any{[]string{"moon"}, []any{field{"bath": "1"}}, 7, field{"bath": "1"}} {
			if got := apply(wrong).Want(422); !strings.Contains(got.Raw, "answers.rooms") {
				t.Errorf("%v is refused as %s", wrong, got.Raw)
			}
		}

		old := w.App.Ring.Seal([]byte(`{"tenure":"rent","rent":"800","rooms":"kitchen bath"}`), inText)
		must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.System(), `UPDATE hall_application SET sealed = $1, sealed_by = $2 WHERE case_id = $3`,
				old, seal.KeyOf(old), inText)
			return err
		}))
		shows(inText)
	})
}

// An item cannot ask for a table or for files among its questions: its faces have no control for them.
func TestAnItemAsksNoTable(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city := w.As("city")
		content := homeItem(city, "housing_aid")
		column := field{"key": "name", "kind": "text", "label": pair("名称", "Name"), "required": true, "personal": false}
		works := field{"key": "works", "kind": "table", "label": pair("工程", "Works"), "group": pair("住房", "Home"), "required": true,
			"personal": false, "columns": []any{column}}
		content["form"] = append(homeForm()[:1], works)
		if made := city.Do("POST", "/hall/items", field{"content": content}).Want(201); !strings.Contains(made.Raw, `"form[1].kind"`) {
			t.Errorf("a table is offered: %s", made.Raw)
		}
		city.Do("POST", "/hall/items/housing_aid/draft/publish",
			field{"version": 1, "from": clock.Day(clock.Now(w.System()))}).Want(422)
		city.Do("POST", "/hall/trial", field{"content": content, "area": apptest.Community, "answers": field{}}).Want(422)
		city.Do("POST", "/hall/preview", field{"content": content, "lang": "zh"}).Want(200)
	})
}
