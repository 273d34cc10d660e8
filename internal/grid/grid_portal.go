package grid

import (
	"embed"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/casework/file"
	"linli/internal/casework/follow"
	"linli/internal/people"
	"linli/internal/platform/errs"
	"linli/internal/platform/page"
	"linli/internal/registry/community"
)

//go:embed templates/*.html
var templates embed.FS

// Reporting a problem from the portal: what, where, and then photos and contact. What was
// entered is kept sealed for the visit until it is submitted.

const (
	stepWhat  = "what"
	stepWhere = "where"
	stepAlike = "alike" // only where somebody has told the same, as it seems
	stepSend  = "send"
)

// reportSteps are those that are counted; stepAlike comes before the last.
var reportSteps = []string{stepWhat, stepWhere, stepSend}

// fieldStep is the step on which a field of a report stands, by its location in a refusal.
var fieldStep = map[string]string{"category": stepWhat, "description": stepWhat, "area": stepWhere,
	"place": stepWhere, "place.text": stepWhere}

// draft is a report being filled in.
type draft struct {
	Category    string         `json:"c"`
	Description string         `json:"d"`
	Text        string         `json:"t"` // place in words
	Place       community.Pick `json:"r"`
	Reporter    people.Person  `json:"p"`
	Files       []file.Staged  `json:"f"`
	Tell        []string       `json:"n"`
	Main        string         `json:"j"` // number of the incident to follow instead
	page.Filling
}

const icon = `<path d="M4 8h4l1.5-3h5L16 8h4v11H4z"/><circle cx="12" cy="13.5" r="3.2"/>`

func (s *Service) pages(site *page.Site) {
	site.Serve(page.Service{Label: "grid.page.door", Note: "grid.page.tile", Press: "grid.page.press", Href: "/report", Icon: icon})
	page.Fill(site, "/report", s.reporting)
}

// reporting is the form of a report. One that begins with ?area= begins there.
func (s *Service) reporting(q *page.Request) (*page.Wizard[draft, *draft], error) {
	w := &page.Wizard[draft, *draft]{Form: "report", Path: "/report", Name: q.T("grid.page.heading"), Done: follow.DonePath,
		Strip: []string{"reporter.", "place."}, Files: stepSend,
		Crumbs: func() { q.Crumb(q.T("grid.page.door"), "") },
		Begin:  func(d *draft) { d.Place.Preset(s.Communities, q.Query("area")) },
		Steps:  func(*draft) []string { return []string{stepWhat, stepWhere, stepAlike, stepSend} },
		Stage:  func(d *draft) page.Uploads { return s.Files.Stage(q, &d.Files) },
		Show:   func(status int, step string, d *draft) error { return s.renderStep(q, status, d, step) },
		Take:   func(step string, f *page.Form, d *draft) bool { return d.take(s, q, step, f) },
		Check:  func(step string, d *draft) error { return s.checkStep(q, d, step) },
		StepOf: func(location string) string { return fieldStep[location] },
		Send:   func(d *draft) (func() error, error) { return s.submit(q, d) },
	}
	if area := q.Query("area"); area != "" {
		w.Extra = "area=" + url.QueryEscape(area)
	}
	return w, nil
}

type stepPage struct {
	Action   string
	Restart  string
	First    bool
	Heading  string
	Position string
	Back     string
	Fields   []page.Field
	Pick     *community.PickView
	Upload   *page.Field
	Staged   []file.Staged
	Told     []toldRow
	Alike    []alikeRow
}

type toldRow struct{ Label, Value, Href string }

func (s *Service) renderStep(q *page.Request, status int, d *draft, step string) error {
	if status == http.StatusOK {
		d.Place.Preset(s.Communities, q.Community())
	}
	if step == stepAlike {
		return s.renderAlike(q, status, d)
	}
	at := slices.Index(reportSteps, step)
	v := stepPage{Action: d.Step(step), Restart: d.Restart(), First: at == 0, Heading: q.T("grid.page." + step),
		Position: q.T("grid.page.step", "at", at+1, "of", len(reportSteps))}
	if at > 0 {
		v.Back = d.Step(reportSteps[at-1])
	}
	switch step {
	case stepWhat:
		v.Fields = s.whatFields(q)
	case stepWhere:
		pick := d.Place.View(s.Communities, q)
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
			{q.T("grid.page.category"), s.told(d.Category, q), d.Step(stepWhat)},
			{q.T("grid.page.description"), d.Description, d.Step(stepWhat)},
			{q.T("registry.page.pick"), d.Place.Told(s.Communities, q.Lang), d.Step(stepWhere)},
			{q.T("grid.page.place"), d.Text, d.Step(stepWhere)},
		}
		if d.Main != "" {
			v.Told = append(v.Told, toldRow{q.T("grid.page.main"), d.Main, d.Step(stepAlike)})
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

// take keeps what was entered, right or wrong. It tells whether the same step is shown again.
func (d *draft) take(s *Service, q *page.Request, step string, f *page.Form) (again bool) {
	switch step {
	case stepWhat:
		d.Category, d.Description, d.Main = f.Code("category"), f.Get("description"), ""
	case stepWhere:
		d.Text, d.Main = f.Get("text"), ""
		return d.Place.Take(s.Communities, f)
	case stepAlike:
		d.Main = s.chosen(q, d, f.Code("main"))
	case stepSend:
		d.Reporter = people.Person{Name: f.Get("name"), Phone: f.Code("phone"), Email: f.Code("email")}
		d.Tell = f.Codes("tell")
		return file.Unstage(f, &d.Files) || f.Has("upload")
	}
	return false
}

func (d *draft) incident() Incident {
	return Incident{Category: d.Category, Description: d.Description, Area: d.Place.Area, Reporter: d.Reporter,
		Place:  casework.Location{Text: d.Text, Lng: d.Place.Lng, Lat: d.Place.Lat},
		Intake: casework.FromDraft(d.Key, file.IDs(d.Files), d.Tell), Main: d.Main}
}

// checkStep refuses what is wrong with one step alone.
func (s *Service) checkStep(q *page.Request, d *draft, step string) error {
	if step == stepWhere && d.Place.Area == "" {
		return errs.ErrInvalid.At("area", "field.community")
	}
	in := d.incident()
	_, err := s.check(q.Context(), &in)
	return errs.Only(err, func(location string) bool { return fieldStep[location] == step })
}

// submit opens the incident; its receipt is shown once the draft is put away.
func (s *Service) submit(q *page.Request, d *draft) (func() error, error) {
	if err := s.Casework.MayOpen(q.Context(), q.Visitor()); err != nil {
		return nil, err
	}
	opened, err := s.Report(q.Context(), d.incident())
	return func() error { return s.Follow.Done(q, opened) }, err
}
