package outline

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/geo"
	"linli/internal/platform/httpx"
	"linli/internal/registry"
)

// maxFindings is how many findings an answer lists.
const maxFindings = 500

func (s *Service) routes(api *httpx.API) {
	load := httpx.Route{Method: "POST", Path: "/registry/outlines", Permission: registry.PermissionImport,
		Summary: "Judge outlines of areas (GeoJSON) and, unless it is a dry run, save them"}
	load.MaxBody = maxOutlineBytes + 64<<10
	httpx.Handle(api, load, s.postOutlines)
	httpx.Handle(api, httpx.Route{Method: "GET", Path: "/registry/areas/{code}/outline/findings", Permission: registry.PermissionImport,
		Summary: "What is wrong with the outlines kept of an area and of those right below"}, s.getFindings)
}

type outlinesInput struct {
	CRS     string `query:"crs" enum:"CGCS2000,GCJ02,BD09" default:"CGCS2000" doc:"Coordinates of the file, unless it says so itself"`
	Source  string `query:"source" required:"true" minLength:"1" maxLength:"200" doc:"Where the outlines come from"`
	DryRun  bool   `query:"dryRun" doc:"Judge, and save nothing"`
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

// OutlinesRead is what was found in a file of outlines.
type OutlinesRead struct {
	Outlines int              `json:"outlines" doc:"Number in the file"`
	Saved    bool             `json:"saved"`
	Refused  int              `json:"refused" doc:"Findings that forbid saving; of a dry run"`
	Findings []OutlineFinding `json:"findings" doc:"At most 500, refused ones first"`
	More     int              `json:"more" doc:"Findings beyond those"`
}

// postOutlines answers a dry run with what would be refused; else that is the refusal.
func (s *Service) postOutlines(ctx context.Context, in *outlinesInput) (*httpx.Answer[OutlinesRead], error) {
	f := in.RawBody.Data().File
	defer f.Close()
	found, n, err := s.LoadOutlines(ctx, f, geo.CRS(in.CRS), in.Source, in.DryRun)
	if err != nil && (!in.DryRun || len(found) == 0) {
		return nil, err
	}
	out := OutlinesRead{Outlines: n, Saved: !in.DryRun, Findings: []OutlineFinding{}}
	for _, refused := range []bool{true, false} {
		for _, f := range found {
			if f.Refused == refused {
				out.Findings = append(out.Findings, f)
			}
		}
		if refused {
			out.Refused = len(out.Findings)
		}
	}
	out.More = max(0, len(out.Findings)-maxFindings)
	out.Findings = out.Findings[:len(out.Findings)-out.More]
	return httpx.NewAnswer(out), nil
}

func (s *Service) getFindings(ctx context.Context, in *registry.AreaPath) (*httpx.List[OutlineFinding], error) {
	found, err := s.KeptFindings(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return httpx.NewList(found[:min(len(found), maxFindings)], ""), nil
}
