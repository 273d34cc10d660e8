package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/platform/page"
)

// Caller is a face with its own cookies.
type Caller struct {
	w      *World
	client *http.Client
	Lang   string
	Origin string      // network address to come from, behind a trusted proxy; or ""
	Header http.Header // more to send, or nil
}

// Nobody calls without signing in.
func (w *World) Nobody() *Caller {
	jar, _ := cookiejar.New(nil)
	return &Caller{w: w, Lang: "zh", client: &http.Client{Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Cookie is the value of a cookie that the face holds, or "".
func (c *Caller) Cookie(name string) string {
	at, err := url.Parse(c.w.URL)
	c.w.must(err)
	for _, k := range c.client.Jar.Cookies(at) {
		if k.Name == name {
			return k.Value
		}
	}
	return ""
}

// Again is the same account from another browser: signed in, with a visit of its own.
func (c *Caller) Again() *Caller {
	other := *c.w.Nobody()
	other.Lang, other.Origin = c.Lang, c.Origin
	at, err := url.Parse(c.w.URL)
	c.w.must(err)
	other.client.Jar.SetCookies(at, slices.DeleteFunc(c.client.Jar.Cookies(at),
		func(k *http.Cookie) bool { return k.Name == page.VisitCookie }))
	return &other
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

// Upload stages a file and tells its id.
func (c *Caller) Upload(name string, content []byte) Answer {
	c.w.T.Helper()
	return c.File("/casework/uploads", name, content)
}

// File posts a file to the API below /api/v1.
func (c *Caller) File(path, name string, content []byte) Answer {
	c.w.T.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreateFormFile("file", name)
	c.w.must(err)
	_, _ = part.Write(content)
	m.Close()
	return c.send("POST", "/api/v1"+path, m.FormDataContentType(), &b)
}

// Page calls any path; a form is sent as one.
func (c *Caller) Page(method, path string, form url.Values) Answer {
	c.w.T.Helper()
	if method == http.MethodGet {
		return c.send(method, path, "", nil)
	}
	return c.send(method, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// Post sends a body of any type to any path.
func (c *Caller) Post(path, contentType string, body io.Reader) Answer {
	c.w.T.Helper()
	return c.send(http.MethodPost, path, contentType, body)
}

// Send calls the API below /api/v1 with a body of any type.
func (c *Caller) Send(method, path, contentType string, body io.Reader) Answer {
	c.w.T.Helper()
	return c.send(method, "/api/v1"+path, contentType, body)
}

func (c *Caller) send(method, path, contentType string, body io.Reader) Answer {
	c.w.T.Helper()
	req, err := http.NewRequest(method, c.w.URL+path, body)
	c.w.must(err)
	if body != nil {
		req.Header.Set("Content-Type", contentType)
	}
	req.Header.Set("Accept-Language", c.Lang)
	maps.Copy(req.Header, c.Header)
	if c.Origin != "" {
		req.Header.Set("X-Forwarded-For", c.Origin)
	}
	res, err := c.client.Do(req)
	c.w.must(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	c.w.must(err)
	a := Answer{t: c.w.T, Status: res.StatusCode, Raw: string(raw), Header: res.Header}
	_ = json.Unmarshal(raw, &a.JSON)
	return a
}

// Begin sends a request whose body the server has begun to read, so that whoever calls is known, and
// not ended. The returned function sends the body and waits for the answer.
func (c *Caller) Begin(method, path string, body any) func() Answer {
	c.w.T.Helper()
	raw, err := json.Marshal(body)
	c.w.must(err)
	return c.BeginBody(method, path, "application/json", raw)
}

// BeginBody is Begin with a body of any type.
func (c *Caller) BeginBody(method, path, contentType string, raw []byte) func() Answer {
	c.w.T.Helper()
	begun, from, done := make(chan struct{}), make(chan struct{}), make(chan Answer, 1)
	trace := &httptrace.ClientTrace{Got100Continue: func() { close(begun); <-from }}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(context.Background(), trace), method,
		c.w.URL+"/api/v1"+path, bytes.NewReader(raw))
	c.w.must(err)
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Expect", "100-continue")
	transport := &http.Transport{ExpectContinueTimeout: time.Minute}
	client := &http.Client{Jar: c.client.Jar, Transport: transport}
	go func() {
		defer transport.CloseIdleConnections()
		a := Answer{t: c.w.T}
		if res, err := client.Do(req); err == nil {
			defer res.Body.Close()
			raw, _ := io.ReadAll(res.Body)
			a.Status, a.Raw, a.Header = res.StatusCode, string(raw), res.Header
			_ = json.Unmarshal(raw, &a.JSON)
		}
		done <- a
	}()
	<-begun
	return func() Answer { close(from); return <-done }
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
