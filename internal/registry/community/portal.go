package community

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"linli/internal/platform/errs"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// pages are the register's part of the resident portal.
func (s *Service) pages(site *page.Site) {
	site.Get("/communities", s.pageFind)
	site.Get("/communities/map.svg", s.pageMap)
	site.Post("/communities/at", s.pageAt)
	site.Get("/communities/{code}", s.pageArea)
	site.Post("/communities/{code}/mine", s.pageMine)
}

// Mine links to the community that a visitor chose.
func (s *Service) Mine(ctx context.Context, code string) (page.Link, bool) {
	a, ok := s.Register.Current(code)
	return page.Link{Label: registry.NameIn(a, text.From(ctx)), Href: "/communities/" + a.Code}, ok && a.Level == registry.LevelCommunity
}

type areaLink struct {
	page.Link
	Kind  string
	Path  string
	Count int
}

func (s *Service) link(a registry.Area, lang text.Lang) areaLink {
	l := areaLink{Link: page.Link{Label: registry.NameIn(a, lang), Href: "/communities/" + a.Code}, Kind: a.Kind,
		Path: s.Register.PathIn(a.Parent, lang)}
	if a.Level < registry.LevelCommunity {
		l.Count = s.Register.CountBelow(a.Code).Communities
	}
	return l
}

const mostFound = 30 // answers of the search page

type findPage struct {
	Words    string
	Found    []areaLink
	More     bool
	Counties []areaLink
	Map      *mapChoice
	Mine     *areaLink
	Closed   []string // sentences about places that are no more
}

func (s *Service) pageFind(q *page.Request) error {
	q.Crumb(q.T("page.door.communities"), "")
	d := findPage{Words: q.Query("q")}
	if d.Words != "" {
		found := s.Register.Search(d.Words, 0, mostFound+1)
		d.More = len(found) > mostFound
		for _, a := range found[:min(mostFound, len(found))] {
			if a.Level <= registry.LevelCommunity {
				d.Found = append(d.Found, s.link(a, q.Lang))
			}
		}
	}
	if d.Words != "" {
		d.Closed = s.formerLines(q, s.Register.Closed(d.Words, mostFound))
	}
	for _, top := range s.tops() {
		for _, a := range s.Register.Children(top) {
			d.Counties = append(d.Counties, s.link(a, q.Lang))
		}
		if d.Map == nil {
			d.Map = s.mapChoice(top, q.Lang)
		}
	}
	if a, ok := s.Register.Current(q.Community()); ok {
		l := s.link(a, q.Lang)
		d.Mine = &l
	}
	return q.Render(http.StatusOK, "registry/find", d)
}

// tops are the areas that browsing starts below: the city, or in a wider register the
// provinces.
func (s *Service) tops() []string {
	if city, ok := s.Register.City(); ok {
		return []string{city.Code}
	}
	var out []string
	for _, a := range s.Register.Tree().Children("") {
		out = append(out, a.Code)
	}
	return out
}

func (s *Service) pageMine(q *page.Request) error {
	a, ok := s.Register.Area(q.Path("code"))
	if !ok || a.Level != registry.LevelCommunity {
		return errs.ErrNotFound
	}
	q.SetCommunity(a.Code)
	q.Notice("registry.page.mine_set", "name", registry.NameIn(a, q.Lang))
	return q.Redirect("/communities/" + a.Code)
}

func (s *Service) crumbs(q *page.Request, a registry.Area) {
	q.Crumb(q.T("page.door.communities"), "/communities")
	for _, p := range s.Register.Path(a.Code) {
		href := "/communities/" + p.Code
		if p.Code == a.Code {
			href = ""
		}
		q.Crumb(registry.NameIn(p, q.Lang), href)
	}
}

func (s *Service) pageArea(q *page.Request) error {
	a, ok := s.Register.Area(q.Path("code"))
	if !ok {
		return s.pageFormer(q)
	}
	switch {
	case a.Level == registry.LevelGrid:
		return q.Redirect("/communities/" + a.Parent)
	case a.Level == registry.LevelCommunity:
		return s.pageCommunity(q, a)
	}
	s.crumbs(q, a)
	d := listPage{Name: registry.NameIn(a, q.Lang), Kind: a.Kind, Code: a.Code, Count: s.Register.CountBelow(a.Code),
		Map: s.mapChoice(a.Code, q.Lang)}
	for _, c := range s.Register.Children(a.Code) {
		d.Children = append(d.Children, s.link(c, q.Lang))
	}
	bodies, err := s.Register.Bodies(q.Context(), a.Code)
	if err != nil {
		return err
	}
	d.Bodies = cards(bodies, q)
	if d.Past, err = s.pastLines(q, a.Code); err != nil {
		return err
	}
	return q.Render(http.StatusOK, "registry/area", d)
}

type listPage struct {
	Name, Kind, Code string
	Count            registry.Count
	Children         []areaLink
	Bodies           []bodyCard
	Map              *mapChoice
	Past             []string
}

