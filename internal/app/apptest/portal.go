package apptest

import (
	"bytes"
	"context"
	"errors"
	"html"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/geo"
	"linli/internal/registry"
	"linli/internal/registry/change"
)

// Portal is the portal over a small register with outlines, served as a demo, and a browser of one visitor.
type Portal struct {
	*testing.T
	App    *app.App
	Server *httptest.Server
	Client *http.Client
	Draft  string // query of the form on the page that was shown last, which names its draft
}

// OpenPortal serves the portal on SQLite.
func OpenPortal(t *testing.T) *Portal {
	t.Helper()
	return servePortal(t, portal.SQLite(t))
}

// EachPortal runs a test on the portal of each engine, side by side.
func EachPortal(t *testing.T, test func(c *Portal)) {
	t.Helper()
	portal.Each(t, func(t *testing.T, address string) { test(servePortal(t, address)) })
}

// portal holds the register of the portal's tests.
var portal = dbtest.NewTemplate(func(address string) error {
	a, err := open(address)
	if err != nil {
		return err
	}
	return errors.Join(fillPortal(a), a.Close())
})

func servePortal(t *testing.T, address string) *Portal {
	t.Helper()
	a, err := app.Open(context.Background(), options(t.TempDir(), address))
	if err != nil {
		t.Fatal(err)
	}
	dbtest.OnEnd(t, func() { a.Close() })
	a.Site.Demo = true
	server := httptest.NewServer(a.Handler())
	dbtest.OnEnd(t, server.Close)
	c := &Portal{T: t, App: a, Server: server}
	return c.Browser()
}

const portalAreas = `code,name,level,parent
3207,连云港市,2,32
320703,连云区,3,3207
320706,海州区,3,3207
320703001,墟沟街道,4,320703
320703001007,院前社区居委会,5,320703001
320703001009,南巷社区居委会,5,320703001
320706017,新东街道,4,320706
320706017014,文昌社区居委会,5,320706017
`

// fillPortal loads the register, outlines and the bodies that its pages show.
func fillPortal(a *app.App) error {
	ctx := system()
	if _, err := a.Changes.Import(ctx, []change.Source{change.FromReader("areas.csv", strings.NewReader(portalAreas))},
		change.ImportOptions{}); err != nil {
		return err
	}
	var outlines []registry.Outline
	for i, code := range []string{Community, "320703001009", "320706017014"} {
		west := 119.3 + 0.02*float64(i)
		shape, err := geo.NewShape([]geo.Polygon{{{{Lng: west, Lat: 34.7}, {Lng: west + 0.02, Lat: 34.7},
			{Lng: west + 0.02, Lat: 34.72}, {Lng: west, Lat: 34.72}}}})
		if err != nil {
			return err
		}
		outlines = append(outlines, registry.Outline{Area: code, Shape: shape, Source: "test", Invented: true})
	}
	if err := a.Outlines.PutOutlines(ctx, outlines); err != nil {
		return err
	}
	always := []registry.Hours{{Days: []int{1, 2, 3, 4, 5, 6, 7}, From: "00:00", To: "24:00"}}
	_, err := a.Bodies.LoadBodies(ctx, []registry.Body{
		{Area: Community, Kind: registry.BodyStation, Name: "院前社区服务站", Phone: "0518-80000000", Address: "海棠路 1 号", Hours: always,
			Members: []registry.Member{{Name: "<b>张小兰</b>", Post: "station_chief", Phone: "0518-80000001", TermFrom: "2024-01-01", Duty: always}}},
		{Area: "320706", Kind: registry.BodyDepartment, Department: "civil_affairs", Name: "海州区民政局"},
	})
	return err
}

// Shown is a page that came back.
type Shown struct {
	*http.Response
	Body string // read to its end; it hides that of the response
}

