package app_test

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/geo"
	"linli/internal/platform/httpx"
	"linli/internal/platform/notify"
	"linli/internal/registry"
)

// logins are the account that stands for each role.
var logins = map[string]string{
	"window_worker": "window", "grid_worker": "grid", "dispatcher": "dispatcher", "branch_member": "branch", "committee_member": "committee",
	"council_member": "council", "supervisory_member": "supervisor", "department_clerk": "clerk", "department_head": "head", "subdistrict_officer": "street",
	"county_officer": "county", "city_officer": "city", "community_building": "builder", "auditor": "auditor",
	"security_administrator": "security", "system_administrator": "admin",
}

// side is one of the two places: at home, where every role of the test is held, and elsewhere.
type side struct {
	name, area, lng, phone, station, department, office, party string

	incident, incidentCode, incidentFile, incidentNumber string
	application, applicationCode                         string

	person, request, roster string
}

// fixture is a world with a case of each kind, with files, at home and elsewhere.
type fixture struct {
	*testing.T
	w               *apptest.World
	home, elsewhere *side
	callers         map[string]*apptest.Caller
	requests        int
	sent            string // the code that was last sent to a telephone
}

// Add takes in a message, as a telephone would.
func (f *fixture) Add(_ context.Context, _ *audit.Tx, m notify.Message) error {
	f.sent = digits.FindString(m.Text)
	return nil
}

var digits = regexp.MustCompile(`[0-9]{4} [0-9]{4}`)

func newFixture(t *testing.T, w *apptest.World) *fixture {
	t.Helper()
	w.LoadNow()
	proxies, err := httpx.ParseProxies([]string{"127.0.0.0/8", "::1/128"})
	if err != nil {
		t.Fatal(err)
	}
	w.App.Access.Proxies, w.App.Access.Base = proxies, "https://linli.example"
	f := &fixture{T: t, w: w, callers: map[string]*apptest.Caller{}}
	w.Rule("access.session.most", "1000") // every role signs in again and again
	w.App.Residents.Notify = f
	w.App.Casework.Gate = openGate{}
	f.home = f.newSide("at home", apptest.Community, apptest.County, "19900004321", 119.30)
	f.elsewhere = f.newSide("elsewhere", apptest.Elsewhere, "320706", "19900008765", 119.40)
	return f
}

func (f *fixture) newSide(name, area, county, phone string, lng float64) *side {
	f.Helper()
	w := f.w
	s := &side{name: name, area: area, phone: phone, lng: fmt.Sprint(lng + 0.01), station: w.Body[area+" station"],
		department: w.Body[county+" civil_affairs"],
		office:     w.Body[area+" office"], party: w.Body[area+" party"]}
	shape, err := geo.NewShape([]geo.Polygon{{{{Lng: lng, Lat: 34.7}, {Lng: lng + 0.02, Lat: 34.7},
		{Lng: lng + 0.02, Lat: 34.72}, {Lng: lng, Lat: 34.72}}}})
	if err != nil {
		f.Fatal(err)
	}
	if err := w.App.Outlines.PutOutlines(w.System(),
		[]registry.Outline{{Area: area, Shape: shape, Source: "test", Invented: true}}); err != nil {
		f.Fatal(err)
	}
	resident := w.Nobody()
	body := apptest.Incident("incident " + name)
	body["reporter"] = map[string]any{"name": "李梅", "phone": phone}
	body["area"], body["files"] = area, []string{resident.Upload("照片.png", apptest.OnePixel).Want(200).Text("id")}
	opened := resident.OpenCase(body).Want(201)
	s.incident, s.incidentCode, s.incidentNumber = opened.Text("id"), opened.Text("code"), opened.Text("number")
	followed := resident.Do("POST", "/casework/follow", map[string]any{"code": s.incidentCode}).Want(200)
	s.incidentFile = followed.JSON["files"].([]any)[0].(map[string]any)["id"].(string)
	body = w.Fill(apptest.Application("application " + name))
	body["area"] = area
	opened = resident.Apply(body).Want(201)
	s.application, s.applicationCode = opened.Text("id"), opened.Text("code")
	s.residents(f)
	return s
}

// sought is the telephone number of the resident of each place: who searches finds their own alone.
const sought = "13812345678"

// residents are one on the roster, a request of theirs about their data, and a roster file that
// waits to be taken.
func (s *side) residents(f *fixture) {
	f.Helper()
	p, system := f.w.App.People, f.w.System()
	var err error
	if s.person, err = p.Add(system, people.NewResident{Area: s.area, Household: "3-501",
		Tags:   []people.Tag{{Tag: "old", Source: "民政名册", Since: "2025-01-01"}},
		Person: people.Person{Name: "张小三", Phone: sought, Number: "11010519491231002X", Address: "海棠中路18号"}}); err != nil {
		f.Fatal(err)
	}
	asked, err := f.w.App.Requests.Ask(system, s.person, "copy", "portal", "")
	if err != nil {
		f.Fatal(err)
	}
	read, err := f.w.App.Roster.Preview(system, s.area, []byte(rosterFile))
	if err != nil {
		f.Fatal(err)
	}
	s.request, s.roster = asked.ID, read.ID
}

