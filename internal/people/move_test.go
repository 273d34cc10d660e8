package people_test

import (
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

func TestAResidentMoves(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		dispatcher, street := w.As("dispatcher"), w.As("street")
		added := dispatcher.Do("POST", "/people/persons",
			map[string]any{"area": apptest.Community, "name": "钱美玲", "phone": "13911112222", "address": "朝阳路 5 号",
				"household": "12", "tags": []map[string]any{{"tag": "old", "source": "本人申报", "since": "2026-01-02"}}}).Want(201)
		path := "/people/persons/" + added.Text("id")
		to := ""
		for _, a := range w.Nobody().Do("GET", "/registry/areas?parent="+apptest.Street, nil).Want(200).Items() {
			if code := a["code"].(string); code != apptest.Community {
				to = code
			}
		}
		if to == "" {
			t.Fatal("the test city's street has one community alone")
		}
		move := func(area string, version int) map[string]any {
			return map[string]any{"area": area, "address": "新华路 8 号", "version": version}
		}
		for _, bad := range []string{apptest.Community, apptest.Street, apptest.Elsewhere, "999999999999"} {
			dispatcher.Do("POST", path+"/move", move(bad, 1)).Want(422)
		}
		w.As("grid").Do("POST", path+"/move", move(to, 1)).Want(403)
		w.As("stranger").Do("POST", path+"/move", move(to, 1)).Want(404)
		dispatcher.Do("POST", path+"/move", move(to, 9)).Want(409, "stale")
		asked := dispatcher.Do("POST", "/people/requests",
			map[string]any{"personId": added.Text("id"), "kind": "correct", "note": "电话有误"}).Want(201).Text("id")
		dispatcher.Do("POST", path+"/move", move(to, 1)).Want(204)
		if raw := dispatcher.Do("GET", "/people/requests", nil).Want(200).Raw; strings.Contains(raw, asked) {
			t.Error("the request of who has moved stays with the former community")
		}
		if raw := street.Do("GET", "/people/requests", nil).Want(200).Raw; !strings.Contains(raw, asked) {
			t.Error("the request of who has moved is lost")
		}
		dispatcher.Do("GET", path, nil).Want(404)
		if raw := dispatcher.Do("GET", "/people/persons?q=13911112222", nil).Raw; strings.Contains(raw, added.Text("id")) {
			t.Errorf("the former community still finds them: %s", raw)
		}
		there := street.Do("GET", path, nil).Want(200)
		if there.Text("area") != to || there.Text("household") != "" || len(there.JSON["tags"].([]any)) != 1 ||
			strings.Contains(there.Raw, "朝阳") {
			t.Errorf("in the new community: %s", there.Raw)
		}
	})
}
