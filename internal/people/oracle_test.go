package people_test

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

var counted = numbered(99)

func named(area, number string) map[string]any {
	return map[string]any{"area": area, "name": "某居民", "idNumber": number}
}

// Who is on the roster of a community is nobody to those who may not read it: they add, correct and
// import the number as any other. Whoever may read both sees the two beside each other.
func TestRostersElsewhereAreNotTold(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Account("neighbour", registry.RoleDispatcher, apptest.Neighbour)
		dispatcher, neighbour := w.As("dispatcher"), w.As("neighbour")
		here := dispatcher.Do("POST", "/people/persons", named(apptest.Community, counted)).Want(201)
		preview := neighbour.File("/people/roster?area="+apptest.Neighbour, "r.csv", []byte("姓名,公民身份号码\n某居民,"+counted+"\n")).Want(201)
		if preview.Text("ready") != "1" || strings.Contains(preview.Raw, "people.roster.") {
			t.Errorf("the preview tells of a roster elsewhere: %s", preview.Raw)
		}
		there := neighbour.Do("POST", "/people/persons", named(apptest.Neighbour, counted)).Want(201)
		if same := there.JSON["same"].([]any); len(same) > 0 {
			t.Errorf("whoever may not read there sees %v", same)
		}
		neighbour.Do("POST", "/people/persons", named(apptest.Neighbour, counted)).Want(409, "people.registered")
		if same := w.As("street").Do("GET", "/people/persons/"+there.Text("id"), nil).Want(200).JSON["same"].([]any); len(same) != 1 {
			t.Errorf("the subdistrict sees %v beside it", same)
		}
		// Handing over to a roster that has the number already tells nothing either.
		dispatcher.Do("POST", "/people/persons/"+here.Text("id")+"/move", map[string]any{"area": apptest.Neighbour, "version": 1}).Want(204)
		if same := neighbour.Do("GET", "/people/persons/"+there.Text("id"), nil).Want(200).JSON["same"].([]any); len(same) != 1 {
			t.Errorf("the new community sees %v beside it", same)
		}
	})
}

// An identity number that is added twice at the same time, in two processes, is added once.
func TestANumberIsAddedOnce(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		callers := []*apptest.Caller{w.As("dispatcher"), w.Another().As("dispatcher")}
		for i := range 10 {
			number := numbered(i)
			done := make(chan int, 2)
			for _, c := range callers {
				go func() { done <- c.Do("POST", "/people/persons", named(apptest.Community, number)).Status }()
			}
			if a, b := <-done, <-done; a+b != 201+409 {
				t.Errorf("added twice at once: %d and %d", a, b)
			}
		}
	})
}

// numbered is the i-th of some invented identity numbers.
func numbered(i int) string {
	body := fmt.Sprintf("32070319650615%03d", i)
	weights, sum := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}, 0
	for k, w := range weights {
		sum += int(body[k]-'0') * w
	}
	return body + string("10X98765432"[sum%11])
}

// Looking for numbers needs a purpose, is recorded without the number, and ends, with an alarm, for
// whoever finds nobody again and again.
func TestNumbersAreNotFoundByTrial(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Rule("limit.people_search.account", "5")
		dispatcher := w.As("dispatcher")
		dispatcher.Do("POST", "/people/persons", map[string]any{"area": apptest.Community, "name": "某居民", "phone": "19900001111"}).Want(201)
		dispatcher.Do("POST", "/people/search", map[string]any{"q": "19900001111"}).Want(422)
		find := func(c *apptest.Caller, q string) apptest.Answer {
			return c.Do("POST", "/people/search", map[string]any{"q": q, "purpose": "verify"})
		}
		for range 8 { // what is found does not count
			if n := len(find(dispatcher, "19900001111").Want(200).Items()); n != 1 {
				t.Fatalf("found %d", n)
			}
		}
		for i := range 5 {
			find(dispatcher, fmt.Sprintf("1990000222%d", i)).Want(200)
		}
		find(dispatcher, "19900003333").Want(429)
		find(w.As("window"), "19900003333").Want(200)
		alarms := w.As("security").Do("GET", "/access/alarms", nil).Want(200).Items()
		if len(alarms) != 1 || alarms[0]["kind"] != "search" || alarms[0]["login"] != "dispatcher" {
			t.Errorf("alarms: %v", alarms)
		}
		rows, err := db.All(w.System(), w.App.DB, func(row db.Scanner) (d string, err error) { return d, row.Scan(&d) },
			`SELECT detail FROM audit_entry WHERE action = 'people.person.search' ORDER BY id`)
		if err != nil || len(rows) != 14 || !strings.Contains(rows[0], `"purpose":"verify"`) || !strings.Contains(rows[0], `"found":1`) ||
			strings.Contains(fmt.Sprint(rows), "1990000") {
			t.Errorf("recorded: %v %v", rows, err)
		}
	})
}
