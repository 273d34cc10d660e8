// Package apptest opens the whole platform on an empty database of each engine, with a small
// register, bodies and one account for each post, and calls it as a face does: by HTTP.
package apptest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"linli/internal/access"
	"linli/internal/access/account"
	"linli/internal/app"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/sandbox"
	"linli/internal/platform/seal"
	"linli/internal/registry"
	"linli/internal/registry/change"
)

// A platform that a test opens itself reads foreign files in processes of its own, as the real one does.
// Worlds come and go and share little: a heap that may grow more before it is collected costs less than collecting it again
// and again.
func init() {
	app.ReadForeign()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
}

// foreign reads the foreign files of a world in the test's process: a process for each would take a third of the
// suite's time. Processes and their bounds are tried where they are made (sandbox, storage, sheet), by the demo, and
// by the program itself.
var foreign = sandbox.Unbounded(app.ForeignJobs()...)

// Areas of the small register.
const (
	CityCode  = "3207"
	County    = "320703"
	Street    = "320703001"
	Community = "320703001007"
	Neighbour = "320703001009" // community of the same street
	Elsewhere = "320706014010" // community of another county
)

const register = `code,name,level,parent
3207,连云港市,2,32
320703,连云区,3,3207
320706,海州区,3,3207
320703001,墟沟街道,4,320703
320706014,新东街道,4,320706
320703001007,院前社区居委会,5,320703001
320703001009,南巷社区居委会,5,320703001
320706014010,文昌社区居委会,5,320706014
`

// Password of every account here.
const Password = "Test-2026-nanxiang"

// PDF is a paper of one page that shows a text.
func PDF(text string) []byte {
	page := "BT /F 12 Tf 10 50 Td (" + text + ") Tj ET"
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, o := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(page), page),
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, table)
	return b.Bytes()
}

// World is a platform with a city in it.
type World struct {
	T    *testing.T
	App  *app.App
	URL  string
	Body map[string]string // "area kind" or "area department" → body id
}

// Each runs a test in a fresh world on each engine, side by side: what follows it in the caller
// does not wait for them.
func Each(t *testing.T, test func(t *testing.T, w *World)) {
	t.Helper()
	city.Each(t, func(t *testing.T, address string) { test(t, serve(t, address)) })
}

// EachEmpty runs a test on each engine with neither register nor accounts.
func EachEmpty(t *testing.T, test func(t *testing.T, w *World)) {
	t.Helper()
	bare.Each(t, func(t *testing.T, address string) { test(t, serve(t, address)) })
}

// SQLite is a world on SQLite.
func SQLite(t *testing.T) *World {
	t.Helper()
	return serve(t, city.SQLite(t))
}

// Open makes a world on an empty database, or on a city of EachCity or PostgresCity.
func Open(t *testing.T, address string) *World {
	t.Helper()
	if _, err := os.Stat(address); errors.Is(err, os.ErrNotExist) && !strings.Contains(address, "://") {
		city.Copy(t, address)
	} else if err := fillCity(address); err != nil {
		t.Fatal(err)
	}
	return serve(t, address)
}

// EachCity runs a test with the address of a database of each engine that holds the small city, side by side.
func EachCity(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	city.Each(t, test)
}

// PostgresCity is the address of a PostgreSQL database that holds the small city and lives as long as the test.
func PostgresCity(t *testing.T) string {
	t.Helper()
	return city.Postgres(t)
}

// city holds the small register, its bodies and accounts; bare has what ships with the program.
var city, bare = dbtest.NewTemplate(fillCity), dbtest.NewTemplate(fillBare)

func fillBare(address string) error {
	a, err := open(address)
	if err != nil {
		return err
	}
	return a.Close()
}

func fillCity(address string) error {
	a, err := open(address)
	if err != nil {
		return err
	}
	if _, there := a.Registry.Area(Community); there {
		return a.Close()
	}
	return errors.Join(fill(a), a.Close())
}

