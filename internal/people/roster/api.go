package roster

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
)

// ImportPath names an import in an address.
type ImportPath struct {
	ID string `path:"id" maxLength:"50"`
}

type rosterInput struct {
	Area    string `query:"area" required:"true" minLength:"1" maxLength:"15" pattern:"^[0-9]+$"`
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/people/roster", Permission: permImport,
		Summary: "The latest roster imports"},
		func(ctx context.Context, _ *struct{}) (*httpx.List[Import], error) {
			v, err := s.Imports(ctx)
			return httpx.NewList(v, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/people/roster", Permission: permImport,
		Summary: "Read a roster file (xlsx or CSV) and tell what would be taken",
		Status:  http.StatusCreated, MaxBody: MaxRoster + 64<<10}, s.apiPreview)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/people/roster/{id}",
		Permission: permImport, Summary: "How far an import is"},
		func(ctx context.Context, in *ImportPath) (*httpx.Answer[Import], error) {
			v, err := s.FindImport(ctx, in.ID)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/people/roster/{id}/start", Permission: permImport,
		Summary: "Take the lines of a preview"},
		func(ctx context.Context, in *ImportPath) (*httpx.Answer[Import], error) {
			v, err := s.Start(ctx, in.ID)
			return httpx.NewAnswer(v), err
		})
}

func (s *Service) apiPreview(ctx context.Context, in *rosterInput) (*httpx.Answer[Import], error) {
	f := in.RawBody.Data().File
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, MaxRoster+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > MaxRoster {
		return nil, errs.ErrTooLarge
	}
	v, err := s.Preview(ctx, in.Area, raw)
	return httpx.NewAnswer(v), err
}
