package people_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// A household is its community's, whatever grid its members stand in and whatever code the community
// comes to bear.
func TestAHouseholdStaysOne(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window := w.As("window")
		add := func(area, name, number string) apptest.Answer {
			t.Helper()
			body := resident(area)
			body["name"], body["idNumber"] = name, number
			return window.Do("POST", "/people/persons", body).Want(201)
		}
		first := add(apptest.Community, "张小三", "11010519491231002X").Text("id")
		const fresh = "320703001077"
		w.As("city").Do("POST", "/registry/changes",
			map[string]any{"kind": "recode", "area": apptest.Community, "to": fresh, "reason": "区划代码调整"}).Want(200)
		add(fresh, "李小四", "34052419800101001X")
		if seen := window.Do("GET", "/people/persons/"+first, nil).Want(200); strings.Count(seen.Text("with"), `"name"`) != 1 {
			t.Errorf("after the community got another code its household 3-501 is two: %s", seen.Raw)
		}
	})
}

// An export that breaks off says so: half a roster is not taken for a whole one. Each line has its tags.
func TestARosterIsWrittenWholeOrNot(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ids := []string{w.As("window").Do("POST", "/people/persons", resident(apptest.Community)).Want(201).Text("id")}
		body := resident(apptest.Community)
		body["idNumber"], body["tags"] = "34052419800101001X", []map[string]any{}
		ids = append(ids, w.As("window").Do("POST", "/people/persons", body).Want(201).Text("id"))
		dispatcher := authority.With(context.Background(),
			authority.NewActor(w.App.Policy, "d", "调度", []authority.Grant{{Role: registry.RoleDispatcher, Area: apptest.Community}}))
		var out bytes.Buffer
		if err := w.App.People.WriteRoster(dispatcher, &out, apptest.Community); err != nil || strings.Count(out.String(), "高龄老人") != 1 ||
			strings.Count(out.String(), "\n") != 3 {
			t.Errorf("written: %v\n%s", err, out.String())
		}
		if err := w.App.DB.Write(w.System(), func(tx *db.Tx) error {
			_, err := tx.Exec(w.System(), `UPDATE people_person SET sealed = 'broken' WHERE id = $1`, ids[1])
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := w.App.People.WriteRoster(dispatcher, &bytes.Buffer{}, apptest.Community); err == nil {
			t.Error("a roster of which a line cannot be read is written as if it were whole")
		}
	})
}
