// Package demo makes a city to try the platform in: Lianyungang's register of 2023 is true, all
// that stands on it is invented. Everything is made from a fixed seed by the services that users
// call, so a demo city obeys every rule that a real one does.
package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"linli/internal/access"
	"linli/internal/access/account"
	"linli/internal/casework"
	"linli/internal/casework/file"
	"linli/internal/casework/follow"
	"linli/internal/casework/rating"
	"linli/internal/casework/worklist"
	"linli/internal/grid"
	"linli/internal/hall"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/platform/setting"
	"linli/internal/platform/storage"
	"linli/internal/registry"
	"linli/internal/registry/body"
	"linli/internal/registry/change"
	communities "linli/internal/registry/community"
	"linli/internal/registry/outline"
)

// Defaults of Options.
const (
	DefaultCases = 20000
	DefaultSeed  = 320700
)

// City is the empty city that a demo is loaded into.
type City struct {
	DB          *db.DB
	Log         *audit.Log
	Registry    *registry.Service
	Bodies      *body.Service
	Outlines    *outline.Service
	Communities *communities.Service
	Changes     *change.Service
	Casework    *casework.Service
	Files       *file.Service
	Follow      *follow.Service
	Rating      *rating.Service
	Worklist    *worklist.Service
	Access      *access.Service // with its policy
	Accounts    *account.Service
	Rules       *rule.Cache

	Modules []module.Module // that add to it
}

// Options tune a load. Zero values take the defaults.
type Options struct {
	Cases    int                            // cases of the year
	Seed     uint64                         // the same seed and Now make the same city, but for ids and seals
	Now      time.Time                      // end of the year that is made; the context's hour when zero
	Progress func(step string, percent int) // told what is being done, and how much of the whole is; or nil
}

var (
	// ErrNotEmpty refuses to mix invented people with a city's own.
	ErrNotEmpty = errs.New(errs.Conflict, "demo.not_empty")
	// ErrInterrupted says that a load was begun in this database and not ended.
	ErrInterrupted = errs.New(errs.Conflict, "demo.interrupted")
)

// settingName is under which a database remembers that it holds a demo.
const settingName = "demo"

// mark is what it remembers. LoadedAt is 0 while the load has not ended.
type mark struct {
	Seed     uint64 `json:"seed"`
	Cases    int    `json:"cases"`
	LoadedAt int64  `json:"loaded_at"`
}

// Loaded tells whether the database holds a demo; ErrInterrupted when it holds a part of one.
func Loaded(ctx context.Context, r db.Reader) (bool, error) {
	raw, there, err := setting.Read(ctx, r, settingName)
	if !there || err != nil {
		return false, err
	}
	var m mark
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		return false, err
	}
	if m.LoadedAt == 0 {
		return false, ErrInterrupted
	}
	return true, nil
}

// Empty tells whether a city holds neither areas nor accounts.
func Empty(ctx context.Context, c City) (bool, error) {
	if len(c.Registry.Children("")) > 0 {
		return false, nil
	}
	accounts, _, err := c.Accounts.List(system(ctx), "", "")
	return len(accounts) == 0, err
}

func system(ctx context.Context) context.Context {
	return authority.With(ctx, authority.SystemActor("demo"))
}

// load is a demo in the making.
type load struct {
	City
	Options
	Hall   *hall.Service
	Grid   *grid.Service
	start  time.Time // of the year
	office *office
	bodies map[bodyKey]registry.Body
	staff  map[string]*community // who acts for a community
	duty   map[bodyKey]*department
	photos []storage.Kept

	streets []street          // with those who oversee them
	officer **authority.Actor // of the city
	wall    func() time.Time  // the machine's hour, for telling how long things take
	writes  atomic.Int64
}

// Load fills an empty city. Errors: ErrNotEmpty; whatever a service refuses. A load that does
// not end leaves its database marked as interrupted, and of no use.
func Load(ctx context.Context, c City, o Options) error {
	l, err := newLoad(ctx, c, o)
	if err != nil {
		return err
	}
	if err := l.remember(ctx, 0); err != nil {
		return err
	}
	l.Grid.Chance = l.chance
	defer func() { l.Grid.Chance = nil }()
	first := authority.With(clock.With(ctx, l.start), authority.SystemActor("demo"))
	for _, phase := range []struct {
		name    string
		percent int // of the whole that is done when it begins
		do      func(context.Context) error
	}{
		{"configuration", 0, l.configure},
		{"register of 2023", 1, l.loadRegister},
		{"grids", 4, l.loadGrids},
		{"outlines", 6, l.loadOutlines},
		{"bodies and members", 8, l.loadBodies},
		{"facilities", 14, l.loadFacilities},
		{"accounts", 15, l.loadAccounts},
		{"residents of a community", 16, l.loadResidents},
		{fmt.Sprintf("a year with %d cases", l.Cases), yearBegins, l.loadYear},
		{"checks of closings", yearEnds, l.checkClosings},
		{"supervision", 98, l.urge},
		{"what modules add", 99, l.addMore},
	} {
		began := l.wall()
		l.Progress(phase.name, phase.percent)
		if err := phase.do(first); err != nil {
			return fmt.Errorf("demo: %s: %w", phase.name, err)
		}
		runtime.GC()
		slog.InfoContext(ctx, "demo city", "step", phase.name, "seconds", l.wall().Sub(began).Seconds())
	}
	return l.remember(ctx, clock.Millis(l.Now))
}

