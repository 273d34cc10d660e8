package admission

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/fold"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// KindView is how one kind stands for an area.
type KindView struct {
	Kind     Kind   `json:"kind" enum:"own,assist,report,negative,certificate,evaluation,sign,form,system,street"`
	Entries  int    `json:"entries" doc:"In force today"`
	Area     string `json:"area" doc:"Whose list applies today; empty for what ships"`
	AreaName string `json:"areaName"`
	InForce  *List  `json:"inForce,omitempty" doc:"The edition that applies today; none where what ships applies"`
	Planned  []List `json:"planned" doc:"Published by the area itself for a later day"`
	Open     *List  `json:"open,omitempty" doc:"The area's own draft, or what is proposed"`
	May      bool   `json:"may" doc:"The reader may begin a draft of the area's own list"`
}

// ListDetail is an edition, whole, with what the reader may do.
type ListDetail struct {
	List
	AreaName string  `json:"areaName"`
	Entries  []Entry `json:"entries"`
	Editions []List  `json:"editions" doc:"All editions of the area and kind, the newest first"`
	Allowed  []Move  `json:"allowed"`
	Editable bool    `json:"editable" doc:"The reader may change the draft"`
}

// Move is a step that the reader may take now.
type Move struct {
	Verb   string       `json:"verb"`
	Fields []flow.Field `json:"fields"`
	Danger bool         `json:"danger"`
	Aside  bool         `json:"aside"`
}

// areaName is the name of an area in a language, or of what ships.
func (s *Service) areaName(ctx context.Context, code string) string {
	if a, ok := s.Registry.Area(code); ok {
		return registry.NameIn(a, text.From(ctx))
	}
	return s.Texts.T(text.From(ctx), "admission.base")
}

