// Package app puts the platform together: it is the only package that knows every module.
package app

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"linli/internal/access"
	"linli/internal/access/account"
	"linli/internal/access/factor"
	"linli/internal/access/identity"
	"linli/internal/access/resident"
	"linli/internal/access/tell"
	"linli/internal/casework"
	"linli/internal/casework/file"
	"linli/internal/council/bundle"
	"linli/internal/people"
	"linli/internal/people/request"
	"linli/internal/people/roster"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/backup"
	"linli/internal/platform/calendar"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fingerprint"
	"linli/internal/platform/form"
	"linli/internal/platform/httpx"
	"linli/internal/platform/jobs"
	"linli/internal/platform/limit"
	"linli/internal/platform/module"
	"linli/internal/platform/notify"
	"linli/internal/platform/page"
	"linli/internal/platform/revision"
	"linli/internal/platform/rule"
	"linli/internal/platform/sandbox"
	"linli/internal/platform/seal"
	"linli/internal/platform/sheet"
	"linli/internal/platform/shipped"
	"linli/internal/platform/storage"
	"linli/internal/platform/text"
	"linli/internal/platform/visit"
	"linli/internal/portal"
	"linli/internal/registry"
	"linli/internal/registry/body"
	"linli/internal/registry/change"
	"linli/internal/registry/community"
	"linli/internal/registry/outline"
	"linli/internal/routing"
	"linli/internal/threshold"
	"linli/internal/wiring"
)

//go:embed texts
var texts embed.FS

// Options say what to open.
type Options struct {
	Data     string        // folder of what is kept beside the database: keys and files
	Database string        // "postgres://…", or a path of an SQLite file; <Data>/linli.db when empty
	Memory   uint64        // bytes that the program and its processes may take; all of the machine's when 0
	Files    string        // storage of uploaded files, see storage.Open; <Data>/files when empty
	Sandbox  *sandbox.Pool // where foreign files are read; processes, as many as Memory allows, when nil
	Ring     *seal.Ring    // keys; those of <Data>/keys.json when nil
	Relaxed  bool          // see db.Options
	Silence  time.Duration // see db.Options; as long a request's write waits for its turn
	Connect  time.Duration // see db.Options
	Version  string
	Proxies  httpx.Proxies                     // machines that may speak for others
	HTTPS    bool                              // reached by https only: cookies are marked so
	Identity *identity.Identity                // the city's own identity system, or nil
	Gateways map[notify.Channel]notify.Gateway // by which messages leave; none: they are kept
	URL      string                            // address by which people reach the platform; that of each request when ""
	Progress func(step string, percent int)    // told how the making of a demo city goes; the log when nil
}

// App is the platform, put together.
type App struct {
	Options
	DB          *db.DB
	Log         *audit.Log
	Audit       *audit.Store
	Rules       *rule.Cache
	Limits      *limit.Limiter
	Calendar    *calendar.Cache
	Years       *calendar.Store // loads the calendar's years
	Registry    *registry.Service
	Bodies      *body.Service    // edits the bodies of the register
	Outlines    *outline.Service // of the register
	Changes     *change.Service  // of the register
	Communities *community.Service
	People      *people.Service
	Roster      *roster.Service  // lists of residents
	Requests    *request.Service // of persons about their data
	Routing     *routing.Service
	Casework    *casework.Service
	wiring.Rooms
	Access     *access.Service
	Factors    *factor.Service   // beside passwords
	Accounts   *account.Service  // are made and given roles
	Identities *identity.Service // of the city's own system
	Tell       *tell.Service     // reaches staff outside the platform
	Residents  *resident.Service // come in by a code
	Outbox     *notify.Outbox    // where messages go until a city connects its gateway
	Policy     *authority.Policy
	Catalogue  *text.Catalogue
	Speaker    *httpx.Negotiator
	Modules    []module.Module
	Watch      *revision.Watch // what other processes change
	Jobs       *jobs.Runner
	Site       SiteInfo
	Visits     *visit.Store // what visitors of the portal have not finished

	shippedRules *shipped.Set
}

