package hall

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/casework/file"
	"linli/internal/casework/follow"
	"linli/internal/people"
	"linli/internal/platform/errs"
	"linli/internal/platform/form"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

// The application form: one group of questions a page. What was answered is kept sealed for the
// visit until it is submitted; nothing of it stands in an address.

// draft is an application being filled in.
type draft struct {
	Key     string            `json:"k"` // makes submitting twice open one case
	Person  people.Person     `json:"p"`
	Place   registry.Pick     `json:"r"`
	Answers map[string]string `json:"a"`
	Files   []file.Staged     `json:"f"`
	Tell    []string          `json:"n"`

	page.Draft `json:"-"`
	base       string // address of the form
}

func (d *draft) at(step string) string { return d.At(d.base + "/" + step) }

// Steps of the form before, between and after the item's own groups, which are numbered from 1.
const (
	stepPerson = "applicant"
	stepPlace  = "community"
	stepFiles  = "files"
	stepCheck  = "check"
)

// steps are those that the answers leave to take.
func (d *draft) steps(item *Item) []string {
	out := []string{stepPerson, stepPlace}
	for _, g := range form.Pages(item.Form, d.Answers) {
		out = append(out, strconv.Itoa(g.Number))
	}
	return append(out, stepFiles, stepCheck)
}

// page is the group of questions of a step; none on another step.
func (d *draft) page(item *Item, step string) []form.Field {
	for _, g := range form.Pages(item.Form, d.Answers) {
		if strconv.Itoa(g.Number) == step {
			return g.Fields
		}
	}
	return nil
}

// kept are the answers to questions that the form has, which it may have lost since the draft began.
func (d *draft) kept(item *Item) map[string]string {
	out := map[string]string{}
	for _, f := range item.Form {
		if v, ok := d.Answers[f.Key]; ok {
			out[f.Key] = v
		}
	}
	return out
}

// papers are the materials that the files were chosen for.
func (d *draft) papers() map[string]int {
	out := map[string]int{}
	for _, f := range d.Files {
		if n, err := strconv.Atoi(strings.TrimPrefix(f.Input, slotPrefix)); err == nil {
			out[f.ID] = n
		}
	}
	return out
}

func draftPath(item *Item) string { return "/hall/" + item.Code + "/apply" }

func draftForm(item *Item) string { return "apply." + item.Code }

// recall reads the draft that the address names, or begins one.
func recall(q *page.Request, item *Item) (draft, error) {
	d := draft{}
	kept, err := q.Draft(draftForm(item), &d)
	d.Draft, d.base = kept, draftPath(item)
	if d.Key == "" {
		d.Key = uuid.NewString()
	}
	if d.Answers == nil {
		d.Answers = map[string]string{}
	}
	return d, err
}

// pageStart begins, or offers to go on with what was begun; with ?new=1 a draft that the address
// names is given up.
func (s *Service) pageStart(q *page.Request) error {
	item, err := s.offered(q)
	if err != nil {
		return err
	}
	d, err := recall(q, &item)
	if err != nil && !errors.Is(err, page.ErrSent) {
		return err
	}
	first := draftPath(&item) + "/" + stepPerson
	if q.Query("new") == "1" {
		if err := q.DropDraft(d.Draft); err != nil {
			return err
		}
		return q.Redirect(first)
	}
	q.Crumb(q.T("page.door.hall"), "/hall")
	q.Crumb(item.Name.In(q.Lang), "/hall/"+item.Code)
	if shown, err := q.OfferDrafts(draftForm(&item), item.Name.In(q.Lang), first, first); shown || err != nil {
		return err
	}
	return q.Redirect(first)
}

func (s *Service) pageStep(q *page.Request) error {
	item, err := s.offered(q)
	if err != nil {
		return err
	}
	d, err := recall(q, &item)
	if errors.Is(err, page.ErrSent) {
		return q.Redirect(follow.DonePath)
	}
	if err != nil {
		return err
	}
	d.Place.Preset(s.Registry, q.Community())
	return s.renderStep(q, http.StatusOK, &item, &d, q.Path("step"))
}

