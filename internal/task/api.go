package task

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
	"linli/internal/platform/storage"
	"linli/internal/platform/text"
)

// Path names a task.
type Path struct {
	ID string `path:"id" maxLength:"50"`
}

type filePath struct {
	Path
	File string `path:"file" maxLength:"50"`
}

type taskStepInput struct {
	Path
	Body struct {
		Version int64  `json:"version,omitempty" minimum:"0" doc:"The version that the user saw; 0 takes whatever is there"`
		Note    string `json:"note,omitempty" maxLength:"5000"`
	}
}

// FiguresInput asks for figures of an area in a period.
type FiguresInput struct {
	Area string `query:"area" required:"true" maxLength:"6" pattern:"^[0-9]*$" doc:"City or county"`
	From string `query:"from" required:"true" maxLength:"7" doc:"First month, YYYY-MM"`
	To   string `query:"to" required:"true" maxLength:"7" doc:"Last month, YYYY-MM"`
}

// check refuses months that are none or that stand in the wrong order: Invalid.
func (in *FiguresInput) check() error {
	for name, month := range map[string]string{"from": in.From, "to": in.To} {
		if _, err := time.Parse("2006-01", month); err != nil {
			return errs.ErrInvalid.At(name, "casework.period")
		}
	}
	if in.From > in.To {
		return errs.ErrInvalid.At("to", "task.order")
	}
	return nil
}

// fileBody is a picture or PDF of at most 32 MiB, with the form around it.
const fileBody = storage.MaxPicture + 64<<10

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/task/tasks", Permission: permRead,
		Summary: "Tasks that I may read, one page"},
		func(ctx context.Context, in *Filter) (*httpx.List[Listed], error) {
			found, next, err := s.List(ctx, *in)
			views, day := make([]Listed, len(found)), clock.Day(clock.Now(ctx))
			for i := range found {
				views[i] = s.summary(&found[i], text.From(ctx), day)
			}
			return httpx.NewList(views, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/task/tasks", Permission: permWrite, Summary: "Begin a task",
		Status: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body Content }) (*httpx.Answer[Detail], error) {
			t, err := s.Write(ctx, in.Body)
			return s.answered(ctx, t.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/task/tasks/{id}", Permission: permRead,
		Summary: "A task with its history and what I may do"},
		func(ctx context.Context, in *Path) (*httpx.Answer[Detail], error) { return s.answered(ctx, in.ID, nil) })
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/task/tasks/{id}", Permission: permWrite, Summary: "Change a draft"},
		func(ctx context.Context, in *struct {
			Path
			Body struct {
				Content
				Version int64 `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[Detail], error) {
			return s.answered(ctx, in.ID, s.Change(ctx, in.ID, in.Body.Version, in.Body.Content))
		})
	for _, st := range steps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/task/tasks/{id}/" + string(st.verb), Permission: st.permission,
			Summary: "Step of a task: " + string(st.verb)},
			func(ctx context.Context, in *taskStepInput) (*httpx.Answer[Detail], error) {
				return s.answered(ctx, in.ID, s.Step(ctx, in.ID, st.verb, in.Body.Version, flow.Input{Note: in.Body.Note}))
			})
	}
	s.fileRoutes(api)
	year{s}.routes(api)
	s.shareRoutes(api)
	s.Casework.StepRoutes(api, "/task/shares", KindTask)
}

func (s *Service) answered(ctx context.Context, id string, err error) (*httpx.Answer[Detail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	return httpx.NewAnswer(d), err
}

// shareRoutes show what became of a task, the refusals, and the figures of departments.
func (s *Service) shareRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/task/tasks/{id}/progress", Permission: permRead,
		Summary: "How far the communities of a task have come, by area"},
		func(ctx context.Context, in *struct {
			Path
			Area string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
		}) (*httpx.Answer[Progress], error) {
			v, err := s.ProgressOf(ctx, in.ID, in.Area)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/task/tasks/{id}/shares", Permission: permRead,
		Summary: "The communities of a task, one page"},
		func(ctx context.Context, in *struct {
			Path
			ShareFilter
		}) (*httpx.List[ShareView], error) {
			found, next, err := s.Shares(ctx, in.ID, in.ShareFilter)
			views := make([]ShareView, len(found))
			for i := range found {
				views[i] = s.shareView(&found[i], text.From(ctx), clock.Millis(clock.Now(ctx)))
			}
			return httpx.NewList(views, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/task/tasks/{id}/table", Permission: permExport,
		Summary: "The communities of a task as a table; recorded"}, s.Export)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/task/refusals", Permission: permRefuse,
		Summary: "Refusals of communities, one page"},
		func(ctx context.Context, in *RefusalFilter) (*httpx.List[RefusalView], error) {
			v, next, err := s.Refusals(ctx, *in)
			return httpx.NewList(v, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/task/figures", Permission: permFigure,
		Summary: "What departments asked of communities, in an area and a period"},
		func(ctx context.Context, in *FiguresInput) (*httpx.List[DepartmentFigures], error) {
			if err := in.check(); err != nil {
				return nil, err
			}
			v, err := s.Figures(ctx, in.Area, in.From, in.To)
			return httpx.NewList(v, ""), err
		})
}

func (s *Service) fileRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/task/tasks/{id}/files", Permission: permWrite,
		Summary: "Attach a picture or PDF to a draft", MaxBody: fileBody},
		func(ctx context.Context, in *struct {
			Path
			RawBody huma.MultipartFormFiles[struct {
				File huma.FormFile `form:"file" required:"true"`
			}]
		}) (*httpx.Answer[File], error) {
			f := in.RawBody.Data().File
			defer f.Close()
			v, err := s.Attach(ctx, in.ID, f.Filename, f)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: "/task/tasks/{id}/files/{file}", Permission: permWrite,
		Summary: "Take a file off a draft", Status: http.StatusNoContent},
		func(ctx context.Context, in *filePath) (*httpx.None, error) {
			return nil, s.Detach(ctx, in.ID, in.File)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/task/tasks/{id}/files/{file}", Permission: permFile,
		Summary: "A file of a task"},
		func(ctx context.Context, in *filePath) (*huma.StreamResponse, error) {
			f, content, err := s.OpenFile(ctx, in.ID, in.File)
			if err != nil {
				return nil, err
			}
			return httpx.File(f.MediaType, f.Name, "inline", content), nil
		})
}
