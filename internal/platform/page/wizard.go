package page

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"linli/internal/platform/errs"
)

// Filling is how far a visitor has come with a form of several pages; the value that is kept of the form embeds it.
type Filling struct {
	Key   string `json:"k"` // made with the draft: a form that is sent twice is taken once
	Draft `json:"-"`

	base  string // address of the form
	extra string // of the address of a draft of which nothing is kept yet
}

func (f *Filling) filling() *Filling { return f }

// Step is the address of a step with the draft in it.
func (f *Filling) Step(step string) string {
	if f.extra != "" {
		return f.At(f.base+"/"+step) + "&" + f.extra
	}
	return f.At(f.base + "/" + step)
}

// Restart is the address at which the draft is given up and the form begun anew.
func (f *Filling) Restart() string { return f.At(f.base) + "&new=1" }

type filled[D any] interface {
	*D
	filling() *Filling
}

// Wizard is a form of several pages for one request: what was entered is kept sealed for the visit after each step, right or wrong;
// the last step sends the form. F is a pointer to what is kept of it.
type Wizard[D any, F filled[D]] struct {
	Form  string   // under which drafts are kept
	Path  string   // address of the form; its steps stand below it
	Extra string   // query that a fresh draft begins with, encoded; or ""
	Name  string   // of the form, where begun ones are offered
	Done  string   // page of the receipt, to which a form leads that was sent
	Strip []string // prefixes of locations in refusals that inputs do not bear

	Crumbs func()                                   // of every page
	Begin  func(F)                                  // fills a fresh draft; nil for nothing
	Steps  func(F) []string                         // in order, as the answers leave them; the last sends the form
	Stage  func(F) Uploads                          // takes the files of a step that Files names
	Files  string                                   // step with files, or ""
	Show   func(status int, step string, f F) error // renders a step
	Take   func(step string, sent *Form, f F) bool  // keeps what was entered; true shows the same step again
	Check  func(step string, f F) error             // what is wrong with one step alone
	StepOf func(location string) string             // the step on which a refusal is mended, or ""; nil for that which was sent

	// Send takes the whole form. What it returns shows the receipt, once the draft is put away.
	Send func(F) (func() error, error)
}

// Fill serves a form of several pages below a path, as make makes it for each request.
func Fill[D any, F filled[D]](site *Site, path string, make func(*Request) (*Wizard[D, F], error)) {
	with := func(do func(*Wizard[D, F], *Request) error) Handler {
		return func(q *Request) error {
			w, err := make(q)
			if err != nil {
				return err
			}
			return do(w, q)
		}
	}
	site.Get(path, with((*Wizard[D, F]).start))
	site.Get(path+"/{step}", with((*Wizard[D, F]).show))
	site.Post(path+"/{step}", with((*Wizard[D, F]).take))
}

// recall reads the draft that the address names, or begins one. Error: ErrSent.
func (w *Wizard[D, F]) recall(q *Request) (F, error) {
	f := F(new(D))
	kept, err := q.Draft(w.Form, f)
	own := f.filling()
	own.Draft, own.base = kept, w.Path
	if own.Key == "" {
		own.Key, own.extra = uuid.NewString(), w.Extra
		if w.Begin != nil {
			w.Begin(f)
		}
	}
	return f, err
}

// start begins, or offers to go on with what was begun; with ?new=1 a draft that the address names is given up.
func (w *Wizard[D, F]) start(q *Request) error {
	f, err := w.recall(q)
	if err != nil && !errors.Is(err, ErrSent) {
		return err
	}
	first := w.Path + "/" + w.Steps(f)[0]
	anew := first
	if w.Extra != "" {
		anew += "?" + w.Extra
	}
	if q.Query("new") == "1" {
		if err := q.DropDraft(f.filling().Draft); err != nil {
			return err
		}
		return q.Redirect(anew)
	}
	w.Crumbs()
	if shown, err := q.OfferDrafts(w.Form, w.Name, first, anew); shown || err != nil {
		return err
	}
	return q.Redirect(anew)
}

func (w *Wizard[D, F]) show(q *Request) error {
	f, err := w.recall(q)
	if errors.Is(err, ErrSent) {
		return q.Redirect(w.Done)
	}
	if err != nil {
		return err
	}
	return w.render(q, http.StatusOK, q.Path("step"), f)
}

func (w *Wizard[D, F]) render(q *Request, status int, step string, f F) error {
	if !slices.Contains(w.Steps(f), step) {
		return errs.ErrNotFound
	}
	q.Personal()
	q.Open()
	w.Crumbs()
	return w.Show(status, step, f)
}

// take keeps one step and goes on to the next; the last sends the form.
func (w *Wizard[D, F]) take(q *Request) error {
	f, err := w.recall(q)
	if errors.Is(err, ErrSent) {
		return q.Redirect(w.Done)
	}
	if err != nil {
		return err
	}
	step, steps := q.Path("step"), w.Steps(f)
	if !slices.Contains(steps, step) {
		return errs.ErrNotFound
	}
	again, err := w.keep(q, step, f)
	if err == nil && again {
		return q.Redirect(f.filling().Step(step))
	}
	if err == nil && step == steps[len(steps)-1] {
		return w.send(q, step, f)
	}
	if err == nil {
		err = w.Check(step, f)
	}
	if err != nil {
		return w.refuse(q, step, f, err)
	}
	steps = w.Steps(f) // as the answers now leave them
	return q.Redirect(f.filling().Step(steps[slices.Index(steps, step)+1]))
}

// keep reads what was sent of a step and keeps it, right or wrong.
func (w *Wizard[D, F]) keep(q *Request, step string, f F) (again bool, err error) {
	var uploads Uploads
	if w.Files != "" && step == w.Files {
		uploads = w.Stage(f)
	}
	sent, err := q.Form(uploads)
	if err == nil || errs.Of(err).Kind != errs.Malformed {
		again = w.Take(step, sent, f)
	}
	if cookies := q.CheckCookies(); cookies != nil {
		return again, cmp.Or(err, cookies)
	}
	if kept := q.KeepDraft(f.filling().Draft, f); err == nil {
		err = kept
	}
	return again, err
}

// send has the form taken and shows its receipt. Pressed twice, it is taken once.
func (w *Wizard[D, F]) send(q *Request, step string, f F) error {
	receipt, err := w.Send(f)
	if err != nil {
		return w.refuse(q, step, f, err)
	}
	if err := q.SentDraft(f.filling().Draft); err != nil {
		return err
	}
	return receipt()
}

// refuse shows the step on which what is wrong can be mended.
func (w *Wizard[D, F]) refuse(q *Request, step string, f F, err error) error {
	if e := errs.Of(err); len(e.Fields) > 0 && w.StepOf != nil {
		step = cmp.Or(w.StepOf(e.Fields[0].Location), step)
	}
	status, err := q.Refuse(err, w.Strip...)
	if err != nil {
		return err
	}
	return w.render(q, status, step, f)
}