// pageTake takes the answers of one step and goes on to the next.
func (s *Service) pageTake(q *page.Request) error {
	item, err := s.offered(q)
	if err != nil {
		return err
	}
	d, err := recall(q, &item)
	if errors.Is(err, page.ErrSent) {
		return q.Redirect(follow.DonePath)
	}
	if err != nil {
		return err
	}
	step := q.Path("step")
	if !slices.Contains(d.steps(&item), step) {
		return errs.ErrNotFound
	}
	var uploads page.Uploads
	if step == stepFiles {
		uploads = s.Files.Stage(q, &d.Files)
	}
	f, err := q.Form(uploads)
	if cookies := q.CheckCookies(); err == nil {
		err = cookies
	}
	if step == stepCheck && err == nil {
		return s.submit(q, &item, &d)
	}
	again := false
	if errs.Of(err).Kind != errs.Malformed || err == nil {
		again = d.take(s, &item, step, f)
	}
	if q.CheckCookies() == nil {
		if kept := q.KeepDraft(d.Draft, d); err == nil {
			err = kept
		}
	}
	if err == nil && !again {
		err = s.checkStep(q.Context(), &item, &d, step)
	}
	if err != nil {
		status, err := q.Refuse(err, "applicant.", "answers.")
		if err != nil {
			return err
		}
		return s.renderStep(q, status, &item, &d, step)
	}
	if again {
		return q.Redirect(d.at(step))
	}
	all := d.steps(&item) // as the answers now leave them
	return q.Redirect(d.at(all[slices.Index(all, step)+1]))
}

// take keeps what was typed, right or wrong. It tells whether the same step is shown again.
func (d *draft) take(s *Service, item *Item, step string, f *page.Form) (again bool) {
	switch step {
	case stepPerson:
		d.Person = people.Person{Name: f.Get("name"), Phone: f.Code("phone"), Number: f.Code("idNumber"),
			Address: f.Get("address"), Email: f.Code("email")}
		d.Tell = f.Codes("tell")
	case stepPlace:
		return d.Place.Take(s.Registry, f)
	case stepFiles:
		return file.Unstage(f, &d.Files) || f.Has("upload")
	default:
		form.Take(f, d.page(item, step), d.Answers)
	}
	return false
}

// checkStep refuses what is wrong with one step alone.
func (s *Service) checkStep(ctx context.Context, item *Item, d *draft, step string) error {
	var wanted func(location string) bool
	switch step {
	case stepPerson:
		wanted = func(l string) bool { return strings.HasPrefix(l, "applicant.") }
	case stepPlace:
		if d.Place.Area == "" {
			return errs.ErrInvalid.At("area", "field.community")
		}
		return nil
	case stepFiles:
		return nil
	default:
		wanted = func(l string) bool {
			return slices.ContainsFunc(d.page(item, step), func(f form.Field) bool { return l == "answers."+f.Key })
		}
	}
	err := s.check(ctx, item, &Application{Applicant: d.Person, Answers: d.kept(item)})
	if err == nil && step == stepPerson {
		err = s.Follow.CheckTell(d.Tell, &d.Person, "applicant.")
	}
	if err == nil {
		return nil
	}
	refused := *errs.Of(err)
	refused.Fields = slices.DeleteFunc(slices.Clone(refused.Fields), func(f errs.Field) bool { return !wanted(f.Location) })
	if len(refused.Fields) == 0 {
		return nil
	}
	return &refused
}

// submit opens the application and shows its receipt. Pressed twice, it opens one.
func (s *Service) submit(q *page.Request, item *Item, d *draft) error {
	err := s.Casework.MayOpen(q.Context(), q.Visitor())
	var opened casework.Opened
	if err == nil {
		opened, err = s.Submit(q.Context(), Application{Item: item.Code, Area: d.Place.Area, Applicant: d.Person, Answers: d.kept(item),
			Papers: d.papers(), Files: file.IDs(d.Files), ClientKey: d.Key, Drafted: true, Channel: casework.ChannelPortal, Tell: d.Tell})
	}
	if err != nil {
		status, err := q.Refuse(err, "applicant.", "reporter.", "answers.")
		if err != nil {
			return err
		}
		return s.renderStep(q, status, item, d, stepCheck)
	}
	if err := q.SentDraft(d.Draft); err != nil {
		return err
	}
	return s.Follow.Done(q, opened)
}