const rosterFile = "姓名,联系电话\n周七,13900000003\n"

// caller is the one of a role, signed in once, or anew for a request that ends sessions.
func (f *fixture) caller(role string, anew bool) *apptest.Caller {
	f.Helper()
	if c := f.callers[role]; c != nil && !anew {
		return c
	}
	var c *apptest.Caller
	switch role {
	case "nobody":
		c = f.w.Nobody()
	case "resident":
		c = f.w.Nobody()
		c.Origin = fmt.Sprintf("10.201.%d.%d", f.requests>>8&255, f.requests&255)
		c.Page("POST", "/track", url.Values{"code": {f.home.incidentCode}})
		c.Page("POST", "/me", url.Values{"phone": {f.home.phone}})
		c.Page("POST", "/me/code", url.Values{"code": {f.sent}})
	default:
		c = f.w.Nobody()
		c.Origin = fmt.Sprintf("10.200.%d.%d", f.requests>>8&255, f.requests&255)
		c.Do("POST", "/session", map[string]any{"login": logins[role], "password": apptest.Password}).Want(200)
	}
	if !anew {
		f.callers[role] = c
	}
	return c
}

// values fill a path, a query or a body for one caller and one place.
type values struct {
	role  string
	s     *side
	unit  string // the body that the caller acts for, or the place's own
	names map[string]string
}

func (f *fixture) values(role string, s *side) *values {
	v := &values{role: role, s: s, unit: s.station}
	if strings.HasPrefix(role, "department_") {
		v.unit = s.department
	}
	v.names = f.names(v)
	return v
}

func (v *values) fill(template string) string {
	for name, value := range v.names {
		template = strings.ReplaceAll(template, name, value)
	}
	return template
}

func (v *values) secret() string {
	if v.role == "resident" && v.s.name == "at home" {
		return v.s.incidentCode
	}
	return "320703-0000-0000-0000"
}

func (f *fixture) exec(query string, args ...any) {
	f.Helper()
	f.write(func(ctx context.Context, tx *db.Tx) error { _, err := tx.Exec(ctx, query, args...); return err })
}

func (f *fixture) write(do func(context.Context, *db.Tx) error) {
	f.Helper()
	ctx := context.Background()
	if err := f.w.App.DB.Write(ctx, func(tx *db.Tx) error { return do(ctx, tx) }); err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) value(query string, args ...any) string {
	f.Helper()
	v, err := db.Value[string](context.Background(), f.w.App.DB, query, args...)
	if err != nil {
		f.Fatalf("%s: %v", query, err)
	}
	return v
}

func (f *fixture) number(query string, args ...any) int64 {
	f.Helper()
	v, err := db.Value[int64](context.Background(), f.w.App.DB, query, args...)
	if err != nil {
		f.Fatalf("%s: %v", query, err)
	}
	return v
}

// put brings a case into a state, in the hands of the unit and overdue.
func (f *fixture) put(id, state, unit string) {
	f.Helper()
	f.exec(`DELETE FROM casework_rating WHERE case_id = $1`, id)
	f.exec(`DELETE FROM casework_objection WHERE case_id = $1`, id)
	f.exec(`DELETE FROM casework_part WHERE case_id = $1`, id)
	f.write(func(ctx context.Context, tx *db.Tx) error { return apptest.Anew(ctx, tx, id, unit) })
	f.exec(`UPDATE casework_case SET state = $1, open = 1, unit_id = $2, handler_id = '', worker_id = '', returned = 0, rating = NULL,
		closed_at = NULL, due_at = 1 WHERE id = $3`,
		state, unit, id)
}

// part has a unit asked for its part of a case.
func (f *fixture) part(id, unit string) {
	f.Helper()
	f.exec(insertPart, db.ShardOf(id), id, unit)
}

const insertPart = `INSERT INTO casework_part (shard, case_id, seq, unit_id, state, ask, asked_at, workdays, due_at, due_year, answer,
	ended_at, ended_by, late)
	VALUES ($1,$2,1,$3,'open','协助核实',1,2,NULL,0,'',NULL,'',0)`

// recheck has a case drawn.
func (f *fixture) recheck(id string) {
	f.Helper()
	f.write(func(ctx context.Context, tx *db.Tx) error { return apptest.Drawn(ctx, tx, id) })
}
