package form

import (
	"context"
	"log/slog"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/people"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	fields "linli/internal/platform/form"
	"linli/internal/platform/httpx"
	"linli/internal/platform/sheet"
	"linli/internal/platform/storage"
)

// Path names a sending, an answer or a dispute in an address.
type Path struct {
	ID string `path:"id" maxLength:"60"`
}

type sendFormInput struct {
	Path
	Body struct {
		Key     string   `json:"clientKey,omitempty" maxLength:"64" doc:"Made by the caller: sent twice, it is one sending"`
		Areas   []string `json:"areas" minItems:"1" maxItems:"2000" doc:"Codes of communities, or of areas above with all of theirs"`
		Duty    string   `json:"duty,omitempty" maxLength:"60" doc:"Code of the listed duty, where the form names no admission"`
		DueOn   string   `json:"dueOn,omitempty" maxLength:"10" doc:"Last day to answer; left out: by the form's working days"`
		Minutes int      `json:"minutes,omitempty" minimum:"0" maximum:"6000" doc:"Work declared for each community"`
	}
}

type formStepInput struct {
	Path
	Body struct {
		Version int64  `json:"version" minimum:"1"`
		Note    string `json:"note,omitempty" maxLength:"300" doc:"Why"`
	}
}

type filledFormInput struct {
	Path
	Body struct {
		Version int64             `json:"version" minimum:"1"`
		Answers fields.Answers    `json:"answers" doc:"By the key of the field: what was typed; of what is disputed, the value that is right"`
		Marks   map[string]string `json:"marks" doc:"Of what was filled in before: confirmed or disputed"`
		Why     map[string]string `json:"why,omitempty" doc:"Of what is disputed: why it is wrong"`
		Minutes *int              `json:"minutes,omitempty" minimum:"0" maximum:"2400" doc:"That it took, where the measured time is wrong"`
	}
}

func (in *filledFormInput) filled() Filled {
	b := &in.Body
	return Filled{Answers: b.Answers, Marks: b.Marks, Why: b.Why, Minutes: b.Minutes}
}

// A form of answers, with tables.
const filledBody = 512 << 10

// A file is a picture or a PDF of at most 32 MiB, with the form around it.
const fileBody = storage.MaxPicture + 64<<10

func (s *Service) routes(api *httpx.API) {
	sendingRoutes(s, api)
	answerRoutes(s, api)
	judgeRoutes(s, api)
	fileRoutes(s, api)
	disputeRoutes(s, api)
}

func sendingRoutes(s *Service, api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/forms/{id}/send", Permission: permSend,
		Summary: "Send a form to communities, as far as the gate lets it through", Status: http.StatusCreated, MaxBody: filledBody},
		func(ctx context.Context, in *sendFormInput) (*httpx.Answer[SendingView], error) {
			b := &in.Body
			of, err := s.Send(ctx, NewSending{Form: in.ID, Areas: b.Areas, Duty: b.Duty, DueOn: b.DueOn, Minutes: b.Minutes, ClientKey: b.Key})
			if err != nil {
				return nil, err
			}
			return httpx.NewAnswer(s.sendingView(ctx, &of)), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/sendings", Permission: permRead,
		Summary: "Sendings of my body, or of those that I oversee, the latest first"},
		func(ctx context.Context, in *SendingFilter) (*httpx.List[SendingView], error) {
			all, next, err := s.Sendings(ctx, *in)
			return httpx.NewList(all, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/figures", Permission: permRead,
		Summary: "Fields asked, filled in before, and minutes saved, of the sendings that I may read"},
		func(ctx context.Context, _ *struct{}) (*httpx.Answer[SendingFigures], error) {
			f, err := s.Figures(ctx)
			return httpx.NewAnswer(f), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/sendings/{id}", Permission: permRead,
		Summary: "A sending with its progress by county and street"},
		func(ctx context.Context, in *Path) (*httpx.Answer[SendingDetail], error) {
			return showSending(s, ctx, in.ID, nil)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/sendings/{id}/remind", Permission: permSend,
		Summary: "Ask once more for what is not answered"},
		func(ctx context.Context, in *formStepInput) (*httpx.Answer[SendingDetail], error) {
			return showSending(s, ctx, in.ID, s.Remind(ctx, in.ID, in.Body.Version))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/sendings/{id}/close", Permission: permSend,
		Summary: "End a sending: what is not answered need not be"},
		func(ctx context.Context, in *formStepInput) (*httpx.Answer[SendingDetail], error) {
			return showSending(s, ctx, in.ID, s.Close(ctx, in.ID, in.Body.Version, in.Body.Note))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/sendings/{id}/answers", Permission: permRead,
		Summary: "Answers to a sending, one page"},
		func(ctx context.Context, in *struct {
			Path
			AnswerFilter
		}) (*httpx.List[AnswerSummary], error) {
			all, next, err := s.Answers(ctx, in.ID, in.AnswerFilter)
			return httpx.NewList(all, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/sendings/{id}/export", Permission: permExport,
		Summary: "All answers to a sending as a table; recorded with its purpose"}, s.apiExport)
}

