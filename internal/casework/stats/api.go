package stats

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/casework"
	"linli/internal/platform/httpx"
	"linli/internal/platform/sheet"
	"linli/internal/platform/text"
)

type indicatorInput struct {
	Area string `query:"area" required:"true" maxLength:"15" pattern:"^[0-9]*$"`
	Kind string `query:"kind" enum:"{kind}" doc:"Of case; all when left out"`
	From string `query:"from" required:"true" maxLength:"7" doc:"First month, YYYY-MM"`
	To   string `query:"to" required:"true" maxLength:"7" doc:"Last month, YYYY-MM"`
}

type boardInput struct {
	Area string `query:"area" maxLength:"15" pattern:"^[0-9]*$"`
	On   string `query:"on" maxLength:"10" doc:"As the city was on a day, YYYY-MM-DD"`
}

func (s *Service) serve(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/board",
		Permission: casework.PermBoard, Summary: "Figures of an area"},
		func(ctx context.Context, in *boardInput) (*httpx.Answer[Board], error) {
			if in.On != "" {
				v, err := s.BoardOn(ctx, in.Area, in.On)
				return httpx.NewAnswer(v), err
			}
			v, err := s.Board(ctx, in.Area)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/indicators", Permission: casework.PermBoard,
		Summary: "Rates of an area and a period, with their formulas"},
		func(ctx context.Context, in *indicatorInput) (*httpx.Answer[IndicatorTable], error) {
			v, err := s.Indicate(ctx, in.Area, in.Kind, in.From, in.To)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/indicators/table", Permission: casework.PermBoard,
		Summary: "The same as CSV"}, s.apiIndicatorTable)
}

// apiIndicatorTable writes a row for each indicator and area: the area itself, then those below.
func (s *Service) apiIndicatorTable(ctx context.Context, in *indicatorInput) (*huma.StreamResponse, error) {
	v, err := s.Indicate(ctx, in.Area, in.Kind, in.From, in.To)
	if err != nil {
		return nil, err
	}
	lang := text.From(ctx)
	word := func(key string) string { return s.Cases.Words.T(lang, key) }
	own := AreaRates{Area: v.Area, Rates: map[string]Rate{}}
	if a, ok := s.Cases.Registry.Area(v.Area); ok {
		own.Name = a.Name
	}
	for _, i := range v.Indicators {
		own.Rates[i.Code] = i.Rate
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", fmt.Sprintf(`attachment; filename="linli-indicators-%s-%s-%s.csv"`, v.Area, v.From, v.To))
		w, err := sheet.NewWriter(hc.BodyWriter())
		if err != nil {
			return // the caller has left
		}
		_ = w.Row(word("casework.column.area"), word("casework.column.name"), word("casework.column.indicator"), word("casework.column.formula"),
			word("casework.column.over"), word("casework.column.under"), word("casework.column.rate"))
		for _, a := range append([]AreaRates{own}, v.Below...) {
			for _, i := range v.Indicators {
				r := a.Rates[i.Code]
				rate := ""
				if r.Value != nil {
					rate = strconv.FormatFloat(*r.Value, 'f', 4, 64)
				}
				_ = w.Row(a.Area, a.Name, word("casework.indicator."+i.Code), word("casework.indicator."+i.Code+".formula"),
					strconv.Itoa(r.N), strconv.Itoa(r.D), rate)
			}
		}
		_ = w.Flush()
	}}, nil
}
