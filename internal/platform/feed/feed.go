// Package feed writes what other programs read regularly: Atom feeds (RFC 4287) and calendars (iCalendar, RFC 5545).
package feed

import (
	"encoding/xml"
	"fmt"
	"time"

	"linli/internal/platform/ics"
)

// Media types of the formats.
const (
	AtomType     = "application/atom+xml; charset=utf-8"
	CalendarType = "text/calendar; charset=utf-8"
)

// Atom is a feed, as far as a list needs it.
type Atom struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string   `xml:"xml:lang,attr"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"` // RFC 3339
	Links   []Link   `xml:"link"`
	Author  string   `xml:"author>name"`
	Entries []Entry  `xml:"entry"`
}

// Link is an address: Rel is self or alternate.
type Link struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

// Entry is one entry of a feed. Its ID never changes; Updated does with its text.
type Entry struct {
	ID        string `xml:"id"`
	Title     string `xml:"title"`
	Updated   string `xml:"updated"`
	Published string `xml:"published"`
	Links     []Link `xml:"link"`
	Author    string `xml:"author>name"`
	Category  []Term `xml:"category"`
	Content   string `xml:"content"`
}

// Term is a category.
type Term struct {
	Term string `xml:"term,attr"`
}

// Bytes are the feed as a document.
func (a *Atom) Bytes() ([]byte, error) {
	raw, err := xml.MarshalIndent(a, "", " ")
	return append([]byte(xml.Header), raw...), err
}

// Calendar writes an iCalendar file of events that take whole days.
type Calendar struct{ c ics.Calendar }

// NewCalendar begins a calendar. Product names what it is of, in English; name is shown.
func NewCalendar(product, name string) *Calendar {
	var c Calendar
	c.c.Line("BEGIN:VCALENDAR")
	c.c.Line("VERSION:2.0")
	c.c.Line("PRODID:-//Linli//" + product + "//ZH")
	c.c.Text("X-WR-CALNAME", name)
	return &c
}

// Event is one event of whole days. From and Until are YYYY-MM-DD, both included.
type Event struct {
	UID, URL                       string
	Stamp                          time.Time
	Sequence                       int
	From, Until                    string
	Summary, Description, Location string
}

// Add writes an event; one without two days is left out.
func (c *Calendar) Add(e Event) {
	from, errFrom := time.Parse(time.DateOnly, e.From)
	until, errUntil := time.Parse(time.DateOnly, e.Until)
	if errFrom != nil || errUntil != nil {
		return
	}
	c.c.Line("BEGIN:VEVENT")
	c.c.Line("UID:" + e.UID)
	c.c.Line("DTSTAMP:" + e.Stamp.UTC().Format("20060102T150405Z"))
	c.c.Line(fmt.Sprintf("SEQUENCE:%d", e.Sequence))
	c.c.Line("DTSTART;VALUE=DATE:" + from.Format("20060102"))
	c.c.Line("DTEND;VALUE=DATE:" + until.AddDate(0, 0, 1).Format("20060102")) // the day after the last
	c.c.Text("SUMMARY", e.Summary)
	c.c.Text("DESCRIPTION", e.Description)
	c.c.Text("LOCATION", e.Location)
	c.c.Line("URL:" + e.URL)
	c.c.Line("TRANSP:TRANSPARENT")
	c.c.Line("END:VEVENT")
}

// Bytes end the calendar.
func (c *Calendar) Bytes() []byte {
	c.c.Line("END:VCALENDAR")
	return []byte(c.c.String())
}
