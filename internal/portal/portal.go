// Package portal is the front of the resident portal: the home page, the search over services
// and communities, and what the platform says about itself. What a resident does there belongs
// to the modules. It owns no tables.
package portal

import (
	"embed"
	"net/http"

	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/registry"
	"linli/internal/registry/community"
)

//go:embed texts/*.json
var texts embed.FS

//go:embed templates/*.html
var templates embed.FS

// Service answers the front pages.
type Service struct {
	Registry    *registry.Service
	Communities *community.Service
	Searches    []*module.Search // of the modules, in the order in which they are shown
}

// Module is what the portal brings.
func (s *Service) Module() module.Module {
	return module.Module{Name: "portal", PageReach: pageReach, Texts: texts, Templates: templates, Pages: s.pages}
}

func (s *Service) pages(site *page.Site) {
	site.Get("/{$}", s.home)
	site.Get("/search", s.search)
	site.Get("/about", s.about)
	site.Get("/accessibility", s.accessibility)
}

type home struct {
	Services []page.Service
	City     string
	Mine     *page.Link
	Path     string // of the visitor's community
	Figures  community.Figures

	Sections []page.Section // of modules
}

func (s *Service) home(q *page.Request) error {
	city, _ := s.Registry.City()
	figures, err := s.figures(q, city)
	if err != nil {
		return err
	}
	d := home{Services: q.Services(), City: s.Registry.CityIn(q.Context(), q.Lang), Figures: figures}
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
	Parts  []part // of modules
	Areas  []module.Found
	Narrow bool // more areas than are shown
}

// part is what one module found.
type part struct {
	*module.Search
	Found []module.Found
}

func (s *Service) search(q *page.Request) error {
	q.Crumb(q.T("portal.search.heading"), "")
	d := search{Words: q.Query("q")}
	if d.Words != "" {
		for _, x := range s.Searches {
			found, err := x.Find(q.Context(), module.Query{Words: d.Words, Lang: q.Lang, Limit: most})
			if err != nil {
				return err
			}
			if len(found) > 0 || x.None != "" {
				d.Parts = append(d.Parts, part{x, found})
			}
		}
		found := s.Registry.Search(d.Words, 0, most+1)
		d.Narrow = len(found) > most
		for _, a := range found[:min(most, len(found))] {
			d.Areas = append(d.Areas, module.Found{
				Label: registry.NameIn(a, q.Lang), Note: s.Registry.PathIn(a.Parent, q.Lang), Href: "/communities/" + a.Code})
		}
	}
	return q.Render(http.StatusOK, "portal/search", d)
}

// figures are the register's own and the report's; none while no city is registered.
func (s *Service) figures(q *page.Request, city registry.Area) (community.Figures, error) {
	if city.Code == "" {
		return community.Figures{}, nil
	}
	return s.Communities.Figures(q.Context(), city.Code)
}

type about struct {
	City    string
	Figures community.Figures
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
