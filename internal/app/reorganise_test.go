package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/grid"
	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// town is a world with two counties, four streets, twelve communities and two grids in each, a
// station in each and cases all over.
type town struct {
	*apptest.World
	t     *testing.T
	ctx   context.Context // on a day that advances
	day   time.Time
	codes map[string]bool // every code that ever was
	cases map[string]string
}

func newTown(t *testing.T, w *apptest.World) *town {
	t.Helper()
	k := &town{World: w, t: t, codes: map[string]bool{}, cases: map[string]string{}}
	k.advance(clock.Now(context.Background())) // the small register was opened today
	var rows strings.Builder
	rows.WriteString("code,name,level,parent\n")
	var bodies []registry.Body
	for _, street := range []string{"320703002", "320703003", "320706001", "320706002"} {
		fmt.Fprintf(&rows, "%s,街道%s,4,%s\n", street, street, street[:6])
		for c := 1; c <= 3; c++ {
			code := fmt.Sprintf("%s%03d", street, c)
			fmt.Fprintf(&rows, "%s,社区%s居委会,5,%s\n", code, code, street)
			bodies = append(bodies, registry.Body{Area: code, Kind: registry.BodyStation, Name: code})
			for g := 1; g <= 2; g++ {
				fmt.Fprintf(&rows, "%s%03d,网格%d,6,%s\n", code, g, g, code)
			}
		}
	}
	_, err := w.App.Registry.Import(k.ctx, []registry.Source{registry.FromReader("town.csv", strings.NewReader(rows.String()))}, registry.ImportOptions{Supplement: true})
	k.must(err)
	_, err = w.App.Registry.LoadBodies(k.ctx, bodies)
	k.must(err)
	k.remember()
	return k
}

func (k *town) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *town) advance(day time.Time) {
	k.day = day
	k.ctx = clock.With(k.System(), day)
}

func (k *town) remember() {
	for level := registry.LevelCity; level <= registry.LevelGrid; level++ {
		for _, a := range k.App.Registry.Below("3207", level) {
			k.codes[a.Code] = true
		}
	}
}

// report opens an incident; every second one is dismissed, and every fourth rated.
func (k *town) report(n int, area string, lng float64) string {
	k.t.Helper()
	place := casework.Place{Text: "门口"}
	if lng != 0 {
		lat := 34.5
		place.Lng, place.Lat = &lng, &lat
	}
	o, err := k.App.Grid.Report(authority.With(k.ctx, authority.Nobody()), grid.Incident{Category: "0101", Description: "垃圾", Area: area, Place: place,
		Reporter: people.Person{Name: "王芳", Phone: "13812345678"}, Channel: casework.ChannelPortal})
	k.must(err)
	k.cases[o.Case.ID] = o.Case.Shard
	if n%2 == 0 {
		actor := everybody(k.World, o.Case.Unit)
		_, err = k.App.Casework.Move(authority.With(k.ctx, actor), "incident", casework.MoveInput{ID: o.Case.ID, Verb: "dismiss", Input: flow.Input{Note: "不予受理"}})
		k.must(err)
	}
	if n%4 == 0 {
		_, err = k.App.Casework.Move(authority.With(k.ctx, authority.NewReporter(o.Case.ID)), "incident", casework.MoveInput{ID: o.Case.ID, Verb: casework.VerbRate, Level: 1 + n%5})
		k.must(err)
	}
	return o.Case.ID
}

func (k *town) texts(query string, args ...any) []string {
	k.t.Helper()
	out, err := db.All(k.ctx, k.App.DB, func(s db.Scanner) (v string, err error) { return v, s.Scan(&v) }, query, args...)
	k.must(err)
	return out
}

const sums = `SELECT CAST(SUM(received) AS TEXT) || ' ' || CAST(SUM(closed) AS TEXT) || ' ' || CAST(SUM(on_time) AS TEXT) || ' ' || CAST(SUM(late) AS TEXT) || ' ' ||
	CAST(SUM(rated) AS TEXT) || ' ' || CAST(SUM(good) AS TEXT) || ' ' || CAST(SUM(points) AS TEXT) FROM casework_tally WHERE level = $1`

