package app_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/exchange"
	"linli/internal/grid"
	"linli/internal/hall"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/geo"
	"linli/internal/platform/module"
	"linli/internal/platform/revision"
	"linli/internal/platform/seal"
	"linli/internal/registry"
	"linli/internal/registry/change"
)

// peer is another process on the world's database.
func peer(t *testing.T, w *apptest.World) *app.App {
	t.Helper()
	a, err := app.Open(context.Background(),
		app.Options{Data: t.TempDir(), Database: w.App.Database, Ring: w.App.Ring, Version: "test", Relaxed: true})
	must(t, err)
	dbtest.OnEnd(t, func() { a.Close() })
	return a
}

// datum is one kind of data that processes keep in memory: how it is changed, and what they then read.
type datum struct {
	change func(t *testing.T, w *apptest.World)
	read   func(a *app.App) string
}

var data = map[string]datum{
	"rule": {
		change: func(_ *testing.T, w *apptest.World) { w.Rule("hall.accept.days", "3") },
		read:   func(a *app.App) string { return fmt.Sprint(a.Rules.Int("hall.accept.days", "2026-11-30")) },
	},
	"calendar": {
		change: func(t *testing.T, w *apptest.World) {
			w.As("admin").Do("PUT", "/calendar/years/2026", map[string]any{"csv": without2026(), "confirmed": true}).Want(200)
		},
		read: func(a *app.App) string { return fmt.Sprint(a.Calendar.Now().Years()) },
	},
	"hall.item": {
		change: func(t *testing.T, w *apptest.World) {
			city := w.As("city")
			item := w.Nobody().Do("GET", "/hall/items/senior_card", nil).Want(200)
			city.Do("PUT", "/hall/items/senior_card", map[string]any{"promised": map[string]any{"amount": 1, "unit": "workday"}, "enabled": true,
				"version": item.JSON["version"]}).Want(200)
		},
		read: func(a *app.App) string {
			i, _ := module.Of[*hall.Service](a.Modules).Item("senior_card")
			return i.Promised.String()
		},
	},
	"grid.category": {
		change: func(t *testing.T, w *apptest.World) {
			city := w.As("city")
			change := city.Category("0101")
			change["limit"] = map[string]any{"amount": 6, "unit": "workhour"}
			city.Do("PUT", "/grid/categories/0101", change).Want(200)
		},
		read: func(a *app.App) string {
			c, _ := module.Of[*grid.Service](a.Modules).Category("0101")
			return c.Limit.String()
		},
	},
	"exchange.element": {
		change: func(t *testing.T, w *apptest.World) {
			e, _ := module.Of[*exchange.Service](w.App.Modules).Element("people.residents")
			e.Synonyms = append(slices.Clone(e.Synonyms), "人头总计数")
			_, err := module.Of[*exchange.Service](w.App.Modules).ChangeElement(w.System(), e)
			must(t, err)
		},
		read: func(a *app.App) string {
			e, _ := module.Of[*exchange.Service](a.Modules).Element("people.residents")
			return strings.Join(e.Synonyms, " ")
		},
	},
	"casework.route": {
		change: func(t *testing.T, w *apptest.World) {
			w.As("city").Do("POST", "/casework/routes", map[string]any{"kind": "incident", "subject": "0101", "area": apptest.County,
				"validFrom": "2026-01-01", "department": "urban_management", "level": 3, "enabled": true}).Want(201)
		},
		read: func(a *app.App) string { return fmt.Sprint(len(a.Routing.Routes())) },
	},
	"access.account": {
		change: func(t *testing.T, w *apptest.World) {
			account, err := w.App.Accounts.FindLogin(w.System(), "window")
			must(t, err)
			_, err = w.App.Accounts.Change(w.System(), account.ID, "改名", account.State, account.Version)
			must(t, err)
		},
		read: func(a *app.App) string {
			account, _ := a.Accounts.FindLogin(context.Background(), "window")
			return a.Access.AccountName(account.ID)
		},
	},
	"registry.area": {
		change: func(t *testing.T, w *apptest.World) {
			_, err := w.App.Changes.Change(w.System(), change.NewChange{Kind: registry.ChangeRename, Area: apptest.Community, Name: "院前新社区居委会",
				On: clock.Day(clock.Now(w.System())), Reason: "测试"})
			must(t, err)
		},
		read: func(a *app.App) string { x, _ := a.Registry.Area(apptest.Community); return x.Name },
	},
	"registry.outline": {
		change: func(t *testing.T, w *apptest.World) {
			shape, err := geo.NewShape([]geo.Polygon{{{{Lng: 119, Lat: 34}, {Lng: 120, Lat: 34}, {Lng: 120, Lat: 35}, {Lng: 119, Lat: 35}}}})
			must(t, err)
			must(t, w.App.Outlines.PutOutlines(w.System(), []registry.Outline{{Area: apptest.Community, Shape: shape, Source: "测试"}}))
		},
		read: func(a *app.App) string { x, ok := a.Registry.Locate(119.5, 34.5); return fmt.Sprint(x.Code, ok) },
	},
	"registry.body": {
		change: func(t *testing.T, w *apptest.World) {
			b, err := w.App.Registry.Body(w.System(), w.App.DB, w.Body[apptest.Community+" station"])
			must(t, err)
			b.Name = "院前服务站"
			_, err = w.App.Bodies.PutBody(w.System(), b)
			must(t, err)
		},
		read: func(a *app.App) string {
			b, _ := a.Registry.BodyFor(context.Background(), a.DB, apptest.Community, registry.BodyStation, "", registry.LevelCommunity)
			return a.Registry.BodyName(b.ID)
		},
	},
	"registry.facility": {
		change: func(t *testing.T, w *apptest.World) {
			w.As("dispatcher").Do("PUT", "/registry/areas/"+apptest.Community+"/facilities",
				map[string]any{"pilot": "", "checkedOn": "", "source": "实地查看一", "version": 0}).Want(200)
		},
		read: func(a *app.App) string {
			f, _ := a.Communities.Facilities(apptest.Community)
			return f.Source
		},
	},
}

