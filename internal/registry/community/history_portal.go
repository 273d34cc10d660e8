package community

import (
	"net/http"

	"linli/internal/platform/errs"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

const mostPast = 20 // changes that a page tells

// pageFormer leads a visitor who comes by a code of the past to the place of today, and tells why;
// of a place that nothing took over it tells what is known.
func (s *Service) pageFormer(q *page.Request) error {
	f, heir, was := s.Register.Tree().Former(q.Path("code"))
	switch {
	case !was:
		return errs.ErrNotFound
	case heir.Code != "":
		q.Notice("registry.page.former_now", "code", f.Code, "name", f.Name, "until", page.Day(q.Lang, f.Until), "now",
			registry.NameIn(heir, q.Lang))
		return q.Redirect("/communities/" + heir.Code)
	}
	q.Crumb(q.T("page.door.communities"), "/communities")
	q.Crumb(f.Name, "")
	return q.Render(http.StatusGone, "registry/closed", closedPage{Name: f.Name, Code: f.Code, Line: s.formerLines(q,
		[]registry.Former{f})[0]})
}

type closedPage struct{ Name, Code, Line string }

// formerLines words places that are no more.
func (s *Service) formerLines(q *page.Request, former []registry.Former) []string {
	var out []string
	for _, f := range former {
		out = append(out, q.T("registry.page.former_closed", "code", f.Code, "name", f.Name, "day", page.Day(q.Lang, f.Until)))
	}
	return out
}

// pastLines words the history of an area, newest first.
func (s *Service) pastLines(q *page.Request, code string) ([]string, error) {
	changes, err := s.Register.Changes(q.Context(), code, false, mostPast)
	var out []string
	for _, c := range changes {
		out = append(out, q.T("registry.page.past."+c.Kind, "day", page.Day(q.Lang, c.On), "from", c.From.Name, "fromCode", c.From.Code,
			"to", c.To.Name, "toCode", c.To.Code))
	}
	return out, err
}
