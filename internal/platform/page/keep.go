package page

import (
	"net/http"
	"strings"
	"time"

	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// Choices that stay in the visitor's browser: they are no secret, or small and short-lived.

const (
	printCookie     = "print"
	communityCookie = "community"
	noticeCookie    = "notice"
	year            = 365 * 24 * time.Hour
	noticeMost      = 600 // bytes of a sentence, so that a header stays far below 4 kB
)

// Notice is told once, on the next page. It is sealed: nobody else puts sentences on our pages.
func (q *Request) Notice(key string, pairs ...any) {
	said := q.T(key, pairs...)
	if len(said) > noticeMost {
		said = strings.ToValidUTF8(said[:noticeMost], "")
	}
	http.SetCookie(q.w, q.cookie(noticeCookie, "/", q.site.o.Ring.Seal([]byte(said), "page.notice"), 5*time.Minute))
}

func (q *Request) takeNotice() string {
	c, err := q.r.Cookie(noticeCookie)
	if err != nil {
		return ""
	}
	gone := q.cookie(noticeCookie, "/", "", 0)
	gone.MaxAge = -1
	http.SetCookie(q.w, gone)
	said, err := q.site.o.Ring.Open(c.Value, "page.notice")
	if err != nil {
		return ""
	}
	return string(said)
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
