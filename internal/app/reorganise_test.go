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
	"linli/internal/casework/stats"
	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/registry"
	"linli/internal/registry/change"
	"linli/internal/routing"
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
	_, err := w.App.Changes.Import(k.ctx, []change.Source{change.FromReader("town.csv", strings.NewReader(rows.String()))},
		change.ImportOptions{Supplement: true})
	k.must(err)
	_, err = w.App.Bodies.LoadBodies(k.ctx, bodies)
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
	place := casework.Location{Text: "门口"}
	if lng != 0 {
		lat := 34.5
		place.Lng, place.Lat = &lng, &lat
	}
	o, err := apptest.Report(authority.With(k.ctx, authority.Nobody()), k.App, apptest.Reported{Area: area, Place: place,
		Reporter: people.Person{Name: "王芳", Phone: "13812345678"}})
	k.must(err)
	k.cases[o.Case.ID] = o.Case.Shard
	if n%2 == 0 {
		actor := everybody(k.World, o.Case.Unit)
		_, err = k.App.Casework.Move(authority.With(k.ctx, actor), "incident",
			casework.MoveInput{ID: o.Case.ID, Verb: "dismiss", Input: flow.Input{Note: "不予受理"}})
		k.must(err)
	}
	if n%4 == 0 {
		_, err = k.App.Casework.Move(authority.With(k.ctx, authority.NewReporter(o.Case.ID)), "incident",
			casework.MoveInput{ID: o.Case.ID, Verb: casework.VerbRate, Level: 1 + n%5})
		k.must(err)
	}
	return o.Case.ID
}

