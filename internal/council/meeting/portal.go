package meeting

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/council"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/ics"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

// Lengths of lists on the portal.
const (
	mostListed = 100
	perSection = 3
)

// portal serves the pages for residents.
type portal struct{ *Service }

func (s portal) pages(site *page.Site) {
	site.Get("/communities/{code}/meetings", s.pageList)
	site.Get("/communities/{code}/meetings/calendar.ics", s.pageCalendar)
	site.Get("/meetings/{id}", s.pageMeeting)
	site.Get("/meetings/{id}/calendar.ics", s.pageEvent)
	site.Get("/meetings/{id}/screen", s.pageScreen)
	site.Get("/meetings/{id}/notice", func(q *page.Request) error { return s.pagePrint(q, "notice") })
	site.Get("/meetings/{id}/resolution", func(q *page.Request) error { return s.pagePrint(q, "resolution") })
	site.Section(page.Community, s.section)
}

// public tells whether residents see a meeting: notice of it was given.
func (m *Meeting) public() bool { return m.ConvenedAt > 0 }

// held tells whether a meeting has sat to its end.
func (m *Meeting) held() bool { return m.State == stateClosed || m.State == stateSigned }

var stateTones = map[flow.State]string{stateConvened: "info", stateSitting: "soon", stateClosed: "", stateSigned: "done", stateCancelled: "late"}

func (s portal) section(q *page.Request, area string) ([]page.Section, error) {
	a, ok := s.Registry.Area(area)
	if !ok || a.Level != registry.LevelCommunity {
		return nil, nil
	}
	found, err := s.shown(q.Context(), area, mostListed)
	sec := page.Section{ID: "meetings", Heading: q.T("council.portal.meetings"), None: q.T("council.portal.no_meetings"),
		Links: []page.Link{{Label: q.T("council.portal.all_meetings"), Href: "/communities/" + area + "/meetings"}}}
	for i := range found[:min(perSection, len(found))] {
		sec.Items = append(sec.Items, s.item(q, &found[i]))
	}
	return []page.Section{sec}, err
}

// shown are the meetings of a community that residents see, the latest first.
func (s portal) shown(ctx context.Context, area string, most int) ([]Meeting, error) {
	all, err := listArea(ctx, s.Log.DB, area, most)
	return slices.DeleteFunc(all, func(m Meeting) bool { return !m.public() }), err
}

func (s portal) item(q *page.Request, m *Meeting) page.Item {
	return page.Item{Link: page.Link{Label: m.Title, Href: "/meetings/" + m.ID},
		Tags: []page.Tag{{Label: q.T("council.meeting.state." + string(m.State)), Tone: stateTones[m.State]}},
		Note: strings.Join([]string{s.bodyName(q, m), when(q, m), m.Place}, " · ")}
}

// bodyName is what meets, in the words of its branch of law.
func (s portal) bodyName(q *page.Request, m *Meeting) string {
	name := q.T("council.ui.organ." + m.Kind + "." + m.Body)
	if m.Group != "" {
		name += " " + m.Group
	}
	return name
}

func when(q *page.Request, m *Meeting) string { return page.Day(q.Lang, m.Day) + " " + m.Time }

type listPage struct {
	Name, Code string
	Items      []page.Item
	Due        string // by when the representatives meet again
	Late       bool
	Calendar   string
}

func (s portal) pageList(q *page.Request) error {
	area, err := s.community(q, "/meetings")
	if err != nil || area == nil {
		return err
	}
	found, err := s.shown(q.Context(), area.Code, mostListed)
	if err != nil {
		return err
	}
	today := clock.Day(q.Now)
	_, due, err := s.due(q.Context(), s.Log.DB, area.Code, council.Kind(*area), today)
	if err != nil {
		return err
	}
	d := listPage{Name: registry.NameIn(*area, q.Lang), Code: area.Code, Calendar: "/communities/" + area.Code + "/meetings/calendar.ics"}
	if due != "" {
		d.Due, d.Late = due, due < today
	}
	for i := range found {
		d.Items = append(d.Items, s.item(q, &found[i]))
	}
	q.Crumb(q.T("page.door.communities"), "/communities")
	q.Crumb(d.Name, "/communities/"+area.Code)
	q.Crumb(q.T("council.portal.meetings"), "")
	return q.Render(http.StatusOK, "council/meetings", d)
}

// community is the one that a page is about; nil where the visitor was sent on to what has taken over its code. Error: NotFound.
func (s portal) community(q *page.Request, rest string) (*registry.Area, error) {
	code := q.Path("code")
	a, ok := s.Registry.Area(code)
	if now := s.Registry.Resolve(code); !ok && now != code {
		return nil, q.Redirect("/communities/" + now + rest)
	}
	if !ok || a.Level != registry.LevelCommunity {
		return nil, errs.ErrNotFound
	}
	return &a, nil
}