// Overview tells how every kind stands for an area of the actor's, or one that holds or lies inside one. What is not
// published yet is for who may read it there. Error: Forbidden.
func (s *Service) Overview(ctx context.Context, area string) ([]KindView, error) {
	today, actor := clock.Day(clock.Now(ctx)), authority.From(ctx)
	if !touches(actor, area) {
		return nil, errs.ErrForbidden
	}
	lists, err := s.applying(ctx, s.Log.DB, area, today, Kinds)
	if err != nil {
		return nil, err
	}
	entries, err := s.Entries(ctx, s.Log.DB, area, today)
	if err != nil {
		return nil, err
	}
	own, err := listEditions(ctx, s.Log.DB, area, "")
	if err != nil {
		return nil, err
	}
	out := []KindView{}
	for _, k := range Kinds {
		v := KindView{Kind: k, Planned: []List{}, May: s.fits(area, k) && actor.Can(permWrite, area)}
		for _, e := range entries {
			if e.Kind == k {
				v.Entries++
			}
		}
		for _, l := range lists {
			if l.Kind == k { // the lowest area's is the last
				v.InForce, v.Area = &l, l.Area
			}
		}
		v.AreaName = s.areaName(ctx, v.Area)
		for _, l := range own {
			switch {
			case l.Kind != k:
			case lifecycle.IsOpen(l.State) && actor.Can(permRead, area):
				v.Open, v.May = &l, false
			case l.State == statePublished && l.From > today:
				v.Planned = append(v.Planned, l)
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// Show is an edition for a member of staff. Error: NotFound outside their areas.
func (s *Service) Show(ctx context.Context, id string) (ListDetail, error) {
	l, err := s.visible(ctx, id)
	d := ListDetail{List: l, Entries: []Entry{}, Editions: []List{}, Allowed: []Move{}}
	if err != nil {
		return d, err
	}
	if d.Entries, err = entriesOf(ctx, s.Log.DB, []List{l}, ""); err != nil {
		return d, err
	}
	if d.Editions, err = listEditions(ctx, s.Log.DB, l.Area, l.Kind); err != nil {
		return d, err
	}
	d.AreaName = s.areaName(ctx, l.Area)
	actor := authority.From(ctx)
	if !actor.Can(permRead, l.Area) {
		d.Editions = slices.DeleteFunc(d.Editions, func(l List) bool { return l.State != statePublished && l.State != stateReplaced })
	}
	for _, t := range lifecycle.Allowed(&l, actor) {
		if t.Verb == verbChange {
			d.Editable = true
			continue
		}
		d.Allowed = append(d.Allowed, Move{Verb: string(t.Verb), Fields: append([]flow.Field{}, t.Fields...), Danger: t.Danger, Aside: t.Aside})
	}
	return d, nil
}

// touches tells whether an area is one of the actor's, or holds one: what is published there is for their communities.
func touches(actor *authority.Actor, area string) bool {
	return actor.Can(permRead, area) || slices.ContainsFunc(actor.Scope(permRead), func(scope string) bool {
		return strings.HasPrefix(scope, area)
	})
}

// visible is an edition that the actor may see: one of their areas, or of an area above one of them. Error: NotFound.
func (s *Service) visible(ctx context.Context, id string) (List, error) {
	l, err := findList(ctx, s.Log.DB, id)
	if err != nil {
		return l, err
	}
	actor := authority.From(ctx)
	public := l.State == statePublished || l.State == stateReplaced
	if actor.Can(permRead, l.Area) || public && touches(actor, l.Area) {
		return l, nil
	}
	return l, errs.ErrNotFound
}

// ListPath names an edition in an address.
type ListPath struct {
	ID string `path:"id" maxLength:"50"`
}

type newList struct {
	Body struct {
		Area string `json:"area" maxLength:"12" pattern:"^[0-9]+$"`
		Kind Kind   `json:"kind" enum:"own,assist,report,negative,certificate,evaluation,sign,form,system,street"`
	}
}

type saveList struct {
	ListPath
	Body struct {
		Version int64   `json:"version" minimum:"1"`
		Reason  string  `json:"reason,omitempty" maxLength:"2000" doc:"Why it is made: what changes, and the decision that it rests on"`
		Entries []Entry `json:"entries" maxItems:"500"`
	}
}

type stepList struct {
	ListPath
	Body struct {
		Version int64  `json:"version" minimum:"1"`
		Note    string `json:"note,omitempty" maxLength:"2000" doc:"Why; required to return"`
		Day     string `json:"day,omitempty" maxLength:"10" doc:"First day; required to publish"`
	}
}

type entriesQuery struct {
	Area string `query:"area" maxLength:"12" pattern:"^[0-9]*$" doc:"The city when empty"`
	Day  string `query:"day" maxLength:"10" doc:"Today when empty"`
	Kind Kind   `query:"kind" enum:"own,assist,report,negative,certificate,evaluation,sign,form,system,street"`
	Text string `query:"q" maxLength:"100" doc:"Words that the entry, its law or its department holds"`
}

type tableQuery struct {
	ListPath
	Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
}

// A list of 500 entries with all texts at their longest.
const listBody = 4 << 20

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/admission/entries", Permission: authority.Public,
		Summary: "Entries of the lists in force for an area on a day"}, s.getEntries)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/admission/lists", Permission: permRead,
		Summary: "How the lists of an area stand, by kind"},
		func(ctx context.Context, in *struct {
			Area string `query:"area" required:"true" maxLength:"12" pattern:"^[0-9]+$"`
		}) (*httpx.List[KindView], error) {
			out, err := s.Overview(ctx, s.Registry.Resolve(in.Area))
			return httpx.NewList(out, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/admission/lists", Permission: permWrite,
		Summary: "Begin an edition with what is in force", Status: http.StatusCreated},
		func(ctx context.Context, in *newList) (*httpx.Answer[ListDetail], error) {
			l, err := s.Begin(ctx, in.Body.Area, in.Body.Kind)
			return s.answer(ctx, l.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/admission/lists/{id}", Permission: permRead,
		Summary: "An edition with its entries and what I may do"},
		func(ctx context.Context, in *ListPath) (*httpx.Answer[ListDetail], error) {
			return s.answer(ctx, in.ID, nil)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/admission/lists/{id}", Permission: permWrite, Summary: "Save a draft",
		MaxBody: listBody},
		func(ctx context.Context, in *saveList) (*httpx.Answer[ListDetail], error) {
			_, err := s.Save(ctx, in.ID, in.Body.Version, fold.Line(in.Body.Reason), in.Body.Entries)
			return s.answer(ctx, in.ID, err)
		})
	for _, st := range steps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/admission/lists/{id}/" + string(st.verb), Permission: st.permission,
			Summary: "Step of an edition: " + string(st.verb)},
			func(ctx context.Context, in *stepList) (*httpx.Answer[ListDetail], error) {
				_, err := s.Step(ctx, in.ID, st.verb, in.Body.Version, flow.Input{Note: in.Body.Note, Day: in.Body.Day})
				return s.answer(ctx, in.ID, err)
			})
	}
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/admission/lists/{id}/differences", Permission: permRead,
		Summary: "What an edition changes"},
		func(ctx context.Context, in *struct {
			ListPath
			Against string `query:"against" maxLength:"50" doc:"Id of another edition; what was in force before when empty"`
		}) (*httpx.List[EntryDifference], error) {
			out, err := s.Compare(ctx, in.ID, in.Against)
			return httpx.NewList(out, ""), err
		})
	s.tableRoutes(api)
}