// Open opens the database, brings it to this program's schema, loads what ships with the
// program and lacks there, and connects the modules. Errors: those of fingerprint.Check for a key file
// that is not the database's own, before anything but the schema is written.
func Open(ctx context.Context, o Options) (*App, error) {
	if o.Database == "" {
		o.Database = filepath.Join(o.Data, "linli.db")
	}
	if o.Data != "" {
		if err := tighten(o.Data); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
	}
	fresh := false
	if o.Ring == nil {
		path := filepath.Join(o.Data, "keys.json")
		_, err := os.Stat(path)
		fresh = errors.Is(err, os.ErrNotExist)
		if o.Ring, err = seal.Open(path); err != nil {
			return nil, err
		}
	}
	d, err := db.Open(ctx, o.Database, db.Options{Relaxed: o.Relaxed, Silence: o.Silence, Connect: o.Connect})
	if err != nil {
		return nil, err
	}
	if err := fingerprint.Adopt(ctx, d, o.Ring, Sealed()); err != nil {
		if fresh && errs.Of(err).Kind == errs.Conflict { // nothing was sealed with it
			err = errors.Join(err, os.Remove(o.Ring.Path()))
		}
		return nil, errors.Join(err, d.Close())
	}
	a := &App{Options: o, DB: d, Log: &audit.Log{DB: d}}
	if err := a.connect(ctx); err != nil {
		d.Close()
		return nil, err
	}
	return a, nil
}

