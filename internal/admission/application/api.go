package application

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/admission/proposal"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
	"linli/internal/platform/storage"
	"linli/internal/platform/text"
)

// Path names an application in an address.
type Path struct {
	ID string `path:"id" maxLength:"50"`
}

type admissionStep struct {
	Path
	Body struct {
		Version int64 `json:"version" minimum:"1"`
		flow.Input
	}
}

type instalmentStep struct {
	Path
	Seq  int `path:"seq" minimum:"1" maximum:"24"`
	Body struct {
		Version int64 `json:"version" minimum:"1"`
		flow.Input
	}
}

// A file is a picture or a PDF of at most 32 MiB, with the form around it.
const fileBody = storage.MaxPicture + 64<<10

const base = "/admission/applications"

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: base, Permission: permRead,
		Summary: "Applications that concern my areas, one page"},
		func(ctx context.Context, in *Filter) (*httpx.List[AdmissionSummary], error) {
			found, next, err := s.Staff(ctx, *in)
			views := make([]AdmissionSummary, len(found))
			for i := range found {
				views[i] = s.summary(&found[i], text.From(ctx))
			}
			return httpx.NewList(views, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base, Permission: permWrite, Summary: "Begin an application",
		Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				Body    string            `json:"body,omitempty" maxLength:"50" doc:"Id of the department's body; my own when empty"`
				Content proposal.Proposal `json:"content"`
			}
		}) (*httpx.Answer[AdmissionDetail], error) {
			e, err := s.Write(ctx, in.Body.Content, in.Body.Body)
			return s.answer(ctx, e.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base + "/check", Permission: permWrite,
		Summary: "What the rules say about an application that I would hand in today"}, s.postCheck)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: base + "/{id}", Permission: permRead,
		Summary: "An application with its history and what I may do"},
		func(ctx context.Context, in *Path) (*httpx.Answer[AdmissionDetail], error) {
			return s.answer(ctx, in.ID, nil)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: base + "/{id}", Permission: permWrite, Summary: "Change a draft"},
		func(ctx context.Context, in *struct {
			Path
			Body struct {
				Content proposal.Proposal `json:"content"`
				Version int64             `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[AdmissionDetail], error) {
			return s.answer(ctx, in.ID, s.Change(ctx, in.ID, in.Body.Version, in.Body.Content))
		})
	for _, st := range steps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base + "/{id}/" + string(st.verb), Permission: st.permission,
			Summary: "Step of an application: " + string(st.verb)},
			func(ctx context.Context, in *admissionStep) (*httpx.Answer[AdmissionDetail], error) {
				return s.answer(ctx, in.ID, s.Step(ctx, in.ID, st.verb, in.Body.Version, in.Body.Input))
			})
	}
	for _, st := range moneySteps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base + "/{id}/instalments/{seq}/" + string(st.verb),
			Permission: st.permission, Summary: "Step of an instalment: " + string(st.verb)},
			func(ctx context.Context, in *instalmentStep) (*httpx.Answer[AdmissionDetail], error) {
				return s.answer(ctx, in.ID, s.Pay(ctx, in.ID, in.Seq, st.verb, in.Body.Version, in.Body.Input))
			})
	}
	s.fileRoutes(api)
	figures{s}.routes(api)
}

func (s *Service) answer(ctx context.Context, id string, err error) (*httpx.Answer[AdmissionDetail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	return httpx.NewAnswer(d), err
}

// AdmissionVerdict is what the rules say about an application.
type AdmissionVerdict struct {
	Refused  bool                        `json:"refused"`
	Findings []proposal.AdmissionFinding `json:"findings" doc:"Refusals first"`
	Earliest string                      `json:"earliest" doc:"First day on which it may begin, handed in today; empty where the calendar does not know"`
}

func (s *Service) postCheck(ctx context.Context, in *struct {
	Body struct {
		Body    string            `json:"body,omitempty" maxLength:"50"`
		Content proposal.Proposal `json:"content"`
	}
}) (*httpx.Answer[AdmissionVerdict], error) {
	found, err := s.Check(ctx, in.Body.Content, in.Body.Body)
	if err != nil {
		return nil, err
	}
	today := clock.Day(clock.Now(ctx))
	v := AdmissionVerdict{Refused: proposal.Refusal(found) != nil, Findings: s.findings(found, text.From(ctx), today)}
	if v.Earliest, err = s.workdays(today, s.Rules.Int(proposal.RuleAhead, today)); err != nil {
		v.Earliest = ""
	}
	return httpx.NewAnswer(v), nil
}

func (s *Service) fileRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: base + "/{id}/files", Permission: permWrite,
		Summary: "Attach a picture or PDF to a draft", MaxBody: fileBody},
		func(ctx context.Context, in *struct {
			Path
			RawBody huma.MultipartFormFiles[struct {
				File huma.FormFile `form:"file" required:"true"`
			}]
		}) (*httpx.Answer[AdmissionFile], error) {
			f := in.RawBody.Data().File
			defer f.Close()
			v, err := s.Attach(ctx, in.ID, f.Filename, f)
			return httpx.NewAnswer(v), err
		})
	type filePath struct {
		Path
		File string `path:"file" maxLength:"50"`
	}
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: base + "/{id}/files/{file}", Permission: permWrite,
		Summary: "Take a file off a draft", Status: http.StatusNoContent},
		func(ctx context.Context, in *filePath) (*httpx.None, error) {
			return nil, s.Detach(ctx, in.ID, in.File)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: base + "/{id}/files/{file}", Permission: permRead,
		Summary: "A file of an application"},
		func(ctx context.Context, in *filePath) (*huma.StreamResponse, error) {
			f, content, err := s.OpenFile(ctx, in.ID, in.File)
			if err != nil {
				return nil, err
			}
			return httpx.File(f.MediaType, f.Name, "inline", content), nil
		})
}