func showSending(s *Service, ctx context.Context, id string, err error) (*httpx.Answer[SendingDetail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	return httpx.NewAnswer(d), err
}

// apiExport answers with a table. What fails after the first byte ends the answer: half a table is not taken for a whole one.
func (s *Service) apiExport(ctx context.Context, in *struct {
	Path
	Format  string `query:"format" enum:"csv,xlsx" default:"xlsx"`
	Purpose string `query:"purpose" maxLength:"20" doc:"For which the answers are taken; without one it is refused"`
}) (*huma.StreamResponse, error) {
	e, err := s.NewExport(ctx, in.ID, in.Purpose)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", sheet.MediaTypes[in.Format])
		hc.SetHeader("Cache-Control", "private, no-store")
		hc.SetHeader("Content-Disposition", mime.FormatMediaType("attachment",
			map[string]string{"filename": "answers-" + clock.Day(clock.Now(ctx)) + "." + in.Format}))
		if err := e.Write(ctx, hc.BodyWriter(), in.Format); err != nil {
			slog.ErrorContext(ctx, "export of answers broke off", "error", err)
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

func answerRoutes(s *Service, api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/answers", Permission: permFill,
		Summary: "Forms that wait for my communities, the nearest deadline first"},
		func(ctx context.Context, in *AnswerFilter) (*httpx.List[AnswerSummary], error) {
			all, next, err := s.Inbox(ctx, *in)
			return httpx.NewList(all, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/answers/{id}", Permission: permDispute,
		Summary: "A form with what is known, what was answered, and what I may do"},
		func(ctx context.Context, in *Path) (*httpx.Answer[AnswerDetail], error) {
			return showAnswer(s, ctx, in.ID, nil)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/answers/{id}/open", Permission: permFill,
		Summary: "Begin to fill a form in: the time that it takes is measured from here"},
		func(ctx context.Context, in *Path) (*httpx.Answer[AnswerDetail], error) {
			return showAnswer(s, ctx, in.ID, s.Open(ctx, in.ID))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/exchange/answers/{id}/draft", Permission: permFill, MaxBody: filledBody,
		Summary: "Keep what was typed so far, right or wrong"},
		func(ctx context.Context, in *filledFormInput) (*httpx.Answer[AnswerDetail], error) {
			return showAnswer(s, ctx, in.ID, s.Save(ctx, in.ID, in.Body.Version, in.filled()))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/answers/{id}/submit", Permission: permFill, MaxBody: filledBody,
		Summary: "Send a form to the department; disputed values go to who answers for them"},
		func(ctx context.Context, in *filledFormInput) (*httpx.Answer[AnswerDetail], error) {
			return showAnswer(s, ctx, in.ID, s.Submit(ctx, in.ID, in.Body.Version, in.filled()))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/answers/{id}/time", Permission: permFill,
		Summary: "Correct the minutes that a form took"},
		func(ctx context.Context, in *struct {
			Path
			Body struct {
				Version int64 `json:"version" minimum:"1"`
				Minutes int   `json:"minutes" minimum:"0" maximum:"2400"`
			}
		}) (*httpx.Answer[AnswerDetail], error) {
			return showAnswer(s, ctx, in.ID, s.SetTime(ctx, in.ID, in.Body.Version, in.Body.Minutes))
		})
}

func judgeRoutes(s *Service, api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/answers/{id}/accept", Permission: permJudge,
		Summary: "Take an answer as it is"},
		func(ctx context.Context, in *formStepInput) (*httpx.Answer[AnswerDetail], error) {
			return showAnswer(s, ctx, in.ID, s.Accept(ctx, in.ID, in.Body.Version))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/answers/{id}/return", Permission: permJudge,
		Summary: "Give a faulty answer back, with a reason for each wrong field"},
		func(ctx context.Context, in *struct {
			Path
			Body struct {
				Version int64             `json:"version" minimum:"1"`
				Reasons map[string]string `json:"reasons" doc:"By the key of the field"`
			}
		}) (*httpx.Answer[AnswerDetail], error) {
			return showAnswer(s, ctx, in.ID, s.Return(ctx, in.ID, in.Body.Version, in.Body.Reasons))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/answers/{id}/fields/{key}/unmask", Permission: permUnmask,
		Summary: "Show one personal value of a form for a purpose; recorded, and shown to the person"},
		func(ctx context.Context, in *struct {
			Path
			Key  string `path:"key" maxLength:"64" pattern:"^[a-z0-9_]+$"`
			Body struct {
				Purpose string `json:"purpose,omitempty" maxLength:"20" doc:"contact, verify, service, visit, emergency or rights"`
				Held    bool   `json:"held,omitempty" doc:"What was filled in before, not what was answered"`
			}
		}) (*httpx.Answer[people.Plain], error) {
			v, err := s.Unmask(ctx, in.ID, in.Key, in.Body.Held, in.Body.Purpose)
			return httpx.NewAnswer(people.Plain{Value: v}), err
		})
}

