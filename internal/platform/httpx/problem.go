package httpx

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
)

// Problem is a refusal as RFC 9457 shapes it, with the stable key and the rule behind it.
type Problem struct {
	Type     string         `json:"type" doc:"urn:linli:error:<key>"`
	Title    string         `json:"title" doc:"What to tell the user, in the caller's language"`
	Status   int            `json:"status"`
	Key      string         `json:"key" doc:"Stable key of the refusal"`
	Errors   []ProblemField `json:"errors,omitempty" doc:"Wrong inputs"`
	Instance string         `json:"instance,omitempty" doc:"urn:linli:request:<id> of a fault, by which the log is searched"`
	Rule     *ProblemRule   `json:"rule,omitempty" doc:"The rule that demands the refusal"`
	Changed  *LastChange    `json:"changed,omitempty" doc:"Of stale, to staff: the latest recorded change of what was to be changed"`

	after time.Duration // after which it may be tried again, or 0
}

// ProblemField is one wrong input.
type ProblemField struct {
	Location string `json:"location" doc:"Path of the input in the request: place.text, items[2].name, query.limit"`
	Label    string `json:"label,omitempty" doc:"What the input is called, in the caller's language"`
	Message  string `json:"message"`
}

// LastChange is who changed a record last, and when.
type LastChange struct {
	By string `json:"by" doc:"Name of the account; the reporter or the platform in words"`
	At int64  `json:"at" doc:"Instant, UTC milliseconds"`
}

// ProblemRule is the citation of a rule.
type ProblemRule struct {
	Key     string `json:"key"`
	Basis   string `json:"basis"`
	Article string `json:"article"`
}

func (p *Problem) Error() string { return p.Key }

// GetStatus tells huma the status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType tells huma the media type.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders says by Retry-After when to try again.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.after > 0 {
		h.Set("Retry-After", RetryAfter(p.after))
	}
	return h
}

// RetryAfter is the value of the header of that name: whole seconds, rounded up, so that whoever comes
// then is not refused again for coming too early.
func RetryAfter(d time.Duration) string { return strconv.FormatInt(seconds(d), 10) }

func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

// Negotiator puts refusals into words.
type Negotiator struct {
	Catalogue *text.Catalogue
	Rules     *rule.Cache
	Trouble   func(error) *errs.Error // what kept the database from its work, or nil

	// Changed finds the latest recorded change of a record; nil when there is none. By is empty for the platform itself.
	Changed func(context.Context, errs.Record) (*LastChange, error)

	// Page answers a person's browser with the page of a refusal; nil before there are any pages.
	Page func(http.ResponseWriter, *http.Request, error)
}

// Of finds the refusal in an error. A fault is one of ours, of which nothing is shown, unless the
// user may wait for it to pass.
func (s *Negotiator) Of(err error) *errs.Error {
	e := errs.Of(err)
	if e.Kind == errs.Internal && s.Trouble != nil {
		if known := s.Trouble(err); known != nil {
			return known
		}
	}
	if e.Kind == errs.TooMany && e.After <= 0 {
		return e.Later(unknownWait)
	}
	return e
}

// unknownWait is when to try again where whoever refused does not know.
const unknownWait = time.Minute

// Sentence words a refusal. Its {when} is how long to wait.
func (s *Negotiator) Sentence(lang text.Lang, e *errs.Error) string {
	args := e.Args
	if e.After > 0 {
		args = maps.Clone(e.Args)
		if args == nil {
			args = errs.Args{}
		}
		args["when"] = s.wait(lang, seconds(e.After))
	}
	return s.Catalogue.Sentence(lang, "error."+e.Key, args)
}

// wait words a time to wait in whole seconds, minutes or hours, rounded up.
func (s *Negotiator) wait(lang text.Lang, n int64) string {
	unit := "second"
	switch {
	case n > 2*3600:
		n, unit = (n+3599)/3600, "hour"
	case n > 90:
		n, unit = (n+59)/60, "minute"
	}
	key := "wait." + unit
	if n == 1 {
		key += ".one"
	}
	return s.Catalogue.T(lang, key, "n", n)
}

// Problem words an error for the context's reader; internal faults are logged and not shown.
func (s *Negotiator) Problem(ctx context.Context, err error) *Problem {
	var done *Problem
	if errors.As(err, &done) {
		return done
	}
	e := s.Of(err)
	if e.Kind == errs.Internal || e.Kind == errs.Unavailable {
		slog.ErrorContext(ctx, "request failed", "error", err)
	}
	return s.word(ctx, e)
}

func (s *Negotiator) word(ctx context.Context, e *errs.Error) *Problem {
	lang := text.From(ctx)
	p := &Problem{
		Type: "urn:linli:error:" + e.Key, Status: e.Kind.Status(), Key: e.Key,
		Title: s.Sentence(lang, e), after: e.RetryAfter(),
	}
	for _, f := range e.Fields {
		p.Errors = append(p.Errors, ProblemField{
			Location: f.Location, Label: labelOf(s.Catalogue, lang, &f),
			Message: s.Catalogue.Sentence(lang, "error."+f.Key, f.Args),
		})
	}
	p.Changed = s.changed(ctx, e.Record)
	if r, ok := s.Rules.On(e.Rule, clock.Day(clock.Now(ctx))); ok {
		p.Rule = &ProblemRule{Key: e.Rule, Basis: r.Basis, Article: r.Article}
	}
	if id := RequestIDOf(ctx); id != "" && (e.Kind == errs.Internal || e.Kind == errs.Unavailable) {
		p.Instance = "urn:linli:request:" + id
	}
	return p
}

