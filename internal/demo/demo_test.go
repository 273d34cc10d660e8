package demo_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/admission/application"
	"linli/internal/app"
	"linli/internal/demo"
	"linli/internal/grid"
	"linli/internal/hall"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/seal"
	"linli/internal/registry"
	"linli/internal/task"
)

// The pictures of a demo are read in processes of their own, as in the program.
func init() { app.ReadForeign() }

const cases = 600

var now = time.Date(2026, 11, 23, 15, 0, 0, 0, clock.City)

// zone is the one county whose outline nobody gives.
const zone = "320771"

func open(t *testing.T, database string) *app.App {
	t.Helper()
	a, err := app.Open(context.Background(),
		app.Options{Data: t.TempDir(), Database: database, Ring: seal.Fresh(), Relaxed: true, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

func load(t *testing.T, a *app.App) {
	t.Helper()
	if err := demo.Load(context.Background(), a.City(), demo.Options{Cases: cases, Now: now}); err != nil {
		t.Fatal(err)
	}
}

// One seed and hour make one city, on either engine and however the work is spread.
func TestADemoCityIsWhole(t *testing.T) {
	t.Parallel()
	digests := map[string]bool{}
	for _, engine := range []struct {
		name     string
		database func(*testing.T) string
	}{
		{"sqlite", func(t *testing.T) string { return filepath.Join(t.TempDir(), "linli.db") }},
		{"postgres", dbtest.PostgresURL},
	} {
		t.Run(engine.name, func(t *testing.T) {
			a := open(t, engine.database(t))
			load(t, a)
			t.Run("counters", func(t *testing.T) { counters(t, a) })
			t.Run("states", func(t *testing.T) { states(t, a) })
			t.Run("open cases", func(t *testing.T) { openCases(t, a) })
			t.Run("outlines", func(t *testing.T) { outlines(t, a) })
			t.Run("points", func(t *testing.T) { points(t, a) })
			t.Run("bodies", func(t *testing.T) { bodies(t, a) })
			t.Run("accounts", func(t *testing.T) { accounts(t, a) })
			t.Run("forms", func(t *testing.T) { forms(t, a) })
			t.Run("twice", func(t *testing.T) { twice(t, a) })
			digests[digest(t, a)] = true
		})
	}
	if len(digests) != 1 {
		t.Error("the same seed makes two cities")
	}
}

func count(t *testing.T, a *app.App, query string, args ...any) int {
	t.Helper()
	n, err := db.Value[int](context.Background(), a.DB, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What the boards show is what is there.
func counters(t *testing.T, a *app.App) {
	if n := count(t, a, `SELECT COUNT(*) FROM casework_case WHERE kind IN ($1, $2)`, hall.KindApplication, grid.KindIncident); n != cases {
		t.Errorf("%d cases, want %d", n, cases)
	}
	for column, want := range map[string]string{
		"received": "1 = 1", "closed": "closed_at IS NOT NULL", "on_time": "closed_at IS NOT NULL AND late = 0",
		"late": "closed_at IS NOT NULL AND late = 1", "rated": "rating IS NOT NULL", "good": "rating >= 3",
	} {
		for _, level := range []int{registry.LevelCounty, registry.LevelCommunity} {
			counted := count(t, a, `SELECT CAST(SUM(`+column+`) AS BIGINT) FROM casework_tally WHERE level = $1`, level)
			if there := count(t, a, `SELECT COUNT(*) FROM casework_case WHERE `+want); counted != there {
				t.Errorf("level %d counts %d %s, there are %d", level, counted, column, there)
			}
		}
	}
	if n := count(t, a, `SELECT COUNT(*) FROM casework_event WHERE at >= $1`, clock.Millis(now)); n > 0 {
		t.Errorf("%d steps lie in the future", n)
	}
}

// Every state of both lifecycles was passed through by some case.
func states(t *testing.T, a *app.App) {
	for _, f := range a.Flows() {
		if f.Name == "casework.followup" { // a case beside the case
			if count(t, a, `SELECT COUNT(*) FROM casework_followup WHERE revisited_at IS NOT NULL`) == 0 {
				t.Error("no low rating was followed up to its end")
			}
			continue
		}
		if f.Name == "casework.appeal" { // likewise
			if count(t, a, `SELECT COUNT(*) FROM casework_appeal WHERE decided_at IS NOT NULL`) == 0 {
				t.Error("no appeal was decided")
			}
			continue
		}
		kind := strings.TrimPrefix(f.Name[strings.IndexByte(f.Name, '.'):], ".")
		if m := a.Casework.Matters[kind]; m == nil || m.Flow.Name != f.Name { // no lifecycle of cases: its module's own tests walk it
			continue
		}
		for _, s := range f.States {
			if count(t, a, `SELECT COUNT(*) FROM casework_event e JOIN casework_case c ON c.shard = e.shard AND c.id = e.case_id
				WHERE c.kind = $1 AND e.to_state = $2`, kind, flow.State(s.State)) == 0 {
				t.Errorf("no case of %s was ever %s", f.Name, s.State)
			}
		}
	}
}

func openCases(t *testing.T, a *app.App) {
	// A refused task waits for whoever decides on refusals, who belong to no unit.
	if n := count(t, a, `SELECT COUNT(*) FROM casework_case WHERE open = 1 AND unit_id = '' AND state <> 'merged'
		AND NOT (kind = $1 AND state = 'refused')`, task.KindTask); n > 0 {
		t.Errorf("%d open cases have no unit", n)
	}
	millis := clock.Millis(now)
	for what, query := range map[string]string{
		"open":      fmt.Sprintf(`open = 1 AND due_at > %d`, millis),
		"overdue":   fmt.Sprintf(`open = 1 AND due_at < %d`, millis),
		"due soon":  fmt.Sprintf(`open = 1 AND due_at > %d AND due_at < %d`, millis, millis+36*3600*1000),
		"unsettled": `open = 1 AND due_year = 2027`,
		"late":      `closed_at IS NOT NULL AND late = 1`,
	} {
		if count(t, a, `SELECT COUNT(*) FROM casework_case WHERE `+query) == 0 {
			t.Errorf("no case is %s", what)
		}
	}
	late := count(t, a, `SELECT COUNT(*) FROM casework_case WHERE closed_at IS NOT NULL AND late = 1`)
	if closed := count(t, a, `SELECT COUNT(*) FROM casework_case WHERE closed_at IS NOT NULL`); late*5 > closed || closed*10 < cases*8 {
		t.Errorf("%d of %d cases are closed, %d of them late: not a year that was mostly in time", closed, cases, late)
	}
}

// Every community and grid but the zone's lies inside its parent.
func outlines(t *testing.T, a *app.App) {
	for _, level := range []int{registry.LevelCommunity, registry.LevelGrid} {
		for _, area := range a.Registry.Below("3207", level) {
			o, err := a.Registry.Outline(t.Context(), area.Code)
			if strings.HasPrefix(area.Code, zone) {
				if err == nil {
					t.Errorf("%s has an outline that nobody can have drawn", area.Code)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", area.Code, err)
				continue
			}
			if !o.Invented || o.Source == "" {
				t.Errorf("the outline of %s does not say that it is invented", area.Code)
			}
			parent, err := a.Registry.Outline(t.Context(), area.Code[:len(area.Code)-3])
			if level == registry.LevelCommunity {
				parent, err = a.Registry.Outline(t.Context(), area.Code[:6])
			}
			if p := o.Shape.LabelPoint(); err != nil || !parent.Shape.Contains(p.Lng, p.Lat) {
				t.Errorf("%s lies outside %s", area.Code, parent.Area)
			}
		}
	}
}

func points(t *testing.T, a *app.App) {
	type located struct {
		area     string
		lng, lat float64
	}
	all, err := db.All(t.Context(), a.DB, func(s db.Scanner) (l located, err error) {
		return l, s.Scan(&l.area, &l.lng, &l.lat)
	}, `SELECT area, lng, lat FROM casework_case WHERE lng IS NOT NULL`)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < cases/3 {
		t.Errorf("only %d cases have a point", len(all))
	}
	for _, l := range all {
		if found, _ := a.Registry.Locate(l.lng, l.lat); found.Code != l.area || found.Level != registry.LevelGrid {
			t.Errorf("a case of %s lies in %s", l.area, found.Code)
		}
	}
}

// Most communities have all their bodies; a few lack one, so that gaps are seen.
func bodies(t *testing.T, a *app.App) {
	f, err := a.Communities.Figures(t.Context(), "3207")
	if err != nil {
		t.Fatal(err)
	}
	if f.Communities != 1782 || f.Complete == f.Communities || f.Complete < f.Communities*9/10 || f.Grids < 2*f.Communities {
		t.Errorf("%d communities, %d complete, %d grids", f.Communities, f.Complete, f.Grids)
	}
	if n := count(t, a, `SELECT COUNT(*) FROM registry_member WHERE term_to <> '' AND term_to < $1`, clock.Day(now)); n == 0 {
		t.Error("no term has ended")
	}
}

// The demo's department has sent forms on its admission: one is finished, another goes on with communities that are late. When
// the admission is revoked, the other ends with it.
func forms(t *testing.T, a *app.App) {
	answers := func(where string) int {
		return count(t, a, `SELECT COUNT(*) FROM exchange_answer a JOIN exchange_sending s ON s.id = a.sending_id WHERE `+where)
	}
	for what, where := range map[string]string{
		"of the finished one is accepted": `s.state = 'ended' AND a.state = 'accepted'`,
		"was returned": `s.state = 'ended' AND EXISTS (SELECT 1 FROM exchange_event e
			WHERE e.answer_id = a.id AND e.verb = 'return')`,
		"is late":                  `s.state = 'open' AND a.state IN ('asked', 'returned') AND a.due_on < '` + clock.Day(now) + `'`,
		"waits for the department": `s.state = 'open' AND a.state = 'submitted'`,
	} {
		if answers(where) == 0 {
			t.Errorf("no answer %s", what)
		}
	}
	if n := answers(`s.state = 'ended' AND a.state <> 'accepted'`); n > 0 {
		t.Errorf("%d answers of the finished form are not accepted", n)
	}
	for _, state := range []string{"claimed", "corrected"} {
		if count(t, a, `SELECT COUNT(*) FROM exchange_dispute WHERE state = $1`, state) == 0 {
			t.Errorf("no dispute is %s", state)
		}
	}
	if n := count(t, a, `SELECT COUNT(*) FROM exchange_event WHERE at > $1`, clock.Millis(now)); n > 0 {
		t.Errorf("%d steps of forms lie in the future", n)
	}
	number, err := db.Value[string](t.Context(), a.DB, `SELECT pass_number FROM exchange_sending WHERE state = 'open'`)
	if err != nil {
		t.Fatal(err)
	}
	id, err := db.Value[string](t.Context(), a.DB, `SELECT id FROM admission_application WHERE number = $1`, number)
	if err != nil {
		t.Fatal(err)
	}
	version := count(t, a, `SELECT version FROM admission_application WHERE id = $1`, id)
	by := authority.With(clock.With(t.Context(), now), authority.SystemActor("test"))
	if err := module.Of[*application.Service](a.Modules).Step(by, id, "revoke", int64(version), flow.Input{Note: "政策已调整"}); err != nil {
		t.Fatal(err)
	}
	if n := answers(`a.state IN ('asked', 'returned')`); n > 0 || answers(`a.state = 'lapsed'`) == 0 {
		t.Errorf("%d communities are asked on an admission that is revoked", n)
	}
}

// Everybody offered signs in with the demo's password, in the role and place that are told.
func accounts(t *testing.T, a *app.App) {
	for _, offered := range demo.Accounts {
		ctx, err := a.Access.Sessions.Load(clock.With(t.Context(), now), "") // terms of posts end
		if err != nil {
			t.Fatal(err)
		}
		actor, _, err := a.Access.SignIn(ctx, offered.Login, demo.Password)
		if err != nil {
			t.Errorf("%s does not sign in: %v", offered.Login, err)
			continue
		}
		g := actor.Grants[0]
		if g.Role != offered.Role || g.Area != offered.Area || (g.Body != "") != (offered.Body != "") {
			t.Errorf("%s is %s of %s in body %q", offered.Login, g.Role, g.Area, g.Body)
		}
	}
}

func twice(t *testing.T, a *app.App) {
	if loaded, err := demo.Loaded(t.Context(), a.DB); !loaded || err != nil {
		t.Errorf("loaded: %v, %v", loaded, err)
	}
	if err := demo.Load(t.Context(), a.City(), demo.Options{Cases: 1}); !errors.Is(err, demo.ErrNotEmpty) {
		t.Errorf("a second load gives %v", err)
	}
}

// digest is what a city's year looks like, but for ids and seals.
func digest(t *testing.T, a *app.App) string {
	t.Helper()
	const number = `CASE WHEN c.kind = $1 THEN '' ELSE c.number END` // a task asks several communities at once, whichever is first
	lines, err := db.All(t.Context(), a.DB, func(s db.Scanner) (line string, err error) {
		return line, s.Scan(&line)
	}, `SELECT `+number+` || ' ' || c.area || ' ' || c.subject || ' ' || c.title || ' ' || e.seq || ' ' || e.at || ' ' || e.verb || ' ' ||
		e.actor_name || ' ' || e.note FROM casework_event e JOIN casework_case c ON c.shard = e.shard AND c.id = e.case_id
		ORDER BY `+number+`, c.clock_at, c.area, c.title, e.seq`, task.KindTask)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}