func (s *Service) tableRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/admission/lists/{id}/table", Permission: permRead,
		Summary: "An edition as a table"},
		func(ctx context.Context, in *tableQuery) (*huma.StreamResponse, error) {
			return s.getTable(ctx, in.ID, in.Format)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/admission/lists/{id}/table", Permission: permWrite,
		Summary: "Read a table for a draft; nothing is saved", MaxBody: listBody},
		func(ctx context.Context, in *struct {
			ListPath
			RawBody huma.MultipartFormFiles[struct {
				File huma.FormFile `form:"file" required:"true"`
			}]
		}) (*httpx.Answer[TableRead], error) {
			f := in.RawBody.Data().File
			defer f.Close()
			out, err := s.ReadTable(ctx, in.ID, f)
			return httpx.NewAnswer(out), err
		})
}

func (s *Service) answer(ctx context.Context, id string, err error) (*httpx.Answer[ListDetail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	return httpx.NewAnswer(d), err
}

func (s *Service) getEntries(ctx context.Context, in *entriesQuery) (*httpx.List[Entry], error) {
	day := in.Day
	if day == "" {
		day = clock.Day(clock.Now(ctx))
	} else if _, ok := fold.Day(day); !ok {
		return nil, errs.ErrInvalid.At("day", "field.date")
	}
	area := s.Registry.Resolve(in.Area)
	if city, ok := s.Registry.City(); area == "" && ok {
		area = city.Code
	}
	kinds := Kinds
	if in.Kind != "" {
		kinds = []Kind{in.Kind}
	}
	all, err := s.Entries(ctx, s.Log.DB, area, day, kinds...)
	return httpx.NewList(Holding(all, in.Text), ""), err
}

// Holding keeps the entries of which a text, the law or the department holds the words, in either language, whatever their
// capitals and widths; all of them without words.
func Holding(all []Entry, words string) []Entry {
	words = fold.Words(words)
	if words == "" {
		return all
	}
	var out []Entry
	for _, e := range all {
		held := []string{e.Code, e.Text.Zh, e.Text.En, e.Law.Zh, e.Law.En, e.DepartmentName.Zh, e.DepartmentName.En, strings.Join(e.Terms, " ")}
		if strings.Contains(fold.Words(strings.Join(held, " ")), words) {
			out = append(out, e)
		}
	}
	return out
}

func (s *Service) getTable(ctx context.Context, id, format string) (*huma.StreamResponse, error) {
	l, err := s.visible(ctx, id)
	if err != nil {
		return nil, err
	}
	entries, err := entriesOf(ctx, s.Log.DB, []List{l}, "")
	if err != nil {
		return nil, err
	}
	name := s.areaName(ctx, l.Area) + " " + s.Texts.T(text.From(ctx), "admission.kind."+string(l.Kind)) + "." + format
	return s.writeTable(ctx, name, format, entries)
}
