package follow

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
)

// FollowInput shows a follow code.
type FollowInput struct {
	Body struct {
		Code string `json:"code" maxLength:"64"`
	}
}

type followStepInput struct {
	Verb string `path:"verb" maxLength:"20"`
	Body struct {
		Code   string `json:"code" maxLength:"64"`
		Level  int    `json:"level,omitempty" minimum:"0" maximum:"5" doc:"Of a rating: 1 to 5"`
		Solved *bool  `json:"solved,omitempty" doc:"Of a rating: whether the matter is solved"`
		casework.StepInput
	}
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/casework/follow", Permission: authority.Public,
		Summary: "Follow a case by its code"},
		func(ctx context.Context, in *FollowInput) (*httpx.Answer[casework.Detail], error) {
			ctx, id, err := s.Follow(ctx, in.Body.Code)
			if err != nil {
				return nil, err
			}
			v, err := s.Cases.Show(ctx, id)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/casework/follow/files/{file}", Permission: authority.Public,
		Summary: "A file of a followed case"},
		func(ctx context.Context, in *struct {
			File string `path:"file" maxLength:"50"`
			FollowInput
		}) (*huma.StreamResponse, error) {
			ctx, id, err := s.Follow(ctx, in.Body.Code)
			if err != nil {
				return nil, err
			}
			return s.Files.Stream(ctx, id, in.File, false)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/casework/follow/{verb}", Permission: authority.Public,
		Summary: "Take a reporter's step: resubmit, withdraw or rate"},
		func(ctx context.Context, in *followStepInput) (*httpx.Answer[casework.Detail], error) {
			ctx, id, err := s.Follow(ctx, in.Body.Code)
			if err != nil {
				return nil, err
			}
			v, err := s.Cases.StepAs(ctx, id, flow.Verb(in.Verb), in.Body.Level, in.Body.Solved, in.Body.StepInput)
			return httpx.NewAnswer(v), err
		})
}
