package exchange

import (
	"embed"
	"net/http"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

//go:embed templates/*.html
var templates embed.FS

// The public pages: the catalogue of elements, and which forms communities may be asked to fill.
func (s *Service) pages(site *page.Site) {
	site.Get("/elements", s.pageElements)
	site.Get("/elements/{code}", s.pageElement)
	site.Get("/forms", s.pageForms)
	site.Get("/forms/{id}", s.pageForm)
	site.Section(page.Community, s.sections)
}

// sections lead from a community's page to the forms that it may be asked to fill.
func (s *Service) sections(q *page.Request, area string) ([]page.Section, error) {
	if registry.LevelOf(area) != registry.LevelCommunity {
		return nil, nil
	}
	return []page.Section{{ID: "exchange-forms", Heading: q.T("exchange.page.forms"), None: q.T("exchange.page.forms_short"),
		Links: []page.Link{{Label: q.T("exchange.page.see_forms"), Href: "/forms"},
			{Label: q.T("exchange.page.see_elements"), Href: "/elements"}}}}, nil
}

type elementsPage struct {
	Words        string
	Groups       []elementGroup
	Bound, Total int
}

// mostWords bounds what is searched for, in characters.
const mostWords = 60

type elementGroup struct {
	Key, Heading string
	Rows         []elementRow
}

type elementRow struct{ Name, Href, Owner, Held string }

func (s *Service) pageElements(q *page.Request) error {
	d, bound := elementsPage{Words: fold.Line(q.Query("q"))}, s.bound()
	if !fold.Within(d.Words, mostWords) {
		d.Words = ""
	}
	for _, group := range elementGroups {
		g := elementGroup{Key: group, Heading: q.T("exchange.group." + group)}
		for _, e := range s.Found(d.Words, group) {
			if !e.Enabled {
				continue
			}
			held := q.T("exchange.page.not_held")
			if bound[e.Code] {
				held, d.Bound = q.T("exchange.page.held"), d.Bound+1
			}
			g.Rows = append(g.Rows, elementRow{in(e.Name, q.Lang), "/elements/" + e.Code, in(e.Owner, q.Lang), held})
			d.Total++
		}
		if len(g.Rows) > 0 {
			d.Groups = append(d.Groups, g)
		}
	}
	q.Crumb(q.T("exchange.page.elements"), "")
	return q.Render(http.StatusOK, "exchange/elements", d)
}

type fact struct{ Label, Text string }

type elementPage struct {
	Name  string
	Facts []fact
	Uses  []page.Link
}

func (s *Service) pageElement(q *page.Request) error {
	e, ok := s.Element(q.Path("code"))
	if !ok || !e.Enabled {
		return errs.ErrNotFound
	}
	v, err := s.elementView(q.Context(), e)
	if err != nil {
		return err
	}
	d := elementPage{Name: in(e.Name, q.Lang)}
	add := func(key, words string) {
		if words != "" {
			d.Facts = append(d.Facts, fact{q.T("exchange.label." + key), words})
		}
	}
	held := q.T("exchange.page.not_held")
	if v.Bound {
		held = q.T("exchange.page.held")
	}
	add("held", held)
	add("code", e.Code)
	add("type", q.T("exchange.type."+string(e.Type)))
	add("unit", in(e.Unit, q.Lang))
	add("owner", in(e.Owner, q.Lang))
	add("source", in(e.Source, q.Lang))
	add("catalogue", in(e.Catalogue, q.Lang))
	add("format", q.T("exchange.format."+e.Format))
	add("refresh", q.T("exchange.refresh."+e.Refresh))
	add("sharing", q.T("exchange.sharing."+string(e.Sharing)))
	add("mode", q.T("exchange.mode."+e.Mode))
	add("conditions", in(e.Conditions, q.Lang))
	add("law", e.Law)
	add("sensitivity", q.T("exchange.sensitivity."+e.Sensitivity))
	add("grade", q.T("exchange.grade."+e.Grade))
	add("purposes", in(e.Purposes, q.Lang))
	for _, u := range v.Uses {
		d.Uses = append(d.Uses, page.Link{Label: u.Title, Href: "/forms/" + u.Form})
	}
	q.Crumb(q.T("exchange.page.elements"), "/elements")
	q.Crumb(d.Name, "")
	return q.Render(http.StatusOK, "exchange/element", d)
}

type formsPage struct{ Items []page.Item }

func (s *Service) pageForms(q *page.Request) error {
	running, err := s.Running(q.Context(), s.Log.DB, "")
	if err != nil {
		return err
	}
	d := formsPage{}
	for i := range running {
		f := &running[i]
		d.Items = append(d.Items, page.Item{Link: page.Link{Label: in(f.Title, q.Lang), Href: "/forms/" + f.ID},
			Note: q.T("exchange.page.form_note", "body", s.Registry.BodyName(f.Body), "wanted", f.Wanted, "asked", f.Wanted-f.Held)})
	}
	q.Crumb(q.T("exchange.page.forms"), "")
	return q.Render(http.StatusOK, "exchange/forms", d)
}

type formPage struct {
	Title, Gone string
	Facts       []fact
	Fields      []formRow
	Held, Asked int
}

type formRow struct{ Label, Note, Href string }

func (s *Service) pageForm(q *page.Request) error {
	f, err := findForm(q.Context(), s.Log.DB, q.Path("id"))
	if err == nil && f.PublishedAt == 0 {
		err = errs.ErrNotFound
	}
	if err != nil {
		return err
	}
	r := s.Check(q.Context(), &f.Content, nil)
	d := formPage{Title: in(f.Title, q.Lang), Held: r.Held, Asked: r.Asked}
	if f.State != string(statePublished) {
		d.Gone = q.T("exchange.page.withdrawn", "day", page.Day(q.Lang, clock.Day(clock.Instant(f.EndedAt))), "reason", f.Note)
	}
	add := func(key, words string) {
		if words != "" {
			d.Facts = append(d.Facts, fact{q.T("exchange.label." + key), words})
		}
	}
	add("body", s.Registry.BodyName(f.Body))
	add("purpose", in(f.Purpose, q.Lang))
	rests := f.Admission
	if a, err := s.admission(q.Context(), &f); err != nil {
		return err
	} else if a != nil {
		rests = q.T("exchange.page.admission", "number", a.Number, "title", a.Title, "until", page.Day(q.Lang, a.Until))
	}
	add("admission", rests)
	if f.From != "" && f.Until != "" {
		add("period", q.T("exchange.page.period", "from", page.Day(q.Lang, f.From), "until", page.Day(q.Lang, f.Until)))
	}
	add("days", q.T("exchange.page.days", "n", f.Days))
	for i, finding := range r.Fields {
		d.Fields = append(d.Fields, s.formRow(&f.Fields[i], &finding, q.T, q.Lang))
	}
	q.Crumb(q.T("exchange.page.forms"), "/forms")
	q.Crumb(d.Title, "")
	return q.Render(http.StatusOK, "exchange/form", d)
}

// formRow is a field with where its answer comes from.
func (s *Service) formRow(f *Field, found *Finding, say func(key string, pairs ...any) string, lang text.Lang) formRow {
	row := formRow{Label: in(f.Label, lang)}
	switch {
	case found.Status == statusHeld:
		row.Note = say("exchange.page.filled", "source", in(found.Match.Element.Source, lang))
		row.Href = "/elements/" + found.Match.Element.Code
	case found.Status == statusSelf:
		row.Note = say("exchange.page.kept")
	case f.Reason != "":
		row.Note = say("exchange.page.reason", "reason", f.Reason)
	default:
		row.Note = say("exchange.page.asked")
	}
	return row
}