// told is a meeting that residents see. Error: NotFound.
func (s portal) told(q *page.Request) (Meeting, error) {
	m, err := find(q.Context(), s.Log.DB, q.Path("id"))
	if err == nil && !m.public() {
		err = errs.ErrNotFound
	}
	return m, err
}

// agendaRow is a public item with what was decided.
type agendaRow struct {
	AgendaItem
	N      int
	Closed bool // not public: only that there is one
	Votes  []voteRow
}

type voteRow struct {
	*MeetingVote
	Verdict page.Tag
	Line    string // counts in words
	Source  string
	Short   []string
}

type meetingPage struct {
	*Meeting
	Name, Body, When, State, Tone string
	Items                         []agendaRow
	Present, Need                 int
	Quorum                        string
	Held, Signed, Cancelled       bool
	Lost                          string
	Links                         []page.Link
	Printed                       string // what stands below a print: the community's committee and the day
	PrintDay                      string
	Called                        string
}

// view is what everybody may read of a meeting: open items, numbers, no names.
func (s portal) view(q *page.Request, m *Meeting) (meetingPage, error) {
	area, _ := s.Registry.Area(m.Area)
	d := meetingPage{Meeting: m, Name: registry.NameIn(area, q.Lang), Body: s.bodyName(q, m), When: when(q, m),
		State: q.T("council.meeting.state." + string(m.State)), Tone: stateTones[m.State], Held: m.held(), Signed: m.State == stateSigned,
		Cancelled: m.State == stateCancelled}
	votes, err := listVotes(q.Context(), s.Log.DB, m)
	if err != nil {
		return d, err
	}
	votes = current(votes)
	for i := range m.Items {
		row := agendaRow{AgendaItem: m.Items[i], N: i + 1}
		if !row.Public {
			d.Items = append(d.Items, agendaRow{N: i + 1, Closed: true})
			continue
		}
		for j := range votes {
			if votes[j].Item == row.ID {
				row.Votes = append(row.Votes, voteInWords(q, &votes[j]))
			}
		}
		d.Items = append(d.Items, row)
	}
	if d.Present, err = countPresent(q.Context(), s.Log.DB, m); err != nil {
		return d, err
	}
	answer, need := s.standing(q.Context(), s.Log.DB, m, d.Present)
	d.Need = need
	if answer.Article != "" {
		d.Quorum = q.T("council.portal.quorum", "need", need, "entitled", m.Entitled, "source", answer.Basis+" "+answer.Article)
	}
	if m.LostAt > 0 {
		d.Lost = clock.Instant(m.LostAt).Format("15:04")
	}
	if m.Called != "committee" {
		d.Called = q.T("council.portal.called", "who", q.T("threshold.mode."+m.Called), "n", m.CalledBy, "of", m.CalledOf)
	}
	d.Printed = d.Name
	d.PrintDay = page.Day(q.Lang, clock.Instant(m.ConvenedAt))
	return d, nil
}

// voteInWords is a count as a sentence with its source.
func voteInWords(q *page.Request, v *MeetingVote) voteRow {
	row := voteRow{MeetingVote: v, Source: v.Decision.Basis + " " + v.Decision.Article,
		Verdict: page.Tag{Label: q.T("council.portal.passed"), Tone: "done"},
		Line:    q.T("council.portal.counts", "entitled", v.Entitled, "present", v.Present, "yes", v.Yes, "no", v.No, "abstain", v.Abstain)}
	if !v.Passes {
		row.Verdict = page.Tag{Label: q.T("council.portal.failed"), Tone: "late"}
	}
	for _, short := range v.Decision.Short {
		row.Short = append(row.Short, q.T("council.portal.short", "count", q.T("threshold.count."+short.Count), "have", short.Have, "need", short.Need,
			"source", ""))
	}
	return row
}

func (s portal) pageMeeting(q *page.Request) error {
	m, err := s.told(q)
	if err != nil {
		return err
	}
	d, err := s.view(q, &m)
	if err != nil {
		return err
	}
	d.Links = []page.Link{{Label: q.T("council.portal.to_calendar"), Href: "/meetings/" + m.ID + "/calendar.ics"},
		{Label: q.T("council.portal.print_notice"), Href: "/meetings/" + m.ID + "/notice"}}
	if m.State == stateSigned {
		d.Links = append(d.Links, page.Link{Label: q.T("council.portal.print_resolution"), Href: "/meetings/" + m.ID + "/resolution"})
	}
	q.Crumb(d.Name, "/communities/"+m.Area)
	q.Crumb(q.T("council.portal.meetings"), "/communities/"+m.Area+"/meetings")
	q.Crumb(m.Title, "")
	return q.Render(http.StatusOK, "council/meeting", d)
}

