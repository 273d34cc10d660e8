package assessment

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"linli/internal/platform/errs"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

//go:embed templates/*.html
var templates embed.FS

// mostShown bounds the lines of a page of results.
const mostShown = 150

func (s *Service) pages(site *page.Site) {
	site.Get("/assessments", s.pageList)
	site.Get("/assessments/{id}", s.pageScheme)
	site.Section(page.Community, func(q *page.Request, _ string) ([]page.Section, error) {
		return []page.Section{{ID: "assessment", Heading: q.T("assessment.page.heading"), None: q.T("assessment.page.lead"),
				Links: []page.Link{{Label: q.T("assessment.page.all"), Href: "/assessments"},
					{Label: q.T("assessment.page.answer"), Href: "/survey"}}}},
			nil
	})
}

// public tells whether everybody may read the scheme.
func (s *Scheme) public() bool {
	return s.State != stateDraft && s.State != stateProposed && s.State != stateDiscarded
}

func (s *Service) areaName(q *page.Request, code string) string {
	if a, ok := s.Registry.Area(code); ok {
		return registry.NameIn(a, q.Lang)
	}
	return code
}

// pageList lists the published schemes.
func (s *Service) pageList(q *page.Request) error {
	all, err := listSchemes(q.Context(), s.Log.DB, "0", ":", true)
	if err != nil {
		return err
	}
	slices.SortFunc(all, byYear)
	var items []page.Item
	for i := range all[:min(len(all), mostShown)] {
		x := &all[i]
		items = append(items, page.Item{Link: page.Link{Label: x.Content.Name.Given(q.Lang), Href: "/assessments/" + x.ID},
			Note: strings.Join([]string{s.areaName(q, x.Content.Area), fmt.Sprint(x.Content.Year),
				q.T("assessment.scheme.state." + string(x.State))}, " · ")})
	}
	q.Crumb(q.T("assessment.page.heading"), "")
	return q.Render(http.StatusOK, "assessment/list", items)
}

// search finds published schemes by their names.
func (s *Service) search(ctx context.Context, q module.Query) ([]module.Found, error) {
	all, err := listSchemes(ctx, s.Log.DB, "0", ":", true)
	slices.SortFunc(all, byYear)
	words := strings.Fields(strings.ToLower(q.Words))
	var out []module.Found
	for i := range all {
		c := &all[i].Content
		area, _ := s.Registry.Area(c.Area)
		if place := registry.NameIn(area, q.Lang); len(out) < q.Limit && Named(words, c.Name.Zh, c.Name.En, place, fmt.Sprint(c.Year)) {
			out = append(out, module.Found{Label: c.Name.Given(q.Lang), Href: "/assessments/" + all[i].ID,
				Note: fmt.Sprintf("%s · %d · %s", place, c.Year,
					s.Texts.T(q.Lang, "assessment.scheme.state."+string(all[i].State)))})
		}
	}
	return out, err
}

// Named tells whether every word stands in one of the names.
func Named(words []string, names ...string) bool {
	all := strings.ToLower(strings.Join(names, " "))
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(all, w) })
}

type shownIndicator struct {
	Name, Source, Weight, Basis string
	Bar                         string // width of its bar, 0 to 100
}

type shownLine struct {
	Line
	Points, Low, High string
	First             bool
}

type schemePage struct {
	*Scheme
	Name, Place string
	Indicators  []shownIndicator
	Lines       []shownLine
	More        int
}

// pageScheme shows a scheme, and its results once they are frozen.
func (s *Service) pageScheme(q *page.Request) error {
	x, err := find(q.Context(), s.Log.DB, q.Path("id"))
	if err != nil {
		return err
	}
	if !x.public() {
		return errs.ErrNotFound
	}
	d := schemePage{Scheme: &x, Name: x.Content.Name.Given(q.Lang), Place: s.areaName(q, x.Content.Area)}
	for _, line := range x.Content.Indicators {
		d.Indicators = append(d.Indicators, shownIndicator{Name: line.Name.Given(q.Lang), Source: q.T("assessment.source." + line.Source),
			Weight: line.Weight.String(), Bar: line.Weight.String(), Basis: strings.TrimSpace(line.Basis.Law + " " + line.Basis.Article)})
	}
	if r, ok := x.Results(); ok && x.State == stateFrozen {
		d.Lines = s.lines(q, r.Lines)
		d.More = max(0, len(r.Lines)-mostShown)
	}
	q.Crumb(q.T("assessment.page.heading"), "/assessments")
	q.Crumb(d.Name, "")
	return q.Render(http.StatusOK, "assessment/scheme", d)
}

// lines are results by band, and inside a band by name: the order says nothing there. Those not judged stand last.
func (s *Service) lines(q *page.Request, all []Line) []shownLine {
	out := make([]shownLine, len(all))
	for i, l := range all {
		if l.Body == "" {
			l.Name = s.areaName(q, l.Area)
		}
		out[i] = shownLine{Line: l}
		if l.Total != nil {
			out[i].Points, out[i].Low, out[i].High = points(*l.Total), points(l.Low), points(l.High)
		}
	}
	last := func(band int) int {
		if band == 0 {
			return 1 << 30
		}
		return band
	}
	slices.SortFunc(out, func(a, b shownLine) int {
		return cmp.Or(cmp.Compare(last(a.Band), last(b.Band)), strings.Compare(a.Name, b.Name))
	})
	out = out[:min(len(out), mostShown)]
	for i := range out {
		out[i].First = i == 0 || out[i].Band != out[i-1].Band
	}
	return out
}

// points writes hundredths with one decimal.
func points(n int) string { return fmt.Sprintf("%.1f", float64(n)/100) }