func (a *App) connect(ctx context.Context) error {
	ctx = authority.With(ctx, authority.SystemActor("start"))
	a.Watch = &revision.Watch{DB: a.DB}
	if err := a.Watch.Start(ctx); err != nil {
		return err
	}
	a.Rules = rule.NewCache(nil)
	var rules []rule.Value
	for _, own := range [][]rule.Value{limit.Rules(), audit.Rules(), calendar.Rules(), people.Rules(), request.Rules(), body.Rules(),
		community.Rules(), notify.Rules(), casework.Rules(), roomRules(), access.Rules()} {
		rules = append(rules, own...)
	}
	for _, m := range modules {
		if m.Rules != nil {
			rules = append(rules, m.Rules()...)
		}
	}
	a.shippedRules = a.Rules.Set(rules)
	if _, err := a.shippedRules.Bring(ctx, a.DB); err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	if err := a.Rules.Refresh(ctx, a.DB); err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	a.Calendar = calendar.NewCache(calendar.Default())
	years := a.Calendar.Set(calendar.SpecialDays())
	corrected, err := years.Bring(ctx, a.DB)
	if err != nil {
		return fmt.Errorf("calendar: %w", err)
	}
	if err := a.Calendar.Refresh(ctx, a.DB); err != nil {
		return fmt.Errorf("calendar: %w", err)
	}
	if a.Registry, err = registry.New(ctx, a.Log); err != nil {
		return fmt.Errorf("register: %w", err)
	}
	a.Bodies, a.Outlines = &body.Service{Register: a.Registry, Rules: a.Rules}, &outline.Service{Register: a.Registry}
	a.Changes = &change.Service{Register: a.Registry, Outlines: a.Outlines}
	if a.Communities, err = community.New(ctx, a.Registry, a.Rules); err != nil {
		return fmt.Errorf("communities: %w", err)
	}
	a.Audit = &audit.Store{Log: a.Log, Ring: a.Ring, Rules: a.Rules}
	a.Limits = limit.New(a.DB, a.Rules)
	a.People = people.New(a.Log, a.Registry, a.Rules, a.Ring)
	a.People.Limits = a.Limits
	a.Roster, a.Requests = roster.New(a.People), request.New(a.People)
	a.Routing = &routing.Service{Log: a.Log, Registry: a.Registry, Calendar: a.Calendar}
	a.Casework = &casework.Service{Log: a.Log, Registry: a.Registry, People: a.People, Calendar: a.Calendar,
		Rules: a.Rules, Limits: a.Limits, Routing: a.Routing}
	a.Routing.Subjects = a.Casework.Subjects()
	stored, err := OpenFiles(a.Data, a.Files)
	if err != nil {
		return fmt.Errorf("files: %w", err)
	}
	if stored.Sandbox = a.Sandbox; a.Sandbox == nil {
		stored.Sandbox = sandbox.New(sandbox.Turns(a.Memory))
	}
	a.Roster.Sandbox, a.Roster.Spool = stored.Sandbox, spool(a.Data)
	a.Rooms = openRooms(a.Casework, a.Requests, stored)
	front := &portal.Service{Registry: a.Registry, Communities: a.Communities}
	if a.Catalogue, err = Catalogue(); err != nil {
		return err
	}
	a.People.Words, a.Requests.Cases, a.Requests.Files, a.Casework.Words = a.Catalogue, a.Reporter, a.CaseFiles, a.Catalogue
	for _, f := range []registry.Follower{a.Casework.Follower(), a.Routing.Follower(), a.People.Follower()} {
		a.Registry.Follow(f)
	}
	a.Outbox = &notify.Outbox{Log: a.Log, Ring: a.Ring, Rules: a.Rules, Limits: a.Limits, Gateways: a.Gateways, Shown: a.isDemo}
	a.Casework.Outbox = a.Outbox
	a.Visits = &visit.Store{DB: a.DB, Ring: a.Ring}
	started, err := a.start(ctx)
	if err != nil {
		return err
	}
	a.Access = access.New(a.Log, a.Registry, a.Rules, a.Ring)
	a.Access.Limits = a.Limits
	a.Access.Base = a.URL
	a.Factors = &factor.Service{Access: a.Access}
	a.Accounts = &account.Service{Access: a.Access, Factors: a.Factors}
	a.Identities = &identity.Service{Access: a.Access, Identity: a.Identity}
	a.Tell = &tell.Service{Access: a.Access, Outbox: a.Outbox, Words: a.Catalogue}
	a.Residents = &resident.Service{Access: a.Access, Follow: a.Follow, Notify: a.Outbox, Demo: a.isDemo}
	a.Access.Alarms, a.People.Alarms = a.Tell, a.Tell
	a.Access.Proxies, a.Access.Sessions.Cookie.Secure = a.Proxies, a.HTTPS
	if a.HTTPS { // no other host and no plain page can set it
		a.Access.Sessions.Cookie.Name = "__Host-" + httpx.SessionCookie
	}
	a.Casework.Accounts, a.Routing.Accounts = a.Access, a.Access
	a.Alerts.Subscribers = a.Tell
	a.Registry.Follow(a.Accounts.Follower())
	a.Bodies.Seating, a.Bodies.Unseated = a.Accounts.MaySeat, a.Accounts.Unseated
	a.Years = &calendar.Store{Log: a.Log, Cache: a.Calendar, Rules: a.Rules, Deadlines: a.Settle, City: a.cityCode, Shipped: years}
	a.Jobs = jobs.NewRunner(a.DB, nil)
	a.Modules = []module.Module{a.platform(), a.Jobs.Module(a.cityCode, registry.RoleSystemAdministrator), a.Limits.Module(),
		a.Years.Module(registry.RoleSystemAdministrator), a.Outbox.Module(registry.RoleSystemAdministrator), a.Audit.Module(registry.RoleAuditor),
		a.Registry.Module(), a.Bodies.Module(), a.Outlines.Module(), a.Communities.Module(), a.Changes.Module(),
		a.People.Module(), a.Roster.Module(), a.Requests.Module(), a.Routing.Module(), a.Casework.Module()}
	a.Modules = slices.Concat(a.Modules, started, []module.Module{a.Access.Module(), a.Factors.Module(), a.Accounts.Module(),
		a.Identities.Module(), a.Tell.Module(), a.Residents.Module(), front.Module()}, roomModules(a.Rooms))
	a.hold()
	var permissions []authority.Permission
	for _, m := range a.Modules {
		permissions = append(permissions, m.Permissions...)
		a.Watch.Kept = append(a.Watch.Kept, m.Kept...)
		a.Jobs.Jobs = append(a.Jobs.Jobs, m.Jobs...)
		if m.Search != nil {
			front.Searches = append(front.Searches, m.Search)
		}
	}
	a.Policy = authority.NewPolicy(permissions)
	a.Access.Policy, a.Casework.Policy = a.Policy, a.Policy
	a.Speaker = &httpx.Negotiator{Catalogue: a.Catalogue, Rules: a.Rules, Trouble: db.Trouble, Changed: a.lastChange}
	if err = a.Routing.RefreshRoutes(ctx); err != nil {
		return err
	}
	a.Access.Sessions.ErrorFunc = a.Speaker.Refuse
	if _, err = a.Settle.Settle(ctx); err != nil { // its job tries again; a case that cannot be settled must not keep a city closed
		slog.ErrorContext(ctx, "not every deadline that waited is settled", "error", err)
	}
	years.Changed = func(ctx context.Context) error {
		if _, err := a.Settle.Settle(ctx); err != nil {
			return err
		}
		_, err := a.Settle.Recompute(ctx)
		return err
	}
	if corrected {
		if _, err = a.Settle.Recompute(ctx); err != nil {
			return err
		}
	}
	return a.markDemo(ctx)
}