func open(address string) (*app.App, error) {
	data, err := os.MkdirTemp("", "linli-world-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(data)
	a, err := app.Open(context.Background(), options(data, address))
	if err != nil {
		return nil, err
	}
	if err := putRule(a, "access.second_factor.required", "none"); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func options(data, address string) app.Options {
	return app.Options{Data: data, Database: address, Ring: ring(), Version: "test", Relaxed: true, Sandbox: foreign}
}

// serve opens the platform on a database that is a world's already, and answers.
func serve(t *testing.T, address string) *World {
	t.Helper()
	a, err := app.Open(context.Background(), options(t.TempDir(), address))
	if err != nil {
		t.Fatal(err)
	}
	dbtest.OnEnd(t, func() { a.Close() })
	a.Access.Hashing = cheap
	w := &World{T: t, App: a}
	w.Body, err = bodies(a)
	w.must(err)
	s := httptest.NewServer(a.Handler())
	dbtest.OnEnd(t, s.Close)
	w.URL = s.URL
	return w
}

// Another is the same city served by one more instance of the program.
func (w *World) Another() *World {
	w.T.Helper()
	o := w.App.Options
	o.Data = w.T.TempDir()
	a, err := app.Open(context.Background(), o)
	w.must(err)
	dbtest.OnEnd(w.T, func() { a.Close() })
	server := httptest.NewServer(a.Handler())
	dbtest.OnEnd(w.T, server.Close)
	return &World{T: w.T, App: a, URL: server.URL, Body: w.Body}
}

// Twin is another city that began as this one did, on the same engine.
func (w *World) Twin() *World {
	w.T.Helper()
	if w.App.DB.Dialect == db.Postgres {
		return serve(w.T, city.Postgres(w.T))
	}
	return serve(w.T, city.SQLite(w.T))
}

// ring holds the keys of every world of the process: worlds are copied from one, and a database opens with
// its own keys alone.
var ring = sync.OnceValue(seal.Fresh)

// ForgetKeys lets the database open with another key file: that of a program with a data folder of its own.
func (w *World) ForgetKeys() {
	w.T.Helper()
	w.must(w.App.DB.Write(w.System(), func(tx *db.Tx) error {
		_, err := tx.Exec(w.System(), `DELETE FROM setting_value WHERE name = 'seal.fingerprint'`)
		return err
	}))
}

// System is a context in which the platform itself acts.
func (w *World) System() context.Context { return system() }

// Rule gives a rule another value from now on.
func (w *World) Rule(key, value string) {
	w.T.Helper()
	w.must(putRule(w.App, key, value))
}

func system() context.Context {
	return authority.With(context.Background(), authority.SystemActor("test"))
}

func putRule(a *app.App, key, value string) error {
	ctx := system()
	v, ok := a.Rules.On(key, clock.Day(clock.Now(ctx)))
	if !ok {
		return fmt.Errorf("no rule %s", key)
	}
	v.Value = value
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return a.Rules.Put(ctx, tx, v) }); err != nil {
		return err
	}
	return a.Rules.Refresh(ctx, a.DB)
}

// Exec changes rows behind the services' backs, e.g. to let time pass over them.
func (w *World) Exec(query string, args ...any) {
	w.T.Helper()
	w.must(w.App.DB.Write(context.Background(), func(tx *db.Tx) error { _, err := tx.Exec(context.Background(), query, args...); return err }))
}

func (w *World) must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// fill loads the small register, its bodies and accounts.
func fill(a *app.App) error {
	_, err := a.Changes.Import(system(), []change.Source{change.FromReader("register.csv", strings.NewReader(register))},
		change.ImportOptions{})
	if err != nil {
		return err
	}
	var all []registry.Body
	for _, area := range communities {
		for _, kind := range registry.CommunityBodies {
			all = append(all, registry.Body{Area: area, Kind: kind, Name: area + " " + kind})
		}
	}
	for _, area := range counties {
		for _, department := range registry.Departments {
			all = append(all, registry.Body{Area: area, Kind: registry.BodyDepartment, Department: department, Name: area + " " + department})
		}
	}
	if _, err := a.Bodies.LoadBodies(system(), all); err != nil {
		return err
	}
	return accounts(a)
}

// Areas that have bodies.
var communities, counties = []string{Community, Neighbour, Elsewhere}, []string{County, "320706"}

// bodies are the ids of all bodies by "area kind" and "area department"; none without a register.
func bodies(a *app.App) (map[string]string, error) {
	out := map[string]string{}
	for _, area := range slices.Concat(communities, counties) {
		found, err := a.Registry.Bodies(system(), area)
		if err != nil {
			return nil, err
		}
		for _, b := range found {
			out[strings.TrimSpace(b.Area+" "+b.Kind)] = b.ID
			if b.Department != "" {
				out[b.Area+" "+b.Department] = b.ID
			}
		}
	}
	return out, nil
}

// cheap is the least that a password's hash can cost.
var cheap = argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// passwordHash is Password's, made at the least cost: how dear a hash is stands in the hash.
var passwordHash = sync.OnceValues(func() (string, error) {
	return argon2id.CreateHash(Password, &cheap)
})

