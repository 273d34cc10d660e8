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
	"linli/internal/casework/follow"
	"linli/internal/people"
	"linli/internal/platform/errs"
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
	Files   []casework.Staged `json:"f"`
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

func steps(groups [][]Question) []string {
	out := []string{stepPerson, stepPlace}
	for i := range groups {
		out = append(out, strconv.Itoa(i+1))
	}
	return append(out, stepFiles, stepCheck)
}

// grouped splits the item's questions by their group, in order.
func grouped(item *Item) [][]Question {
	var out [][]Question
	for _, q := range item.Form {
		i := slices.IndexFunc(out, func(g []Question) bool { return g[0].Group == q.Group })
		if i < 0 {
			out, i = append(out, nil), len(out)
		}
		out[i] = append(out[i], q)
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

type stepPage struct {
	Item     string
	Action   string
	Heading  string
	Position string
	Back     string
	Fields   []page.Field
	Pick     *registry.PickView
	Upload   *page.Field
	Staged   []casework.Staged
	Bring    []MaterialView
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

func (s *Service) renderStep(q *page.Request, status int, item *Item, d *draft, step string) error {
	groups := grouped(item)
	all := steps(groups)
	at := slices.Index(all, step)
	if at < 0 {
		return errs.ErrNotFound
	}
	q.Personal()
	q.Open()
	q.Crumb(q.T("page.door.hall"), "/hall")
	q.Crumb(item.Name.In(q.Lang), "/hall/"+item.Code)
	if step == stepCheck {
		return s.renderCheck(q, status, item, d, groups)
	}
	v := stepPage{Item: item.Name.In(q.Lang), Action: d.at(step), Back: "/hall/" + item.Code,
		Position: q.T("hall.page.step", "at", at+1, "of", len(all))}
	if at > 0 {
		v.Back = d.at(all[at-1])
	}
	switch step {
	case stepPerson:
		v.Heading, v.Fields = q.T("hall.page.applicant"), q.Fill(append(personFields(q), s.Follow.TellFields(q)...), d.personValue)
	case stepPlace:
		pick := d.Place.View(s.Registry, q)
		v.Heading, v.Pick = q.T("hall.page.community"), &pick
	case stepFiles:
		field := casework.FilesField(q)
		v.Heading, v.Upload, v.Staged = q.T("hall.page.files"), &field, d.Files
		for _, m := range s.Guide(q.Context(), item).Materials {
			if !m.Held {
				v.Bring = append(v.Bring, m)
			}
		}
	default:
		group := groups[at-2]
		v.Heading, v.Fields = group[0].Group.In(q.Lang), q.Fill(questionFields(q, group), func(key string) string { return d.Answers[key] })
	}
	return q.Render(status, "hall/step", v)
}

func (d *draft) personValue(name string) string {
	return map[string]string{"name": d.Person.Name, "phone": d.Person.Phone, "idNumber": d.Person.Number, "address": d.Person.Address,
		"email": d.Person.Email, "tell": strings.Join(d.Tell, " ")}[name]
}

func personFields(q *page.Request) []page.Field {
	return []page.Field{
		{Name: "name", Kind: page.Text, Label: q.T("hall.page.name"), Required: true, Max: 50, Autocomplete: "name"},
		{Name: "phone", Kind: page.Phone, Label: q.T("hall.page.phone"), Hint: q.T("hall.page.phone_hint"),
			Required: true, Max: 30, Autocomplete: "tel"},
		{Name: "idNumber", Kind: page.Text, Label: q.T("hall.page.number"), Hint: q.T("hall.page.number_hint"),
			Required: true, Max: 18, Autocomplete: "off"},
		{Name: "address", Kind: page.Text, Label: q.T("hall.page.address"), Max: 200, Autocomplete: "street-address"},
	}
}

var fieldKinds = map[QuestionKind]string{Words: page.Text, IDNumber: page.Text, Phone: page.Phone, Date: page.Date,
	Number: page.Number, Choice: page.Radios, Textarea: page.Textarea}

const mostRadios = 7 // more answers than that are a list to open

func questionFields(q *page.Request, group []Question) []page.Field {
	out := make([]page.Field, len(group))
	for i, a := range group {
		f := page.Field{Name: a.Key, Label: a.Label.In(q.Lang), Kind: fieldKinds[a.Kind], Required: a.Required, Autocomplete: "off"}
		switch a.Kind {
		case Words, Textarea:
			f.Max = a.length()
		case IDNumber:
			f.Max, f.Hint = 18, q.T("hall.page.number_hint")
		case Number:
			f.InputMode, f.Hint = "numeric", q.T("hall.page.range", "min", page.Number3(a.Min), "max", page.Number3(a.Max))
		case Choice:
			for _, o := range a.Options {
				f.Options = append(f.Options, page.Option{Value: o.Value, Label: o.Label.In(q.Lang)})
			}
			if len(f.Options) > mostRadios {
				f.Kind = page.Select
			}
		}
		out[i] = f
	}
	return out
}

// pageTake takes the answers of one step and goes on to the next.
func (s *Service) pageTake(q *page.Request) error {
	item, err := s.offered(q)
	if err != nil {
		return err
	}
	groups := grouped(&item)
	all, step := steps(groups), q.Path("step")
	at := slices.Index(all, step)
	if at < 0 {
		return errs.ErrNotFound
	}
	d, err := recall(q, &item)
	if errors.Is(err, page.ErrSent) {
		return q.Redirect(follow.DonePath)
	}
	if err != nil {
		return err
	}
	var uploads page.Uploads
	if step == stepFiles {
		uploads = s.Casework.Stage(q, &d.Files)
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
		again = d.take(s, step, f, groups, at)
	}
	if q.CheckCookies() == nil {
		if kept := q.KeepDraft(d.Draft, d); err == nil {
			err = kept
		}
	}
	if err == nil && !again {
		err = s.checkStep(q.Context(), &item, &d, step, groups, at)
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
	return q.Redirect(d.at(all[at+1]))
}

// take keeps what was typed, right or wrong. It tells whether the same step is shown again.
func (d *draft) take(s *Service, step string, f *page.Form, groups [][]Question, at int) (again bool) {
	switch step {
	case stepPerson:
		d.Person = people.Person{Name: f.Get("name"), Phone: f.Code("phone"), Number: f.Code("idNumber"),
			Address: f.Get("address"), Email: f.Code("email")}
		d.Tell = f.Codes("tell")
	case stepPlace:
		return d.Place.Take(s.Registry, f)
	case stepFiles:
		return casework.Unstage(f, &d.Files) || f.Has("upload")
	default:
		for _, q := range groups[at-2] {
			if v := f.Get(q.Key); v != "" {
				d.Answers[q.Key] = v
			} else {
				delete(d.Answers, q.Key)
			}
		}
	}
	return false
}

// checkStep refuses what is wrong with one step alone.
func (s *Service) checkStep(ctx context.Context, item *Item, d *draft, step string, groups [][]Question, at int) error {
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
			return slices.ContainsFunc(groups[at-2], func(q Question) bool { return l == "answers."+q.Key })
		}
	}
	err := check(ctx, item, &Application{Applicant: d.Person, Answers: d.Answers})
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

type checkPage struct {
	Item     string
	Action   string
	Restart  string
	Position string
	Back     string
	Groups   []checkGroup
}

type checkGroup struct {
	Heading, Href string
	Rows          []checkRow
}

type checkRow struct{ Key, Label, Value string }

func (s *Service) renderCheck(q *page.Request, status int, item *Item, d *draft, groups [][]Question) error {
	all := steps(groups)
	v := checkPage{Item: item.Name.In(q.Lang), Action: d.at(stepCheck), Restart: d.At(d.base) + "&new=1", Back: d.at(stepFiles),
		Position: q.T("hall.page.step", "at", len(all), "of", len(all))}
	person := checkGroup{Heading: q.T("hall.page.applicant"), Href: d.at(stepPerson)}
	for _, f := range personFields(q) {
		q.Name(f.Name, f.Label)
		person.Rows = append(person.Rows, checkRow{f.Name, f.Label, d.personValue(f.Name)})
	}
	if len(d.Tell) > 0 {
		q.Name("tell", q.T("casework.page.tell"))
		person.Rows = append(person.Rows, checkRow{"tell", q.T("casework.page.tell"), follow.TellWords(q, d.Tell)})
	}
	if d.Person.Email != "" {
		person.Rows = append(person.Rows, checkRow{"email", q.T("casework.page.email"), d.Person.Email})
	}
	place := checkGroup{Heading: q.T("hall.page.community"), Href: d.at(stepPlace),
		Rows: []checkRow{{"area", q.T("registry.page.pick"), d.Place.Told(s.Registry, q.Lang)}}}
	v.Groups = append(v.Groups, person, place)
	for i, group := range groups {
		g := checkGroup{Heading: group[0].Group.In(q.Lang), Href: d.at(strconv.Itoa(i + 1))}
		for _, a := range group {
			q.Name(a.Key, a.Label.In(q.Lang))
			g.Rows = append(g.Rows, checkRow{a.Key, a.Label.In(q.Lang), a.told(d.Answers[a.Key], q)})
		}
		v.Groups = append(v.Groups, g)
	}
	names := make([]string, len(d.Files))
	for i, f := range d.Files {
		names[i] = f.Name
	}
	v.Groups = append(v.Groups, checkGroup{Heading: q.T("hall.page.files"), Href: d.at(stepFiles),
		Rows: []checkRow{{"files", q.T("casework.page.files"), strings.Join(names, "\n")}}})
	return q.Render(status, "hall/check", v)
}

// told words an answer to the one who gave it.
func (a Question) told(answer string, q *page.Request) string {
	for _, o := range a.Options {
		if o.Value == answer {
			return o.Label.In(q.Lang)
		}
	}
	if a.Kind == Date && answer != "" {
		return page.Day(q.Lang, answer)
	}
	return answer
}

// submit opens the application and shows its receipt. Pressed twice, it opens one.
func (s *Service) submit(q *page.Request, item *Item, d *draft) error {
	err := s.Casework.MayOpen(q.Context(), q.Visitor())
	var opened casework.Opened
	if err == nil {
		opened, err = s.Submit(q.Context(), Application{Item: item.Code, Area: d.Place.Area, Applicant: d.Person, Answers: d.Answers,
			Files: casework.IDs(d.Files), ClientKey: d.Key, Drafted: true, Channel: casework.ChannelPortal, Tell: d.Tell})
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