// check wants nothing to be orphaned.
func (k *town) check(step, total string) {
	k.t.Helper()
	for table, column := range map[string]string{"casework_case": "area", "people_person": "area", "registry_body": "area", "access_grant": "area", "registry_outline": "area"} {
		for _, code := range k.texts("SELECT DISTINCT " + column + " FROM " + table) {
			if _, open := k.App.Registry.Area(code); !open {
				k.t.Fatalf("%s: %s names %s, which is not open", step, table, code)
			}
		}
	}
	for _, id := range k.texts(`SELECT DISTINCT c.unit_id FROM casework_case c LEFT JOIN registry_body b ON b.id = c.unit_id WHERE c.unit_id <> '' AND b.id IS NULL`) {
		k.t.Fatalf("%s: a case waits for the body %s, which is gone", step, id)
	}
	for _, id := range k.texts(`SELECT DISTINCT g.body_id FROM access_grant g LEFT JOIN registry_body b ON b.id = g.body_id WHERE g.body_id <> '' AND b.id IS NULL`) {
		k.t.Fatalf("%s: a grant names the body %s, which is gone", step, id)
	}
	for _, level := range []int{registry.LevelCounty, registry.LevelCommunity} {
		if got := k.texts(sums, level)[0]; got != total {
			k.t.Fatalf("%s: the counters of level %d are %s, were %s", step, level, got, total)
		}
	}
	counted := `SELECT a FROM (SELECT area || ' ' || CAST(SUM(received) AS TEXT) AS a FROM casework_tally WHERE level = 5 GROUP BY area HAVING SUM(received) <> 0) x ORDER BY a`
	actual := `SELECT a FROM (SELECT substr(area, 1, 12) || ' ' || CAST(COUNT(*) AS TEXT) AS a FROM casework_case GROUP BY substr(area, 1, 12)) x ORDER BY a`
	if got, want := strings.Join(k.texts(counted), "\n"), strings.Join(k.texts(actual), "\n"); got != want {
		k.t.Fatalf("%s: counted\n%s\nbut there are\n%s", step, got, want)
	}
	counties := `SELECT a FROM (SELECT substr(area, 1, 6) || ' ' || CAST(SUM(received) AS TEXT) AS a FROM casework_tally WHERE level = $1 GROUP BY substr(area, 1, 6) HAVING SUM(received) <> 0) x ORDER BY a`
	if a, b := strings.Join(k.texts(counties, 3), "\n"), strings.Join(k.texts(counties, 5), "\n"); a != b {
		k.t.Fatalf("%s: counties have\n%s\ntheir communities\n%s", step, a, b)
	}
	for code := range k.codes {
		a, ok := k.App.Registry.Current(code)
		if f, _, was := k.App.Registry.Tree().Former(code); !ok && was && f.ClosedOn != "" {
			continue // closed with nothing left
		}
		if _, open := k.App.Registry.Area(a.Code); !ok || !open {
			k.t.Fatalf("%s: the code %s leads to %q", step, code, a.Code)
		}
	}
	for id, shard := range k.cases {
		if !strings.HasPrefix(id, shard+"-") || k.texts(`SELECT shard FROM casework_case WHERE id = $1`, id)[0] != shard {
			k.t.Fatalf("%s: case %s has left its shard", step, id)
		}
	}
}

// Whatever sequence of changes is made, nothing is orphaned and nothing is miscounted.
func TestReorganisationOrphansNothing(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		k := newTown(t, w)
		dice := rand.New(rand.NewPCG(3207, 2023))
		var places []string
		for _, level := range []int{registry.LevelCommunity, registry.LevelGrid} {
			for _, a := range w.App.Registry.Below("3207", level) {
				places = append(places, a.Code)
			}
		}
		for n := range 60 {
			k.report(n, places[dice.IntN(len(places))], 0)
		}
		total := k.texts(sums, registry.LevelCommunity)[0]
		k.check("at first", total)
		made, kinds := 0, map[string]int{}
		for n := range 70 {
			k.advance(k.day.AddDate(0, 0, 1))
			c := k.draw(dice)
			before := k.App.Registry.Tree()
			_, err := k.App.Registry.Change(k.ctx, c)
			if e := errs.Of(err); err != nil && e.Kind != errs.Conflict && e.Kind != errs.Invalid {
				t.Fatalf("%+v: %v", c, err)
			}
			if err != nil && k.App.Registry.Tree() != before {
				t.Fatalf("%+v was refused and changed the register", c)
			}
			if err == nil {
				made++
				kinds[c.Kind]++
			}
			k.remember()
			k.check(fmt.Sprintf("%d %+v", n, c), total)
		}
		if made < 40 || len(kinds) < 7 {
			t.Errorf("only %d changes were made: %v", made, kinds)
		}
		fresh, err := registry.New(k.ctx, w.App.Log, w.App.Rules)
		k.must(err)
		for code := range k.codes {
			a, _ := fresh.Current(code)
			b, _ := w.App.Registry.Current(code)
			if a.ID != b.ID {
				t.Errorf("%s leads to %s, after a restart to %s", code, b.Code, a.Code)
			}
		}
	})
}

// draw makes up a change.
func (k *town) draw(dice *rand.Rand) registry.NewChange {
	any := func(level int) registry.Area {
		all := k.App.Registry.Below("3207", level)
		return all[dice.IntN(len(all))]
	}
	kind := registry.ChangeKinds[dice.IntN(len(registry.ChangeKinds))]
	level := registry.LevelStreet + dice.IntN(3)
	a := any(level)
	c := registry.NewChange{Kind: kind, Area: a.Code, Reason: "演练"}
	switch kind {
	case registry.ChangeRename:
		c.Name = fmt.Sprintf("新名%d", dice.IntN(1000))
	case registry.ChangeRecode:
		c.To = fmt.Sprintf("%s%03d", a.Parent, 1+dice.IntN(99))
	case registry.ChangeMove:
		c.Parent = any(a.Level - 1).Code
	case registry.ChangeMerge:
		c.To = any(level).Code
	case registry.ChangeOpen:
		c.Area, c.Name = any(level-1).Code, "新设"
	case registry.ChangeSplit:
		c.Area = any(registry.LevelCommunity).Code
		c.Parts = []registry.NewPart{{Name: "东部"}, {Name: "西部"}}
		for _, g := range k.App.Registry.Children(c.Area) {
			if part := dice.IntN(3); part < 2 {
				c.Parts[part].Grids = append(c.Parts[part].Grids, g.Code)
			}
		}
	}
	return c
}
