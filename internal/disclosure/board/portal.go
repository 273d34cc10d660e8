package board

import (
	"context"
	"embed"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/disclosure"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/feed"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

//go:embed templates/*.html
var templates embed.FS

// Lengths of lists on the portal.
const (
	perPage    = 50
	perSection = 5
	mostShown  = 100 // of a feed
	mostLate   = 200
)

func (s *pages) pages(site *page.Site) {
	site.Get("/disclosures", s.pageBoard)
	site.Get("/disclosures/feed", s.pageFeed)
	site.Get("/disclosures/calendar.ics", s.pageCalendar)
	site.Get("/disclosures/powers", s.pagePowers)
	site.Get("/disclosures/duties/{id}", s.pageDuty)
	site.Get("/disclosures/entries/{id}", s.pageEntry)
	site.Get("/disclosures/entries/{id}/document", s.pageDocument)
	site.Get("/disclosures/entries/{id}/print", s.pagePrint)
	site.Get("/disclosures/entries/{id}/table", s.pageTable)
	site.Get("/disclosures/entries/{id}/files/{file}", s.pageFile)
	site.Door("disclosure.portal.door", "/disclosures")
	site.Section(page.Community, s.sections)
}

// sections are what a community posted last, and how many matters are late.
func (s *pages) sections(q *page.Request, area string) ([]page.Section, error) {
	if registry.LevelOf(area) != registry.LevelCommunity {
		return nil, nil
	}
	found, err := s.Shown(q.Context(), area, 0, perSection)
	if err != nil {
		return nil, err
	}
	overdue, err := s.lateIn(q.Context(), area)
	if err != nil {
		return nil, err
	}
	sec := page.Section{ID: "disclosure", Heading: q.T("disclosure.portal.heading"), None: q.T("disclosure.portal.none"),
		Links: []page.Link{{Label: q.T("disclosure.portal.all"), Href: "/disclosures?area=" + area}}}
	if len(overdue) > 0 {
		sec.Items = append(sec.Items, page.Item{Link: page.Link{Label: q.Count("disclosure.portal.late_count", len(overdue)),
			Href: "/disclosures?area=" + area + "#late"}, Tags: []page.Tag{{Label: q.T("disclosure.late.late"), Tone: "late"}}})
	}
	for i := range found {
		sec.Items = append(sec.Items, s.entryItem(q, &found[i]))
	}
	return []page.Section{sec}, nil
}

// lateIn are the duties of a community that are late today, the longest late first.
func (s *pages) lateIn(ctx context.Context, area string) ([]disclosure.Duty, error) {
	all, _, err := s.DutiesIn(ctx, disclosure.DutyFilter{State: disclosure.Late, Limit: mostLate}, []string{area})
	return all, err
}

func (s *pages) entryItem(q *page.Request, e *disclosure.Entry) page.Item {
	i := page.Item{Link: page.Link{Label: e.Title, Href: "/disclosures/entries/" + e.ID}}
	if e.Edition > 1 {
		i.Tags = append(i.Tags, page.Tag{Label: q.T("disclosure.page.corrected"), Tone: "info"})
	}
	i.Note = strings.Join([]string{q.T("disclosure.head." + e.Head), s.PeriodName(q.Lang, e.Period),
		q.T("disclosure.page.posted_on", "day", page.Day(q.Lang, e.PostedOn))}, " · ")
	return i
}

func (s *pages) dutyItem(q *page.Request, d *disclosure.Duty) page.Item {
	v := s.DutyViewOf(d, q.Lang, clock.Day(q.Now))
	i := page.Item{Link: page.Link{Label: v.Title, Href: "/disclosures/duties/" + d.ID}}
	when := q.T("disclosure.page.due_unknown", "year", d.DueYear)
	if d.Due != "" {
		when = q.T("disclosure.page.due_on", "day", page.Day(q.Lang, d.Due))
	}
	if v.Late != "" {
		i.Tags = []page.Tag{{Label: q.T("disclosure.late." + v.Late), Tone: "late"}}
	}
	i.Note = strings.Join([]string{q.T("disclosure.head." + d.Head), v.PeriodName, when}, " · ")
	return i
}

// asked is the area that a page is asked for: that of its address, or the visitor's community, or the city. Error: NotFound.
func (s *pages) asked(q *page.Request) (registry.Area, error) {
	code := q.Query("area")
	if code == "" {
		code = q.Community()
	}
	if code == "" {
		if city, ok := s.Registry.City(); ok {
			return city, nil
		}
		return registry.Area{}, errs.ErrNotFound
	}
	a, ok := s.Registry.Area(code)
	if !ok || a.Level > registry.LevelCommunity {
		return a, errs.ErrNotFound
	}
	return a, nil
}

type headList struct {
	Head, Name string
	Items      []page.Item
}

type boardPage struct {
	Name, Code string
	Heads      []headList
	Late, Soon []page.Item
	Links      []page.Link
	Prev, Next string
	Below      []belowLine
	From, To   string
	Chosen     string
	Choices    []page.Link
	Total      disclosure.Counts
	Whole      bool // of an area wider than a community
}

type belowLine struct {
	page.Link
	disclosure.Counts
	Share int // percent posted in time
}

// pageBoard is the board (公开栏) of a community by heads and dates, or the lateness of the communities of a wider area.
func (s *pages) pageBoard(q *page.Request) error {
	a, err := s.asked(q)
	if err != nil {
		return err
	}
	d := boardPage{Name: registry.NameIn(a, q.Lang), Code: a.Code}
	q.Crumb(q.T("disclosure.portal.heading"), "")
	d.Links = []page.Link{{Label: q.T("disclosure.page.powers"), Href: "/disclosures/powers?area=" + a.Code},
		{Label: q.T("disclosure.portal.feed"), Href: "/disclosures/feed?area=" + a.Code},
		{Label: q.T("disclosure.portal.calendar"), Href: "/disclosures/calendar.ics?area=" + a.Code}}
	if a.Level < registry.LevelCommunity {
		return s.renderWider(q, a, &d)
	}
	d.Chosen = q.Query("head")
	d.Choices = append(d.Choices, page.Link{Label: q.T("disclosure.portal.every"), Href: "/disclosures?area=" + a.Code})
	for _, h := range disclosure.Heads {
		d.Choices = append(d.Choices, page.Link{Label: q.T("disclosure.head." + h), Href: "/disclosures?area=" + a.Code + "&head=" + h})
	}
	at, _ := strconv.Atoi(q.Query("page"))
	at = min(max(at, 1), 500)
	found, err := s.boardEntries(q.Context(), a.Code, d.Chosen, (at-1)*perPage)
	if err != nil {
		return err
	}
	more := len(found) > perPage
	found = found[:min(perPage, len(found))]
	for _, h := range disclosure.Heads {
		if d.Chosen != "" && d.Chosen != h {
			continue
		}
		l := headList{Head: h, Name: q.T("disclosure.head." + h)}
		for i := range found {
			if found[i].Head == h {
				l.Items = append(l.Items, s.entryItem(q, &found[i]))
			}
		}
		d.Heads = append(d.Heads, l)
	}
	address := func(n int) string {
		return "/disclosures?area=" + a.Code + "&head=" + d.Chosen + "&page=" + strconv.Itoa(n)
	}
	if at > 1 {
		d.Prev = address(at - 1)
	}
	if more {
		d.Next = address(at + 1)
	}
	return s.renderBoard(q, a.Code, &d)
}

// boardEntries are those on the board of a community today, of one head where one is asked for.
func (s *pages) boardEntries(ctx context.Context, area, head string, skip int) ([]disclosure.Entry, error) {
	var w db.Where
	w.And(`state = 'posted'`)
	w.And(`area = %s`, area)
	if slices.Contains(disclosure.Heads, head) {
		w.And(`head = %s`, head)
	}
	limit, offset := w.Arg(perPage+1), w.Arg(skip)
	return db.All(ctx, s.Log.DB, disclosure.ScanEntry, `SELECT `+disclosure.EntryColumns+` FROM disclosure_entry`+w.String()+
		` ORDER BY posted_at DESC, id DESC LIMIT `+limit+` OFFSET `+offset, w.List...)
}

func (s *pages) renderBoard(q *page.Request, area string, d *boardPage) error {
	overdue, err := s.lateIn(q.Context(), area)
	if err != nil {
		return err
	}
	for i := range overdue {
		d.Late = append(d.Late, s.dutyItem(q, &overdue[i]))
	}
	today := clock.Day(q.Now)
	var w db.Where
	w.And(`area = %s`, area)
	w.And(`state = 'open'`)
	w.Any(w.Term(`due_on >= %s`, today), `due_on = ''`)
	coming, err := db.All(q.Context(), s.Log.DB, disclosure.ScanDuty, `SELECT `+disclosure.DutyColumns+` FROM disclosure_duty`+w.String()+
		` ORDER BY CASE WHEN due_on = '' THEN 1 ELSE 0 END, due_on, last_on, id LIMIT `+w.Arg(mostLate), w.List...)
	if err != nil {
		return err
	}
	for i := range coming {
		d.Soon = append(d.Soon, s.dutyItem(q, &coming[i]))
	}
	return q.Render(http.StatusOK, "disclosure/board", d)
}

// renderWider shows the lateness of the communities of a wider area in the last twelve months.
func (s *pages) renderWider(q *page.Request, a registry.Area, d *boardPage) error {
	d.Whole = true
	in := disclosure.BoardInput{Area: a.Code, From: clock.Day(q.Now.AddDate(-1, 0, 0)), To: clock.Day(q.Now)}
	b, err := s.BoardOf(text.With(q.Context(), q.Lang), in)
	if err != nil {
		return err
	}
	d.From, d.To, d.Total = b.From, b.To, b.Total
	for _, c := range b.Below {
		l := belowLine{Link: page.Link{Label: c.Name, Href: "/disclosures?area=" + c.Code}, Counts: c.Counts}
		if c.Due > 0 {
			l.Share = 100 * c.OnTime / c.Due
		}
		d.Below = append(d.Below, l)
	}
	return q.Render(http.StatusOK, "disclosure/board", d)
}

type duePage struct {
	disclosure.DutyView
	Unknown         bool
	Count           []disclosure.DayCount
	What, Law       string
	Limit           string
	Entry, Board    string
	LastDay, Period string
}

// pageDuty says what is due and how its day was counted, day by day.
func (s *pages) pageDuty(q *page.Request) error {
	found, err := disclosure.FindDuty(q.Context(), s.Log.DB, q.Path("id"))
	if err != nil {
		return err
	}
	x := s.Explained(text.With(q.Context(), q.Lang), &found)
	d := duePage{DutyView: x.DutyView, Unknown: x.Due == "", Count: x.Count, What: x.Text.What.Given(q.Lang),
		Law: x.Text.Law.Given(q.Lang), Limit: q.T("disclosure.limit."+string(x.Text.Limit.Unit), "n", x.Text.Limit.Amount), Board: "/disclosures?area=" + found.Area,
		Period: x.PeriodName, LastDay: found.Last}
	if found.State == disclosure.DutyPosted {
		d.Entry = "/disclosures/entries/" + found.Entry
	}
	q.Crumb(q.T("disclosure.portal.heading"), d.Board)
	q.Crumb(x.Title, "")
	return q.Render(http.StatusOK, "disclosure/duty", d)
}

// pagePowers is the list of micro-powers with their steps.
func (s *pages) pagePowers(q *page.Request) error {
	a, err := s.asked(q)
	if err != nil {
		return err
	}
	d := powersPage{Board: "/disclosures?area=" + a.Code, Name: registry.NameIn(a, q.Lang)}
	for _, p := range s.Powers() {
		l := powerLine{Number: p.Number, Group: q.T("disclosure.power." + p.Group), Name: p.Name.Given(q.Lang), Actor: p.Actor.Given(q.Lang),
			Basis: p.Basis.Given(q.Lang), Publicity: p.Publicity.Given(q.Lang), Supervise: p.Supervisor.Given(q.Lang)}
		for _, st := range p.Steps {
			l.Steps = append(l.Steps, st.Given(q.Lang))
		}
		d.Powers = append(d.Powers, l)
	}
	q.Crumb(q.T("disclosure.portal.heading"), d.Board)
	q.Crumb(q.T("disclosure.page.powers"), "")
	return q.Render(http.StatusOK, "disclosure/powers", d)
}

func rfc3339(ms int64) string { return clock.Instant(ms).Format(time.RFC3339) }

// pageFeed is what was posted last in an area, as Atom. A correction keeps the entry's id and moves its date.
func (s *pages) pageFeed(q *page.Request) error {
	a, err := s.asked(q)
	if err != nil {
		return err
	}
	found, err := s.Shown(q.Context(), a.Code, 0, mostShown)
	if err != nil {
		return err
	}
	self := q.Absolute("/disclosures/feed?area=" + a.Code)
	f := feed.Atom{Lang: string(q.Lang), ID: self, Title: q.T("disclosure.portal.list", "name", registry.NameIn(a, q.Lang)),
		Author: s.Registry.CityIn(q.Context(), q.Lang),
		Links:  []feed.Link{{Rel: "self", Href: self}, {Rel: "alternate", Href: q.Absolute("/disclosures?area=" + a.Code)}}}
	latest := int64(0)
	for i := range found {
		e := &found[i]
		latest = max(latest, e.PostedAt)
		f.Entries = append(f.Entries, feed.Entry{ID: "urn:linli:disclosure:" + e.ID, Title: e.Title, Updated: rfc3339(e.PostedAt),
			Published: rfc3339(e.PostedAt), Links: []feed.Link{{Rel: "alternate", Href: q.Absolute("/disclosures/entries/" + e.ID)}},
			Author: e.Issuer, Category: []feed.Term{{Term: e.Head}}, Content: e.Text})
	}
	f.Updated = rfc3339(latest)
	raw, err := f.Bytes()
	if err != nil {
		return err
	}
	return q.Send(http.StatusOK, feed.AtomType, "private, no-cache", raw)
}

// pageCalendar are the due days of an area that are known and not over, as iCalendar.
func (s *pages) pageCalendar(q *page.Request) error {
	a, err := s.asked(q)
	if err != nil {
		return err
	}
	all, err := db.All(q.Context(), s.Log.DB, disclosure.ScanDuty, `SELECT `+disclosure.DutyColumns+` FROM disclosure_duty WHERE area >= $1 AND area < $2
		AND state = 'open' AND due_on >= $3 ORDER BY due_on, id LIMIT $4`, a.Code, authority.PrefixEnd(a.Code), clock.Day(q.Now), mostLate)
	if err != nil {
		return err
	}
	c := feed.NewCalendar("Disclosure", q.T("disclosure.portal.list", "name", registry.NameIn(a, q.Lang)))
	for i := range all {
		v := s.DutyViewOf(&all[i], q.Lang, clock.Day(q.Now))
		c.Add(feed.Event{UID: v.ID + "@linli", URL: q.Absolute("/disclosures/duties/" + v.ID), Stamp: q.Now, Sequence: int(all[i].Version),
			From: v.Due, Until: v.Due, Summary: q.T("disclosure.portal.due", "title", v.Title), Description: v.PeriodName, Location: v.AreaName})
	}
	return q.Send(http.StatusOK, feed.CalendarType, "private, no-cache", c.Bytes())
}

// search are the posted entries whose title holds the words, for the portal's search.
func (s *pages) search(ctx context.Context, q module.Query) ([]module.Found, error) {
	all, err := db.All(ctx, s.Log.DB, disclosure.ScanEntry, `SELECT `+disclosure.EntryColumns+` FROM disclosure_entry WHERE state = 'posted'
		AND LOWER(title) LIKE $1 ESCAPE '\' ORDER BY posted_at DESC LIMIT $2`, db.Containing(q.Words), q.Limit)
	var out []module.Found
	for i := range all {
		out = append(out, module.Found{Label: all[i].Title, Note: s.AreaName(all[i].Area, q.Lang), Href: "/disclosures/entries/" + all[i].ID})
	}
	return out, err
}
