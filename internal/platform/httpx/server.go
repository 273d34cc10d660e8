package httpx

import (
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"linli/internal/platform/errs"
	"linli/internal/platform/text"
)

// Names of cookies.
const (
	SessionCookie  = "linli_session"
	LanguageCookie = "lang"
)

// Middleware wraps a handler.
type Middleware func(http.Handler) http.Handler

// Chain wraps a handler so that the first middleware sees the request first.
func Chain(h http.Handler, ms ...Middleware) http.Handler {
	for i := len(ms) - 1; i >= 0; i-- {
		h = ms[i](h)
	}
	return h
}

// Language reads ?lang, the cookie or the browser's wish, in this order.
func Language(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lang := text.Parse(r.Header.Get("Accept-Language"))
		if c, err := r.Cookie(LanguageCookie); err == nil {
			lang = text.Parse(c.Value)
		}
		if q := r.URL.Query().Get("lang"); q != "" {
			lang = text.Parse(q)
		}
		next.ServeHTTP(w, r.WithContext(text.With(r.Context(), lang)))
	})
}

// Headers sets what every answer carries: no sniffing, no framing, no foreign script.
func Headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Content-Security-Policy", contentSecurity)
		if IsAPI(r) {
			h.Set("Cache-Control", "no-store") // unless the route says otherwise
		}
		if PeerOf(r.Context()).HTTPS {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// Styles may be inline: the component kits of console and field set them on elements.
const contentSecurity = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; " +
	"script-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"

// Recover answers a panic with an internal fault and logs it.
func (s *Negotiator) Recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == http.ErrAbortHandler { // an answer that broke off must not look whole
				panic(p)
			}
			if p != nil {
				slog.ErrorContext(r.Context(), "panic", "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				s.Refuse(w, r, errs.New(errs.Internal, "internal"))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// Refuse answers a plain handler's error as a problem.
func (s *Negotiator) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	if s.Page != nil && !IsAPI(r) && strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.Page(w, r, err)
		return
	}
	p := s.Problem(r.Context(), err)
	maps.Copy(w.Header(), p.GetHeaders())
	if !IsAPI(r) { // a script, a picture, a program: its sentence alone
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, p.Title, p.Status)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

// Log writes one line a request to the structured log. Queries are left out: they may carry
// what is personal.
func Log(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		level := slog.LevelDebug
		if rec.status >= 500 {
			level = slog.LevelError
		}
		slog.Log(r.Context(), level, "request", "method", r.Method, "path", r.URL.Path,
			"status", rec.status, "ms", time.Since(start).Milliseconds())
	})
}

type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// CrossOrigin refuses a state-changing request that another site's page sends.
func (s *Negotiator) CrossOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Refuse(w, r, errs.New(errs.Forbidden, "cross_origin"))
	}))
	return p.Handler(next)
}

// IsAPI tells a call of the API from a visit to a page.
func IsAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }
