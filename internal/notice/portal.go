package notice

import (
	"cmp"
	"context"
	"embed"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

//go:embed templates/*.html
var templates embed.FS

// Lengths of lists on the portal.
const (
	perPage    = 20
	perSection = 5
	mostShown  = 100 // of a feed, or on a screen
)

func (s *Service) pages(site *page.Site) {
	site.Get("/notices", s.pageList)
	site.Get("/notices/feed", s.pageFeed)
	site.Get("/notices/calendar.ics", s.pageCalendar)
	site.Get("/notices/screen", s.pageScreen)
	site.Get("/notices/{id}", s.pageNotice)
	site.Get("/notices/{id}/files/{file}", func(q *page.Request) error { return s.pageFile(q, false) })
	site.Get("/notices/{id}/files/{file}/thumbnail", func(q *page.Request) error { return s.pageFile(q, true) })
	s.Consents.pages(site)
	site.Door("notice.page.door", "/notices")
	site.Section(page.Front, s.sections)
	site.Section(page.Community, s.sections)
}

// sections are the urgent notices as a banner, and the first of the others.
func (s *Service) sections(q *page.Request, area string) ([]page.Section, error) {
	if area == "" {
		return nil, nil
	}
	found, err := s.List(q.Context(), Shown{Area: area, Most: mostShown})
	if err != nil {
		return nil, err
	}
	urgent := page.Section{ID: "notices-urgent", Heading: q.T("notice.page.urgent"), Alert: true}
	rest := page.Section{ID: "notices", Heading: q.T("notice.page.heading"), None: q.T("notice.page.none"),
		Links: []page.Link{{Label: q.T("notice.page.all"), Href: "/notices?area=" + area}}}
	if registry.LevelOf(area) == registry.LevelCommunity {
		rest.Links = append(rest.Links, s.Consents.wish(q, area, "community")...)
	}
	if registry.LevelOf(area) == registry.LevelCity { // its communities may have some
		rest.None = q.T("notice.page.none_for_all")
	}
	for i := range found {
		item := s.item(q, &found[i])
		if found[i].Urgent {
			item.Tags = nil
			urgent.Items = append(urgent.Items, item)
		} else if len(rest.Items) < perSection {
			rest.Items = append(rest.Items, item)
		}
	}
	if len(urgent.Items) == 0 {
		return []page.Section{rest}, nil
	}
	return []page.Section{urgent, rest}, nil
}

// search are the notices of today for the portal's search.
func (s *Service) search(ctx context.Context, q module.Query) ([]module.Found, error) {
	all, err := find(ctx, s.Log.DB, clock.Day(clock.Now(ctx)), q.Words, q.Limit)
	var out []module.Found
	for i := range all {
		out = append(out, module.Found{Label: all[i].Title.In(q.Lang), Note: all[i].Issuer, Href: "/notices/" + all[i].ID})
	}
	return out, err
}

// item is a notice as a row: who it is from, for whom and until when.
func (s *Service) item(q *page.Request, e *Edition) page.Item {
	i := page.Item{Link: page.Link{Label: e.Title.In(q.Lang), Href: "/notices/" + e.ID}}
	if e.Urgent {
		i.Tags = append(i.Tags, page.Tag{Label: q.T("notice.page.urgent_tag"), Tone: "late"})
	}
	if e.Pinned {
		i.Tags = append(i.Tags, page.Tag{Label: q.T("notice.page.pinned"), Tone: "info"})
	}
	i.Note = strings.Join([]string{e.Issuer, q.T("notice.kind." + e.Kind), days(q, e)}, " · ")
	return i
}

// days is how long a notice is shown.
func days(q *page.Request, e *Edition) string {
	if e.Until == "" {
		return q.T("notice.page.from", "from", page.Day(q.Lang, e.From))
	}
	return q.T("notice.page.days", "from", page.Day(q.Lang, e.From), "until", page.Day(q.Lang, e.Until))
}

// asked is the area that a page is asked for: that of its address, or the visitor's community, or the city.
// Error: NotFound for a code that is not registered.
func asked(q *page.Request, reg *registry.Service) (registry.Area, error) {
	code := q.Query("area")
	if code == "" {
		code = q.Community()
	}
	if code == "" {
		city, ok := reg.City()
		if !ok {
			return registry.Area{}, errs.ErrNotFound
		}
		return city, nil
	}
	a, ok := reg.Area(code)
	if !ok {
		return a, errs.ErrNotFound
	}
	return a, nil
}

type listPage struct {
	Name       string
	Items      []page.Item
	Wider      bool // shows what is for places inside, too
	Links      []page.Link
	Prev, Next string
}

func (s *Service) pageList(q *page.Request) error {
	a, err := asked(q, s.Registry)
	if err != nil {
		return err
	}
	at, _ := strconv.Atoi(q.Query("page"))
	at = min(max(at, 1), 500)
	found, err := s.List(q.Context(), Shown{Area: a.Code, Below: a.Level < registry.LevelCommunity,
		Skip: (at - 1) * perPage, Most: perPage + 1})
	if err != nil {
		return err
	}
	q.Crumb(q.T("notice.page.heading"), "")
	d := listPage{Name: registry.NameIn(a, q.Lang), Wider: a.Level < registry.LevelCommunity, Links: []page.Link{
		{Label: q.T("notice.page.feed"), Href: "/notices/feed?area=" + a.Code},
		{Label: q.T("notice.page.calendar"), Href: "/notices/calendar.ics?area=" + a.Code},
		{Label: q.T("notice.page.screen"), Href: "/notices/screen?area=" + a.Code}}}
	d.Links = append(s.Consents.wish(q, a.Code, "list"), d.Links...)
	for i := range found[:min(perPage, len(found))] {
		d.Items = append(d.Items, s.item(q, &found[i]))
	}
	address := func(n int) string { return "/notices?area=" + a.Code + "&page=" + strconv.Itoa(n) }
	if at > 1 {
		d.Prev = address(at - 1)
	}
	if len(found) > perPage {
		d.Next = address(at + 1)
	}
	return q.Render(http.StatusOK, "notice/list", d)
}

type noticePage struct {
	*Edition
	Name, Text    string
	NoEnglish     bool // asked for, and there is none
	Places        []string
	Days, Kind    string
	Pictures      []shownFile
	Papers        []shownFile
	Corrects      bool   // this text replaced an earlier one
	Newer         string // address of the text that replaced this one
	Gone, Expired bool
	History       []historyLine
	Wish          []page.Link // to be told of the notices of the area
}

type shownFile struct {
	File
	Href, Thumb, Label string
}

type historyLine struct {
	Label, Href, Note string
	At                int64
	Now               bool
}

// visible are the texts of a notice that everybody may read, the newest first. Error: NotFound without one.
func (s *Service) visible(q *page.Request) ([]Edition, error) {
	all, err := editions(q.Context(), s.Log.DB, q.Path("id"))
	if err != nil {
		return nil, err
	}
	today := clock.Day(clock.Now(q.Context()))
	var out []Edition
	for _, e := range all {
		if e.public() && e.From <= today {
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		return nil, errs.ErrNotFound
	}
	return out, nil
}

// chosen is the text that the address asks for: the newest, or one of those before.
func chosen(q *page.Request, visible []Edition) (*Edition, error) {
	asked := q.Query("edition")
	for i := range visible {
		if asked == "" || strconv.Itoa(visible[i].Seq) == asked {
			return &visible[i], nil
		}
	}
	return nil, errs.ErrNotFound
}

func (s *Service) pageNotice(q *page.Request) error {
	all, err := s.visible(q)
	if err != nil {
		return err
	}
	e, err := chosen(q, all)
	if err != nil {
		return err
	}
	files, err := listFiles(q.Context(), s.Log.DB, e)
	if err != nil {
		return err
	}
	q.Crumb(q.T("notice.page.heading"), "/notices?area="+e.Area)
	d := noticePage{Edition: e, Name: e.Title.In(q.Lang), Text: e.Body.In(q.Lang), NoEnglish: q.Lang == "en" &&
		e.Title.En == "", Places: s.places(e, q.Lang),
		Days: days(q, e), Kind: q.T("notice.kind." + e.Kind), Corrects: e.Seq > 1, Gone: e.State == string(stateWithdrawn)}
	q.Crumb(d.Name, "")
	d.Wish = s.Consents.wish(q, cmp.Or(q.Community(), e.Area), "notice")
	d.Expired = !d.Gone && e.last() < clock.Day(q.Now)
	if e.State == string(stateReplaced) {
		d.Newer = "/notices/" + e.ID
	}
	for _, f := range files {
		href := "/notices/" + e.ID + "/files/" + f.ID
		query := "?edition=" + strconv.Itoa(e.Seq)
		shown := shownFile{File: f, Href: href + query, Thumb: href + "/thumbnail" + query,
			Label: q.T("notice.page.file", "name", f.Name, "kb", (f.Size+1023)/1024)}
		if f.Picture {
			d.Pictures = append(d.Pictures, shown)
		} else {
			d.Papers = append(d.Papers, shown)
		}
	}
	for i := range all {
		d.History = append(d.History, s.historyLine(q, &all[i], e))
	}
	return q.Render(http.StatusOK, "notice/notice", d)
}

func (s *Service) historyLine(q *page.Request, e, now *Edition) historyLine {
	l := historyLine{At: e.PublishedAt, Note: e.Reason,
		Href: "/notices/" + e.ID + "?edition=" + strconv.Itoa(e.Seq), Now: e.Seq == now.Seq}
	l.Label = q.T("notice.page.edition", "n", e.Seq, "state", q.T("notice.notice.state."+e.State))
	if e.EndReason != "" {
		l.Note = e.EndReason
	}
	return l
}

func (s *Service) pageFile(q *page.Request, small bool) error {
	all, err := s.visible(q)
	if err != nil {
		return err
	}
	e, err := chosen(q, all)
	if err != nil {
		return err
	}
	f, content, err := s.OpenFile(q.Context(), e, q.Path("file"), small)
	if err != nil {
		return err
	}
	defer content.Close()
	return q.Stream(f.MediaType, mime.FormatMediaType("inline", map[string]string{"filename": f.Name}), content)
}

// addressOf is the whole address of a notice, in the reader's language.
func addressOf(q *page.Request, e *Edition) string {
	return q.Absolute("/notices/" + url.PathEscape(e.ID))
}
