package access_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"linli/internal/access/identity"
	"linli/internal/app/apptest"
)

// people are those whom the city's identity system knows, by the name they type.
type people map[string]*storage.User

func (p people) GetUserByUsername(name string) *storage.User { return p[name] }
func (p people) ExampleClientID() string                     { return "linli" }
func (p people) GetUserByID(id string) *storage.User {
	for _, u := range p {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// provider runs an OpenID provider with a login page on this machine.
type provider struct {
	*httptest.Server
	t     *testing.T
	known people
}

func newProvider(t *testing.T, w *apptest.World) *provider {
	t.Helper()
	p := &provider{t: t, known: people{
		"window":  {ID: "person-1", Username: "window", Password: "city"},
		"mallory": {ID: "person-2", Username: "mallory", Password: "city"},
	}}
	var handler http.Handler
	p.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { handler.ServeHTTP(rw, r) }))
	t.Cleanup(p.Close)
	client := storage.WebClient("linli", "secret", w.URL+"/api/v1/session/identity/back")
	handler = exampleop.SetupServer(p.URL, storage.NewStorageWithClients(p.known, map[string]*storage.Client{"linli": client}), nil, false)
	w.App.Identities.Identity = &identity.Identity{Issuer: p.URL, Client: "linli", Secret: "secret", Name: "市统一身份认证"}
	return p
}

// signIn walks the provider's pages as a person does and tells where the browser is sent back.
func (p *provider) signIn(there, name string) *url.URL {
	p.t.Helper()
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	step := func(res *http.Response, err error) *url.URL {
		p.t.Helper()
		if err != nil {
			p.t.Fatal(err)
		}
		defer res.Body.Close()
		at, err := res.Location()
		if err != nil {
			p.t.Fatalf("%s answers %d: %v", res.Request.URL, res.StatusCode, err)
		}
		return at
	}
	login := step(browser.Get(there))
	callback := step(browser.PostForm(p.URL+login.Path,
		url.Values{"username": {name}, "password": {"city"}, "id": {login.Query().Get("authRequestID")}}))
	return step(browser.Get(callback.String()))
}

// whole begins at the platform and comes back to it.
func (p *provider) whole(w *apptest.World, c *apptest.Caller, name string) string {
	p.t.Helper()
	there := c.Do("GET", "/session/identity", nil).Want(302).Header.Get("Location")
	if !strings.HasPrefix(there, p.URL) || !strings.Contains(there, "code_challenge_method=S256") {
		p.t.Fatalf("sent to %s", there)
	}
	back := p.signIn(there, name)
	if !strings.HasPrefix(back.String(), w.URL) {
		p.t.Fatalf("sent back to %s", back)
	}
	return c.Page("GET", back.RequestURI(), nil).Want(302).Header.Get("Location")
}

func TestSignInByTheCitysIdentitySystem(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Nobody().Do("GET", "/session/identity", nil).Want(404)
		p := newProvider(t, w)
		c := w.Nobody()
		if at := p.whole(w, c, "window"); at != "/console/" {
			t.Fatalf("led to %s", at)
		}
		if got := c.Do("GET", "/session", nil).Want(200); got.Text("account.login") != "window" {
			t.Errorf("signed in as %s", got.Raw)
		}
		if way := c.Do("GET", "/session/places", nil).Items()[0]["way"]; way != "identity" {
			t.Errorf("way %v", way)
		}

		// Somebody without an account, and somebody who now goes by another's name there.
		stranger := w.Nobody()
		if at := p.whole(w, stranger, "mallory"); !strings.Contains(at, "access.identity_unknown") {
			t.Errorf("a person without an account is led to %s", at)
		}
		p.known["mallory"].Username = "window"
		if at := p.whole(w, stranger, "mallory"); !strings.Contains(at, "access.identity_unknown") {
			t.Errorf("a namesake is led to %s", at)
		}
		stranger.Do("GET", "/session", nil).Want(401)

		// The second factor is asked for; a disabled account stays outside.
		enrol(t, c)
		second := w.Nobody()
		if at := p.whole(w, second, "window"); at != "/console/sign-in?step=second" {
			t.Errorf("led to %s", at)
		}
		second.Do("GET", "/session", nil).Want(401)
		me := c.Do("GET", "/session", nil).Text("account.id")
		a := w.As("admin").Do("GET", "/access/accounts/"+me, nil)
		w.As("admin").Do("PUT", "/access/accounts/"+me, map[string]any{"name": "x", "state": "disabled", "version": a.JSON["version"]}).Want(200)
		if at := p.whole(w, w.Nobody(), "window"); !strings.Contains(at, "access.identity_unknown") {
			t.Errorf("a disabled account is led to %s", at)
		}
	})
}

// An answer that another browser's sign-in got, or a second time, opens nothing.
func TestIdentityAnswersAreBoundToTheirBrowser(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		p := newProvider(t, w)
		refused := func(c *apptest.Caller, back string) {
			t.Helper()
			if at := c.Page("GET", back, nil).Want(302).Header.Get("Location"); !strings.Contains(at, "problem=access.identity") {
				t.Errorf("led to %s", at)
			}
			c.Do("GET", "/session", nil).Want(401)
		}
		mine, victim := w.Nobody(), w.Nobody()
		back := p.signIn(mine.Do("GET", "/session/identity", nil).Want(302).Header.Get("Location"), "window")
		refused(victim, back.RequestURI()) // never began here
		theirs, _ := url.Parse(victim.Do("GET", "/session/identity", nil).Want(302).Header.Get("Location"))
		q := back.Query()
		q.Set("state", theirs.Query().Get("state")) // a stolen code under the browser's own state
		refused(victim, back.Path+"?"+q.Encode())
		refused(w.Nobody(), back.Path+"?code=x&state=")
		mine.Page("GET", back.RequestURI(), nil)
		mine.Do("DELETE", "/session", nil)
		refused(mine, back.RequestURI()) // a second time

		p.Close()
		away := &identity.Identity{Issuer: p.URL, Client: "linli"}
		w.App.Identities.Identity = away
		w.Nobody().Do("GET", "/session/identity", nil).Want(503, "access.identity_away")
	})
}