// addMore lets each module add what it shows in a demo city.
func (l *load) addMore(ctx context.Context) error {
	city := module.Demo{Now: l.Now, As: func(ctx context.Context, login string, at time.Time) (context.Context, error) {
		account, err := l.Accounts.FindLogin(system(ctx), login)
		if err != nil {
			return ctx, fmt.Errorf("%s: %w", login, err)
		}
		held, err := l.Access.Holding(clock.With(system(ctx), at), account.ID) // with the posts of that day
		return clock.With(authority.With(ctx, l.Access.Actor(held, held.Grants)), at), err
	}}
	for _, m := range l.Modules {
		if m.Demo == nil {
			continue
		}
		if err := m.Demo(ctx, city); err != nil {
			return err
		}
	}
	return nil
}

// chance is what a closing brings to the draw of its day: of this demo's seed.
func (l *load) chance(number string) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s", l.Seed, number))
	return sum[:16]
}

func newLoad(ctx context.Context, c City, o Options) (*load, error) {
	if empty, err := Empty(ctx, c); err != nil || !empty {
		if err == nil {
			err = ErrNotEmpty
		}
		return nil, err
	}
	if o.Cases == 0 {
		o.Cases = DefaultCases
	}
	if o.Seed == 0 {
		o.Seed = DefaultSeed
	}
	if o.Now.IsZero() {
		o.Now = clock.Now(ctx)
	}
	if o.Progress == nil {
		o.Progress = func(string, int) {}
	}
	o.Now = o.Now.In(clock.City)
	start := time.Date(o.Now.Year()-1, o.Now.Month(), o.Now.Day(), 0, 0, 0, 0, clock.City)
	return &load{City: c, Options: o, Hall: module.Of[*hall.Service](c.Modules), Grid: module.Of[*grid.Service](c.Modules), start: start,
		office: newOffice(c.Casework.Calendar.Now(), start, o.Now.AddDate(0, 6, 0)),
		bodies: map[bodyKey]registry.Body{}, staff: map[string]*community{}, duty: map[bodyKey]*department{},
		wall: func() time.Time { return clock.Now(ctx) }}, nil
}

// remember marks the database.
func (l *load) remember(ctx context.Context, loadedAt int64) error {
	raw, err := json.Marshal(mark{Seed: l.Seed, Cases: l.Cases, LoadedAt: loadedAt})
	if err != nil {
		return err
	}
	return l.Log.Do(system(ctx), func(tx *audit.Tx) error {
		if err := tx.Require("demo.load", cityCode); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: "demo.load", Area: cityCode, Subject: "demo", Detail: json.RawMessage(raw)})
		return setting.Write(ctx, tx, settingName, string(raw))
	})
}

// configure lets administrators in without a second factor: what guards invented people is
// offered to everybody who tries the demo.
func (l *load) configure(ctx context.Context) error {
	v, ok := l.Rules.On(access.RuleSecond, clock.Day(clock.Now(ctx)))
	if !ok {
		return nil
	}
	v.Value, v.Note = "none", "演示城市不强制第二重验证"
	err := l.Log.Do(system(ctx), func(tx *audit.Tx) error {
		if err := tx.Require("demo.load", cityCode); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: "demo.load", Area: cityCode, Subject: "rule", SubjectID: v.Key, After: v.Value})
		return l.Rules.Put(ctx, tx.Tx, v)
	})
	if err != nil {
		return err
	}
	return l.Rules.Refresh(ctx, l.DB)
}

// crews is how many pieces of work go on at once: they wait for the database together, and
// their writes share commits.
const crews = 256

// all does n pieces of work, some at once, and stops at the first error.
func all(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var next atomic.Int64
	var crew sync.WaitGroup
	for range min(crews, n) {
		crew.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := do(ctx, i); err != nil {
					stop(err)
					return
				}
			}
		})
	}
	crew.Wait()
	return context.Cause(ctx)
}

//go:embed data/lianyungang-2023.csv
var areasFile []byte

//go:embed data/lianyungang-counties-gcj02.geojson
var outlinesFile []byte

// registerDay is the day of the statistics office's list that the demo loads.
const registerDay = "2023-06-30"

func (l *load) loadRegister(ctx context.Context) error {
	_, err := l.Changes.Import(ctx, []change.Source{change.FromReader("lianyungang-2023.csv", bytes.NewReader(areasFile))},
		change.ImportOptions{Effective: registerDay})
	return err
}