// cityCode is the code of the city's area, or "" while the register is empty.
func (a *App) cityCode() string {
	city, _ := a.Registry.City()
	return city.Code
}

func (a *App) isDemo() bool { return a.Site.Demo }

// RevisionKeys counts the changes of the key file.
const RevisionKeys = "seal.keys"

// platform is what belongs to no module.
func (a *App) platform() module.Module {
	return module.Module{Name: "platform",
		Reach: reach, PageReach: pageReach,
		Tables: map[string]module.Growth{"rule_value": module.Reference, "setting_value": module.Reference, "revision_number": module.Reference,
			"shipped_text": module.Reference, "visit_value": module.Reference},
		Jobs:        []module.Job{{Name: "visit.sweep", Every: 10 * time.Minute, Do: a.Visits.Sweep}},
		Shipped:     []*shipped.Set{a.shippedRules},
		Permissions: []authority.Permission{{Name: permShipped, Roles: []authority.Role{registry.RoleSystemAdministrator}}},
		Routes:      a.shippedRoutes,
		Kept: []revision.Kept{
			{Name: rule.Revision, Reload: func(ctx context.Context) error { return a.Rules.Refresh(ctx, a.DB) }},
			{Name: RevisionKeys, Reload: func(context.Context) error { return a.Ring.Refresh() }},
		}}
}

// Sealed are the tables by which a key file is tried where the database knows no fingerprint.
func Sealed() []fingerprint.Sealed {
	out := []fingerprint.Sealed{{Table: "people_person", ID: "id"}, {Table: "people_household", ID: "id"}, {Table: "people_request", ID: "id"},
		{Table: "access_factor", ID: "id"}, {Table: "access_tell", ID: "id"}, {Table: "notify_message", ID: "id"}}
	for _, m := range modules {
		out = append(out, m.Sealed...)
	}
	return out
}

