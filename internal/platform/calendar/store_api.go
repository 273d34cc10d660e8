package calendar

import (
	"context"
	"net/http"

	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
)

// YearPath names a year in an address.
type YearPath struct {
	Year int `path:"year" minimum:"2000" maximum:"2200"`
}

type previewInput struct {
	YearPath
	Body Draft
}

type loadInput struct {
	YearPath
	Body struct {
		Draft
		Confirmed bool `json:"confirmed,omitempty" doc:"The notice was checked although the counts are unusual"`
	}
}

// mostFile bounds a draft: a file of 1 MiB in JSON.
const mostFile = 2 << 20

func (k *Store) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/calendar/years/{year}", Permission: authority.Public,
		Summary: "Days off and make-up days of a loaded year"},
		func(ctx context.Context, in *YearPath) (*httpx.List[Day], error) {
			days, err := k.Days(ctx, in.Year)
			return httpx.NewList(days, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/calendar/years/{year}/preview", Permission: permLoad, MaxBody: mostFile,
		Summary: "What a year would be by a notice; nothing is changed"},
		func(ctx context.Context, in *previewInput) (*httpx.Answer[Preview], error) {
			p, err := k.Preview(ctx, in.Year, in.Body)
			return httpx.NewAnswer(p), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/calendar/years/{year}", Permission: permLoad, MaxBody: mostFile,
		Summary: "Load or correct a year by a notice, and settle the deadlines that waited for it"},
		func(ctx context.Context, in *loadInput) (*httpx.Answer[Loaded], error) {
			l, err := k.Load(ctx, in.Year, in.Body.Draft, in.Body.Confirmed)
			return httpx.NewAnswer(l), err
		})
}
