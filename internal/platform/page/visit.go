package page

import (
	"encoding/json"
	"net/http"
	"time"

	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/visit"
)

// What a visitor gave and has not finished is kept on the server, sealed and bound to their visit
// (package visit). The browser holds the visit's secret in one small cookie, so that headers stay
// small behind any proxy and nothing of it is left once the visit has ended.

const (
	// LeavePath is the page that ends a visit.
	LeavePath = "/leave"

	// VisitCookie is the name of the cookie that holds the secret of a visit, over plain HTTP.
	VisitCookie = "linli_visit"

	// SecureVisitCookie is its name over HTTPS: no sibling of the host's name and no plain connection can set it.
	SecureVisitCookie = "__Host-" + VisitCookie

	// openParam marks the action of a form that was shown with the cookie of a visit: when the
	// form comes back without that cookie, the browser does not keep cookies.
	openParam = "visit"
)

// errCookies refuses a form of a browser that keeps no cookies.
var errCookies = errs.New(errs.Conflict, "page.cookies_off")

// visitCookie is the name of the visit's cookie on this connection.
func (q *Request) visitCookie() string {
	if httpx.PeerOf(q.ctx).HTTPS {
		return SecureVisitCookie
	}
	return VisitCookie
}

// secret is the secret of the visit, or "" without one.
func (q *Request) secret() string {
	if q.visit == "" {
		if c, err := q.r.Cookie(q.visitCookie()); err == nil && visit.IsSecret(c.Value) {
			q.visit = c.Value
		}
	}
	return q.visit
}

// Open makes sure that the visitor has a visit: called by pages that show a form whose answers are
// kept. Nothing is written until something is kept.
func (q *Request) Open() {
	if q.secret() == "" {
		q.visit = visit.NewSecret()
		http.SetCookie(q.w, q.cookie(q.visitCookie(), "/", q.visit, 0))
	}
}

// Visitor names the visitor's browser, so that it can be bounded by itself; "" at its first visit, which
// leaves the name with it. Whoever drops it is bounded by the network address alone.
func (q *Request) Visitor() string {
	if q.secret() == "" {
		q.Open()
		return ""
	}
	return visit.ID(q.visit)
}

// CheckCookies refuses a form that was shown with the cookie of a visit and comes back without.
func (q *Request) CheckCookies() error {
	if q.secret() == "" && (q.r.URL.Query().Has(openParam) || q.r.URL.Query().Has(draftParam)) {
		return errCookies
	}
	return nil
}

// Keep keeps a value for the visit until the time is over or the visit ends. Error:
// visit.ErrTooLarge.
func (q *Request) Keep(name string, lasts time.Duration, value any) error {
	raw, err := json.Marshal(value)
	if err != nil {
		return err
	}
	if q.secret() == "" {
		if err := q.site.o.Admit(q.ctx); err != nil {
			return err
		}
		q.Open()
	}
	return q.site.o.Visits.Put(q.ctx, q.visit, name, raw, q.Now.Add(lasts))
}

// Recall reads what Keep kept; false when there is nothing, or it has ended.
func (q *Request) Recall(name string, value any) (bool, error) {
	if q.secret() == "" {
		return false, nil
	}
	raw, ok, err := q.site.o.Visits.Get(q.ctx, q.visit, name)
	if !ok || err != nil {
		return false, err
	}
	return json.Unmarshal(raw, value) == nil, nil
}

// Forget ends values that Keep kept.
func (q *Request) Forget(names ...string) error {
	if q.secret() == "" {
		return nil
	}
	return q.site.o.Visits.Delete(q.ctx, q.visit, names...)
}

// Holds tells whether anything is kept for the visit that the next visitor must not find.
func (q *Request) Holds() (bool, error) {
	h, err := q.held()
	return h.Forms > 0 || h.Open, err
}

// Leave ends the visit: what was kept is gone, and the next visitor of the browser has another.
func (q *Request) Leave() error {
	if q.secret() == "" {
		return nil
	}
	if err := q.site.o.Visits.End(q.ctx, q.visit); err != nil {
		return err
	}
	c := q.cookie(q.visitCookie(), "/", "", 0)
	c.MaxAge = -1
	http.SetCookie(q.w, c)
	q.visit = ""
	return nil
}

// pageLeave asks before the visit ends, and says what ends with it.
func pageLeave(q *Request) error {
	q.Personal()
	q.Crumb(q.T("page.leave.heading"), "")
	held, err := q.held()
	if err != nil {
		return err
	}
	return q.Render(http.StatusOK, "page/leave", held)
}

func takeLeave(q *Request) error {
	if err := q.Leave(); err != nil {
		return err
	}
	q.Notice("page.leave.done")
	return q.Redirect("/")
}