// Catalogue holds the sentences of all modules.
func Catalogue() (*text.Catalogue, error) {
	all := []fs.FS{texts, limit.Texts, audit.Texts, jobs.Texts, notify.Texts, calendar.Texts, people.Texts, roster.Texts,
		request.Texts, page.Texts(), form.Texts, storage.Texts, (&registry.Service{}).Module().Texts, body.Texts, outline.Texts,
		bundle.Texts, threshold.Texts,
		community.Texts, change.Texts, routing.Texts, casework.Texts,
		access.Texts, factor.Texts, account.Texts, identity.Texts, tell.Texts, resident.Texts, (&portal.Service{}).Module().Texts}
	all = append(all, roomTexts...)
	for _, m := range modules {
		all = append(append(all, m.Texts), m.RoomTexts...)
	}
	return text.New(all...)
}

// OpenFiles opens the storage of uploaded files: the given folder or bucket, or else the folder
// files beside the database.
func OpenFiles(data, address string) (*storage.Store, error) {
	if address == "" {
		address = filepath.Join(data, "files")
	}
	return storage.Open(address, spool(data))
}

// spool is the folder in which foreign files wait until they are read.
func spool(data string) string { return filepath.Join(data, "incoming") }

// ReadForeign does the job of a process that reads a foreign file, and ends it; in every other process
// it returns at once. It stands first in main.
func ReadForeign() { sandbox.Main(ForeignJobs()...) }

// ForeignJobs are the ways in which foreign files are read.
func ForeignJobs() []sandbox.Job { return append(storage.ForeignFiles(), sheet.Job) }

// BackupSource is the city as a backup copies it.
func (a *App) BackupSource() backup.Source {
	return backup.Source{DB: a.DB, Address: a.Database, Files: attached{file.Attached{Store: a.CaseFiles.Store, DB: a.DB}},
		Empty: file.Unsaved, Work: a.Data, Ring: a.Ring, Sealed: Sealed(), Version: a.Version}
}

// Close finishes what was begun and closes the database.
func (a *App) Close() error { return a.DB.Close() }

// AddJob adds a job that belongs to no module, before anything works.
func (a *App) AddJob(j module.Job) { a.Jobs.Jobs = append(a.Jobs.Jobs, j) }

// Work runs the modules' jobs until the context ends, and returns when each has finished what it
// was at: what it did is then written down.
func (a *App) Work(ctx context.Context) {
	var work sync.WaitGroup
	work.Go(func() { a.Watch.Run(authority.With(ctx, authority.SystemActor("revision"))) })
	a.Jobs.Run(ctx)
	work.Wait()
}

// Handler answers every request: API, portal, console and field.
func (a *App) Handler() http.Handler {
	mux := http.NewServeMux()
	a.mountAPI(mux)
	a.mountFaces(mux)
	site := a.newSite(mux)
	if err := site.Build(); err != nil {
		panic(err) // templates are part of the program; its tests build them
	}
	return httpx.Chain(mux, httpx.RequestID, httpx.Peers(func() httpx.Proxies { return a.Access.Proxies }), httpx.Log, a.Speaker.Recover,
		httpx.Headers, httpx.Language, a.Speaker.Navigated, a.Speaker.WellFormed, a.Speaker.CrossOrigin,
		a.patient, a.Access.Session, a.Access.Identify)
}

// patient bounds how long what a request writes waits while others write: somebody waits for its answer.
func (a *App) patient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(db.WithPatience(r.Context(), cmp.Or(a.Silence, db.DefaultSilence))))
	})
}

func (a *App) mountAPI(mux *http.ServeMux) *httpx.API {
	api := httpx.NewAPI(mux, a.Version, a.Policy, a.Speaker, map[string]string{"routing": "casework"},
		httpx.Enums{"kind": a.Casework.Kinds()})
	a.siteRoutes(api)
	for _, m := range a.Modules {
		if m.Routes != nil {
			m.Routes(api)
		}
	}
	return api
}

// Document is the API's OpenAPI 3.1 document.
func (a *App) Document() ([]byte, error) {
	return a.mountAPI(http.NewServeMux()).Huma.OpenAPI().MarshalJSON()
}
