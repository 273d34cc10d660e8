package admission

import (
	"context"
	"embed"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/registry"
)

//go:embed templates/*.html
var templates embed.FS

// Lengths of lists on the portal.
const (
	perKind = 40  // entries of a kind on the page of all
	perPage = 100 // on the page of one kind
)

// question is one of what a resident asks, with the kinds that answer it.
type question struct {
	key   string
	kinds []Kind
}

var questions = []question{
	{"must", []Kind{Own, Report}},
	{"helps", []Kind{Assist}},
	{"not", []Kind{Negative, Certificate, Street}},
	{"bounds", []Kind{Evaluation, Sign, Form, System}},
}

func (s *Service) pages(site *page.Site) {
	site.Get("/communities/{code}/lists", s.pageLists)
	site.Section(page.Community, s.section)
}

func address(area string) string { return "/communities/" + area + "/lists" }

// section is what a community's page says of the lists. It asks the database nothing.
func (s *Service) section(q *page.Request, area string) ([]page.Section, error) {
	if registry.LevelOf(area) != registry.LevelCommunity {
		return nil, nil
	}
	out := page.Section{ID: "admission-lists", Heading: q.T("admission.portal.heading"),
		Links: []page.Link{{Label: q.T("admission.portal.all"), Href: address(area)}}}
	for _, u := range questions[:3] {
		out.Items = append(out.Items, page.Item{Link: page.Link{Label: q.T("admission.portal." + u.key), Href: address(area) + "#" + u.key},
			Note: q.T("admission.portal." + u.key + "_hint")})
	}
	return []page.Section{out}, nil
}

func count(all []Entry, k Kind) (n int) {
	for i := range all {
		if all[i].Kind == k {
			n++
		}
	}
	return n
}

type listsPage struct {
	Name, Code, Day, Words string
	Kind                   Kind
	Groups                 []group
	Found                  int
	Prev, Next             string
}

// group is one question with its kinds.
type group struct {
	ID, Heading, Hint string
	Kinds             []kindPart
}

type kindPart struct {
	Heading, From string // From: whose list it is
	Rows          []row
	None          string
	More          string // address of the rest, or ""
	Total         int
}

type row struct {
	Code, Text, Department, Citation, Note, Since string
	From                                          string // whose list it is of, where the kind has several
	Unverified                                    bool
}

func (s *Service) pageLists(q *page.Request) error {
	code := q.Path("code")
	a, ok := s.Registry.Area(code)
	if now := s.Registry.Resolve(code); !ok && now != code {
		return q.Redirect(address(now))
	}
	if !ok || a.Level < registry.LevelCity || a.Level > registry.LevelCommunity {
		return errs.ErrNotFound
	}
	d := listsPage{Name: registry.NameIn(a, q.Lang), Code: a.Code, Words: q.Query("q"), Kind: Kind(q.Query("kind")), Day: clock.Day(q.Now)}
	if day, ok := fold.Day(q.Query("day")); ok {
		d.Day = day
	}
	if d.Kind != "" && !d.Kind.Known() {
		return errs.ErrNotFound
	}
	all, err := s.Entries(q.Context(), s.Log.DB, a.Code, d.Day)
	if err != nil {
		return err
	}
	all = Holding(all, d.Words)
	d.Found = len(all)
	at, _ := strconv.Atoi(q.Query("page"))
	at = min(max(at, 1), 50)
	for _, u := range questions {
		g := group{ID: u.key, Heading: q.T("admission.portal." + u.key), Hint: q.T("admission.portal." + u.key + "_hint")}
		for _, k := range u.kinds {
			if d.Kind == "" || d.Kind == k {
				if part := s.part(q, &d, all, k, at); d.Words == "" || part.Total > 0 {
					g.Kinds = append(g.Kinds, part)
				}
			}
		}
		if len(g.Kinds) > 0 {
			d.Groups = append(d.Groups, g)
		}
	}
	if d.Kind != "" {
		if at > 1 {
			d.Prev = d.link(d.Kind, at-1)
		}
		if count(all, d.Kind) > at*perPage {
			d.Next = d.link(d.Kind, at+1)
		}
	}
	q.Crumb(q.T("page.door.communities"), "/communities")
	q.Crumb(d.Name, "/communities/"+a.Code)
	q.Crumb(q.T("admission.portal.heading"), "")
	return q.Render(http.StatusOK, "admission/lists", d)
}

