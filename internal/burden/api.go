package burden

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/clock"
	"linli/internal/platform/httpx"
	"linli/internal/platform/sheet"
	"linli/internal/platform/text"
)

// ThingPath names a thing in an address.
type ThingPath struct {
	ID string `path:"id" maxLength:"50"`
}

type compareInput struct {
	Area string `query:"area" required:"true" maxLength:"12" pattern:"^[0-9]+$"`
	Day  string `query:"day" required:"true" maxLength:"10" doc:"First day of the time after, YYYY-MM-DD"`
	Days int    `query:"days" minimum:"1" maximum:"400" default:"90"`
}

type passInput struct {
	Area string `query:"area" required:"true" maxLength:"12" pattern:"^[0-9]+$"`
	Pass string `query:"pass" required:"true" maxLength:"60"`
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/burden/board", Permission: permRead,
		Summary: "Who caused what burden, and who bore it, of an area and some months"},
		func(ctx context.Context, in *Period) (*httpx.Answer[Board], error) {
			v, err := s.Board(ctx, *in)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/burden/board/table", Permission: permRead,
		Summary: "The same as CSV: bodies, then areas below"}, s.boardTable)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/burden/events", Permission: permRead,
		Summary: "Events behind a figure, one page"},
		func(ctx context.Context, in *EventFilter) (*httpx.List[EventView], error) {
			v, next, err := s.Events(ctx, *in)
			return httpx.NewList(v, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/burden/comparison", Permission: permRead,
		Summary: "What was asked before and after a day"},
		func(ctx context.Context, in *compareInput) (*httpx.Answer[Comparison], error) {
			v, err := s.Compare(ctx, in.Area, in.Day, in.Days)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/burden/pass", Permission: permRead,
		Summary: "Minutes declared for a number beside those measured"},
		func(ctx context.Context, in *passInput) (*httpx.Answer[PassFigures], error) {
			v, err := s.Pass(ctx, in.Area, in.Pass)
			return httpx.NewAnswer(v), err
		})
	s.inventoryRoutes(api)
}

func (s *Service) inventoryRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/burden/inventory", Permission: permRead,
		Summary: "Signs, ledgers, accounts and standing bodies of my communities, one page"},
		func(ctx context.Context, in *ThingFilter) (*httpx.List[ThingView], error) {
			all, next, err := s.Inventory(ctx, *in)
			views := make([]ThingView, len(all))
			for i := range all {
				views[i] = s.thingView(ctx, &all[i])
			}
			return httpx.NewList(views, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/burden/standings", Permission: permRead,
		Summary: "How many of them stand, are to be removed and were removed"},
		func(ctx context.Context, in *struct {
			Area string `query:"area" required:"true" maxLength:"12" pattern:"^[0-9]+$"`
		}) (*httpx.Answer[Standings], error) {
			kinds, err := s.Standings(ctx, in.Area)
			return httpx.NewAnswer(Standings{Kinds: kinds, MostSigns: s.Rules.Int(ruleSigns, clock.Day(clock.Now(ctx)))}), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/burden/inventory", Permission: permInventory,
		Summary: "Enter a sign, ledger, account or standing body", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				Area string `json:"area" maxLength:"12" pattern:"^[0-9]+$"`
				Content
			}
		}) (*httpx.Answer[ThingView], error) {
			t, err := s.Add(ctx, in.Body.Area, in.Body.Content)
			return s.answer(ctx, &t, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/burden/inventory/{id}", Permission: permInventory, Summary: "Correct it"},
		func(ctx context.Context, in *struct {
			ThingPath
			Body struct {
				Content
				Version int64 `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[ThingView], error) {
			t, err := s.Change(ctx, in.ID, in.Body.Version, in.Body.Content)
			return s.answer(ctx, &t, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/burden/inventory/{id}/remove", Permission: permInventory,
		Summary: "Record its removal"},
		func(ctx context.Context, in *struct {
			ThingPath
			Body struct {
				On      string `json:"on" maxLength:"10" doc:"Day of the removal"`
				Note    string `json:"note" maxLength:"200" doc:"How it was removed"`
				Version int64  `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[ThingView], error) {
			t, err := s.Remove(ctx, in.ID, in.Body.Version, in.Body.On, in.Body.Note)
			return s.answer(ctx, &t, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/burden/inventory/{id}/restore", Permission: permInventory,
		Summary: "Take back a removal recorded by mistake"},
		func(ctx context.Context, in *struct {
			ThingPath
			Body struct {
				Version int64 `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[ThingView], error) {
			t, err := s.Restore(ctx, in.ID, in.Body.Version)
			return s.answer(ctx, &t, err)
		})
}

// Standings are an area's inventory by kind, with how many signs a community may bear.
type Standings struct {
	Kinds     []Standing `json:"kinds"`
	MostSigns int        `json:"mostSigns"`
}

// ThingView is a thing with the name of its community.
type ThingView struct {
	Thing
	AreaName string `json:"areaName"`
}

func (s *Service) thingView(ctx context.Context, t *Thing) ThingView {
	return ThingView{Thing: *t, AreaName: s.Registry.PathIn(t.Area, text.From(ctx))}
}

func (s *Service) answer(ctx context.Context, t *Thing, err error) (*httpx.Answer[ThingView], error) {
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(s.thingView(ctx, t)), nil
}

// boardTable writes a row for each body and then for each area below.
func (s *Service) boardTable(ctx context.Context, in *Period) (*huma.StreamResponse, error) {
	b, err := s.Board(ctx, *in)
	if err != nil {
		return nil, err
	}
	lang := text.From(ctx)
	word := func(key string) string { return s.Words.T(lang, "burden.column."+key) }
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", fmt.Sprintf(`attachment; filename="linli-burden-%s-%s-%s.csv"`, b.Area, b.From, b.To))
		w, err := sheet.NewWriter(hc.BodyWriter())
		if err != nil {
			return // the caller has left
		}
		_ = w.Row(word("part"), word("code"), word("name"), word("asked"), word("answered"), word("fields"), word("prefilled"),
			word("declared"), word("measured"), word("timed"))
		row := func(part, code, name string, f Figures) {
			cells := []string{part, code, name}
			for _, n := range []int{f.Asked, f.Answered, f.Fields, f.Prefilled, f.Declared, f.Measured, f.Timed} {
				cells = append(cells, strconv.Itoa(n))
			}
			_ = w.Row(cells...)
		}
		row(word("total"), b.Area, s.Registry.PathIn(b.Area, lang), b.Total)
		for _, v := range b.Bodies {
			row(word("cause"), "", v.Name, v.Figures)
		}
		for _, v := range b.Below {
			row(word("bear"), v.Code, v.Name, v.Figures)
		}
		_ = w.Flush()
	}}, nil
}
