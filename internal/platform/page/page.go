// Package page serves the resident portal: HTML from templates, whole without JavaScript, in
// both languages, with refusals worded beside the field and on top.
//
// A page is a file templates/NAME.html of a module that defines "title" and "main"; it is
// named "<module>/NAME". A file whose name begins with _ defines parts that every page of
// every module may use. Functions in templates speak the language of the reader.
package page

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/seal"
	"linli/internal/platform/text"
	"linli/internal/platform/visit"
)

//go:embed texts/*.json
var texts embed.FS

// Texts are the sentences of the portal's frame.
func Texts() fs.FS { return texts }

//go:embed templates/*.html
var frame embed.FS

// Site is the portal that modules add their pages to.
type Site struct {
	mux    *http.ServeMux
	o      Options
	files  []source
	pages  map[text.Lang]map[string]pageTemplate
	assets *assets
	served []string

	sections []placed
	services []Service
	doors    []Link // of modules, with keys for labels
}

type source struct {
	module string
	files  fs.FS
}

// Options are what a site is made of.
type Options struct {
	Speaker *httpx.Negotiator                          // words of texts and refusals
	Ring    *seal.Ring                                 // seals the sentences that a browser carries from page to page
	Visits  *visit.Store                               // keeps what a visitor has not finished
	Admit   func(context.Context) error                // bounds how many visits a caller begins
	Demo    bool                                       // every page says that its people and cases are invented
	City    func(context.Context, text.Lang) string    // name of the city in the page head
	Mine    func(context.Context, string) (Link, bool) // the community that a visitor chose, by code
	Base    string                                     // address by which people reach the site; that of each request when ""
}

// Link is a place to go.
type Link struct{ Label, Href string }

// NewSite serves the frame of the portal on a mux: its files, the switches of language and
// print, and the page for everything that is not there.
func NewSite(mux *http.ServeMux, o Options) *Site {
	s := &Site{mux: mux, o: o, assets: newAssets(), files: []source{{"page", frame}}}
	mux.Handle("GET /assets/{file}", s.assets)
	s.Get("/language", switchLanguage)
	s.Get("/large-print", switchPrint)
	s.Get(LeavePath, pageLeave)
	s.Post(LeavePath, takeLeave)
	s.handle("/", func(q *Request) error { return httpx.NoRoute(mux, q.w, q.r) })
	return s
}

// Add brings the templates of a module. Build parses them all.
func (s *Site) Add(module string, files fs.FS) {
	if files != nil {
		s.files = append(s.files, source{module, files})
	}
}

// Handler answers one request, or returns the refusal that the site then shows.
type Handler func(*Request) error

// Get serves a page. The path is a pattern of http.ServeMux.
func (s *Site) Get(path string, h Handler) { s.handle("GET "+path, h) }

// Post takes a form.
func (s *Site) Post(path string, h Handler) { s.handle("POST "+path, h) }

// Patterns lists every page that is served, in order of the alphabet.
func (s *Site) Patterns() []string { return slices.Sorted(slices.Values(s.served)) }

func (s *Site) handle(pattern string, h Handler) {
	s.served = append(s.served, pattern)
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		q := s.request(w, r)
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				slog.ErrorContext(q.ctx, "panic", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				q.fail(errs.New(errs.Internal, "internal"))
			}
		}()
		if err := h(q); err != nil {
			q.fail(err)
		}
	})
}

// request opens a visit. A visitor of the portal is nobody, even where a member of staff has
// signed in on the same browser: what is done here is done as a resident.
func (s *Site) request(w http.ResponseWriter, r *http.Request) *Request {
	visitor := authority.Nobody()
	visitor.Origin = authority.From(r.Context()).Origin
	ctx := authority.With(r.Context(), visitor)
	return &Request{site: s, w: w, r: r, ctx: ctx, Lang: text.From(ctx), Now: clock.Now(ctx)}
}
