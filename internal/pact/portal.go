package pact

import (
	"context"
	"embed"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"linli/internal/pact/review"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

//go:embed templates/*.html
var templates embed.FS

// mostListed bounds a list of the portal.
const mostListed = 100

func (s *Service) pages(site *page.Site) {
	site.Get("/conventions", s.pageList)
	site.Get("/conventions/{id}", s.pageConvention)
	site.Post("/conventions/{id}/opinions", s.pageTell)
	site.Section(page.Community, s.section)
}

// shown are the conventions that everybody sees in an area: those in force, and those whose opinions are collected.
func (s *Service) shown(ctx context.Context, area, words string, most int) ([]Edition, error) {
	var w db.Where
	w.And("((published_at > 0 AND ended_at = 0) OR (latest = 1 AND state = 'collecting'))")
	w.And("area >= %s AND area < %s", area, authority.PrefixEnd(area))
	if words != "" {
		w.And(`LOWER(title) LIKE %s ESCAPE '\'`, db.Containing(words))
	}
	return db.All(ctx, s.Log.DB, scanEdition, `SELECT `+columns+` FROM pact_edition`+w.String()+
		` ORDER BY area, published_at DESC, id LIMIT `+w.Arg(most), w.List...)
}

func (s *Service) item(q *page.Request, e *Edition) page.Item {
	a, _ := s.Registry.Area(e.Content.Area)
	i := page.Item{Link: page.Link{Label: e.Content.Title, Href: "/conventions/" + e.ID},
		Note: strings.Join([]string{registry.NameIn(a, q.Lang), q.T("pact.kind." + e.Content.Kind)}, " · ")}
	switch e.State {
	case string(stateCollecting):
		i.Tags = append(i.Tags, page.Tag{Label: q.T("pact.portal.collecting"), Tone: "info"})
	case string(stateOrdered):
		i.Tags = append(i.Tags, page.Tag{Label: q.T("pact.portal.ordered"), Tone: "late"})
	}
	return i
}

func (s *Service) section(q *page.Request, area string) ([]page.Section, error) {
	a, ok := s.Registry.Area(area)
	if !ok || a.Level != registry.LevelCommunity {
		return nil, nil
	}
	found, err := s.shown(q.Context(), area, "", mostListed)
	if err != nil {
		return nil, err
	}
	out := page.Section{ID: "conventions", Heading: q.T("pact.portal.heading"), None: q.T("pact.portal.none"),
		Links: []page.Link{{Label: q.T("pact.portal.all"), Href: "/conventions?area=" + area}}}
	for i := range found {
		out.Items = append(out.Items, s.item(q, &found[i]))
	}
	return []page.Section{out}, nil
}

// search finds conventions by their titles.
func (s *Service) search(ctx context.Context, q module.Query) ([]module.Found, error) {
	city, _ := s.Registry.City()
	all, err := s.shown(ctx, city.Code, q.Words, q.Limit)
	var out []module.Found
	for i := range all {
		a, _ := s.Registry.Area(all[i].Content.Area)
		out = append(out, module.Found{Label: all[i].Content.Title, Note: registry.NameIn(a, q.Lang), Href: "/conventions/" + all[i].ID})
	}
	return out, err
}

type listPage struct {
	Name  string
	Items []page.Item
}

func (s *Service) pageList(q *page.Request) error {
	code := q.Query("area")
	if code == "" {
		code = q.Community()
	}
	a, ok := s.Registry.Area(code)
	if code == "" {
		a, ok = s.Registry.City()
	}
	if !ok {
		return errs.ErrNotFound
	}
	found, err := s.shown(q.Context(), a.Code, "", mostListed)
	if err != nil {
		return err
	}
	d := listPage{Name: registry.NameIn(a, q.Lang)}
	for i := range found {
		d.Items = append(d.Items, s.item(q, &found[i]))
	}
	q.Crumb(q.T("pact.portal.heading"), "")
	return q.Render(http.StatusOK, "pact/list", d)
}

type conventionPage struct {
	*Edition
	Title, Place, Kind string
	Collecting         bool
	Ordered            bool
	Newer              string
	Adopted, Filed     string
	Fields             []page.Field
	Action             string
	Changes            []Change
	History            []historyLine
	Address            string
}

type historyLine struct {
	Label, Href, Note string
	At                int64
	Now               bool
}

// visible are the texts that everybody may read, the newest first. Error: NotFound without one.
func (s *Service) visible(q *page.Request) ([]Edition, error) {
	all, err := editions(q.Context(), s.Log.DB, q.Path("id"))
	if err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(all, func(e Edition) bool { return !e.public() && e.State != string(stateCollecting) })
	if len(out) == 0 {
		return nil, errs.ErrNotFound
	}
	return out, nil
}

func (s *Service) pageConvention(q *page.Request) error { return s.convention(q, http.StatusOK) }

func (s *Service) convention(q *page.Request, status int) error {
	all, err := s.visible(q)
	if err != nil {
		return err
	}
	at := 0
	if asked := q.Query("edition"); asked != "" {
		if at = slices.IndexFunc(all, func(e Edition) bool { return strconv.Itoa(e.Seq) == asked }); at < 0 {
			return errs.ErrNotFound
		}
	}
	e := &all[at]
	a, _ := s.Registry.Area(e.Content.Area)
	d := conventionPage{Edition: e, Title: e.Content.Title, Place: registry.NameIn(a, q.Lang), Kind: q.T("pact.kind." + e.Content.Kind),
		Collecting: e.State == string(stateCollecting), Ordered: e.State == string(stateOrdered)}
	if e.State == string(stateReplaced) {
		d.Newer = "/conventions/" + e.ID
	}
	if m := e.Meeting; m != nil {
		d.Adopted = q.T("pact.portal.adopted", "day", page.Day(q.Lang, m.Day), "body", q.T("pact.body."+m.Body), "entitled", m.Entitled,
			"present", m.Present, "yes", m.Yes)
		if m.Body == "office" {
			d.Adopted = q.T("pact.portal.set_out", "day", page.Day(q.Lang, m.Day))
		}
	}
	if f := e.Filing; f != nil {
		d.Filed = q.T("pact.portal.filed", "day", page.Day(q.Lang, f.Day), "office", q.T("pact.office."+f.Office), "number", f.Number)
	}
	if d.Collecting {
		d.Action = "/conventions/" + e.ID + "/opinions"
		d.Fields = q.Fill([]page.Field{{Name: "body", Kind: page.Textarea, Label: q.T("pact.portal.opinion"), Required: true, Max: maxOpinion,
			Hint: q.T("pact.portal.opinion_hint")}}, func(string) string { return "" })
	}
	if at+1 < len(all) {
		if d.Changes, err = changes(&all[at+1], e); err != nil {
			return err
		}
	}
	for i := range all {
		if all[i].PublishedAt == 0 {
			continue
		}
		d.History = append(d.History, historyLine{Label: q.T("pact.portal.edition", "n", all[i].Seq,
			"state", q.T("pact.convention.state."+all[i].State)), Href: "/conventions/" + e.ID + "?edition=" + strconv.Itoa(all[i].Seq),
			Note: all[i].Reason, At: all[i].PublishedAt, Now: i == at})
	}
	q.Crumb(q.T("pact.portal.heading"), "/conventions?area="+e.Content.Area)
	q.Crumb(d.Title, "")
	return q.Render(status, "pact/convention", d)
}

// IsHeading tells whether a row of the text is a heading.
func (c Clause) IsHeading() bool { return c.Kind == review.Heading }

func (s *Service) pageTell(q *page.Request) error {
	f, err := q.Form(nil)
	if err != nil {
		return err
	}
	if _, err := s.visible(q); err != nil {
		return err
	}
	if err := s.Tell(q.Context(), q.Path("id"), f.Get("body"), false); err != nil {
		status, err := q.Refuse(err)
		if err != nil {
			return err
		}
		return s.convention(q, status)
	}
	q.Notice("pact.portal.thanks")
	return q.Redirect("/conventions/" + q.Path("id"))
}