// without2026 is the shipped year without its first make-up day.
func without2026() string {
	lines := strings.Split(strings.TrimSpace(year2026()), "\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, ",work,") })
	return strings.Join(slices.Delete(lines, i, i+1), "\n") + "\n"
}

// What one process changes another one on the same database knows after its next poll, and one that
// starts later from the beginning. Every kind that a module keeps in memory is changed here.
func TestAChangeReachesEveryProcess(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		other := peer(t, w)
		for _, k := range other.Watch.Kept {
			d, ok := data[k.Name]
			if k.Name == app.RevisionKeys {
				continue // TestARotatedKeyReachesEveryProcess
			}
			if !ok {
				t.Errorf("no test changes what is kept as %s", k.Name)
				continue
			}
			before := d.read(other) // it is in memory by now
			d.change(t, w)
			if d.read(w.App) == before && before != "" {
				t.Errorf("%s: the change does not show where it was made", k.Name)
			}
			must(t, other.Watch.Poll(w.System()))
			if got, want := d.read(other), d.read(w.App); got != want {
				t.Errorf("%s: the other process reads %s, not %s", k.Name, got, want)
			}
		}
		later := peer(t, w)
		for name, d := range data {
			if got, want := d.read(later), d.read(w.App); got != want {
				t.Errorf("%s: after a start it reads %s, not %s", name, got, want)
			}
		}
	})
}

func TestARotatedKeyReachesEveryProcess(t *testing.T) {
	folder := t.TempDir()
	open := func() *app.App {
		a, err := app.Open(context.Background(), app.Options{Data: folder, Version: "test", Relaxed: true})
		must(t, err)
		dbtest.OnEnd(t, func() { a.Close() })
		return a
	}
	one, other := open(), open()
	name, err := one.Ring.Rotate(seal.AES)
	must(t, err)
	ctx := authority.With(context.Background(), authority.SystemActor("test"))
	must(t, one.DB.Write(ctx, func(tx *db.Tx) error { return revision.Bump(ctx, tx, app.RevisionKeys) }))
	must(t, other.Watch.Poll(ctx))
	if got := other.Ring.Current(); got != name {
		t.Errorf("the other process seals with key %s, not %s", got, name)
	}
}
