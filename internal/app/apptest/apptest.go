// Package apptest opens the whole platform on an empty database of each engine, with a small
// register, bodies and one account for each post, and calls it as a face does: by HTTP.
package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	"linli/internal/access"
	"linli/internal/app"
	"linli/internal/platform/authority"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/seal"
	"linli/internal/registry"
)

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
const Password = "Test-2026-password"

// World is a platform with a city in it.
type World struct {
	T    *testing.T
	App  *app.App
	URL  string
	Body map[string]string // "area kind" or "area department" → body id
}

// Each runs a test in a fresh world on each engine.
func Each(t *testing.T, test func(t *testing.T, w *World)) {
	t.Helper()
	dbtest.EachAddress(t, func(t *testing.T, address string) { test(t, Open(t, address)) })
}

// EachEmpty runs a test on each engine with neither register nor accounts.
func EachEmpty(t *testing.T, test func(t *testing.T, w *World)) {
	t.Helper()
	dbtest.EachAddress(t, func(t *testing.T, address string) { test(t, empty(t, address)) })
}

// Open makes a world on an empty database.
func Open(t *testing.T, address string) *World {
	t.Helper()
	w := empty(t, address)
	w.register()
	w.accounts()
	return w
}

func empty(t *testing.T, address string) *World {
	t.Helper()
	a, err := app.Open(context.Background(), app.Options{Data: t.TempDir(), Database: address, Ring: seal.Fresh(), Version: "test", Relaxed: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	w := &World{T: t, App: a, Body: map[string]string{}}
	s := httptest.NewServer(a.Handler())
	t.Cleanup(s.Close)
	w.URL = s.URL
	return w
}

// System is a context in which the platform itself acts.
func (w *World) System() context.Context {
	return authority.With(context.Background(), authority.SystemActor("test"))
}

func (w *World) must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

func (w *World) register() {
	w.T.Helper()
	_, err := w.App.Registry.Import(w.System(), []registry.Source{registry.FromReader("register.csv", strings.NewReader(register))}, registry.ImportOptions{})
	w.must(err)
	var bodies []registry.Body
	for _, area := range []string{Community, Neighbour, Elsewhere} {
		for _, kind := range registry.CommunityBodies {
			bodies = append(bodies, registry.Body{Area: area, Kind: kind, Name: area + " " + kind})
		}
	}
	for _, area := range []string{County, "320706"} {
		for _, department := range registry.Departments {
			bodies = append(bodies, registry.Body{Area: area, Kind: registry.BodyDepartment, Department: department, Name: area + " " + department})
		}
	}
	kept, err := w.App.Registry.LoadBodies(w.System(), bodies)
	w.must(err)
	for _, b := range kept {
		w.Body[strings.TrimSpace(b.Area+" "+b.Kind)] = b.ID
		if b.Department != "" {
			w.Body[b.Area+" "+b.Department] = b.ID
		}
	}
}

// accounts makes one for each post; the login is the post's name.
func (w *World) accounts() {
	w.T.Helper()
	hash, err := access.HashPassword(Password)
	w.must(err)
	station, elsewhere := w.Body[Community+" station"], w.Body[Elsewhere+" station"]
	for login, g := range map[string]access.Grant{
		"window":     {Role: registry.RoleWindowWorker, Area: Community, Body: station},
		"window2":    {Role: registry.RoleWindowWorker, Area: Community, Body: station},
		"dispatcher": {Role: registry.RoleDispatcher, Area: Community, Body: station},
		"grid":       {Role: registry.RoleGridWorker, Area: Community, Body: station},
		"stranger":   {Role: registry.RoleDispatcher, Area: Elsewhere, Body: elsewhere},
		"clerk":      {Role: registry.RoleDepartmentClerk, Area: County, Body: w.Body[County+" civil_affairs"]},
		"head":       {Role: registry.RoleDepartmentHead, Area: County, Body: w.Body[County+" civil_affairs"]},
		"urban":      {Role: registry.RoleDepartmentClerk, Area: County, Body: w.Body[County+" urban_management"]},
		"street":     {Role: registry.RoleSubdistrictOfficer, Area: Street},
		"county":     {Role: registry.RoleCountyOfficer, Area: County},
		"city":       {Role: registry.RoleCityOfficer, Area: CityCode},
		"admin":      {Role: registry.RoleSystemAdministrator, Area: CityCode},
	} {
		_, err := w.App.Access.Create(w.System(), access.NewAccount{Login: login, Name: "姓名" + login, Hash: hash, Grants: []access.Grant{g}})
		w.must(err)
	}
}

// Caller is a face with its own cookies.
type Caller struct {
	w      *World
	client *http.Client
	Lang   string
}

// Nobody calls without signing in.
func (w *World) Nobody() *Caller {
	jar, _ := cookiejar.New(nil)
	return &Caller{w: w, Lang: "zh", client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// As signs in.
func (w *World) As(login string) *Caller {
	w.T.Helper()
	c := w.Nobody()
	if got := c.Do("POST", "/session", map[string]any{"login": login, "password": Password}); got.Status != http.StatusOK {
		w.T.Fatalf("sign in as %s: %d %s", login, got.Status, got.Raw)
	}
	return c
}

// Answer is what came back.
type Answer struct {
	t      *testing.T
	Status int
	Raw    string
	Header http.Header
	JSON   map[string]any
}

// Do calls the API below /api/v1 with a JSON body, or none.
func (c *Caller) Do(method, path string, body any) Answer {
	c.w.T.Helper()
	var r io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		c.w.must(err)
		if string(raw) == "null" { // a nil map: a step without input
			raw = []byte("{}")
		}
		r = bytes.NewReader(raw)
	}
	return c.send(method, "/api/v1"+path, "application/json", r)
}

// Page calls a page of the portal.
func (c *Caller) Page(path string) Answer {
	c.w.T.Helper()
	return c.send("GET", path, "", nil)
}

// Upload stages a file and tells its id.
func (c *Caller) Upload(name string, content []byte) Answer {
	c.w.T.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	c.w.must(err)
	_, _ = part.Write(content)
	m.Close()
	return c.send("POST", "/api/v1/casework/uploads", m.FormDataContentType(), &b)
}

func (c *Caller) send(method, path, contentType string, body io.Reader) Answer {
	c.w.T.Helper()
	req, err := http.NewRequest(method, c.w.URL+path, body)
	c.w.must(err)
	if body != nil {
		req.Header.Set("Content-Type", contentType)
	}
	req.Header.Set("Accept-Language", c.Lang)
	res, err := c.client.Do(req)
	c.w.must(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	c.w.must(err)
	a := Answer{t: c.w.T, Status: res.StatusCode, Raw: string(raw), Header: res.Header}
	_ = json.Unmarshal(raw, &a.JSON)
	return a
}

// Want fails the test on another status, or another key of a refusal when one is given.
func (a Answer) Want(status int, key ...string) Answer {
	a.t.Helper()
	if a.Status != status || (len(key) > 0 && a.JSON["key"] != key[0]) {
		a.t.Fatalf("got %d %.600s; want %d %v", a.Status, a.Raw, status, key)
	}
	return a
}

// Text is a member of the answer by a dotted path, as text; "" when it is not there.
func (a Answer) Text(path string) string {
	var v any = a.JSON
	for _, name := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return ""
		}
		v = m[name]
	}
	switch v := v.(type) {
	case string:
		return v
	case nil:
		return ""
	}
	raw, _ := json.Marshal(v)
	return string(raw)
}

// Items are the rows of a list.
func (a Answer) Items() []map[string]any {
	rows, _ := a.JSON["items"].([]any)
	out := make([]map[string]any, len(rows))
	for i, r := range rows {
		out[i], _ = r.(map[string]any)
	}
	return out
}
