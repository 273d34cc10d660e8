package app_test

import (
	"fmt"
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

// budgets bound what the faces that people open most ask of the database, in statements, and send, in KiB
// before compression. A page that needs more is thought over before its row is changed.
var budgets = []struct {
	face, login, path string // login "" for a resident's browser
	statements        int64
	kib               int
}{
	{"portal", "", "/", 2, 8},
	{"portal", "", "{items}", 1, 12},
	{"portal", "", "{item}", 1, 8},
	{"portal", "", "{item}/apply/1", 1, 8},
	{"portal", "", "/report/what", 1, 8},
	{"portal", "", "/communities", 1, 8},
	{"portal", "", "/communities/{community}", 13, 12}, // a statement for each list of a module: matters, votes and conventions are three
	{"portal", "", "/track/case", 16, 8},
	{"console", "dispatcher", "/session", 6, 4},
	{"console", "dispatcher", "/texts/zh", 3, 112}, // the words of every module, read once a visit
	{"console", "dispatcher", "/casework/inbox", 16, 4},
	{"console", "dispatcher", "/casework/cases?limit=50", 4, 48},
	{"console", "dispatcher", "/casework/cases/{case}", 18, 8},
	{"console", "street", "/casework/board?area={street}", 5, 8},
	{"console", "city", "/registry/areas?parent={street}", 4, 4},
	{"console", "dispatcher", "/people/persons?limit=50", 5, 16},
	{"field", "grid", "/casework/cases?limit=50", 4, 48},
	{"field", "grid", "/casework/cases/{case}", 18, 8},
}

// What a face asks of the database and sends stays within its budget, and does not grow with the rows shown
// beyond their own bytes: ten cases and forty cost the same statements.
func TestFacesStayWithinTheirBudgets(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		grid := w.As("grid")
		report := func(n int) (id, code string) {
			for i := range n {
				got := grid.OpenCase(map[string]any{"category": "0101", "description": fmt.Sprint("东门外路灯不亮 ", i),
					"area": apptest.Community, "place": map[string]any{"text": "东门"}, "channel": "field"}).Want(201)
				id, code = got.Text("id"), got.Text("code")
			}
			return id, code
		}
		id, code := report(10)
		visitor := w.Nobody()
		visitor.Page("POST", "/track", map[string][]string{"code": {code}})
		callers := map[string]*apptest.Caller{"": visitor, "grid": grid, "clerk": w.As("clerk")}
		for _, b := range budgets {
			if callers[b.login] == nil {
				callers[b.login] = w.As(b.login)
			}
		}
		names := strings.NewReplacer("{items}", apptest.FormPages(w.App)[0], "{item}", apptest.ItemPage, "{community}", apptest.Community, "{street}", apptest.Street, "{case}", id)
		ask := func(face, login, path string) (statements int64, size int) {
			who := callers[login]
			call := func() apptest.Answer {
				if face == "portal" {
					return who.Page("GET", names.Replace(path), nil)
				}
				return who.Do("GET", names.Replace(path), nil)
			}
			call() // what is read once and kept
			before := w.App.DB.Asked()
			got := call().Want(200)
			return w.App.DB.Asked() - before, len(got.Raw)
		}
		first := map[string]int64{}
		for _, b := range budgets {
			statements, size := ask(b.face, b.login, b.path)
			first[b.login+b.path] = statements
			t.Logf("%-8s %-10s %-40s %3d statements of %d, %4d KiB of %d", b.face, b.login, b.path,
				statements, b.statements, (size+1023)/1024, b.kib)
			if statements > b.statements || size > b.kib<<10 {
				t.Errorf("%s %s: %d statements and %d bytes, its budget is %d and %d KiB", b.login, b.path, statements, size, b.statements, b.kib)
			}
		}
		report(30)
		for _, b := range budgets {
			if statements, _ := ask(b.face, b.login, b.path); statements > first[b.login+b.path] {
				t.Errorf("%s %s: %d statements with ten cases, %d with forty", b.login, b.path, first[b.login+b.path], statements)
			}
		}
	})
}