// accounts makes one for each post; the login is the post's name.
func accounts(a *app.App) error {
	hash, err := passwordHash()
	if err != nil {
		return err
	}
	body, err := bodies(a)
	if err != nil {
		return err
	}
	station, elsewhere := body[Community+" station"], body[Elsewhere+" station"]
	for login, g := range map[string]access.Grant{
		"window":     {Role: registry.RoleWindowWorker, Area: Community, Body: station},
		"window2":    {Role: registry.RoleWindowWorker, Area: Community, Body: station},
		"dispatcher": {Role: registry.RoleDispatcher, Area: Community, Body: station},
		"grid":       {Role: registry.RoleGridWorker, Area: Community, Body: station},
		"stranger":   {Role: registry.RoleDispatcher, Area: Elsewhere, Body: elsewhere},
		"clerk":      {Role: registry.RoleDepartmentClerk, Area: County, Body: body[County+" civil_affairs"]},
		"head":       {Role: registry.RoleDepartmentHead, Area: County, Body: body[County+" civil_affairs"]},
		"urban":      {Role: registry.RoleDepartmentClerk, Area: County, Body: body[County+" urban_management"]},
		"street":     {Role: registry.RoleSubdistrictOfficer, Area: Street},
		"county":     {Role: registry.RoleCountyOfficer, Area: County},
		"city":       {Role: registry.RoleCityOfficer, Area: CityCode},
		"builder":    {Role: registry.RoleCommunityBuilding, Area: County},
		"branch":     {Role: registry.RoleBranchMember, Area: Community, Body: body[Community+" party"]},
		"committee":  {Role: registry.RoleCommitteeMember, Area: Community},
		"council":    {Role: registry.RoleCouncilMember, Area: Community},
		"supervisor": {Role: registry.RoleSupervisoryMember, Area: Community},
		"auditor":    {Role: registry.RoleAuditor, Area: CityCode},
		"security":   {Role: registry.RoleSecurityAdministrator, Area: CityCode},
		"admin":      {Role: registry.RoleSystemAdministrator, Area: CityCode},
	} {
		if _, err := a.Accounts.Create(system(),
			account.NewAccount{Login: login, Name: "姓名" + login, Hash: hash, Grants: []access.Grant{g}}); err != nil {
			return err
		}
	}
	return nil
}

// LoadYear makes a year's working days known, with the days off that a year cannot do without.
func (w *World) LoadYear(year int) {
	w.T.Helper()
	var days []calendar.Day
	for _, day := range []string{"01-01", "01-02", "01-03", "10-01"} {
		days = append(days, calendar.Day{Date: fmt.Sprint(year, "-", day), Kind: calendar.Off, Notice: "test"})
	}
	w.must(w.App.DB.Write(w.System(), func(tx *db.Tx) error { return w.App.Calendar.Put(w.System(), tx, days) }))
	w.must(w.App.Calendar.Refresh(w.System(), w.App.DB))
}

// LoadNow makes the working days of now and of the weeks after known, whenever the tests run: for tests
// whose steps are due by the world's own clock.
func (w *World) LoadNow() {
	w.T.Helper()
	for _, at := range []time.Time{clock.Now(w.System()), clock.Now(w.System()).AddDate(0, 1, 0)} {
		if !w.App.Calendar.Now().Loaded(at.Year()) {
			w.LoadYear(at.Year())
		}
	}
}

// Account makes one more account, with one role over an area.
func (w *World) Account(login string, role authority.Role, area string) {
	w.T.Helper()
	w.AccountWith(login, access.Grant{Role: role, Area: area})
}

// AccountWith makes one more account with these grants, or none, and tells its id.
func (w *World) AccountWith(login string, grants ...access.Grant) string {
	w.T.Helper()
	hash, err := passwordHash()
	w.must(err)
	a, err := w.App.Accounts.Create(w.System(), account.NewAccount{Login: login, Name: "姓名" + login, Hash: hash, Grants: grants})
	w.must(err)
	return a.ID
}

// Grant gives an account one more role over an area.
func (w *World) Grant(login string, role authority.Role, area string) {
	w.T.Helper()
	account, err := w.App.Accounts.FindLogin(w.System(), login)
	w.must(err)
	_, err = w.App.Accounts.Grant(w.System(), account.ID, access.Grant{Role: role, Area: area})
	w.must(err)
}
