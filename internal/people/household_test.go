package people_test

import (
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

// A household is its community's, whatever grid its members stand in and whatever code the community
// comes to bear.
func TestAHouseholdStaysOne(t *testing.T) {
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
		w.As("city").Do("POST", "/registry/changes", map[string]any{"kind": "recode", "area": apptest.Community, "to": fresh, "reason": "区划代码调整"}).Want(200)
		add(fresh, "李小四", "34052419800101001X")
		if seen := window.Do("GET", "/people/persons/"+first, nil).Want(200); strings.Count(seen.Text("with"), `"name"`) != 1 {
			t.Errorf("after the community got another code its household 3-501 is two: %s", seen.Raw)
		}
	})
}
