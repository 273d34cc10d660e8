package request

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/httpx"
)

// RequestPath names a request in an address.
type RequestPath struct {
	ID string `path:"id" maxLength:"50"`
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/people/requests", Permission: permRequest,
		Summary: "Requests of persons about their own data"},
		func(ctx context.Context, in *struct {
			State  string `query:"state" enum:"open,done,refused" default:"open"`
			Cursor string `query:"cursor" maxLength:"50"`
		}) (*httpx.List[Request], error) {
			v, next, err := s.Requests(ctx, in.State, in.Cursor)
			return httpx.NewList(v, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/people/requests", Permission: permRequest,
		Summary: "Take a person's request at the window", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				PersonID string `json:"personId" maxLength:"50"`
				Kind     string `json:"kind" enum:"copy,correct,delete,restrict,release"`
				Note     string `json:"note,omitempty" maxLength:"500"`
			}
		}) (*httpx.Answer[Request], error) {
			v, err := s.Ask(ctx, in.Body.PersonID, in.Body.Kind, "window", in.Body.Note)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/people/requests/{id}/copy", Permission: permRequest,
		Summary: "All that is held of the person of a request for a copy; recorded"},
		func(ctx context.Context, in *RequestPath) (*httpx.Answer[Copy], error) {
			v, err := s.CopyFor(ctx, in.ID)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/people/requests/{id}/files/{file}", Permission: permRequest,
		Summary: "A file of the copy of a request; recorded"},
		func(ctx context.Context, in *struct {
			RequestPath
			File string `path:"file" maxLength:"50"`
		}) (*huma.StreamResponse, error) {
			f, content, err := s.CopyFile(ctx, in.ID, in.File)
			if err != nil {
				return nil, err
			}
			return httpx.File(f.MediaType, f.Name, "attachment", content), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/people/requests/{id}/answer", Permission: permRequest,
		Summary: "Grant or refuse a request"},
		func(ctx context.Context, in *struct {
			RequestPath
			Body struct {
				Done    bool   `json:"done"`
				Answer  string `json:"answer,omitempty" maxLength:"500"`
				Version int64  `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[Request], error) {
			v, err := s.Answer(ctx, in.ID, in.Body.Done, in.Body.Answer, in.Body.Version)
			return httpx.NewAnswer(v), err
		})
}
