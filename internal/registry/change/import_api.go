package change

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/registry"
)

func (s *Service) importRoutes(api *httpx.API) {
	route := func(method, path, summary string) httpx.Route {
		return httpx.Route{Method: method, Path: "/registry/imports" + path, Permission: registry.PermissionImport, Summary: summary}
	}
	httpx.Handle(api, route(http.MethodGet, "", "The latest imports of lists of areas"),
		func(ctx context.Context, _ *struct{}) (*httpx.List[AreaImport], error) {
			all, err := s.Imports(ctx)
			return httpx.NewList(all, ""), err
		})
	upload := route(http.MethodPost, "", "Read a list of areas (CSV, or ZIP of CSV) and tell what it would change")
	upload.Status, upload.MaxBody = http.StatusCreated, MaxUpload+64<<10
	httpx.Handle(api, upload, s.postImport)
	httpx.Handle(api, route(http.MethodGet, "/{id}", "What an import would change, and how far it is"),
		func(ctx context.Context, in *ImportPath) (*httpx.Answer[AreaImport], error) {
			i, err := s.FindImport(ctx, in.ID)
			return httpx.NewAnswer(i), err
		})
	httpx.Handle(api, route(http.MethodPut, "/{id}/decisions", "Decide what became of places; works out anew what would change"),
		s.putDecisions)
	file := route(http.MethodPost, "/{id}/decisions", "Decide by a decisions file")
	file.MaxBody = maxDecisionBytes + 64<<10
	httpx.Handle(api, file, s.postDecisions)
	httpx.Handle(api, route(http.MethodGet, "/{id}/decisions", "What was decided and what is open, as a decisions file"), s.getDecisions)
	httpx.Handle(api, route(http.MethodPost, "/{id}/start", "Make the import"),
		func(ctx context.Context, in *ImportPath) (*httpx.Answer[AreaImport], error) {
			i, err := s.StartImport(ctx, in.ID)
			return httpx.NewAnswer(i), err
		})
	httpx.Handle(api, route(http.MethodDelete, "/{id}", "Forget a list that was not imported"),
		func(ctx context.Context, in *ImportPath) (*struct{}, error) {
			return nil, s.DropImport(ctx, in.ID)
		})
}

// ImportPath names an import in an address.
type ImportPath struct {
	ID string `path:"id" maxLength:"50"`
}

type uploadInput struct {
	Effective  string `query:"effective" maxLength:"10" doc:"First day of what the files say, YYYY-MM-DD; today when left out"`
	Supplement bool   `query:"supplement" doc:"The files only add: what they leave out goes on"`
	RawBody    huma.MultipartFormFiles[struct {
		File []huma.FormFile `form:"file" required:"true"`
	}]
}

func (s *Service) postImport(ctx context.Context, in *uploadInput) (*httpx.Answer[AreaImport], error) {
	var files []Upload
	left := int64(MaxUpload)
	for _, f := range in.RawBody.Data().File {
		defer f.Close()
		raw, err := io.ReadAll(io.LimitReader(f, left+1))
		if err != nil {
			return nil, err
		}
		if left -= int64(len(raw)); left < 0 {
			return nil, errs.ErrTooLarge
		}
		files = append(files, Upload{Name: clipName(f.Filename), Raw: raw})
	}
	sources, err := FromUploads(files)
	if err != nil {
		return nil, err
	}
	i, err := s.PrepareImport(ctx, sources, ImportOptions{Effective: in.Effective, Supplement: in.Supplement})
	return httpx.NewAnswer(i), err
}

type decisionsInput struct {
	ImportPath
	Body struct {
		Decisions []DecisionView `json:"decisions" maxItems:"5000"`
		Version   int64          `json:"version" minimum:"1"`
	}
}

func (s *Service) putDecisions(ctx context.Context, in *decisionsInput) (*httpx.Answer[AreaImport], error) {
	i, err := s.DecideImport(ctx, in.ID, in.Body.Decisions, in.Body.Version)
	return httpx.NewAnswer(i), err
}

type decisionsFileInput struct {
	ImportPath
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

// postDecisions takes a decisions file in place of all that was decided before.
func (s *Service) postDecisions(ctx context.Context, in *decisionsFileInput) (*httpx.Answer[AreaImport], error) {
	i, err := s.FindImport(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	f := in.RawBody.Data().File
	defer f.Close()
	decisions, err := ReadDecisions(clipName(f.Filename), f)
	if err != nil {
		return nil, err
	}
	i, err = s.DecideImport(ctx, in.ID, viewDecisions(decisions), i.Version)
	return httpx.NewAnswer(i), err
}

func (s *Service) getDecisions(ctx context.Context, in *ImportPath) (*huma.StreamResponse, error) {
	i, err := s.FindImport(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString("\xef\xbb\xbf") // spreadsheets then read it as UTF-8
	if err := i.WriteDecisions(&out); err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", "text/csv; charset=utf-8")
		hc.SetHeader("Content-Disposition", `attachment; filename="decisions-`+i.Effective+`.csv"`)
		hc.SetHeader("Cache-Control", "private, no-store")
		_, _ = hc.BodyWriter().Write(out.Bytes())
	}}, nil
}
