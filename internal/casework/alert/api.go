package alert

import (
	"context"
	"net/http"

	"linli/internal/casework"
	"linli/internal/platform/httpx"
)

type alertsInput struct {
	Cursor string `query:"cursor" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
}

type readInput struct {
	Body struct {
		IDs []string `json:"ids,omitempty" maxItems:"100" doc:"Left out: all that stand"`
	}
}

func (s *Service) alertRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/alerts", Permission: casework.PermReadOwn,
		Summary: "Warnings to my posts, newest first"},
		func(ctx context.Context, in *alertsInput) (*httpx.List[AlertView], error) {
			views, next, err := s.Alerts(ctx, in.Cursor, in.Limit)
			return httpx.NewList(views, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/casework/alerts/read",
		Permission: casework.PermReadOwn, Summary: "Mark warnings as read"},
		func(ctx context.Context, in *readInput) (*httpx.None, error) {
			return &httpx.None{}, s.ReadAlerts(ctx, in.Body.IDs)
		})
}