// pagePrint is a sheet of A4: the notice, or once the minutes are signed the resolution.
func (s portal) pagePrint(q *page.Request, what string) error {
	m, err := s.told(q)
	if err == nil && what == "resolution" && m.State != stateSigned {
		err = errs.ErrNotFound
	}
	if err != nil {
		return err
	}
	d, err := s.view(q, &m)
	if err != nil {
		return err
	}
	if what == "resolution" {
		d.PrintDay = page.Day(q.Lang, clock.Instant(m.SignedAt))
	}
	return q.Alone("council/"+what, d)
}

type screenPage struct {
	meetingPage
	Now     string
	Seconds int
	Here    string
	Last    *voteRow
	Title   string
	Enough  bool
}

// screenSeconds is how often the screen of the room looks again.
const screenSeconds = 3

// pageScreen is the screen of the room: who is present, whether the quorum holds, the agenda and the last vote. It shows no names.
func (s portal) pageScreen(q *page.Request) error {
	m, err := s.told(q)
	if err != nil {
		return err
	}
	d := screenPage{Now: q.Now.Format("15:04"), Seconds: screenSeconds, Here: "/meetings/" + m.ID + "/screen?lang=" + string(q.Lang), Title: m.Title}
	if d.meetingPage, err = s.view(q, &m); err != nil {
		return err
	}
	d.Enough = d.Need > 0 && d.Present >= d.Need
	var last *MeetingVote
	votes, err := listVotes(q.Context(), s.Log.DB, &m)
	if err != nil {
		return err
	}
	for _, v := range current(votes) {
		if it := m.item(v.Item); it != nil && (last == nil || v.At >= last.At) {
			last = &v
		}
	}
	if last != nil {
		row := voteInWords(q, last)
		d.Last = &row
	}
	return q.Alone("council/screen", d)
}

// search finds meetings by their titles.
func (s portal) search(ctx context.Context, q module.Query) ([]module.Found, error) {
	words := strings.Fields(fold.Words(q.Words))
	all, err := recent(ctx, s.Log.DB)
	var out []module.Found
	for i := range all {
		m := &all[i]
		title := fold.Words(m.Title + " " + m.Number + " " + s.Registry.AreaName(m.Area))
		if len(out) < q.Limit && m.public() && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(title, w) }) {
			out = append(out, module.Found{Label: m.Title, Note: s.Registry.AreaName(m.Area) + " · " + m.Day, Href: "/meetings/" + m.ID})
		}
	}
	return out, err
}

func (s portal) pageCalendar(q *page.Request) error {
	area, err := s.community(q, "/meetings/calendar.ics")
	if err != nil || area == nil {
		return err
	}
	found, err := s.shown(q.Context(), area.Code, mostListed)
	if err != nil {
		return err
	}
	return s.sendCalendar(q, registry.NameIn(*area, q.Lang), found)
}

func (s portal) pageEvent(q *page.Request) error {
	m, err := s.told(q)
	if err != nil {
		return err
	}
	return s.sendCalendar(q, m.Title, []Meeting{m})
}

// sendCalendar writes meetings as iCalendar (RFC 5545). A meeting is taken to last two hours.
func (s portal) sendCalendar(q *page.Request, name string, meetings []Meeting) error {
	const stamp = "20060102T150405Z"
	var c ics.Calendar
	c.Line("BEGIN:VCALENDAR")
	c.Line("VERSION:2.0")
	c.Line("PRODID:-//Linli//Meetings//ZH")
	c.Text("X-WR-CALNAME", name)
	for i := range meetings {
		m := &meetings[i]
		at := clock.Instant(m.StartsAt).UTC()
		c.Line("BEGIN:VEVENT")
		c.Line("UID:" + m.ID + "@linli")
		c.Line("DTSTAMP:" + clock.Instant(m.ConvenedAt).UTC().Format(stamp))
		c.Line("DTSTART:" + at.Format(stamp))
		c.Line("DTEND:" + at.Add(2*time.Hour).Format(stamp))
		c.Text("SUMMARY", m.Title)
		var items []string
		for _, it := range m.Items {
			if it.Public {
				items = append(items, it.Title)
			}
		}
		c.Text("DESCRIPTION", strings.Join(append([]string{s.bodyName(q, m)}, items...), "\n"))
		c.Text("LOCATION", m.Place)
		c.Line("URL:" + q.Absolute("/meetings/"+m.ID))
		if c.Line("SEQUENCE:0"); m.State == stateCancelled {
			c.Line("STATUS:CANCELLED")
		}
		c.Line("END:VEVENT")
	}
	c.Line("END:VCALENDAR")
	return q.Send(http.StatusOK, "text/calendar; charset=utf-8", "private, no-cache", []byte(c.String()))
}