type communityPage struct {
	Area     registry.Area
	Name     string
	Urban    bool
	Quasi    bool
	IsMine   bool
	Bodies   []bodyCard
	Missing  int
	Filled   int
	OnDuty   []person
	Grids    []areaLink
	Drawing  *drawing
	Services []page.Link
	Press    []page.Service
	Past     []string // sentences about what it was
	Has      []facilityLine
	Premises int // m², 0 unknown
	Pilot    string
	Sections []page.Section // of modules
}

type facilityLine struct {
	Kind string
	Has  bool
}

type bodyCard struct {
	Kind    string
	Name    string
	Missing bool
	Phone   string
	Address string
	Hours   []string
	Vacant  bool // no member in office
	People  []person
}

type person struct {
	Name, Post, Phone, Body string
	Term                    string
	Duty                    []string
	OnDuty                  bool
	Expired                 bool
}

func (s *Service) pageCommunity(q *page.Request, a registry.Area) error {
	s.crumbs(q, a)
	d := communityPage{Area: a, Name: registry.NameIn(a, q.Lang), Urban: a.Urban(),
		Quasi:  a.Kind == registry.KindQuasiCommunity || a.Kind == registry.KindQuasiVillage,
		IsMine: s.Register.Resolve(q.Community()) == a.Code, Drawing: s.drawing(q.Context(), a.Code)}
	bodies, err := s.Register.Bodies(q.Context(), a.Code)
	if err != nil {
		return err
	}
	there := map[string]bodyCard{}
	for _, c := range cards(bodies, q) {
		there[c.Kind] = c
		for _, p := range c.People {
			if p.OnDuty {
				p.Body = c.Name
				d.OnDuty = append(d.OnDuty, p)
			}
		}
	}
	for _, kind := range registry.CommunityBodies {
		c, ok := there[kind]
		if !ok {
			c = bodyCard{Kind: kind, Missing: true}
			d.Missing++
		} else {
			d.Filled++
		}
		d.Bodies = append(d.Bodies, c)
	}
	for _, g := range s.Register.Children(a.Code) {
		d.Grids = append(d.Grids, s.link(g, q.Lang))
	}
	if d.Past, err = s.pastLines(q, a.Code); err != nil {
		return err
	}
	d.facilities(s.facilities.Load().byArea[a.ID])
	d.Sections = q.Sections(page.Community, a.Code)
	d.Press = q.Services()
	if s.Offers != nil {
		if d.Services, err = s.Offers(q.Context(), a.Code, q.Lang); err != nil {
			return err
		}
	}
	return q.Render(http.StatusOK, "registry/community", d)
}

// facilities shows what is known; what nobody has told is left out.
func (d *communityPage) facilities(f Facilities) {
	for _, kind := range FacilityKinds {
		if has := f.Has(kind); has != nil {
			d.Has = append(d.Has, facilityLine{kind, *has})
		}
	}
	if f.Premises != nil {
		d.Premises = *f.Premises
	}
	d.Pilot = f.Pilot
}

func cards(bodies []registry.Body, q *page.Request) []bodyCard {
	day := q.Now.Format(time.DateOnly)
	out := make([]bodyCard, 0, len(bodies))
	for _, b := range bodies {
		c := bodyCard{Kind: b.Kind, Name: b.Name, Phone: b.Phone, Address: b.Address, Hours: spans(b.Hours, q)}
		duty := map[string]bool{}
		for _, m := range registry.OnDuty(b.Members, q.Now) {
			duty[m.ID] = true
		}
		inOffice := 0
		for _, m := range b.Members {
			if m.InTerm(day) {
				inOffice++
			}
			c.People = append(c.People, person{Name: m.Name, Post: q.Word("registry.post."+m.Post, m.Post), Phone: m.Phone, Term: term(m, q),
				Duty: spans(m.Duty, q), OnDuty: duty[m.ID], Expired: m.Expired(day)})
		}
		c.Vacant = inOffice == 0
		out = append(out, c)
	}
	return out
}

func term(m registry.Member, q *page.Request) string {
	if m.TermTo == "" {
		return q.T("registry.page.term_open", "from", page.Day(q.Lang, m.TermFrom))
	}
	return q.T("registry.page.term", "from", page.Day(q.Lang, m.TermFrom), "to", page.Day(q.Lang, m.TermTo))
}

// spans writes hours, those of the same days on one line: days 08:30–12:00 14:00–17:30.
func spans(hours []registry.Hours, q *page.Request) []string {
	var out []string
	for i, h := range hours {
		if i > 0 && slices.Equal(h.Days, hours[i-1].Days) {
			out[len(out)-1] += " " + h.From + "–" + h.To
			continue
		}
		out = append(out, days(h.Days, q)+" "+h.From+"–"+h.To)
	}
	return out
}

func days(d []int, q *page.Request) string {
	name := func(n int) string { return q.T("registry.page.weekday." + string(rune('0'+n))) }
	if n := len(d); n > 2 && d[n-1]-d[0] == n-1 {
		return q.T("registry.page.weekdays", "from", name(d[0]), "to", name(d[n-1]))
	}
	var names []string
	for _, n := range d {
		if n >= 1 && n <= 7 {
			names = append(names, name(n))
		}
	}
	return strings.Join(names, q.T("registry.page.and"))
}
