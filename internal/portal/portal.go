// Package portal is the front of the resident portal: the home page, the search over services
// and communities, and what the platform says about itself. What a resident does there belongs
// to the modules. It owns no tables.
package portal

import (
	"context"
	"embed"
	"net/http"

	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

//go:embed texts/*.json
var texts embed.FS

//go:embed templates/*.html
var templates embed.FS

// Service answers the front pages.
type Service struct {
	Registry *registry.Service
	Services Services
}

// Services finds services of the catalogue; the hall answers.
type Services interface {
	// FindServices lists those whose name or summary holds the words, at most limit.
	FindServices(ctx context.Context, words string, lang text.Lang, limit int) ([]Found, error)
}

// Found is one answer of the search.
type Found struct{ Label, Note, Href string }

// Module is what the portal brings.
func (s *Service) Module() module.Module {
	return module.Module{Name: "portal", Texts: texts, Templates: templates, Pages: s.pages}
}

func (s *Service) pages(site *page.Site) {
	site.Get("/{$}", s.home)
	site.Get("/search", s.search)
	site.Get("/about", s.about)
	site.Get("/accessibility", s.accessibility)
}

type home struct {
	City    string
	Mine    *page.Link
	Path    string // of the visitor's community
	Figures registry.Figures

	Sections []page.Section // of modules
}

func (s *Service) home(q *page.Request) error {
	city, _ := s.Registry.City()
	figures, err := s.figures(q, city)
	if err != nil {
		return err
	}
	d := home{City: s.Registry.CityIn(q.Context(), q.Lang), Figures: figures}
	if a, ok := s.Registry.Area(q.Community()); ok {
		d.Mine = &page.Link{Label: registry.NameIn(a, q.Lang), Href: "/communities/" + a.Code}
		d.Path = s.Registry.PathIn(a.Parent, q.Lang)
		city = a
	}
	d.Sections = q.Sections(page.Front, city.Code)
	return q.Render(http.StatusOK, "portal/home", d)
}

const most = 20 // answers of one kind

type search struct {
	Words  string
	Items  []Found
	Areas  []Found
	Narrow bool // more areas than are shown
}

func (s *Service) search(q *page.Request) error {
	q.Crumb(q.T("portal.search.heading"), "")
	d := search{Words: q.Query("q")}
	if d.Words != "" {
		var err error
		if d.Items, err = s.Services.FindServices(q.Context(), d.Words, q.Lang, most); err != nil {
			return err
		}
		found := s.Registry.Search(d.Words, 0, most+1)
		d.Narrow = len(found) > most
		for _, a := range found[:min(most, len(found))] {
			d.Areas = append(d.Areas, Found{registry.NameIn(a, q.Lang), s.Registry.PathIn(a.Parent, q.Lang), "/communities/" + a.Code})
		}
	}
	return q.Render(http.StatusOK, "portal/search", d)
}

// figures are the register's own and the report's; none while no city is registered.
func (s *Service) figures(q *page.Request, city registry.Area) (registry.Figures, error) {
	if city.Code == "" {
		return registry.Figures{}, nil
	}
	return s.Registry.Figures(q.Context(), city.Code)
}

type about struct {
	City    string
	Figures registry.Figures
}

func (s *Service) about(q *page.Request) error {
	q.Crumb(q.T("page.foot.about"), "")
	city, _ := s.Registry.City()
	figures, err := s.figures(q, city)
	if err != nil {
		return err
	}
	return q.Render(http.StatusOK, "portal/about", about{s.Registry.CityIn(q.Context(), q.Lang), figures})
}

func (s *Service) accessibility(q *page.Request) error {
	q.Crumb(q.T("page.foot.accessibility"), "")
	return q.Render(http.StatusOK, "portal/accessibility", nil)
}
