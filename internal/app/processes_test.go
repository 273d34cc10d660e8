package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/exchange"
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

// reachesBeside tells whether a test of the module whose kind of data it is, or of a room of it, asks that its changes reach every
// process (World.Reaches).
func reachesBeside(t *testing.T, kind string) bool {
	t.Helper()
	module, _, _ := strings.Cut(kind, ".")
	found := false
	must(t, filepath.WalkDir(filepath.Join("..", module), func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") {
			var raw []byte
			raw, err = os.ReadFile(path)
			found = found || bytes.Contains(raw, []byte(`w.Reaches("`+kind+`"`))
		}
		return err
	}))
	return found
}

// What one process changes another one on the same database knows after its next poll, and one that
// starts later from the beginning. Every kind that a module keeps in memory is changed here.
func TestAChangeReachesEveryProcess(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		other := w.Peer()
		for _, k := range other.Watch.Kept {
			d, ok := data[k.Name]
			if k.Name == app.RevisionKeys {
				continue // TestARotatedKeyReachesEveryProcess
			}
			if !ok && reachesBeside(t, k.Name) {
				continue
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
		later := w.Peer()
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
