package page

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

const (
	draftParam = "draft"
	draftLasts = 2 * time.Hour

	sentPrefix = "sent:"
)

// ErrSent says that a draft was submitted: what it made stands on its receipt.
var ErrSent = errors.New("the draft was submitted")

// Draft is one form of several pages being filled in. Its id stands in the address of each page, so
// that two tabs of one visitor fill in two forms; it opens nothing without the visit's cookie.
type Draft struct {
	ID   string // a UUID
	form string
}

// Draft reads the draft that the address names into value, and leaves value alone when it names
// none or none is kept. Error: ErrSent.
func (q *Request) Draft(form string, value any) (Draft, error) {
	d := Draft{form: form}
	named, err := q.namedDraft(form)
	if err != nil {
		return d, err
	}
	id, err := uuid.Parse(named)
	if err != nil {
		d.ID = uuid.NewString()
		return d, nil
	}
	d.ID = id.String()
	found, err := q.Recall(d.name(), value)
	if found || err != nil {
		return d, err
	}
	var sent bool
	if _, err := q.Recall(sentPrefix+d.ID, &sent); err != nil || sent {
		return d, cmp.Or(err, ErrSent)
	}
	return d, nil
}

// namedDraft is the id that the address names; of a form that is sent to an address without one, by a
// client that is no browser, that of the draft that was changed last.
func (q *Request) namedDraft(form string) (string, error) {
	id := q.Query(draftParam)
	if id != "" || q.r.Method != http.MethodPost || q.secret() == "" {
		return id, nil
	}
	kept, err := q.site.o.Visits.List(q.ctx, q.visit, form+":")
	if err != nil || len(kept) == 0 {
		return "", err
	}
	return strings.TrimPrefix(kept[0].Name, form+":"), nil
}

func (d Draft) name() string { return d.form + ":" + d.ID }

// At is the address of a page of the form with this draft in it.
func (d Draft) At(path string) string { return path + "?" + draftParam + "=" + d.ID }

// KeepDraft keeps a draft for two hours after its last change. Error: visit.ErrTooLarge.
func (q *Request) KeepDraft(d Draft, value any) error { return q.Keep(d.name(), draftLasts, value) }

// DropDraft forgets a draft.
func (q *Request) DropDraft(d Draft) error { return q.Forget(d.name()) }

// SentDraft forgets a draft that was submitted and remembers that it was: the form sent once more,
// by a second press or the way back, leads to the receipt.
func (q *Request) SentDraft(d Draft) error {
	if err := q.Keep(sentPrefix+d.ID, draftLasts, true); err != nil {
		return err
	}
	return q.DropDraft(d)
}

// Kept is a draft that can be gone on with.
type Kept struct {
	Href string
	At   int64 // last change
}

// Drafts lists the visit's drafts of a form, newest first, each with the address of its first page.
func (q *Request) Drafts(form, first string) ([]Kept, error) {
	if q.secret() == "" {
		return nil, nil
	}
	all, err := q.site.o.Visits.List(q.ctx, q.visit, form+":")
	out := make([]Kept, len(all))
	for i, e := range all {
		out[i] = Kept{Draft{ID: strings.TrimPrefix(e.Name, form+":")}.At(first), e.At.UnixMilli()}
	}
	return out, err
}

// held is what the page of leaving names: how many forms were begun, and whether a case or a
// person's own page is open.
type held struct {
	Forms int
	Open  bool
}

func (q *Request) held() (held, error) {
	var h held
	if q.secret() == "" || q.site.o.Visits == nil {
		return h, nil
	}
	all, err := q.site.o.Visits.List(q.ctx, q.visit, "")
	for _, e := range all {
		switch {
		case strings.HasPrefix(e.Name, sentPrefix):
		case strings.Contains(e.Name, ":"):
			h.Forms++
		default:
			h.Open = true
		}
	}
	return h, err
}

// resume is the page that offers to go on with a form or to begin anew.
type resume struct {
	Name  string
	Kept  []Kept
	Anew  string
	Clear string
}

// OfferDrafts shows the forms that the visitor has begun, without a word of what is in them: the
// next visitor of the same browser sees it too. False when there are none.
func (q *Request) OfferDrafts(form, name, first, anew string) (shown bool, err error) {
	kept, err := q.Drafts(form, first)
	if err != nil || len(kept) == 0 {
		return false, err
	}
	q.Personal()
	return true, q.Render(http.StatusOK, "page/resume", resume{Name: name, Kept: kept, Anew: anew, Clear: LeavePath})
}
