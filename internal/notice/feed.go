package notice

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/ics"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

// Atom (RFC 4287) as far as a list of notices needs it.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Author  string      `xml:"author>name"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Updated   string     `xml:"updated"`
	Published string     `xml:"published"`
	Links     []atomLink `xml:"link"`
	Author    string     `xml:"author>name"`
	Category  []atomTerm `xml:"category"`
	Content   string     `xml:"content"`
}

type atomTerm struct {
	Term string `xml:"term,attr"`
}

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
	f := atomFeed{Lang: string(q.Lang), ID: self, Title: q.T("notice.page.list", "name", registry.NameIn(a, q.Lang)),
		Author: s.Registry.CityIn(q.Context(), q.Lang),
		Links:  []atomLink{{"self", self}, {"alternate", q.Absolute("/notices?area=" + a.Code)}}}
	latest := int64(0)
	for i := range found {
		e := &found[i]
		latest = max(latest, e.PublishedAt)
		f.Entries = append(f.Entries, atomEntry{ID: "urn:linli:notice:" + e.ID, Title: e.Title.In(q.Lang),
			Updated: rfc3339(e.PublishedAt), Published: rfc3339(e.PublishedAt),
			Links: []atomLink{{"alternate", addressOf(q, e)}}, Author: e.Issuer, Category: []atomTerm{{e.Kind}}, Content: e.Body.In(q.Lang)})
	}
	f.Updated = rfc3339(latest)
	raw, err := xml.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	return q.Send(http.StatusOK, "application/atom+xml; charset=utf-8", "private, no-cache", append([]byte(xml.Header), raw...))
}

// pageCalendar is what is shown for an area today and has a last day, as iCalendar (RFC 5545): whole days.
func (s *Service) pageCalendar(q *page.Request) error {
	a, err := asked(q, s.Registry)
	if err != nil {
		return err
	}
	found, err := s.List(q.Context(), Shown{Area: a.Code, Below: a.Level < registry.LevelCommunity, Most: mostShown})
	if err != nil {
		return err
	}
	var c ics.Calendar
	c.Line("BEGIN:VCALENDAR")
	c.Line("VERSION:2.0")
	c.Line("PRODID:-//Linli//Notices//ZH")
	c.Text("X-WR-CALNAME", q.T("notice.page.list", "name", registry.NameIn(a, q.Lang)))
	for i := range found {
		e := &found[i]
		from, errFrom := time.Parse(time.DateOnly, e.From)
		until, errUntil := time.Parse(time.DateOnly, e.Until)
		if errFrom != nil || errUntil != nil {
			continue
		}
		c.Line("BEGIN:VEVENT")
		c.Line("UID:" + e.ID + "@linli")
		c.Line("DTSTAMP:" + clock.Instant(e.PublishedAt).UTC().Format("20060102T150405Z"))
		c.Line(fmt.Sprintf("SEQUENCE:%d", e.Seq-1))
		c.Line("DTSTART;VALUE=DATE:" + from.Format("20060102"))
		c.Line("DTEND;VALUE=DATE:" + until.AddDate(0, 0, 1).Format("20060102")) // the day after the last
		c.Text("SUMMARY", e.Title.In(q.Lang))
		c.Text("DESCRIPTION", e.Body.In(q.Lang))
		c.Text("LOCATION", strings.Join(s.places(e, q.Lang), ", "))
		c.Line("URL:" + addressOf(q, e))
		c.Line("TRANSP:TRANSPARENT")
		c.Line("END:VEVENT")
	}
	c.Line("END:VCALENDAR")
	return q.Send(http.StatusOK, "text/calendar; charset=utf-8", "private, no-cache", []byte(c.String()))
}
