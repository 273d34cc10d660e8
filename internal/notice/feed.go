package notice

import (
	"net/http"
	"strings"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/feed"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

func rfc3339(ms int64) string { return clock.Instant(ms).Format(time.RFC3339) }

// pageFeed is what is shown for an area today, as Atom. A correction keeps the entry's id and moves its date.
func (s *Service) pageFeed(q *page.Request) error {
	a, err := asked(q, s.Registry)
	if err != nil {
		return err
	}
	found, err := s.List(q.Context(), Shown{Area: a.Code, Below: a.Level < registry.LevelCommunity, Most: mostShown})
	if err != nil {
		return err
	}
	self := q.Absolute("/notices/feed?area=" + a.Code)
	f := feed.Atom{Lang: string(q.Lang), ID: self, Title: q.T("notice.page.list", "name", registry.NameIn(a, q.Lang)),
		Author: s.Registry.CityIn(q.Context(), q.Lang),
		Links:  []feed.Link{{Rel: "self", Href: self}, {Rel: "alternate", Href: q.Absolute("/notices?area=" + a.Code)}}}
	latest := int64(0)
	for i := range found {
		e := &found[i]
		latest = max(latest, e.PublishedAt)
		f.Entries = append(f.Entries, feed.Entry{ID: "urn:linli:notice:" + e.ID, Title: e.Title.In(q.Lang),
			Updated: rfc3339(e.PublishedAt), Published: rfc3339(e.PublishedAt), Links: []feed.Link{{Rel: "alternate", Href: addressOf(q, e)}},
			Author: e.Issuer, Category: []feed.Term{{Term: e.Kind}}, Content: e.Body.In(q.Lang)})
	}
	f.Updated = rfc3339(latest)
	raw, err := f.Bytes()
	if err != nil {
		return err
	}
	return q.Send(http.StatusOK, feed.AtomType, "private, no-cache", raw)
}

// pageCalendar is what is shown for an area today and has a last day, as iCalendar: whole days.
func (s *Service) pageCalendar(q *page.Request) error {
	a, err := asked(q, s.Registry)
	if err != nil {
		return err
	}
	found, err := s.List(q.Context(), Shown{Area: a.Code, Below: a.Level < registry.LevelCommunity, Most: mostShown})
	if err != nil {
		return err
	}
	c := feed.NewCalendar("Notices", q.T("notice.page.list", "name", registry.NameIn(a, q.Lang)))
	for i := range found {
		e := &found[i]
		c.Add(feed.Event{UID: e.ID + "@linli", URL: addressOf(q, e), Stamp: clock.Instant(e.PublishedAt), Sequence: e.Seq - 1,
			From: e.From, Until: e.Until, Summary: e.Title.In(q.Lang), Description: e.Body.In(q.Lang),
			Location: strings.Join(s.places(e, q.Lang), ", ")})
	}
	return q.Send(http.StatusOK, feed.CalendarType, "private, no-cache", c.Bytes())
}
