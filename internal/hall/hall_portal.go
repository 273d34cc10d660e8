package hall

import (
	"context"
	"embed"
	"net/http"

	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
)

//go:embed templates/*.html
var templates embed.FS

const icon = `<path d="M6 3h9l4 4v14H6z"/><path d="M14 3v5h5M9 12h7M9 16h7"/>`

// pages are the guides of services and the application form.
func (s *Service) pages(site *page.Site) {
	site.Serve(page.Service{Label: "hall.page.door", Note: "hall.page.tile", Press: "hall.page.press", Href: "/hall", Icon: icon})
	site.Get("/hall", s.pageItems)
	site.Get("/hall/{code}", s.pageGuide)
	page.Fill(site, "/hall/{code}/apply", s.applying)
}

// Offers lists the services that may be applied for, each with its guide.
func (s *Service) Offers(_ context.Context, _ string, lang text.Lang) ([]page.Link, error) {
	var out []page.Link
	for _, item := range s.Find("") {
		out = append(out, page.Link{Label: item.Name.In(lang), Href: "/hall/" + item.Code})
	}
	return out, nil
}

type itemGroup struct {
	Kind  Kind
	Items []itemRow
}

type itemRow struct {
	ItemSummary
	Limit string
}

type itemsPage struct {
	Words  string
	Groups []itemGroup
}

func (s *Service) pageItems(q *page.Request) error {
	q.Crumb(q.T("hall.page.door"), "")
	d := itemsPage{Words: q.Query("q")}
	found := s.Find(d.Words)
	for _, kind := range []Kind{Government, Volunteer, Market} {
		g := itemGroup{Kind: kind}
		for i := range found {
			if found[i].Kind == kind {
				g.Items = append(g.Items, itemRow{s.Summary(&found[i], q.Lang), limitWords(q, found[i].Promised)})
			}
		}
		if len(g.Items) > 0 {
			d.Groups = append(d.Groups, g)
		}
	}
	return q.Render(http.StatusOK, "hall/items", d)
}

// limitWords writes a time limit: 20 个工作日.
func limitWords(q *page.Request, l calendar.Limit) string {
	return q.Count("hall.page.limit."+string(l.Unit), l.Amount)
}

type guidePage struct {
	Guide
	Promised, Statutory string
	Bring, Leave        []MaterialView // what to bring, and what not
}

func (s *Service) pageGuide(q *page.Request) error {
	item, err := s.offered(q)
	if err != nil {
		return err
	}
	q.Crumb(q.T("hall.page.door"), "/hall")
	q.Crumb(item.Name.In(q.Lang), "")
	d := guidePage{Guide: s.Guide(q.Context(), &item), Promised: limitWords(q, item.Promised), Statutory: limitWords(q, item.Statutory)}
	for _, m := range d.Materials {
		if m.Held {
			d.Leave = append(d.Leave, m)
		} else {
			d.Bring = append(d.Bring, m)
		}
	}
	return q.Render(http.StatusOK, "hall/guide", d)
}

func (s *Service) offered(q *page.Request) (Item, error) {
	item, ok := s.itemOn(q.Path("code"), clock.Day(q.Now))
	if !ok || !item.Enabled {
		return Item{}, errs.ErrNotFound
	}
	return item, nil
}
