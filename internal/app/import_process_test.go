package app_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/platform/db"
)

// Lists that two processes find running at the same time are taken once, and one that a process was torn away from is
// taken to its end by the other, with nothing twice and nothing missing.
func TestImportsOfTwoProcessesAreMadeOnce(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		other := w.Peer()
		both := func(do func(ctx context.Context, a *app.App) error) {
			var group sync.WaitGroup
			for _, a := range []*app.App{w.App, other} {
				group.Go(func() {
					if err := do(w.System(), a); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
		}
		count := func(query string, args ...any) int {
			t.Helper()
			n, err := db.Value[int](w.System(), w.App.DB, query, args...)
			must(t, err)
			return n
		}

		admin := w.As("admin")
		list := admin.File("/registry/imports?supplement=true", "more.csv",
			[]byte("code,name,level,parent\n320703001010,北巷社区居委会,5,320703001\n320703001011,西巷社区居委会,5,320703001\n")).Want(201).Text("id")
		admin.Do("POST", "/registry/imports/"+list+"/start", nil).Want(200)
		both(func(ctx context.Context, a *app.App) error { return a.Changes.RunImports(ctx) })
		if got := admin.Do("GET", "/registry/imports/"+list, nil).Want(200); got.Text("state") != "done" {
			t.Errorf("the list ended as %s", got.Raw)
		}
		if n := count(`SELECT COUNT(*) FROM audit_entry WHERE action = 'registry.area.import' AND subject_id = $1 AND detail LIKE '%"done"%'`,
			list); n > 1 {
			t.Errorf("its end is recorded %d times", n)
		}
		if n := count(`SELECT COUNT(*) FROM registry_area WHERE code IN ('320703001010','320703001011')`); n != 2 {
			t.Errorf("%d of 2 areas are there", n)
		}

		window := w.As("window")
		const lines = 130
		roster := strings.Builder{}
		roster.WriteString("姓名,公民身份号码\n")
		for i := range lines {
			fmt.Fprintf(&roster, "居民%d,%s\n", i, identity(i))
		}
		torn := window.File("/people/roster?area="+apptest.Community, "r.csv", []byte(roster.String())).Want(201).Text("id")
		window.Do("POST", "/people/roster/"+torn+"/start", nil).Want(200)
		ctx, tear := context.WithCancel(w.System())
		watched := make(chan struct{})
		go func() { // the first process dies after its first write
			defer close(watched)
			for ctx.Err() == nil {
				if n, err := db.Value[int](w.System(), other.DB, `SELECT done FROM people_import WHERE id = $1`, torn); err != nil || n > 0 {
					tear()
				}
			}
		}()
		_ = w.App.Roster.RunImports(ctx)
		tear()
		<-watched
		both(func(ctx context.Context, a *app.App) error { return a.Roster.RunImports(ctx) })
		end := window.Do("GET", "/people/roster/"+torn, nil).Want(200)
		if end.Text("state") != "done" || end.Text("done") != fmt.Sprint(lines) || end.Text("added") != fmt.Sprint(lines) {
			t.Errorf("the roster ended as %.300s", end.Raw)
		}
		if n := count(`SELECT COUNT(*) FROM people_person WHERE roster = 1`); n != lines {
			t.Errorf("%d people are on it, want %d", n, lines)
		}
	})
}

// A list of areas is in the register and done in one write: a process that dies leaves both or neither.
func TestAListIsDoneInTheWriteOfItsAreas(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		admin := w.As("admin")
		list := admin.File("/registry/imports?supplement=true", "more.csv",
			[]byte("code,name,level,parent\n320703001010,北巷社区居委会,5,320703001\n")).Want(201).Text("id")
		admin.Do("POST", "/registry/imports/"+list+"/start", nil).Want(200)
		commits := map[string]bool{}
		must(t, w.App.Changes.RunImports(w.System()))
		rows, err := db.All(w.System(), w.App.DB, func(row db.Scanner) (s string, err error) { return s, row.Scan(&s) },
			`SELECT CAST(at AS TEXT) FROM audit_entry WHERE action LIKE 'registry.area.import%' ORDER BY id DESC LIMIT 2`)
		must(t, err)
		for _, at := range rows {
			commits[at] = true
		}
		if len(commits) != 1 || len(rows) != 2 {
			t.Errorf("areas and end are recorded at %v", rows)
		}
	})
}

// identity is the i-th of some invented identity numbers.
func identity(i int) string {
	body := fmt.Sprintf("32070319650615%03d", i)
	weights, sum := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}, 0
	for k, weight := range weights {
		sum += int(body[k]-'0') * weight
	}
	return body + string("10X98765432"[sum%11])
}
