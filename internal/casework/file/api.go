package file

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
	"linli/internal/platform/limit"
	"linli/internal/platform/storage"
)

type uploadInput struct {
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

const uploadBody = storage.MaxPicture + 64<<10 // a file and the form around it

// filePath names a file of a case in an address.
type filePath struct {
	casework.CasePath
	File string `path:"file" maxLength:"50"`
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/cases/{id}/files/{file}", Permission: casework.PermReadOwn,
		Summary: "A file of a case"},
		func(ctx context.Context, in *filePath) (*huma.StreamResponse, error) {
			return s.Stream(ctx, in.ID, in.File, false)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/cases/{id}/files/{file}/thumbnail",
		Permission: casework.PermReadOwn, Summary: "A small picture of a file of a case"},
		func(ctx context.Context, in *filePath) (*huma.StreamResponse, error) {
			return s.Stream(ctx, in.ID, in.File, true)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/casework/uploads", Permission: authority.Public,
		Summary: "Store a file that a later step names", MaxBody: uploadBody},
		func(ctx context.Context, in *uploadInput) (*httpx.Answer[File], error) {
			if err := s.mayUpload(ctx, ""); err != nil {
				return nil, err
			}
			f := in.RawBody.Data().File
			defer f.Close()
			v, err := s.Upload(ctx, "", f.Filename, f)
			return httpx.NewAnswer(v), err
		})
}

// mayUpload counts one file to be stored by whoever is not signed in, as [casework.Service.MayOpen]. How many may wait
// at once: see admit.
func (s *Service) mayUpload(ctx context.Context, visitor string) error {
	if authority.From(ctx).SignedIn() {
		return nil
	}
	return s.Cases.Limits.TakeVisitor(ctx, limit.Upload, limit.UploadVisitor, visitor)
}

// Stream answers with a file. Nothing stored is ever run by the browser: only images and PDF
// are kept, under their sniffed type, and any script in them is refused by policy.
func (s *Service) Stream(ctx context.Context, caseID, fileID string, small bool) (*huma.StreamResponse, error) {
	f, content, err := s.OpenFile(ctx, caseID, fileID, small)
	if err != nil {
		return nil, err
	}
	return httpx.File(f.MediaType, f.Name, "inline", content), nil
}
