package burden

import (
	"context"
	"embed"
	"net/http"
	"strings"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

//go:embed templates/*.html
var templates embed.FS

// mostEvents bounds what the page lists of a community's month.
const mostEvents = 100

func (s *Service) pages(site *page.Site) {
	site.Get("/burden", s.pageMonth)
	site.Section(page.Community, s.sections)
}

// sections tell what a community was asked for this month.
func (s *Service) sections(q *page.Request, area string) ([]page.Section, error) {
	if registry.LevelOf(area) != registry.LevelCommunity {
		return nil, nil
	}
	month := clock.Month(clock.Now(q.Context()))
	rows, err := listMonths(q.Context(), s.Log.DB, area, []string{month})
	if err != nil {
		return nil, err
	}
	var f Figures
	for _, r := range rows {
		f.add(r.Figures)
	}
	sec := page.Section{ID: "burden", Heading: q.T("burden.page.heading"), None: q.T("burden.page.none_now"),
		Links: []page.Link{{Label: q.T("burden.page.more"), Href: "/burden?area=" + area}}}
	if f.Asked > 0 {
		sec.Items = []page.Item{{Link: page.Link{Label: q.T("burden.page.this_month", "n", f.Asked)}, Note: s.minutes(q, f)}}
	}
	return []page.Section{sec}, nil
}

// minutes tells the time declared, and beside it the time measured where some is known; nothing where nothing was
// asked or answered.
func (s *Service) minutes(q *page.Request, f Figures) string {
	if f == (Figures{}) {
		return ""
	}
	parts := []string{q.T("burden.page.declared", "time", span(q, f.Declared))}
	if f.Timed > 0 {
		parts = append(parts, q.T("burden.page.measured", "time", span(q, f.Measured), "n", f.Timed))
	}
	if f.Prefilled > 0 {
		parts = append(parts, q.T("burden.page.prefilled", "n", f.Prefilled))
	}
	return strings.Join(parts, " · ")
}

// span is minutes in words: hours from an hour on.
func span(q *page.Request, minutes int) string {
	if minutes < 60 {
		return q.T("burden.page.minutes", "n", minutes)
	}
	if minutes%60 == 0 {
		return q.T("burden.page.hours", "n", minutes/60)
	}
	return q.T("burden.page.hours_minutes", "n", minutes/60, "m", minutes%60)
}

type monthPage struct {
	Name, Month         string
	Prev, Next, Up      string
	Total               Figures
	Time                string
	Ways, Causes, Bears []page.Item
	Events              []page.Item
	Standings           []standing
	Community           bool
}

type standing struct {
	Label               string
	Stand, Due, Removed int
}

func (s *Service) pageMonth(q *page.Request) error {
	a, err := s.asked(q)
	if err != nil {
		return err
	}
	now := clock.Month(clock.Now(q.Context()))
	month := now
	if asked := q.Query("month"); asked != "" {
		if _, err := time.Parse("2006-01", asked); err != nil || asked > now {
			return errs.ErrNotFound
		}
		month = asked
	}
	ctx := text.With(q.Context(), q.Lang)
	b, err := s.board(ctx, Period{Area: a.Code, From: month, To: month})
	if err != nil {
		return err
	}
	if last := b.latest(); q.Query("month") == "" && last != "" && last != month {
		month = last
		if b, err = s.board(ctx, Period{Area: a.Code, From: month, To: month}); err != nil {
			return err
		}
	}
	q.Crumb(q.T("burden.page.heading"), "")
	at := "/burden?area=" + a.Code + "&month="
	d := monthPage{Name: registry.NameIn(a, q.Lang), Month: month, Prev: at + before(month, 1)[0], Total: b.Total,
		Time: s.minutes(q, b.Total), Community: a.Level == registry.LevelCommunity}
	if month < now {
		d.Next = at + following(month)
	}
	if path := s.Registry.Path(a.Code); len(path) > 1 {
		d.Up = "/burden?area=" + path[len(path)-2].Code + "&month=" + month
	}
	s.fillLists(q, &d, &b, month)
	if d.Community {
		if d.Events, err = s.shownEvents(q, a.Code, month); err != nil {
			return err
		}
	}
	kinds, err := s.standings(q.Context(), a.Code)
	for _, k := range kinds {
		d.Standings = append(d.Standings, standing{q.T("burden.kind." + k.Kind), k.Stand, k.Due, k.Removed})
	}
	if err != nil {
		return err
	}
	return q.Render(http.StatusOK, "burden/month", d)
}

func following(month string) string {
	at, _ := time.ParseInLocation("2006-01", month, clock.City)
	return clock.Month(at.AddDate(0, 1, 0))
}

func (s *Service) fillLists(q *page.Request, d *monthPage, b *Board, month string) {
	item := func(label, href string, f Figures) page.Item {
		return page.Item{Link: page.Link{Label: label, Href: href}, Note: q.T("burden.page.asked", "n", f.Asked) + " · " + s.minutes(q, f)}
	}
	for _, w := range b.Ways {
		d.Ways = append(d.Ways, item(q.T("burden.way."+w.Way), "", w.Figures))
	}
	for _, c := range b.Bodies {
		d.Causes = append(d.Causes, item(c.Name, "", c.Figures))
	}
	for _, c := range b.Below {
		if c.Figures != (Figures{}) {
			d.Bears = append(d.Bears, item(c.Name, "/burden?area="+c.Code+"&month="+month, c.Figures))
		}
	}
}

// shownEvents are what a community was asked for in a month: what, by whom, when and on what it rests.
func (s *Service) shownEvents(q *page.Request, area, month string) ([]page.Item, error) {
	f := EventFilter{Area: area, From: month, To: month}
	w, err := f.where()
	if err != nil {
		return nil, err
	}
	w.And("asked > %s", 0)
	rows, err := listEvents(q.Context(), s.Log.DB, &w, mostEvents)
	var out []page.Item
	for i := range rows {
		v := s.eventView(&rows[i], q.Lang)
		note := []string{v.BodyName, page.Day(q.Lang, clock.Day(clock.Instant(v.At))), q.T("burden.way." + v.Way)}
		if v.Pass != "" {
			note = append(note, q.T("burden.page.pass", "number", v.Pass))
		}
		out = append(out, page.Item{Link: page.Link{Label: v.Title}, Note: strings.Join(note, " · ")})
	}
	return out, err
}

func listEvents(ctx context.Context, r db.Reader, w *db.Where, most int) ([]Event, error) {
	query := eventPage(w, most)
	return db.All(ctx, r, scanEvent, query, w.List...)
}

// eventPage is the statement of the newest events.
func eventPage(w *db.Where, most int) string {
	return `SELECT ` + eventColumns + ` FROM burden_event` + w.String() + ` ORDER BY at DESC, id DESC LIMIT ` + w.Arg(most)
}

// asked is the area that the page is asked for, or the visitor's community, or the city. Error: NotFound.
func (s *Service) asked(q *page.Request) (registry.Area, error) {
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