var indices = regexp.MustCompile(`\[\d+\]`)

// labelOf is what an input is called: by the city, or by the catalogue (input.label.<path>), by the longest end of its
// path that it words; "" where it words none, and for the body as a whole.
func labelOf(c *text.Catalogue, lang text.Lang, f *errs.Field) string {
	if own, ok := f.Args[errs.Label].(text.Pair); ok {
		return own.In(lang)
	}
	if f.Location == "body" {
		return ""
	}
	for path := indices.ReplaceAllString(f.Location, ""); path != ""; {
		if key := "input.label." + path; c.Has(key) {
			return c.T(lang, key)
		}
		_, path, _ = strings.Cut(path, ".")
	}
	return ""
}

// changed is the latest change of a record, told to those who work here alone; nil when it is not known.
func (s *Negotiator) changed(ctx context.Context, r *errs.Record) *LastChange {
	if r == nil || s.Changed == nil || !authority.From(ctx).SignedIn() {
		return nil
	}
	last, err := s.Changed(ctx, *r)
	if err != nil {
		slog.WarnContext(ctx, "who changed a record is not known", "subject", r.Subject, "error", err)
		return nil
	}
	return last
}

// Cite is the citation of a refusal in words, e.g. "（《…》第三十二条）", or "".
func (s *Negotiator) Cite(ctx context.Context, ruleKey string) string {
	r, ok := s.Rules.On(ruleKey, clock.Day(clock.Now(ctx)))
	if !ok {
		return ""
	}
	return strings.TrimSpace(r.Basis + " " + r.Article)
}

type speakerKey struct{}

// bringSpeaker gives a request the Speaker that words huma's own refusals of it (unreadable JSON, broken bounds).
func (a *API) bringSpeaker(c huma.Context, next func(huma.Context)) {
	next(huma.WithValue(c, speakerKey{}, a.speak))
}

// adoptErrors makes huma's own refusals problems of ours. Huma keeps its constructors of errors in variables of the
// whole process, which several APIs share and read while routes are added: they are set once, and each request
// brings the Speaker that words its refusal. Without a request huma only asks for the type.
var adoptErrors = sync.OnceFunc(func() {
	huma.NewError = func(status int, _ string, _ ...error) huma.StatusError { return &Problem{Status: status} }
	huma.NewErrorWithContext = func(c huma.Context, status int, msg string, found ...error) huma.StatusError {
		if c != nil {
			if s, ok := c.Context().Value(speakerKey{}).(*Negotiator); ok {
				return s.foreign(c.Context(), status, msg, found)
			}
		}
		return &Problem{Status: status}
	}
})

var foreignKinds = map[int]*errs.Error{
	http.StatusBadRequest:            errs.New(errs.Malformed, "malformed"),
	http.StatusUnprocessableEntity:   errs.ErrInvalid,
	http.StatusRequestEntityTooLarge: errs.New(errs.TooLarge, "body_too_large"),
	http.StatusUnsupportedMediaType:  errs.New(errs.Malformed, "media_type"),
	http.StatusNotFound:              errs.ErrNotFound,
	http.StatusNotAcceptable:         errs.New(errs.Malformed, "not_acceptable"),
	http.StatusRequestTimeout:        ErrSlow,
}

// foreign words a refusal of huma's by its status and the wrong inputs that it found. Nothing of huma's own wording is shown.
func (s *Negotiator) foreign(ctx context.Context, status int, msg string, found []error) *Problem {
	e, ok := foreignKinds[status]
	if slices.ContainsFunc(found, func(err error) bool { return errors.Is(err, ErrSlow) }) {
		e, ok, status = ErrSlow, true, http.StatusRequestTimeout
	}
	if !ok {
		e = errs.New(errs.Internal, "internal")
		if status != 0 && len(found) > 0 {
			slog.ErrorContext(ctx, "request failed", "error", errors.Join(found...), "message", msg)
		}
	}
	worded := *e
	worded.Fields = fieldsOf(found)
	p := s.word(ctx, &worded)
	if status != 0 {
		p.Status = status
	}
	return p
}

// Unrouted answers a call below /api/ that no route takes: 405 with Allow when the path has another method, else 404.
func (s *Negotiator) Unrouted(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Refuse(w, r, NoRoute(mux, w, r))
	})
}

// NoRoute is the refusal of a request that only the catch-all pattern of a mux takes: MethodNotAllowed,
// with the header Allow, when the path has another method, else NotFound.
func NoRoute(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) error {
	_, here := mux.Handler(r)
	var allow []string
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := mux.Handler(other); pattern != here {
			allow = append(allow, method)
		}
	}
	if len(allow) == 0 {
		return errs.ErrNotFound
	}
	w.Header().Set("Allow", strings.Join(allow, ", "))
	return errs.New(errs.MethodNotAllowed, "method").With("method", r.Method, "allow", strings.Join(allow, ", "))
}