// Do sends a request as the browser, and remembers the draft that the page names.
func (c *Portal) Do(r *http.Request) Shown {
	c.Helper()
	res, err := c.Client.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		c.Fatal(err)
	}
	if named := draftOf.FindSubmatch(raw); named != nil {
		c.Draft = html.UnescapeString(string(named[1]))
	}
	return Shown{res, string(raw)}
}

var draftOf = regexp.MustCompile(`action="[^"]*[?](draft=[^"]*)"`)

// FormAt is the address of a form's page as its action names it: with the draft.
func (c *Portal) FormAt(path string) string {
	if c.Draft == "" || strings.Contains(path, "?") || !strings.HasPrefix(path, "/report/") && !strings.Contains(path, "/apply/") {
		return path
	}
	return path + "?" + c.Draft
}

// Get opens a page.
func (c *Portal) Get(path string) Shown {
	c.Helper()
	r, err := http.NewRequest(http.MethodGet, c.Server.URL+path, nil)
	if err != nil {
		c.Fatal(err)
	}
	return c.Do(r)
}

// Post sends a form to a page, with the draft that the page shown last names.
func (c *Portal) Post(path string, values url.Values) Shown {
	c.Helper()
	r, err := http.NewRequest(http.MethodPost, c.Server.URL+c.FormAt(path), strings.NewReader(values.Encode()))
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.Do(r)
}

// Send posts a form with one file.
func (c *Portal) Send(path string, values url.Values, file []byte) Shown {
	c.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, vs := range values {
		for _, v := range vs {
			_ = w.WriteField(k, v)
		}
	}
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="files"; filename="photo.png"`},
		"Content-Type": {"image/png"}})
	if err != nil {
		c.Fatal(err)
	}
	_, _ = part.Write(file)
	w.Close()
	r, err := http.NewRequest(http.MethodPost, c.Server.URL+c.FormAt(path), &b)
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return c.Do(r)
}

// Want fails the test on another status, and wants these words on the page.
func (c *Portal) Want(a Shown, status int, words ...string) Shown {
	c.Helper()
	if a.StatusCode != status {
		c.Fatalf("%s: status %d, not %d\n%s", a.Request.URL.Path, a.StatusCode, status, a.Body)
	}
	for _, w := range words {
		if !strings.Contains(a.Body, w) {
			c.Errorf("%s lacks %q\n%s", a.Request.URL.Path, w, a.Body)
		}
	}
	return a
}

// Photo is a picture large enough to have a thumbnail.
func Photo() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 20, 10))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Browser is another browser at the same portal.
func (c *Portal) Browser() *Portal {
	jar, _ := cookiejar.New(nil)
	return &Portal{T: c.T, App: c.App, Server: c.Server, Client: &http.Client{Jar: jar}}
}

// Tab is another tab of the same browser.
func (c *Portal) Tab() *Portal {
	return &Portal{T: c.T, App: c.App, Server: c.Server, Client: c.Client}
}

// Cookie is the value of a cookie that the browser holds, or "".
func (c *Portal) Cookie(name string) string {
	at, _ := url.Parse(c.Server.URL)
	for _, k := range c.Client.Jar.Cookies(at) {
		if k.Name == name {
			return k.Value
		}
	}
	return ""
}

// What is the first step of a report.
func What(words string) url.Values {
	return url.Values{"category": {"0101"}, "description": {words}}
}

// FollowCode finds the code on the page that follows what was sent.
var FollowCode = regexp.MustCompile(`class="code">([0-9A-Z-]+)<`)

// Report sends a whole report and answers with its follow code.
func (c *Portal) Report(words string) string {
	c.Helper()
	c.Get("/report/what?area=" + Community)
	c.Want(c.Post("/report/what", What(words)), http.StatusOK)
	c.Want(c.Post("/report/where", url.Values{"area": {Community}, "text": {words}}), http.StatusOK)
	done := c.Want(c.Post("/report/send", url.Values{}), http.StatusOK, "已经提交")
	return FollowCode.FindStringSubmatch(done.Body)[1]
}

// System is a context in which the platform itself acts.
func (c *Portal) System() context.Context { return system() }
