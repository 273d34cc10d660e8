package registry

import (
	"context"

	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
)

func (s *Service) historyRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: "GET", Path: "/registry/areas/{code}/history", Permission: authority.Public,
		Summary: "How an area came to be: renamed, moved, merged, split"}, s.getHistory)
}

type historyQuery struct {
	Code  string `path:"code" minLength:"2" maxLength:"15" pattern:"^[0-9]+$" doc:"Trimmed statistical code, also a former one"`
	Below bool   `query:"below" doc:"Also of every area inside"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

func (s *Service) getHistory(ctx context.Context, in *historyQuery) (*httpx.List[Change], error) {
	changes, err := s.Changes(ctx, in.Code, in.Below, in.Limit)
	if err != nil {
		return nil, err
	}
	if !authority.From(ctx).SignedIn() { // who recorded it is for those who work here
		for i := range changes {
			changes[i].Actor = ""
		}
	}
	return httpx.NewList(changes, ""), nil
}
