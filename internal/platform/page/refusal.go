package page

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
)

// Refusal is what a page says on top when something was not taken.
type Refusal struct {
	Title string
	Rule  string // citation, or ""
	Wrong []Wrong
}

// Wrong is one input that must be changed.
type Wrong struct {
	Field, Message string
	Label          string // of the field, once it is known
}

// For is what is wrong with the field of that name, or "".
func (r *Refusal) For(field string) string {
	if r != nil {
		for _, w := range r.Wrong {
			if w.Field == field {
				return w.Message
			}
		}
	}
	return ""
}

// Refuse words an error for the top of the page that is rendered next, and gives the status
// to render it with. An error that is our own fault, or that no form can mend, comes back as
// an error. Locations of wrong fields are matched to the form's names by what follows the
// prefix, e.g. "answers.phone" by prefix "answers." to "phone".
func (q *Request) Refuse(err error, prefixes ...string) (int, error) {
	e := q.site.o.Speaker.Of(err)
	if e.Kind == errs.Internal && !isWorded(err) || e.Kind == errs.Unauthenticated || e.Kind == errs.Forbidden {
		return 0, err
	}
	s := q.site.o.Speaker
	q.retryAfter(e)
	q.refusal = &Refusal{Title: s.Sentence(q.Lang, e), Rule: s.Cite(q.ctx, e.Rule)}
	for _, f := range e.Fields {
		name := f.Location
		for _, p := range prefixes {
			name = strings.TrimPrefix(name, p)
		}
		q.refusal.Wrong = append(q.refusal.Wrong, Wrong{Field: name, Message: s.Catalogue.Sentence(q.Lang, "error."+f.Key, f.Args)})
	}
	return e.Kind.Status(), nil
}

// retryAfter says when to try again, as the sentence does.
func (q *Request) retryAfter(e *errs.Error) {
	if after := e.RetryAfter(); after > 0 {
		q.w.Header().Set("Retry-After", httpx.RetryAfter(after))
	}
}

// Refusal is what Refuse has worded, or nil.
func (q *Request) Refusal() *Refusal { return q.refusal }

// fault is the page of a request that could not be answered.
type fault struct {
	Status              int
	Heading, Said, Hint string
	SignIn              string // where to sign in again, after which the same address is opened; or ""
	Request             string // its id, where who reads it may want to report it
}

func isWorded(err error) bool {
	var p *httpx.Problem
	return errors.As(err, &p)
}

// fail answers with the page of a refusal. What went wrong inside goes to the log alone.
func (q *Request) fail(err error) {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		err = errs.ErrTooLarge.Because(err)
	}
	e := q.site.o.Speaker.Of(err)
	if e.Kind == errs.Internal || e.Kind == errs.Unavailable {
		slog.ErrorContext(q.ctx, "request failed", "path", q.r.URL.Path, "error", err)
	}
	status, said := e.Kind.Status(), ""
	var worded *httpx.Problem // of the API, to which a link of a page leads
	if errors.As(err, &worded) {
		status, said = worded.Status, worded.Title
	}
	kind := map[int]string{401: "ended", 403: "forbidden", 404: "missing", 405: "method", 413: "large",
		429: "often", 500: "broken", 503: "later"}[status]
	if kind == "" {
		kind = "refused"
	}
	q.crumbs, q.refusal, q.personal = nil, nil, true
	f := fault{Status: status, Heading: q.T("page.fault." + kind), Hint: q.T("page.fault." + kind + "_hint")}
	if kind == "refused" || kind == "later" || kind == "often" {
		if f.Said = said; f.Said == "" {
			f.Said = q.site.o.Speaker.Sentence(q.Lang, e)
		}
	}
	if kind == "ended" && httpx.IsAPI(q.r) {
		f.SignIn = "/console/sign-in?" + url.Values{"next": {q.r.URL.RequestURI()}}.Encode()
	}
	if status >= http.StatusInternalServerError {
		f.Request = httpx.RequestIDOf(q.ctx)
	}
	q.retryAfter(e)
	for _, h := range []string{"Content-Encoding", "ETag"} {
		q.w.Header().Del(h)
	}
	if err := q.Render(status, "page/fault", f); err != nil {
		slog.ErrorContext(q.ctx, "error page failed", "error", err)
		http.Error(q.w, http.StatusText(status), status)
	}
}
