package fault

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/grid"
	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/module"
	"linli/internal/registry"
	"linli/internal/registry/change"
	"linli/internal/routing"
)

// counties adds five counties to the two of the small city, with a community each where the grid worker
// reports, and tells the seven communities.
func counties(w *apptest.World) []string {
	w.T.Helper()
	out := []string{apptest.Community, apptest.Elsewhere}
	list := "code,name,level,parent\n"
	for i := range 5 {
		county := fmt.Sprintf("32072%d", i+1)
		list += fmt.Sprintf("%s,第%d县,3,3207\n%s001,第%d街道,4,%s\n%s001001,第%d社区居委会,5,%s001\n", county, i, county, i, county, county, i, county)
		out = append(out, county+"001001")
	}
	must := func(err error) {
		if err != nil {
			w.T.Helper()
			w.T.Fatal(err)
		}
	}
	_, err := w.App.Changes.Import(w.System(), []change.Source{change.FromReader("counties.csv", strings.NewReader(list))},
		change.ImportOptions{Supplement: true})
	must(err)
	var bodies []registry.Body
	for _, community := range out[2:] {
		for _, kind := range registry.CommunityBodies {
			bodies = append(bodies, registry.Body{Area: community, Kind: kind, Name: community + " " + kind})
		}
	}
	_, err = w.App.Bodies.LoadBodies(w.System(), bodies)
	must(err)
	for _, community := range out[1:] {
		w.Grant("grid", registry.RoleGridWorker, community)
	}
	return out
}

// Two and three processes on one PostgreSQL take reports from seven counties: nobody is answered with a
// fault, the server meets no deadlock, and every acknowledged case is there. The rates are printed as
// ratios to that of one process with as many callers.
func TestProcessesShareADatabase(t *testing.T) { // alone: it measures
	address := apptest.PostgresCity(t)
	var areas []string
	c := newCity(t, address, func(w *apptest.World) { areas = counties(w) })
	var serving []*serving
	for range 3 {
		serving = append(serving, c.serve())
	}
	all, rates := map[string]string{}, map[int][]float64{}
	for round := range rounds(2) {
		for n := 1; n <= 3; n++ {
			begun := time.Now()
			kept := spread(t, serving[:n], areas, fmt.Sprintf("r%d-p%d", round, n), 1500)
			rates[n] = append(rates[n], float64(len(kept))/time.Since(begun).Seconds())
			for key, id := range kept {
				all[key] = id
			}
		}
	}
	middle := func(n int) float64 { slices.Sort(rates[n]); return rates[n][len(rates[n])/2] }
	t.Logf("64 callers, seven counties: two processes %.2f, three %.2f of the rate of one (%.0f/s)",
		middle(2)/middle(1), middle(3)/middle(1), middle(1))
	if n := c.whole(all); n != len(all) {
		t.Errorf("%d cases for %d acknowledged", n, len(all))
	}
	d, err := db.Open(context.Background(), address, db.Options{AsIs: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if n, err := db.Value[int](context.Background(), d,
		`SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`); err != nil || n > 0 {
		t.Errorf("%d deadlocks (%v)", n, err)
	}
}

// spread has 64 callers report from all areas, by the processes in turn, and tells what was acknowledged.
// A report that is told to come again is sent again with its key.
func spread(t *testing.T, processes []*serving, areas []string, prefix string, reports int) map[string]string {
	t.Helper()
	var lock sync.Mutex
	var group sync.WaitGroup
	var next atomic.Int64
	kept := map[string]string{}
	for caller := range 64 {
		s := processes[caller%len(processes)]
		client := s.worker()
		group.Go(func() {
			for i := next.Add(1); i <= int64(reports); i = next.Add(1) {
				key := fmt.Sprintf("%s-%d", prefix, i)
				for {
					a, err := s.reportIn(client, key, areas[int(i)%len(areas)])
					if err == nil && a.status == http.StatusServiceUnavailable {
						continue
					}
					if err != nil || a.status != http.StatusCreated {
						t.Errorf("%s: %v %v", key, a, err)
						return
					}
					lock.Lock()
					kept[key] = a.text("id")
					lock.Unlock()
					break
				}
			}
		})
	}
	group.Wait()
	return kept
}

// A process that is stopped while it writes does not hold up the others for good: the server ends its
// turn.
func TestAFrozenProcessHoldsUpNobody(t *testing.T) {
	t.Parallel()
	c := newCity(t, apptest.PostgresCity(t))
	one, other := c.serve("LINLI_DB_SILENCE="+silence), c.serve("LINLI_DB_SILENCE="+silence)
	client := other.worker()
	all, unsure := map[string]string{}, 0
	for round := range rounds(2) {
		halted := false
		var group sync.WaitGroup
		group.Go(func() {
			kept, open := one.crowd(fmt.Sprint("halted-", round), 16, func(n int) bool {
				if n >= 60 && !halted {
					halted = true
					_ = one.cmd.Process.Signal(syscall.SIGSTOP)
				}
				return halted
			})
			unsure += len(open)
			for key, id := range kept {
				all[key] = id
			}
		})
		begun := time.Now()
		for i := 0; ; i++ {
			key := fmt.Sprintf("beside-%d-%d", round, i)
			a, err := other.report(client, key)
			if err != nil || a.status != http.StatusCreated && a.status != http.StatusServiceUnavailable {
				t.Fatalf("beside a halted process: %v %v", a, err)
			}
			if a.status == http.StatusCreated {
				all[key] = a.text("id")
			}
			if state(one) == "T" && a.status == http.StatusCreated {
				break
			}
		}
		t.Logf("round %d: the other wrote beside the halted process after %v", round, time.Since(begun).Round(100*time.Millisecond))
		_ = one.cmd.Process.Signal(syscall.SIGCONT)
		group.Wait()
	}
	if n := c.whole(all); n < len(all) || n > len(all)+unsure {
		t.Errorf("%d cases for %d acknowledged and %d without an answer", n, len(all), unsure)
	}
}

// What is checked before it is written holds over processes: a code opens the door once, an identity
// number is on a county's roster once, and of two clashing routes one is refused.
func TestRacesBetweenProcesses(t *testing.T) {
	w := apptest.Open(t, apptest.PostgresCity(t))
	other, err := app.Open(context.Background(), app.Options{Data: t.TempDir(), Database: w.App.Database, Ring: w.App.Ring, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	processes := []*app.App{w.App, other}
	as := func(a *app.App, role authority.Role, area string) context.Context {
		return authority.With(context.Background(), authority.NewActor(a.Policy, "race", "race", []authority.Grant{{Role: role, Area: area}}))
	}
	for round := range rounds(10) {
		phone := fmt.Sprintf("1390000%04d", round)
		if _, err := module.Of[*grid.Service](w.App.Modules).Report(as(w.App, registry.RoleGridWorker, apptest.Community),
			grid.Incident{Category: "0101", Description: "垃圾", Area: apptest.Community,
				Place: casework.Location{Text: "东门"}, Intake: casework.Intake{Channel: casework.ChannelField},
				Reporter: people.Person{Name: "李梅", Phone: phone}}); err != nil {
			t.Fatal(err)
		}
		stranger := authority.With(context.Background(), &authority.Actor{Origin: fmt.Sprintf("10.9.%d.1", round)})
		code := ""
		if err := w.App.Residents.SendCode(stranger, phone, false, func(c string) string { code = c; return c }); err != nil {
			t.Fatal(err)
		}
		once(t, "code", func(i int) error {
			_, err := processes[i].Residents.TakeCode(authority.With(context.Background(),
				&authority.Actor{Origin: fmt.Sprintf("10.9.%d.%d", round, 10+i)}), phone, code)
			return err
		}, errs.Invalid)
		number := identity(round)
		once(t, "identity number", func(i int) error {
			_, err := processes[i].People.Add(as(processes[i], registry.RoleWindowWorker, apptest.Community),
				people.NewResident{Area: apptest.Community, Person: people.Person{Name: "李梅", Number: number}})
			return err
		}, errs.Conflict, errs.Invalid)
		from := fmt.Sprintf("20%02d-01-01", 30+round%60)
		once(t, "route", func(i int) error {
			_, err := processes[i].Routing.KeepRoute(as(processes[i], registry.RoleCountyOfficer, apptest.County),
				routing.Route{Kind: "incident", Subject: "0101", Area: apptest.County,
					ValidFrom: from, ValidTo: from, Department: registry.Departments[i], Level: registry.LevelCounty, Enabled: true})
			return err
		}, errs.Conflict)
	}
}

// once does a thing in two processes at the same time: one succeeds, the other is refused.
func once(t *testing.T, what string, do func(i int) error, refused ...errs.Kind) {
	t.Helper()
	results, begin := make([]error, 2), make(chan struct{})
	var group sync.WaitGroup
	for i := range results {
		group.Go(func() { <-begin; results[i] = do(i) })
	}
	close(begin)
	group.Wait()
	done := 0
	for _, err := range results {
		switch {
		case err == nil:
			done++
		case !slices.Contains(refused, errs.Of(err).Kind):
			t.Errorf("%s: refused with %v", what, err)
		}
	}
	if done != 1 {
		t.Errorf("%s: taken %d times: %v", what, done, results)
	}
}

// identity is a whole identity number with its check digit.
func identity(n int) string {
	digits := fmt.Sprintf("320703199001%02d%03d", 1+n%28, n%1000)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[i]-'0') * weight
	}
	return digits + "10X98765432"[sum%11:sum%11+1]
}
