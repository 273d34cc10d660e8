package grid

import (
	"embed"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"linli/internal/casework"
	"linli/internal/casework/file"
	"linli/internal/casework/follow"
	"linli/internal/people"
	"linli/internal/platform/errs"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

//go:embed templates/*.html
var templates embed.FS

// Reporting a problem from the portal: what, where, and then photos and contact. What was
// entered is kept sealed for the visit until it is submitted.

const (
	draftForm = "report"

	stepWhat  = "what"
	stepWhere = "where"
	stepAlike = "alike" // only where somebody has told the same, as it seems
	stepSend  = "send"
)

var reportSteps = []string{stepWhat, stepWhere, stepSend}

// fieldStep is the step on which a field of a report stands, by its location in a refusal.
var fieldStep = map[string]string{"category": stepWhat, "description": stepWhat, "area": stepWhere,
	"place": stepWhere, "place.text": stepWhere}

// draft is a report being filled in.
type draft struct {
	Key         string        `json:"k"` // makes submitting twice open one case
	Category    string        `json:"c"`
	Description string        `json:"d"`
	Text        string        `json:"t"` // place in words
	Place       registry.Pick `json:"r"`
	Reporter    people.Person `json:"p"`
	Files       []file.Staged `json:"f"`
	Tell        []string      `json:"n"`
	Main        string        `json:"j"` // number of the incident to follow instead
	page.Draft  `json:"-"`
	begun       string // area that the address of a fresh draft names
}

func (s *Service) pages(site *page.Site) {
	site.Get("/report", s.pageStart)
	site.Get("/report/{step}", s.pageStep)
	site.Post("/report/{step}", s.pageTake)
}

// recall reads the draft that the address names, or begins one: at the community of ?area= or at
// the visitor's own.
func (s *Service) recall(q *page.Request) (draft, error) {
	d := draft{}
	kept, err := q.Draft(draftForm, &d)
	d.Draft = kept
	if d.Key == "" {
		d.Key, d.begun = uuid.NewString(), q.Query("area")
		d.Place.Preset(s.Registry, d.begun)
	}
	return d, err
}

// pageStart begins, or offers to go on with what was begun; with ?new=1 a draft that the address
// names is given up.
func (s *Service) pageStart(q *page.Request) error {
	d, err := s.recall(q)
	if err != nil && !errors.Is(err, page.ErrSent) {
		return err
	}
	anew := "/report/" + stepWhat
	if area := q.Query("area"); area != "" {
		anew += "?area=" + url.QueryEscape(area)
	}
	if q.Query("new") == "1" {
		if err := q.DropDraft(d.Draft); err != nil {
			return err
		}
		return q.Redirect(anew)
	}
	q.Crumb(q.T("page.door.report"), "")
	if shown, err := q.OfferDrafts(draftForm, q.T("grid.page.heading"), "/report/"+stepWhat, anew); shown || err != nil {
		return err
	}
	return q.Redirect(anew)
}

func (s *Service) pageStep(q *page.Request) error {
	d, err := s.recall(q)
	if errors.Is(err, page.ErrSent) {
		return q.Redirect(follow.DonePath)
	}
	if err != nil {
		return err
	}
	d.Place.Preset(s.Registry, q.Community())
	return s.renderStep(q, http.StatusOK, &d, q.Path("step"))
}

type stepPage struct {
	Action   string
	Restart  string
	First    bool
	Heading  string
	Position string
	Back     string
	Fields   []page.Field
	Pick     *registry.PickView
	Upload   *page.Field
	Staged   []file.Staged
	Told     []toldRow
	Alike    []alikeRow
}

type toldRow struct{ Label, Value, Href string }

func (s *Service) renderStep(q *page.Request, status int, d *draft, step string) error {
	if step == stepAlike {
		return s.renderAlike(q, status, d)
	}
	at := slices.Index(reportSteps, step)
	if at < 0 {
		return errs.ErrNotFound
	}
	q.Personal()
	q.Open()
	q.Crumb(q.T("page.door.report"), "")
	v := stepPage{Action: d.at(step), Restart: d.At("/report") + "&new=1", First: at == 0, Heading: q.T("grid.page." + step),
		Position: q.T("grid.page.step", "at", at+1, "of", len(reportSteps))}
	if at > 0 {
		v.Back = d.at(reportSteps[at-1])
	}
	switch step {
	case stepWhat:
		v.Fields = s.whatFields(q)
	case stepWhere:
		pick := d.Place.View(s.Registry, q)
		v.Pick = &pick
		v.Fields = []page.Field{{Name: "text", Kind: page.Text, Label: q.T("grid.page.place"), Hint: q.T("grid.page.place_hint"),
			Required: d.Place.Lng == nil, Max: 200}}
	case stepSend:
		upload := file.FilesField(q)
		v.Upload, v.Staged = &upload, d.Files
		v.Fields = []page.Field{
			{Name: "name", Kind: page.Text, Label: q.T("grid.page.name"), Max: 50, Autocomplete: "name"},
			{Name: "phone", Kind: page.Phone, Label: q.T("grid.page.phone"), Hint: q.T("grid.page.phone_hint"), Max: 30, Autocomplete: "tel"},
		}
		v.Fields = append(v.Fields, s.Follow.TellFields(q)...)
		v.Told = []toldRow{
			{q.T("grid.page.category"), s.told(d.Category, q), d.at(stepWhat)},
			{q.T("grid.page.description"), d.Description, d.at(stepWhat)},
			{q.T("registry.page.pick"), d.Place.Told(s.Registry, q.Lang), d.at(stepWhere)},
			{q.T("grid.page.place"), d.Text, d.at(stepWhere)},
		}
		if d.Main != "" {
			v.Told = append(v.Told, toldRow{q.T("grid.page.main"), d.Main, d.at(stepAlike)})
		}
	}
	v.Fields = q.Fill(v.Fields, func(name string) string {
		return map[string]string{"category": d.Category, "description": d.Description, "text": d.Text, "name": d.Reporter.Name,
			"phone": d.Reporter.Phone, "email": d.Reporter.Email, "tell": strings.Join(d.Tell, " ")}[name]
	})
	return q.Render(status, "grid/report", v)
}

func (s *Service) told(category string, q *page.Request) string {
	if category == "" {
		return ""
	}
	return s.categoryName(category, q.Lang)
}

func (s *Service) whatFields(q *page.Request) []page.Field {
	category := page.Field{Name: "category", Kind: page.Select, Label: q.T("grid.page.category"), Required: true}
	for _, c := range s.Offered() {
		if class, ok := s.Category(c.Parent); ok {
			category.Options = append(category.Options, page.Option{Value: c.Code, Label: c.Name.In(q.Lang), Group: class.Name.In(q.Lang)})
		}
	}
	return []page.Field{category, {Name: "description", Kind: page.Textarea, Label: q.T("grid.page.description"),
		Hint: q.T("grid.page.description_hint"), Required: true, Max: 2000}}
}

// pageTake takes one step and goes on to the next; the last opens the case.
func (s *Service) pageTake(q *page.Request) error {
	step := q.Path("step")
	d, err := s.recall(q)
	if errors.Is(err, page.ErrSent) {
		return q.Redirect(follow.DonePath)
	}
	if err != nil {
		return err
	}
	if step == stepAlike {
		return s.takeAlike(q, &d)
	}
	at := slices.Index(reportSteps, step)
	if at < 0 {
		return errs.ErrNotFound
	}
	var uploads page.Uploads
	if step == stepSend {
		uploads = s.Files.Stage(q, &d.Files)
	}
	f, err := q.Form(uploads)
	again := false
	if err == nil || errs.Of(err).Kind != errs.Malformed {
		again = d.take(s, step, f)
	}
	if cookies := q.CheckCookies(); cookies != nil {
		return s.refuse(q, &d, step, cookies)
	}
	if kept := q.KeepDraft(d.Draft, d); err == nil {
		err = kept
	}
	if err == nil && !again {
		if step == stepSend {
			return s.submit(q, &d)
		}
		err = s.checkStep(q, &d, step)
	}
	if err != nil {
		return s.refuse(q, &d, step, err)
	}
	if again {
		return q.Redirect(d.at(step))
	}
	if step == stepWhere {
		return q.Redirect(d.at(stepAlike))
	}
	return q.Redirect(d.at(reportSteps[at+1]))
}

// take keeps what was entered, right or wrong. It tells whether the same step is shown again.
func (d *draft) take(s *Service, step string, f *page.Form) (again bool) {
	switch step {
	case stepWhat:
		d.Category, d.Description, d.Main = f.Code("category"), f.Get("description"), ""
	case stepWhere:
		d.Text, d.Main = f.Get("text"), ""
		return d.Place.Take(s.Registry, f)
	case stepSend:
		d.Reporter = people.Person{Name: f.Get("name"), Phone: f.Code("phone"), Email: f.Code("email")}
		d.Tell = f.Codes("tell")
		return file.Unstage(f, &d.Files) || f.Has("upload")
	}
	return false
}

// at is the address of a step, with the area that a draft of which nothing is kept yet began at.
func (d *draft) at(step string) string {
	address := d.At("/report/" + step)
	if d.begun != "" {
		address += "&area=" + url.QueryEscape(d.begun)
	}
	return address
}

func (d *draft) incident() Incident {
	return Incident{Category: d.Category, Description: d.Description, Area: d.Place.Area, Reporter: d.Reporter,
		Place: casework.Place{Text: d.Text, Lng: d.Place.Lng, Lat: d.Place.Lat},
		Files: file.IDs(d.Files), ClientKey: d.Key, Drafted: true, Channel: casework.ChannelPortal, Tell: d.Tell, Main: d.Main}
}

// checkStep refuses what is wrong with one step alone.
func (s *Service) checkStep(q *page.Request, d *draft, step string) error {
	if step == stepWhere && d.Place.Area == "" {
		return errs.ErrInvalid.At("area", "field.community")
	}
	in := d.incident()
	_, err := s.check(q.Context(), &in)
	if err == nil {
		return nil
	}
	refused := *errs.Of(err)
	refused.Fields = slices.DeleteFunc(slices.Clone(refused.Fields), func(f errs.Field) bool { return fieldStep[f.Location] != step })
	if len(refused.Fields) == 0 {
		return nil
	}
	return &refused
}

func (s *Service) submit(q *page.Request, d *draft) error {
	if err := s.Casework.MayOpen(q.Context(), q.Visitor()); err != nil {
		return s.refuse(q, d, stepSend, err)
	}
	opened, err := s.Report(q.Context(), d.incident())
	if err != nil {
		return s.refuse(q, d, stepSend, err)
	}
	if err := q.SentDraft(d.Draft); err != nil {
		return err
	}
	return s.Follow.Done(q, opened)
}

// refuse shows the step on which what is wrong can be mended.
func (s *Service) refuse(q *page.Request, d *draft, step string, err error) error {
	if e := errs.Of(err); len(e.Fields) > 0 {
		if other, ok := fieldStep[e.Fields[0].Location]; ok {
			step = other
		}
	}
	status, err := q.Refuse(err, "reporter.", "place.")
	if err != nil {
		return err
	}
	return s.renderStep(q, status, d, step)
}
