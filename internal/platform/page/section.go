package page

import (
	"html/template"
	"log/slog"
	"net/http"

	"linli/internal/platform/httpx"
)

// Places on which a module may show a section of its own.
const (
	Front     = "front"     // of the portal; its area is the visitor's community, or the city
	Community = "community" // page of a community
	Mine      = "mine"      // page of a resident who has proven a telephone number; it has no area
)

// Section is what a module shows on a page of another.
type Section struct {
	ID      string // of the heading, unique on the page
	Heading string
	Alert   bool // shown on top, as a banner
	Items   []Item
	None    string // said where there are no items
	Links   []Link
}

// Item is one row of a section or list.
type Item struct {
	Link  // one without an address is words alone
	Note  string
	Tags  []Tag
	Press *Press // nil for none
}

// Press is a button that posts to an address.
type Press struct{ Action, Label string }

// Tag is a mark beside a row. Tone is done, soon, late, info or "".
type Tag struct{ Label, Tone string }

type placed struct {
	place string
	show  func(q *Request, area string) ([]Section, error)
}

// Section lets a module show sections on a place for an area, in the order in which modules are added.
func (s *Site) Section(place string, show func(q *Request, area string) ([]Section, error)) {
	s.sections = append(s.sections, placed{place, show})
}

// Door puts a page into the bar of the frame. Label is a text's key.
func (s *Site) Door(label, href string) { s.doors = append(s.doors, Link{label, href}) }

// Service is what residents come for: it stands first in the bar of the frame, as a tile on the front, and as a button on
// a community's page. Texts are keys.
type Service struct {
	Label string        // in the bar and on the tile
	Note  string        // below it on the tile
	Press string        // on the button of a community's page
	Href  string        // a page that takes ?area=, the code of the community
	Icon  template.HTML // paths of a picture of 24 by 24, drawn in strokes
}

// Serve puts a service before the doors, in the order in which modules are added.
func (s *Site) Serve(service Service) { s.services = append(s.services, service) }

// Services are those of the modules.
func (q *Request) Services() []Service { return q.site.services }

// Sections are what modules show on a place. One that cannot be read is left out and logged: the page
// around it is of use without it.
func (q *Request) Sections(place, area string) []Section {
	var out []Section
	for _, p := range q.site.sections {
		if p.place != place {
			continue
		}
		sections, err := p.show(q, area)
		if err != nil {
			slog.ErrorContext(q.ctx, "section left out", "place", place, "area", area, "error", err)
			continue
		}
		out = append(out, sections...)
	}
	return out
}

// Alone answers with a page without the portal's frame: the template defines "alone", whole.
func (q *Request) Alone(name string, data any) error {
	return q.render(http.StatusOK, name, "alone", data)
}

// Absolute is the whole address of a path of this site, for what is read elsewhere.
func (q *Request) Absolute(path string) string {
	if base := q.site.o.Base; base != "" {
		return base + path
	}
	scheme := "http"
	if httpx.PeerOf(q.ctx).HTTPS {
		scheme = "https"
	}
	return scheme + "://" + q.r.Host + path
}
