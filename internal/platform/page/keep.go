package page

import (
	"bytes"
	"compress/flate"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// What a visitor's browser keeps for the site. Personal things are sealed: the browser holds
// them, only the site reads them, and they lapse. Nothing of a visitor is kept on the server
// before a case is made of it.

const (
	printCookie     = "print"
	communityCookie = "community"
	noticeCookie    = "notice"
	visitorCookie   = "visitor"
	year            = 365 * 24 * time.Hour

	chunk    = 3600 // bytes of a cookie's value; browsers take 4096 with name and attributes
	chunks   = 4
	unpacked = 64 << 10
)

type kept struct {
	Until int64           `json:"u"`
	Value json.RawMessage `json:"v"`
}

// Keep seals a value into the browser for pages below the path, until the time is over or the
// browser is closed. It refuses what is larger than a browser holds.
func (q *Request) Keep(name, path string, lasts time.Duration, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	raw, err = json.Marshal(kept{q.Now.Add(lasts).UnixMilli(), raw})
	if err != nil {
		return err
	}
	var b bytes.Buffer
	z, _ := flate.NewWriter(&b, flate.BestCompression)
	_, _ = z.Write(raw)
	_ = z.Close()
	sealed := q.site.o.Ring.Seal(b.Bytes(), "page."+name) // base64: fit for a cookie as it is
	if len(sealed) > chunk*chunks {
		return errs.New(errs.TooLarge, "page.kept_too_large")
	}
	for i := range chunks {
		part := sealed[min(i*chunk, len(sealed)):min((i+1)*chunk, len(sealed))]
		c := q.cookie(name+strconv.Itoa(i), path, part, 0)
		if part == "" {
			if _, err := q.r.Cookie(c.Name); err != nil {
				continue
			}
			c.MaxAge = -1
		}
		http.SetCookie(q.w, c)
	}
	return nil
}

// Recall reads what Keep kept; false when there is nothing, or it has lapsed or was altered.
func (q *Request) Recall(name string, value any) bool {
	sealed := ""
	for i := range chunks {
		c, err := q.r.Cookie(name + strconv.Itoa(i))
		if err != nil {
			break
		}
		sealed += c.Value
	}
	if sealed == "" {
		return false
	}
	packed, err := q.site.o.Ring.Open(sealed, "page."+name)
	if err != nil {
		return false
	}
	raw, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), unpacked))
	if err != nil {
		return false
	}
	var k kept
	if json.Unmarshal(raw, &k) != nil || k.Until < q.Now.UnixMilli() {
		return false
	}
	return json.Unmarshal(k.Value, value) == nil
}

// Forget removes what Keep kept.
func (q *Request) Forget(name, path string) {
	for i := range chunks {
		c := q.cookie(name+strconv.Itoa(i), path, "", 0)
		c.MaxAge = -1
		if _, err := q.r.Cookie(c.Name); err == nil {
			http.SetCookie(q.w, c)
		}
	}
}

// Notice is told once, on the next page.
func (q *Request) Notice(key string, pairs ...any) {
	_ = q.Keep(noticeCookie, "/", 5*time.Minute, q.T(key, pairs...))
}

func (q *Request) takeNotice() string {
	var said string
	if q.Recall(noticeCookie, &said) {
		q.Forget(noticeCookie, "/")
	}
	return said
}

// Community is the code of the community that the visitor chose as theirs, or "".
func (q *Request) Community() string {
	c, err := q.r.Cookie(communityCookie)
	if err != nil || len(c.Value) > 15 {
		return ""
	}
	for _, d := range c.Value {
		if d < '0' || d > '9' {
			return ""
		}
	}
	return c.Value
}

// SetCommunity remembers the visitor's community for a year; "" forgets it.
func (q *Request) SetCommunity(code string) {
	c := q.cookie(communityCookie, "/", code, year)
	if code == "" {
		c.MaxAge = -1
	}
	http.SetCookie(q.w, c)
}

// Visitor names the visitor's browser, so that it can be bounded by itself; "" at its first visit, which
// leaves the name with it. It is random, says nothing of the person and lasts until the browser is closed,
// a day at most. Whoever drops it is bounded by the network address alone.
func (q *Request) Visitor() string {
	var name string
	if q.Recall(visitorCookie, &name) {
		return name
	}
	_ = q.Keep(visitorCookie, "/", 24*time.Hour, rand.Text()) // fails for large values alone
	return ""
}

func (q *Request) cookie(name, path, value string, lasts time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: path, MaxAge: int(lasts.Seconds()), HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: httpx.PeerOf(q.ctx).HTTPS,
	}
}

// switchLanguage answers /language?to=en&back=/path. Console and field read the same cookie.
func switchLanguage(q *Request) error {
	c := q.cookie("lang", "/", string(text.Parse(q.Query("to"))), year)
	c.HttpOnly = false
	http.SetCookie(q.w, c)
	return q.Redirect(q.r.URL.Query().Get("back"))
}

// switchPrint answers /large-print?on=1&back=/path.
func switchPrint(q *Request) error {
	c := q.cookie(printCookie, "/", "large", year)
	if q.Query("on") != "1" {
		c.MaxAge = -1
	}
	http.SetCookie(q.w, c)
	return q.Redirect(q.r.URL.Query().Get("back"))
}