// share sets a route for every place, by kind of target in turn, and has a station asked for a part
// of every case, one more that sent it back, and a closing of it checked.
func (k *town) share(places []string) {
	k.t.Helper()
	stations := k.texts(`SELECT id FROM registry_body WHERE kind = 'station' ORDER BY id`)
	for i, area := range places {
		r := routing.Route{Kind: "incident", Area: area, ValidFrom: "2026-01-01", Enabled: true,
			Department: registry.BodyStation, Level: registry.LevelCommunity}
		if own, err := k.App.Registry.BodyFor(k.ctx, k.App.DB, area, registry.BodyStation, "", registry.LevelCommunity); err == nil && i%2 == 0 {
			r.Body, r.Department, r.Level = own.ID, "", 0
		}
		_, err := k.App.Routing.KeepRoute(k.ctx, r)
		k.must(err)
	}
	n := 0
	for id, shard := range k.cases {
		n++
		k.must(k.App.DB.Write(k.ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(k.ctx, insertPart, shard, id, stations[n%len(stations)]); err != nil {
				return err
			}
			if _, err := tx.Exec(k.ctx, `INSERT INTO casework_objection (shard, case_id, seq, unit_id, at) VALUES ($1,$2,1,$3,1)`, shard, id,
				stations[(n+1)%len(stations)]); err != nil {
				return err
			}
			if err := apptest.Checked(k.ctx, tx, id); err != nil {
				return err
			}
			for stage, to := range map[string][2]string{"due": {"unit", stations[n%len(stations)]}, "late": {"subdistrict_officer", ""}} {
				if _, err := tx.Exec(k.ctx, `INSERT INTO casework_alert (shard, case_id, about, stage, id, at, post, holder, standing)
					SELECT shard, id, 1, CAST($1 AS TEXT), id || CAST($2 AS TEXT), 1, CAST($3 AS TEXT), CASE WHEN $4 <> '' THEN $4 ELSE substr(area, 1,
					9) END, 1
					FROM casework_case WHERE shard = $5 AND id = $6`, stage, stage, to[0], to[1], shard, id); err != nil {
					return err
				}
			}
			return apptest.Drawn(k.ctx, tx, id)
		}))
	}
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
	tables := append([]string{"casework_case", "people_person", "registry_body", "access_grant", "registry_outline"}, apptest.AreaTables...)
	for _, table := range tables {
		for _, code := range k.texts("SELECT DISTINCT area FROM " + table) {
			if _, open := k.App.Registry.Area(code); !open {
				k.t.Fatalf("%s: %s names %s, which is not open", step, table, code)
			}
		}
	}
	for _, id := range k.texts(`SELECT DISTINCT c.unit_id FROM casework_case c LEFT JOIN registry_body b ON b.id = c.unit_id
		WHERE c.unit_id <> '' AND b.id IS NULL`) {
		k.t.Fatalf("%s: a case waits for the body %s, which is gone", step, id)
	}
	for _, table := range []string{"casework_part", "casework_objection"} {
		for _, id := range k.texts(`SELECT DISTINCT c.unit_id FROM ` + table +
			` c LEFT JOIN registry_body b ON b.id = c.unit_id WHERE b.id IS NULL`) {
			k.t.Fatalf("%s: %s names the body %s, which is gone", step, table, id)
		}
	}
	for _, id := range k.texts(`SELECT DISTINCT a.holder FROM casework_alert a LEFT JOIN registry_body b ON b.id = a.holder
		WHERE a.post = 'unit' AND b.id IS NULL`) {
		k.t.Fatalf("%s: an alert goes to the body %s, which is gone", step, id)
	}
	for _, code := range k.texts(`SELECT DISTINCT holder FROM casework_alert WHERE post = 'subdistrict_officer'`) {
		if _, open := k.App.Registry.Area(code); !open {
			k.t.Fatalf("%s: an alert goes to the officer of %s, which is not open", step, code)
		}
	}
	for _, r := range k.App.Routing.Routes() {
		if _, open := k.App.Registry.Area(r.Area); !open {
			k.t.Fatalf("%s: a route is of %s, which is not open", step, r.Area)
		}
	}
	for _, id := range k.texts(`SELECT DISTINCT g.body_id FROM access_grant g LEFT JOIN registry_body b ON b.id = g.body_id
		WHERE g.body_id <> '' AND b.id IS NULL`) {
		k.t.Fatalf("%s: a grant names the body %s, which is gone", step, id)
	}
	for _, level := range []int{registry.LevelCounty, registry.LevelCommunity} {
		if got := k.texts(sums, level)[0]; got != total {
			k.t.Fatalf("%s: the counters of level %d are %s, were %s", step, level, got, total)
		}
	}
	counted := `SELECT a FROM (SELECT area || ' ' || CAST(SUM(received) AS TEXT) AS a FROM casework_tally WHERE level = 5
		GROUP BY area HAVING SUM(received) <> 0) x ORDER BY a`
	actual := `SELECT a FROM (SELECT substr(area, 1, 12) || ' ' || CAST(COUNT(*) AS TEXT) AS a FROM casework_case GROUP BY substr(area, 1,
		12)) x ORDER BY a`
	if got, want := strings.Join(k.texts(counted), "\n"), strings.Join(k.texts(actual), "\n"); got != want {
		k.t.Fatalf("%s: counted\n%s\nbut there are\n%s", step, got, want)
	}
	counties := `SELECT a FROM (SELECT substr(area, 1, 6) || ' ' || CAST(SUM(received) AS TEXT) AS a FROM casework_tally WHERE level = $1
		GROUP BY substr(area, 1, 6) HAVING SUM(received) <> 0) x ORDER BY a`
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
	t.Parallel()
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
		k.share(places)
		total := k.texts(sums, registry.LevelCommunity)[0]
		k.check("at first", total)
		made, kinds := 0, map[string]int{}
		for n := range 70 {
			k.advance(k.day.AddDate(0, 0, 1))
			c := k.draw(dice)
			before := k.App.Registry.Tree()
			_, err := k.App.Changes.Change(k.ctx, c)
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
		fresh, err := registry.New(k.ctx, w.App.Log)
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
func (k *town) draw(dice *rand.Rand) change.NewChange {
	any := func(level int) registry.Area {
		all := k.App.Registry.Below("3207", level)
		return all[dice.IntN(len(all))]
	}
	kind := registry.ChangeKinds[dice.IntN(len(registry.ChangeKinds))]
	level := registry.LevelStreet + dice.IntN(3)
	a := any(level)
	c := change.NewChange{Kind: kind, Area: a.Code, Reason: "演练"}
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
		c.Parts = []change.NewPart{{Name: "东部"}, {Name: "西部"}}
		for _, g := range k.App.Registry.Children(c.Area) {
			if part := dice.IntN(3); part < 2 {
				c.Parts[part].Grids = append(c.Parts[part].Grids, g.Code)
			}
		}
	}
	return c
}

