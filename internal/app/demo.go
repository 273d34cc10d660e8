package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"linli/internal/demo"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// casesVariable sets how many cases a demo is made with.
const casesVariable = "LINLI_DEMO_CASES"

// mostCases bounds what casesVariable may ask for.
const mostCases = 1_000_000

// OpenDemo opens a demo city. An empty database is filled first: on SQLite in a file beside,
// which takes the database's place, or whose rows go to PostgreSQL, only when it is complete. Errors:
// demo.ErrNotEmpty for a database with a city of its own; demo.ErrInterrupted for one in which
// a load was begun and not ended.
func OpenDemo(ctx context.Context, o Options) (*App, error) {
	cases, err := demoCases()
	if err != nil {
		return nil, err
	}
	path, isFile := o.file()
	if !isFile {
		return openDemoOnPostgres(ctx, o, cases)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return loadBeside(ctx, o, path, cases)
	}
	a, err := Open(ctx, o)
	if err != nil || a.Site.Demo {
		return a, err
	}
	empty, err := demo.Empty(ctx, a.City())
	if err = errors.Join(err, a.Close()); err != nil {
		return nil, err
	}
	if !empty {
		return nil, demo.ErrNotEmpty
	}
	return loadBeside(ctx, o, path, cases)
}

// file is the path of an SQLite database; false for one of PostgreSQL.
func (o Options) file() (string, bool) {
	if o.Database == "" {
		return filepath.Join(o.Data, "linli.db"), true
	}
	return strings.TrimPrefix(o.Database, "sqlite:"), !strings.Contains(o.Database, "://")
}

func demoCases() (int, error) {
	raw := os.Getenv(casesVariable)
	if raw == "" {
		return demo.DefaultCases, nil
	}
	n, err := strconv.Atoi(raw)
	if err != nil || n < 1 || n > mostCases {
		return 0, fmt.Errorf("%s is %q; it must be a number from 1 to %d", casesVariable, raw, mostCases)
	}
	return n, nil
}

// loadBeside fills a file of its own, and lets it take the place of the database once it is whole and on disk.
func loadBeside(ctx context.Context, o Options, path string, cases int) (*App, error) {
	loading := path + ".loading"
	if err := fillFile(ctx, o, loading, cases, nil); err != nil {
		return nil, err
	}
	if err := place(loading, path); err != nil {
		return nil, err
	}
	return Open(ctx, o)
}

// fillFile makes the demo in a new SQLite file without waiting for the disk, and does last with it where
// that is given. No file is left when it fails.
func fillFile(ctx context.Context, o Options, path string, cases int, last func(*App) error) error {
	if err := removeDatabase(path); err != nil {
		return err
	}
	o.Database, o.Relaxed = path, true
	a, err := Open(ctx, o)
	if err != nil {
		return err
	}
	if err = a.loadDemo(ctx, cases); err == nil && last != nil {
		err = last(a)
	}
	if err = errors.Join(err, a.Close()); err != nil {
		return errors.Join(err, removeDatabase(path))
	}
	return nil
}

// removeDatabase removes an SQLite file with what stands beside it.
func removeDatabase(path string) error {
	var wrong error
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			wrong = errors.Join(wrong, err)
		}
	}
	return wrong
}

// place moves a closed SQLite file to where it belongs, surviving a loss of power.
func place(from, to string) error {
	if info, err := os.Stat(from + "-wal"); err == nil && info.Size() > 0 {
		return fmt.Errorf("%s was not closed whole", from)
	}
	if err := removeDatabase(to); err != nil {
		return err
	}
	if err := flush(from); err != nil {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return flush(filepath.Dir(to))
}

// flush waits until a file or folder is on disk.
func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// openDemoOnPostgres makes the demo in an SQLite file and copies its rows, which takes a third of the time:
// each of the year's writes would wait for many round trips.
func openDemoOnPostgres(ctx context.Context, o Options, cases int) (*App, error) {
	a, err := Open(ctx, o)
	if err != nil || a.Site.Demo {
		return a, err
	}
	empty, err := demo.Empty(ctx, a.City())
	if err == nil && !empty {
		err = demo.ErrNotEmpty
	}
	if err == nil {
		err = a.transferDemo(ctx, o, cases)
	}
	if err = errors.Join(err, a.Close()); err != nil {
		return nil, err
	}
	if a, err = Open(ctx, o); err != nil {
		return nil, err
	}
	if err := a.Worklist.RefreshWords(authority.With(ctx, authority.SystemActor("demo"))); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// transferDemo fills the database with the rows of a demo.
func (a *App) transferDemo(ctx context.Context, o Options, cases int) error {
	path := filepath.Join(o.Data, "demo.loading")
	outdate := func(made *App) error {
		return made.Worklist.OutdateWords(authority.With(ctx, authority.SystemActor("demo")))
	}
	if err := fillFile(ctx, o, path, cases, outdate); err != nil {
		return err
	}
	made, err := db.Open(ctx, path, db.Options{AsIs: true})
	if err != nil {
		return errors.Join(err, removeDatabase(path))
	}
	began := clock.Now(ctx)
	err = a.DB.Transfer(ctx, made, "registry_area", "access_account")
	slog.InfoContext(ctx, "demo city", "step", "rows copied to PostgreSQL", "seconds", clock.Now(ctx).Sub(began).Seconds())
	return errors.Join(err, made.Close(), removeDatabase(path))
}

// City is what a demo fills.
func (a *App) City() demo.City {
	return demo.City{Modules: a.Modules, DB: a.DB, Log: a.Log, Registry: a.Registry, Bodies: a.Bodies,
		Outlines: a.Outlines, Communities: a.Communities, Changes: a.Changes,
		Casework: a.Casework, Files: a.CaseFiles, Worklist: a.Worklist, Follow: a.Follow,
		Rating: a.Rating, Access: a.Access, Accounts: a.Accounts, Rules: a.Rules}
}

func (a *App) loadDemo(ctx context.Context, cases int) error {
	progress := a.Progress
	if progress == nil {
		progress = func(step string, percent int) { slog.Info("making the demo city", "step", step, "percent", percent) }
	}
	return demo.Load(ctx, a.City(), demo.Options{Cases: cases, Progress: progress})
}

// markDemo lets every face say that the city is invented, and offers its accounts.
func (a *App) markDemo(ctx context.Context) error {
	loaded, err := demo.Loaded(ctx, a.DB)
	if err != nil || !loaded {
		return err
	}
	a.Site.Demo = true
	ctx = authority.With(ctx, authority.SystemActor("start"))
	for _, offered := range demo.Accounts {
		account, err := a.Accounts.FindLogin(ctx, offered.Login)
		if err != nil {
			continue // taken away since
		}
		area, _ := a.Registry.Area(offered.Area)
		shown := DemoAccount{Login: offered.Login, Name: account.Name, Role: offered.Role, Area: offered.Area,
			AreaName: area.Name, Password: demo.Password}
		for _, g := range account.Grants {
			shown.Body = a.Registry.BodyName(g.Body)
		}
		if area.Level > registry.LevelCounty { // names of communities repeat
			shown.AreaName = a.pathName(offered.Area)
		}
		a.Site.DemoAccounts = append(a.Site.DemoAccounts, shown)
	}
	return nil
}

func (a *App) pathName(code string) string {
	name := ""
	for _, above := range a.Registry.Path(code) {
		if above.Level > registry.LevelCity {
			name += above.Name
		}
	}
	return name
}
