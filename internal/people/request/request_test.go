package request_test

import (
	"context"
	"linli/internal/app/apptest"
	"linli/internal/platform/db"
	"strings"
	"testing"
)

func TestRightsOfAPerson(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		window, dispatcher := w.As("window"), w.As("dispatcher")
		id := window.Do("POST", "/people/persons", map[string]any{"area": apptest.Community, "name": "张小三", "phone": "13812345678",
			"idNumber": "11010519491231002x", "address": "海棠中路18号3单元501室", "household": "3-501",
			"tags": []map[string]any{{"tag": "old", "source": "民政名册", "since": "2025-01-01"}}}).Want(201).Text("id")
		ask := func(kind string) string {
			t.Helper()
			return dispatcher.Do("POST", "/people/requests", map[string]any{"personId": id, "kind": kind, "note": "本人到窗口"}).Want(201).Text("id")
		}
		answer := func(request string, done bool) apptest.Answer {
			t.Helper()
			return dispatcher.Do("POST", "/people/requests/"+request+"/answer", map[string]any{"done": done, "answer": "已核对身份证", "version": 1})
		}
		window.Do("POST", "/people/requests", map[string]any{"personId": id, "kind": "copy"}).Want(403)
		w.As("stranger").Do("POST", "/people/requests", map[string]any{"personId": id, "kind": "copy"}).Want(404)
		first := ask("copy")
		dispatcher.Do("POST", "/people/requests", map[string]any{"personId": id, "kind": "copy"}).Want(409, "people.asked_already")
		w.As("stranger").Do("POST", "/people/requests/"+first+"/copy", nil).Want(404)
		copied := dispatcher.Do("POST", "/people/requests/"+first+"/copy", nil).Want(200)
		if copied.Text("person.phone") != "13812345678" || copied.Text("household") != "3-501" || !strings.Contains(copied.Raw, "民政名册") {
			t.Errorf("the copy is %s", copied.Raw)
		}
		answer(first, true).Want(200)
		answer(first, true).Want(409, "stale")
		dispatcher.Do("POST", "/people/requests/"+first+"/copy", nil).Want(409, "people.no_copy")

		answer(ask("restrict"), true).Want(200)
		unmask := map[string]any{"field": "phone", "purpose": "contact"}
		window.Do("POST", "/people/persons/"+id+"/unmask", unmask).Want(409, "people.restricted")
		answer(ask("release"), true).Want(200)
		window.Do("POST", "/people/persons/"+id+"/unmask", unmask).Want(200)

		before := ask("restrict")
		answer(ask("delete"), true).Want(200)
		answer(before, true).Want(200) // was asked before, and brings nothing back
		window.Do("POST", "/people/persons/"+id+"/unmask", unmask).Want(409, "people.erased")
		if n := len(window.Do("POST", "/people/search", map[string]any{"q": "13812345678", "purpose": "service"}).Want(200).Items()); n != 0 {
			t.Errorf("a deleted person is found %d times", n)
		}
		if n := len(window.Do("GET", "/people/persons", nil).Want(200).Items()); n != 0 {
			t.Errorf("a deleted person is listed")
		}
		raw, err := db.Value[string](context.Background(), w.App.DB, `SELECT sealed FROM people_person WHERE id = $1`, id)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := w.App.Ring.Open(raw, id); err != nil || string(plain) != "{}" {
			t.Errorf("kept %s (%v)", plain, err)
		}
		if looks := dispatcher.Do("GET", "/people/persons/"+id+"/looks", nil).Want(200).Items(); len(looks) != 2 {
			t.Errorf("%d looks", len(looks))
		}
	})
}
