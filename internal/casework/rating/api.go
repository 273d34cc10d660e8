package rating

import (
	"context"
	"net/http"

	"linli/internal/casework"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
)

type followUpsInput struct {
	Area   string `query:"area" maxLength:"15" pattern:"^[0-9]*$"`
	Done   bool   `query:"done" doc:"Those that are done, the newest first; else the open ones, the oldest first"`
	Cursor string `query:"cursor" maxLength:"100"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type appealsInput struct {
	List   string `query:"list" enum:"unit,waiting,decided" default:"waiting" doc:"Low ratings of the units that the caller heads; appeals that wait for the caller's decision; decided ones"`
	Area   string `query:"area" maxLength:"15" pattern:"^[0-9]*$" doc:"Of the units that were rated"`
	Cursor string `query:"cursor" maxLength:"120"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// RatingPath names a rating of a case in an address.
type RatingPath struct {
	casework.CasePath
	Seq int `path:"seq" minimum:"1" maximum:"1000" doc:"Number of the rating within the case"`
}

// ratingRoutes register ratings and what follows low ones. None is open to window staff.
func (s *Service) ratingRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/casework/cases/{id}/ratings/{seq}/exclude", Permission: permExclude,
		Summary: "Exclude a rating that was found false; it is kept and shown", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			RatingPath
			Body struct {
				Reason string `json:"reason" minLength:"1" maxLength:"500"`
			}
		}) (*struct{}, error) {
			return nil, s.ExcludeRating(ctx, in.ID, in.Seq, in.Body.Reason)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/followups", Permission: permFollowRead,
		Summary: "Low ratings and what is done about them"},
		func(ctx context.Context, in *followUpsInput) (*httpx.List[FollowUpView], error) {
			list, next, err := s.ListFollowUps(ctx, in.Area, in.Done, in.Cursor, in.Limit)
			return httpx.NewList(list, next), err
		})
	s.appealRoutes(api)
	for _, verb := range followUpFlow.Verbs() {
		if verb == verbDrop {
			continue // the platform's own
		}
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/casework/cases/{id}/followups/{seq}/" + string(verb),
			Permission: permFollow, Summary: "Step of casework.followup: " + string(verb), Status: http.StatusNoContent},
			func(ctx context.Context, in *struct {
				RatingPath
				Body casework.StepInput
			}) (*struct{}, error) {
				return nil, s.MoveFollowUp(ctx, in.ID, in.Seq, flow.Verb(verb), in.Body)
			})
	}
}

func (s *Service) appealRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/appeals", Permission: permAppealRead,
		Summary: "Low ratings of my units, and appeals against ratings"},
		func(ctx context.Context, in *appealsInput) (*httpx.List[AppealView], error) {
			list, next, err := s.ListAppeals(ctx, in.List, in.Area, in.Cursor, in.Limit)
			return httpx.NewList(list, next), err
		})
	for _, t := range appealFlow.Transitions {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/casework/cases/{id}/appeals/{seq}/" + string(t.Verb),
			Permission: t.Permissions[0], Summary: "Step of casework.appeal: " + string(t.Verb), Status: http.StatusNoContent},
			func(ctx context.Context, in *struct {
				RatingPath
				Body casework.StepInput
			}) (*struct{}, error) {
				return nil, s.MoveAppeal(ctx, in.ID, in.Seq, t.Verb, in.Body)
			})
	}
}
