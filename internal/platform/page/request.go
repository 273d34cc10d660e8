package page

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/fold"
	"linli/internal/platform/text"
)

// Request is one visit to a page.
type Request struct {
	Lang text.Lang
	Now  time.Time

	site     *Site
	w        http.ResponseWriter
	r        *http.Request
	ctx      context.Context
	crumbs   []Link
	refusal  *Refusal
	personal bool
	visit    string // its secret, once known
}

// Context carries the reader's language and the visitor as actor.
func (q *Request) Context() context.Context { return q.ctx }

// Path is a wildcard of the route: an id or a code, folded.
func (q *Request) Path(name string) string { return fold.Compact(clean(q.r.PathValue(name), 200)) }

// Query is a value of the address, folded and cut to 200 characters: a code, a choice or what is searched
// for.
func (q *Request) Query(name string) string { return fold.Code(clean(q.r.URL.Query().Get(name), 200)) }

// T is a text in the reader's language.
func (q *Request) T(key string, pairs ...any) string {
	return q.site.o.Speaker.Catalogue.T(q.Lang, key, pairs...)
}

// Word is the text of a key, or what is given instead where the catalogue has none.
func (q *Request) Word(key, otherwise string) string {
	if q.site.o.Speaker.Catalogue.Has(key) {
		return q.T(key)
	}
	return otherwise
}

// Crumb adds a step to the way back that the head of the page shows.
func (q *Request) Crumb(label, href string) { q.crumbs = append(q.crumbs, Link{label, href}) }

// Personal keeps the page out of every store, the browser's own too.
func (q *Request) Personal() { q.personal = true }

// Redirect sends the visitor on to a page of this site, after a form was taken.
func (q *Request) Redirect(path string) error {
	q.w.Header().Set("Cache-Control", "no-store")
	http.Redirect(q.w, q.r, local(path), http.StatusSeeOther)
	return nil
}

// local lets nobody be sent to another site.
func local(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Host != "" || u.Scheme != "" || u.User != nil ||
		!strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// view is what the frame shows around a page's own Data.
type view struct {
	Data                 any
	Tag                  string // BCP 47
	Large, Demo          bool
	City                 string
	Back                 string // path of this page, for the switches
	Crumbs               []Link
	Services, Doors      []Link // of modules
	Notice               string
	Refusal              *Refusal
	Mine                 *Link
	Clock                string // what a moved clock shows, or "": it is the machine's
	Holds                bool   // something is kept for the visit
	Sheet, Script, Mark  string
	OtherLang, OtherName string
}

func (q *Request) view(data any) view {
	v := view{
		Data: data, Tag: "zh-CN", OtherLang: string(text.English), OtherName: "English",
		Demo: q.site.o.Demo, Back: q.back(), Crumbs: q.crumbs, Refusal: q.refusal, Notice: q.takeNotice(),
		Sheet: q.site.assets.path("portal.css"), Script: q.site.assets.path("portal.js"), Mark: q.site.assets.path("mark.svg"),
	}
	for _, d := range q.site.services {
		v.Services = append(v.Services, Link{q.T(d.Label), d.Href})
	}
	for _, d := range q.site.doors {
		v.Doors = append(v.Doors, Link{q.T(d.Label), d.Href})
	}
	if q.Lang == text.English {
		v.Tag, v.OtherLang, v.OtherName = "en", string(text.Chinese), "简体中文"
	}
	if c, err := q.r.Cookie(printCookie); err == nil {
		v.Large = c.Value == "large"
	}
	if clock.Shifted() != 0 && v.Demo {
		v.Clock = q.Now.Format("2006-01-02 15:04")
	}
	if q.site.o.City != nil {
		v.City = q.site.o.City(q.ctx, q.Lang)
	}
	if code := q.Community(); code != "" && q.site.o.Mine != nil {
		if link, ok := q.site.o.Mine(q.ctx, code); ok {
			v.Mine = &link
		}
	}
	v.Holds, _ = q.Holds() // a page that holds nothing personal is shown without the database, too
	return v
}

// back is where the switches of language and print return to: this page, or for an answer to
// a form the page that the form was on.
func (q *Request) back() string {
	if q.r.Method != http.MethodGet && q.r.Method != http.MethodHead {
		if u, err := url.Parse(q.r.Referer()); err == nil && u.Host == q.r.Host {
			return local(u.RequestURI())
		}
	}
	u := *q.r.URL
	query := u.Query()
	query.Del("lang")
	u.RawQuery = query.Encode()
	return local(u.RequestURI())
}

// Render answers with a page.
func (q *Request) Render(status int, name string, data any) error {
	return q.render(status, name, "frame", data)
}

func (q *Request) render(status int, name, whole string, data any) error {
	var b bytes.Buffer
	t, err := q.site.pages[q.Lang][name]()
	if err != nil {
		return err
	}
	if err := t.ExecuteTemplate(&b, whole, q.view(data)); err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Language", string(q.Lang))
	h.Add("Vary", "Cookie, Accept-Language")
	cache := "private, no-cache"
	if q.personal || status != http.StatusOK {
		cache = "no-store"
	}
	return q.Send(status, "text/html; charset=utf-8", cache, b.Bytes())
}

// Send answers with bytes: compressed where the browser takes that, and not sent again where
// it still holds them.
func (q *Request) Send(status int, mediaType, cache string, body []byte) error {
	h := q.w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Cache-Control", cache)
	h.Add("Vary", "Accept-Encoding")
	if status == http.StatusOK && cache != "no-store" {
		sum := sha256.Sum256(body)
		tag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", tag)
		if q.r.Header.Get("If-None-Match") == tag {
			q.w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	write(q.w, q.r, status, body)
	return nil
}

var zippers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// write answers with the body, compressed if that is taken. An error means that the visitor
// has left.
func write(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || len(body) < 512 {
		w.WriteHeader(status)
		_, _ = w.Write(body)
		return
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(w)
	_, _ = z.Write(body)
	_ = z.Close()
}

// Stream answers with the content of a stored file, which nobody else may keep.
func (q *Request) Stream(mediaType, disposition string, content io.Reader) error {
	h := q.w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", disposition)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, no-store")
	_, _ = io.Copy(q.w, content) // an error means that the visitor has left
	return nil
}