// received is how many cases the board counts for an area and those below it.
func received(b stats.Board) map[string]int {
	out := map[string]int{}
	for _, m := range b.Months {
		out[b.Area] += m.Received
	}
	for _, c := range b.Children {
		out[c.Code] += c.Received
	}
	return out
}

// Figures of a past day stand in that day's structure, whatever has happened since.
func TestFiguresAsTheCityWas(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		k := newTown(t, w)
		k.advance(k.day.AddDate(0, 0, 1))
		for n, area := range []string{"320703002001", "320703002001001", "320703002002", "320703003001", "320703003002",
			"320703003002", "320706001001001", "320706002001"} {
			k.report(n+1, area, 0)
		}
		board := func(area, day string) stats.Board {
			t.Helper()
			b, err := w.App.Stats.BoardOn(k.ctx, area, day)
			k.must(err)
			return b
		}
		areas := []string{"3207", "320703", "320703002", "320703003", "320706", "320706001"}
		first := clock.Day(k.day)
		before, now := map[string]map[string]int{}, map[string]stats.Board{}
		for _, a := range areas {
			before[a] = received(board(a, first))
			now[a] = board(a, first)
		}
		if before["320703003"]["320703003002"] != 2 || before["3207"]["3207"] != 8 {
			t.Fatalf("counted %v", before)
		}
		apply := func(c change.NewChange) {
			t.Helper()
			c.Reason = "演练"
			_, err := w.App.Changes.Change(k.ctx, c)
			k.must(err)
		}
		k.advance(k.day.AddDate(0, 0, 1))
		apply(change.NewChange{Kind: registry.ChangeMerge, Area: "320703003002", To: "320703003001"})
		apply(change.NewChange{Kind: registry.ChangeMove, Area: "320706001", Parent: "320703"})
		second := clock.Day(k.day)
		k.report(1, "320703003002", 0) // by its former code
		k.advance(k.day.AddDate(0, 0, 1))
		apply(change.NewChange{Kind: registry.ChangeRecode, Area: "320703002", To: "320703009", Name: "新街道"})
		apply(change.NewChange{Kind: registry.ChangeSplit, Area: "320703003001",
			Parts: []change.NewPart{{Name: "新分社区", Grids: []string{"320703003001001"}}}})
		apply(change.NewChange{Kind: registry.ChangeMerge, Area: "320706", To: "320703"})
		k.advance(k.day.AddDate(0, 0, 1))

		for _, a := range areas {
			b := board(a, first)
			if got := received(b); fmt.Sprint(got[a]) != fmt.Sprint(before[a][a]+late(a)) {
				t.Errorf("%s as on %s has %v, had %v", a, first, got, before[a])
			}
			if b.Partial || len(b.Children) != len(now[a].Children) {
				t.Errorf("%s as on %s: %+v", a, first, b)
			}
		}
		mid := received(board("320703", second))
		if mid["320703003"] != 4 || mid["320703002"] != 3 || mid["320703"] != 8 {
			t.Errorf("on %s 320703 had %v", second, mid)
		}
		whole := received(board("3207", clock.Day(k.day)))
		if whole["3207"] != 9 || whole["320703"] != 9 {
			t.Errorf("today the city has %v", whole)
		}
		figures, err := w.App.Communities.FiguresOn(k.ctx, "3207", first)
		k.must(err)
		if today, _ := w.App.Communities.Figures(k.ctx, "3207"); figures.Counties != 2 || figures.Communities != 15 ||
			today.Counties != 1 || today.Communities != 15 {
			t.Errorf("then %+v, today %+v", figures, today)
		}
	})
}

// late is what was reported after the first day in an area and stands, month by month, in its
// figures too: a case reported by a former code, in the community that had taken over.
func late(area string) int {
	switch area {
	case "3207", "320703", "320703003":
		return 1
	}
	return 0
}