func showAnswer(s *Service, ctx context.Context, id string, err error) (*httpx.Answer[AnswerDetail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.View(ctx, id)
	return httpx.NewAnswer(d), err
}

func fileRoutes(s *Service, api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/answers/{id}/fields/{key}/files", Permission: permFill,
		Summary: "Attach a picture or PDF that answers a question", MaxBody: fileBody},
		func(ctx context.Context, in *struct {
			Path
			Key     string `path:"key" maxLength:"64" pattern:"^[a-z0-9_]+$"`
			RawBody huma.MultipartFormFiles[struct {
				File huma.FormFile `form:"file" required:"true"`
			}]
		}) (*httpx.Answer[File], error) {
			f := in.RawBody.Data().File
			defer f.Close()
			v, err := s.Attach(ctx, in.ID, in.Key, f.Filename, f)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: "/exchange/answers/{id}/files/{file}", Permission: permFill,
		Summary: "Take a file off a form", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			Path
			File string `path:"file" maxLength:"50"`
		}) (*httpx.None, error) {
			return nil, s.Detach(ctx, in.ID, in.File)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/answers/{id}/files/{file}", Permission: permDispute,
		Summary: "A file of a form"},
		func(ctx context.Context, in *struct {
			Path
			File  string `path:"file" maxLength:"50"`
			Small bool   `query:"small" doc:"A small picture of it"`
		}) (*huma.StreamResponse, error) {
			f, content, err := s.OpenFile(ctx, in.ID, in.File, in.Small)
			if err != nil {
				return nil, err
			}
			return httpx.File(f.MediaType, f.Name, "inline", content), nil
		})
}

func disputeRoutes(s *Service, api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/exchange/disputes", Permission: permDispute,
		Summary: "Values that communities say are wrong: of mine, or for my body to answer"},
		func(ctx context.Context, in *DisputeFilter) (*httpx.List[DisputeView], error) {
			all, next, err := s.Disputes(ctx, *in)
			return httpx.NewList(all, next), err
		})
	for _, verb := range []flow.Verb{verbCorrect, verbUphold} {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/exchange/disputes/{id}/" + string(verb), Permission: permDecide,
			Summary: "Answer a dispute: " + string(verb), Status: http.StatusNoContent},
			func(ctx context.Context, in *formStepInput) (*httpx.None, error) {
				return nil, s.Decide(ctx, in.ID, in.Body.Version, verb, in.Body.Note)
			})
	}
}
