package hall

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"linli/internal/casework"
	"linli/internal/casework/file"
	"linli/internal/casework/follow"
	"linli/internal/people"
	"linli/internal/platform/errs"
	"linli/internal/platform/form"
	"linli/internal/platform/page"
	"linli/internal/registry/community"
)

// The application form: one group of questions a page. What was answered is kept sealed for the
// visit until it is submitted; nothing of it stands in an address.

// draft is an application being filled in.
type draft struct {
	Person  people.Person  `json:"p"`
	Place   community.Pick `json:"r"`
	Answers form.Answers   `json:"a"`
	Files   []file.Staged  `json:"f"`
	Tell    []string       `json:"n"`

	page.Filling
}

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
func (d *draft) kept(item *Item) form.Answers {
	out := form.Answers{}
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

// applying is the form of the item that the address names. Errors: those of offered.
func (s *Service) applying(q *page.Request) (*page.Wizard[draft, *draft], error) {
	item, err := s.offered(q)
	if err != nil {
		return nil, err
	}
	return &page.Wizard[draft, *draft]{Form: "apply." + item.Code, Path: "/hall/" + item.Code + "/apply", Name: item.Name.In(q.Lang),
		Done: follow.DonePath, Strip: []string{"applicant.", "reporter.", "answers."}, Files: stepFiles,
		Crumbs: func() {
			q.Crumb(q.T("hall.page.door"), "/hall")
			q.Crumb(item.Name.In(q.Lang), "/hall/"+item.Code)
		},
		Begin: func(d *draft) { d.Answers = form.Answers{} },
		Steps: func(d *draft) []string { return d.steps(&item) },
		Stage: func(d *draft) page.Uploads { return s.Files.Stage(q, &d.Files) },
		Show:  func(status int, step string, d *draft) error { return s.renderStep(q, status, &item, d, step) },
		Take:  func(step string, f *page.Form, d *draft) bool { return d.take(s, &item, step, f) },
		Check: func(step string, d *draft) error { return s.checkStep(q.Context(), &item, d, step) },
		Send:  func(d *draft) (func() error, error) { return s.submit(q, &item, d) },
	}, nil
}

// take keeps what was typed, right or wrong. It tells whether the same step is shown again.
func (d *draft) take(s *Service, item *Item, step string, f *page.Form) (again bool) {
	switch step {
	case stepPerson:
		d.Person = people.Person{Name: f.Get("name"), Phone: f.Code("phone"), Number: f.Code("idNumber"),
			Address: f.Get("address"), Email: f.Code("email")}
		d.Tell = f.Codes("tell")
	case stepPlace:
		return d.Place.Take(s.Communities, f)
	case stepFiles:
		return file.Unstage(f, &d.Files) || f.Has("upload")
	case stepCheck: // asks nothing
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
	err := s.Check(ctx, item, &Application{Applicant: d.Person, Answers: d.kept(item)})
	if err == nil && step == stepPerson {
		err = s.Follow.CheckTell(d.Tell, &d.Person, "applicant.")
	}
	return errs.Only(err, wanted)
}

// submit opens the application; its receipt is shown once the draft is put away.
func (s *Service) submit(q *page.Request, item *Item, d *draft) (func() error, error) {
	if err := s.Casework.MayOpen(q.Context(), q.Visitor()); err != nil {
		return nil, err
	}
	opened, err := s.Submit(q.Context(), Application{Item: item.Code, Area: d.Place.Area, Applicant: d.Person, Answers: d.kept(item),
		Papers: d.papers(), Intake: casework.FromDraft(d.Key, file.IDs(d.Files), d.Tell)})
	return func() error { return s.Follow.Done(q, opened) }, err
}