// A community is divided: cases inside the part's outline and those of its grids go there, all
// others stay, and the counters with them.
func TestSplitByPlaceAndGrid(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		k := newTown(t, w)
		const home = "320703002001"
		east, west := k.report(1, home, 118.9), k.report(2, home, 118.1)
		inGrid, unplaced := k.report(3, home+"001", 0), k.report(4, home, 0)
		total := k.texts(sums, registry.LevelCommunity)[0]
		outline := `{"type":"Polygon","coordinates":[[[118.5,34],[119,34],[119,35],[118.5,35],[118.5,34]]]}`
		city := w.As("city")
		preview := map[string]any{"kind": "split", "area": home, "reason": "规模过大", "parts": []any{
			map[string]any{"name": "东社区居委会", "outline": outline, "source": "区民政局图纸"},
			map[string]any{"name": "格社区居委会", "grids": []string{home + "001"}}}}
		told := city.Do("POST", "/registry/changes/preview", preview).Want(200)
		if len(told.JSON["changes"].([]any)) != 3 || told.Text("follows") == "[]" {
			t.Fatalf("preview %s", told.Raw)
		}
		if _, there := w.App.Registry.Area("320703002004"); there {
			t.Fatal("a preview has changed the register")
		}
		preview["seen"] = told.JSON["revision"]
		city.Do("POST", "/registry/changes", preview).Want(200)
		for id, want := range map[string]string{east: "320703002004", west: home, unplaced: home, inGrid: "320703002005001"} {
			if got := k.texts(`SELECT area FROM casework_case WHERE id = $1`, id)[0]; got != want {
				t.Errorf("case went to %s, want %s", got, want)
			}
		}
		k.check("after the split", total)
		if a, _ := w.App.Registry.Locate(118.7, 34.5); a.Code != "320703002004" {
			t.Errorf("the part's outline finds %s", a.Code)
		}
		city.Do("POST", "/registry/changes", preview).Want(409, "stale")
	})
}

// By hand in the console: who may, what is refused, and what is found afterwards.
func TestChangesByHand(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city := w.As("city")
		rename := func(reason string) map[string]any {
			return map[string]any{"kind": "rename", "area": apptest.Community, "name": "院前新社区居委会", "reason": reason}
		}
		for _, login := range []string{"window", "dispatcher", "street", "county", "clerk"} {
			w.As(login).Do("POST", "/registry/changes", rename("更名")).Want(403)
		}
		w.Nobody().Do("POST", "/registry/changes/preview", rename("更名")).Want(401)
		city.Do("POST", "/registry/changes", map[string]any{"kind": "rename", "area": "3208", "name": "淮安市", "reason": "x"}).Want(404,
			"registry.area.missing")
		for name, c := range map[string]map[string]any{
			"before it was opened":  {"kind": "rename", "area": apptest.Community, "name": "甲", "reason": "x", "on": "2001-01-01"},
			"tomorrow":              {"kind": "rename", "area": apptest.Community, "name": "甲", "reason": "x", "on": "2999-01-01"},
			"no day":                {"kind": "rename", "area": apptest.Community, "name": "甲", "reason": "x", "on": "2026-02-30"},
			"no name":               {"kind": "rename", "area": apptest.Community, "reason": "x"},
			"the same name":         {"kind": "rename", "area": apptest.Community, "name": "院前社区居委会", "reason": "x"},
			"blank reason":          {"kind": "close", "area": apptest.Community, "reason": " "},
			"into itself":           {"kind": "merge", "area": apptest.Community, "to": apptest.Community, "reason": "x"},
			"below a community":     {"kind": "move", "area": apptest.Community, "parent": apptest.Neighbour, "reason": "x"},
			"a code elsewhere":      {"kind": "recode", "area": apptest.Community, "to": "320706014099", "reason": "x"},
			"nothing to divide by":  {"kind": "split", "area": apptest.Community, "reason": "x"},
			"a street is not split": {"kind": "split", "area": apptest.Street, "reason": "x", "parts": []any{map[string]any{"name": "甲"}}},
			"another's grid": {"kind": "split", "area": apptest.Community, "reason": "x",
				"parts": []any{map[string]any{"name": "甲", "grids": []string{"320703001009001"}}}},
			"no outline": {"kind": "split", "area": apptest.Community, "reason": "x",
				"parts": []any{map[string]any{"name": "甲", "outline": "{}", "source": "x"}}},
		} {
			if got := city.Do("POST", "/registry/changes", c); got.Status != 422 {
				t.Errorf("%s: %d %.300s", name, got.Status, got.Raw)
			}
		}
		city.Do("POST", "/registry/changes", map[string]any{"kind": "recode", "area": apptest.Community, "to": apptest.Neighbour,
			"reason": "x"}).Want(409, "registry.change.code_taken")
		city.Do("POST", "/registry/changes", map[string]any{"kind": "merge", "area": apptest.Community, "to": "320703001099",
			"reason": "x"}).Want(409, "registry.change.successor")
		city.Do("POST", "/registry/changes", map[string]any{"kind": "close", "area": apptest.Community, "reason": "x"}).Want(409,
			"registry.change.occupied")

		merge := city.Do("POST", "/registry/changes",
			map[string]any{"kind": "merge", "area": apptest.Neighbour, "to": apptest.Community, "reason": "撤并"}).Want(200)
		if merge.Text("dissolved") != "6" {
			t.Errorf("merged: %s", merge.Raw)
		}
		old := w.Nobody().Do("GET", "/registry/areas/"+apptest.Neighbour, nil).Want(200)
		if old.Text("code") != apptest.Community || old.Text("former.name") != "南巷社区居委会" || old.Text("former.closedOn") == "" {
			t.Errorf("by the old code: %s", old.Raw)
		}
		if got := w.Nobody().Do("GET", "/registry/search?q=南巷", nil).Want(200).Items(); len(got) != 1 || got[0]["code"] != apptest.Community {
			t.Errorf("by the old name: %v", got)
		}
		past := w.Nobody().Do("GET", "/registry/areas/"+apptest.Community+"/history", nil).Want(200)
		if len(past.Items()) != 1 || past.Items()[0]["kind"] != "merge" || past.Items()[0]["reason"] != "撤并" || past.Items()[0]["actor"] != "" {
			t.Errorf("history: %s", past.Raw)
		}
		page := w.Nobody().Page("GET", "/communities/"+apptest.Neighbour, nil)
		if page.Status != 303 || page.Header.Get("Location") != "/communities/"+apptest.Community {
			t.Errorf("the old page answers %d %s", page.Status, page.Header.Get("Location"))
		}
		city.Do("POST", "/registry/changes", map[string]any{"kind": "open", "area": apptest.Street, "name": "新港社区居委会", "reason": "新建"}).Want(200)
		city.Do("POST", "/registry/changes", map[string]any{"kind": "close", "area": apptest.Street + "001", "reason": "误设"}).Want(200)
		if gone := w.Nobody().Page("GET", "/communities/"+apptest.Street+"001", nil); gone.Status != 410 ||
			!strings.Contains(gone.Raw, "新港社区居委会") {
			t.Errorf("the page of a closed place answers %d", gone.Status)
		}
		var n int
		k := &town{World: w, t: t, ctx: w.System()}
		fmt.Sscan(k.texts(`SELECT CAST(COUNT(*) AS TEXT) FROM audit_entry WHERE action = $1`, change.PermissionChange)[0], &n)
		if n != 3 {
			t.Errorf("%d changes are in the audit, want 3", n)
		}
	})
}