// link is the address of one kind's page with what is asked.
func (d *listsPage) link(k Kind, at int) string {
	v := url.Values{"kind": {string(k)}, "day": {d.Day}}
	if d.Words != "" {
		v.Set("q", d.Words)
	}
	if at > 1 {
		v.Set("page", strconv.Itoa(at))
	}
	return address(d.Code) + "?" + v.Encode()
}

// part is one kind: its first rows, or those of a page of its own.
func (s *Service) part(q *page.Request, d *listsPage, all []Entry, k Kind, at int) kindPart {
	of := slices.DeleteFunc(slices.Clone(all), func(e Entry) bool { return e.Kind != k })
	p := kindPart{Heading: q.T("admission.kind." + string(k)), Total: len(of), None: q.T("admission.portal.none." + string(k))}
	first, most := 0, perKind
	if d.Kind != "" {
		first, most = min((at-1)*perPage, len(of)), perPage
	}
	from := func(e *Entry) string {
		if e.Area == "" {
			return q.T("admission.portal.shipped")
		}
		return q.T("admission.portal.edition", "area", s.areaName(q.Context(), e.Area), "n", e.Edition)
	}
	several := slices.ContainsFunc(of, func(e Entry) bool { return e.Area != of[0].Area })
	if len(of) > 0 && !several {
		p.From = from(&of[0])
	}
	for _, e := range of[first:min(first+most, len(of))] {
		r := row{Code: e.Code, Text: In(e.Text, q.Lang), Department: In(e.DepartmentName, q.Lang), Citation: e.Citation(q.Lang),
			Note: In(e.Note, q.Lang), Unverified: e.Certainty == "U"}
		if several {
			r.From = from(&e)
		}
		if e.From > "2020-01-01" {
			r.Since = q.T("admission.portal.since", "day", page.Day(q.Lang, e.From))
		}
		p.Rows = append(p.Rows, r)
	}
	if d.Kind == "" && len(of) > most {
		p.More = d.link(k, 1)
	}
	return p
}

// search are the entries of the city's and of the counties' lists for the portal's search.
func (s *Service) search(ctx context.Context, q module.Query) ([]module.Found, error) {
	city, ok := s.Registry.City()
	if !ok {
		return nil, nil
	}
	all, err := s.Entries(ctx, s.Log.DB, city.Code, clock.Day(clock.Now(ctx)))
	if err != nil {
		return nil, err
	}
	counties := s.Registry.Below(city.Code, registry.LevelCounty)
	codes := make([]string, len(counties))
	for i, c := range counties {
		codes[i] = c.Code
	}
	day := clock.Day(clock.Now(ctx))
	lists, err := listsInForce(ctx, s.Log.DB, codes, day)
	if err != nil {
		return nil, err
	}
	more, err := entriesOf(ctx, s.Log.DB, lists, "")
	if err != nil {
		return nil, err
	}
	more = slices.DeleteFunc(more, func(e Entry) bool { return !e.InForce(day) })
	var out []module.Found
	for i, e := range Holding(append(all, more...), q.Words) {
		if i == q.Limit {
			break
		}
		at, note := city.Code, s.Texts.T(q.Lang, "admission.kind."+string(e.Kind))
		if len(e.Area) > len(at) {
			at, note = e.Area, s.areaName(ctx, e.Area)+" · "+note
		}
		out = append(out, module.Found{Label: In(e.Text, q.Lang), Href: address(at) + "?q=" + url.QueryEscape(q.Words) + "#" + e.Code,
			Note: note + " · " + e.Citation(q.Lang)})
	}
	return out, nil
}