// Who edits a body, or a member, that a reorganisation has dissolved is told when, and which body took over.
func TestADissolvedBodySaysWhatTookOver(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		city, body := w.As("city"), w.Body[apptest.Neighbour+" council"]
		member := map[string]any{"name": "王芳", "post": "委员", "termFrom": "2026-01-01"}
		id := city.Do("POST", "/registry/bodies/"+body+"/members", member).Want(201).Text("id")
		city.Do("POST", "/registry/changes",
			map[string]any{"kind": "merge", "area": apptest.Neighbour, "to": apptest.Community, "reason": "撤并"}).Want(200)
		day := clock.Day(clock.Now(t.Context()))
		member["version"] = 1
		for at, content := range map[string]map[string]any{
			"/registry/members/" + id:              member,
			"/registry/bodies/" + body:             {"name": "议事会", "version": 1},
			"/registry/members/" + id + "/account": {"account": "", "version": 1},
		} {
			editor := city
			if strings.HasSuffix(at, "/account") {
				editor = w.As("security")
			}
			got := editor.Do("PUT", at, content).Want(409, "registry.body.dissolved_into")
			if !strings.Contains(got.Raw, day) || !strings.Contains(got.Raw, apptest.Community+" council") {
				t.Errorf("%s: %s", at, got.Raw)
			}
		}
		city.Do("DELETE", "/registry/members/"+id+"?version=1", nil).Want(409, "registry.body.dissolved_into")
		city.Do("PUT", "/registry/bodies/none", map[string]any{"name": "议事会", "version": 1}).Want(404)
	})
}
