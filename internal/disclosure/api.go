package disclosure

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
	"linli/internal/platform/storage"
	"linli/internal/platform/text"
)

// faces are what the API, the inbox and files show of the service.
type faces struct{ *Service }

// Path names an entry or a duty in an address.
type Path struct {
	ID string `path:"id" maxLength:"80"`
}

// CodePath names an item, a micro-power or a community in an address.
type CodePath struct {
	Code string `path:"code" maxLength:"40"`
}

// FormatInput chooses the format of a file.
type FormatInput struct {
	Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
}

// A file is a picture or a PDF of at most 32 MiB, with the form around it; a table is smaller.
const (
	fileBody  = storage.MaxPicture + 64<<10
	tableBody = 4 << 20
)

// mostExported bounds the duties of one file.
const mostExported = 20_000

type upload struct {
	Path
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true"`
	}]
}

func (s faces) routes(api *httpx.API) {
	s.catalogueRoutes(api)
	s.dutyRoutes(api)
	s.entryRoutes(api)
	s.fileRoutes(api)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/disclosure/board", Permission: permRead,
		Summary: "How the communities of an area disclose in time"},
		func(ctx context.Context, in *Months) (*httpx.Answer[Board], error) {
			b, err := s.Board(ctx, *in)
			return httpx.NewAnswer(b), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/disclosure/board/table", Permission: permRead, Summary: "The board as a file"},
		func(ctx context.Context, in *struct {
			Months
			FormatInput
		}) (*huma.StreamResponse, error) {
			b, err := s.Board(ctx, in.Months)
			if err != nil {
				return nil, err
			}
			return tableFile("disclosure-"+in.Area, in.Format, s.boardRows(&b, text.From(ctx)))
		})
}

func (s faces) catalogueRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/disclosure/items", Permission: permRead,
		Summary: "What must be disclosed, by kind of community"},
		func(context.Context, *struct{}) (*httpx.List[Item], error) {
			return httpx.NewList(s.Catalogue(), ""), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/disclosure/items/{code}", Permission: permEdit,
		Summary: "Change an item of the catalogue"},
		func(ctx context.Context, in *struct {
			CodePath
			Body Item
		}) (*httpx.Answer[Item], error) {
			i, err := s.PutItem(ctx, in.Code, in.Body)
			return httpx.NewAnswer(i), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/disclosure/powers", Permission: permRead, Summary: "The micro-powers"},
		func(context.Context, *struct{}) (*httpx.List[Power], error) {
			return httpx.NewList(s.Powers(), ""), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/disclosure/powers/{code}", Permission: permEdit,
		Summary: "Change a micro-power"},
		func(ctx context.Context, in *struct {
			CodePath
			Body Power
		}) (*httpx.Answer[Power], error) {
			p, err := s.PutPower(ctx, in.Code, in.Body)
			return httpx.NewAnswer(p), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/disclosure/communities/{code}", Permission: permRead,
		Summary: "What disclosure knows of a community"},
		func(ctx context.Context, in *CodePath) (*httpx.Answer[Community], error) {
			return s.community(ctx, in.Code)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/disclosure/communities/{code}", Permission: permSet,
		Summary: "Say whether a community's accounts are busy"},
		func(ctx context.Context, in *struct {
			CodePath
			Body struct {
				Busy    bool  `json:"busy"`
				Version int64 `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[Community], error) {
			if err := s.SetBusy(ctx, in.Code, in.Body.Busy, in.Body.Version); err != nil {
				return nil, err
			}
			return s.community(ctx, in.Code)
		})
}

func (s faces) community(ctx context.Context, code string) (*httpx.Answer[Community], error) {
	if !authority.From(ctx).Can(permRead, code) {
		return nil, errs.ErrNotFound
	}
	c, err := findCommunity(ctx, s.Log.DB, code)
	return httpx.NewAnswer(c), err
}

func (s faces) dutyRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/disclosure/duties", Permission: permRead,
		Summary: "Duties of my areas, one page, the longest due first"},
		func(ctx context.Context, in *DutyFilter) (*httpx.List[DutyView], error) {
			found, next, err := s.Duties(ctx, *in)
			views, today := make([]DutyView, len(found)), clock.Day(clock.Now(ctx))
			for i := range found {
				views[i] = s.DutyViewOf(&found[i], text.From(ctx), today)
			}
			return httpx.NewList(views, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/disclosure/duties/table", Permission: permRead, Summary: "Duties as a file"},
		func(ctx context.Context, in *struct {
			DutyFilter
			FormatInput
		}) (*huma.StreamResponse, error) {
			in.Limit, in.Cursor = mostExported, ""
			if in.Area != "" {
				if err := authority.Require(ctx, permRead, in.Area); err != nil {
					return nil, err
				}
			}
			found, _, err := s.Duties(ctx, in.DutyFilter)
			if err != nil {
				return nil, err
			}
			return tableFile("disclosure-duties", in.Format, s.dutyRows(found, text.From(ctx), clock.Day(clock.Now(ctx))))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/disclosure/duties", Permission: permDuty,
		Summary: "Say that something happened which must be disclosed", Status: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body NewEvent }) (*httpx.Answer[DutyDetail], error) {
			d, err := s.OpenEvent(ctx, in.Body)
			if err != nil {
				return nil, err
			}
			out := s.Explained(ctx, &d)
			out.May = authority.From(ctx).Can(permWrite, d.Area)
			return httpx.NewAnswer(out), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/disclosure/duties/{id}", Permission: permRead,
		Summary: "A duty with its due day, counted day by day"},
		func(ctx context.Context, in *Path) (*httpx.Answer[DutyDetail], error) {
			d, err := s.ShowDuty(ctx, in.ID)
			return httpx.NewAnswer(d), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/disclosure/duties/{id}/entry", Permission: permWrite,
		Summary: "Begin the entry of a duty", Status: http.StatusCreated},
		func(ctx context.Context, in *Path) (*httpx.Answer[Detail], error) {
			e, err := s.Begin(ctx, in.ID)
			return s.answer(ctx, e.ID, err)
		})
}

type entryStep struct {
	Path
	Body struct {
		Version int64  `json:"version" minimum:"1"`
		Note    string `json:"note,omitempty" maxLength:"500" doc:"Why; required to return, correct and take down"`
	}
}

func (s faces) entryRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/disclosure/entries", Permission: permRead,
		Summary: "Entries of my areas, one page"},
		func(ctx context.Context, in *EntryFilter) (*httpx.List[EntrySummary], error) {
			found, next, err := s.Entries(ctx, *in)
			views := make([]EntrySummary, len(found))
			for i := range found {
				views[i] = s.summary(&found[i], text.From(ctx))
			}
			return httpx.NewList(views, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/disclosure/entries/{id}", Permission: permRead,
		Summary: "An entry with its Editions and what I may do"},
		func(ctx context.Context, in *Path) (*httpx.Answer[Detail], error) { return s.answer(ctx, in.ID, nil) })
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/disclosure/entries/{id}", Permission: permWrite, Summary: "Change a draft"},
		func(ctx context.Context, in *struct {
			Path
			Body struct {
				Content
				Version int64 `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[Detail], error) {
			_, err := s.Change(ctx, in.ID, in.Body.Version, in.Body.Content)
			return s.answer(ctx, in.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/disclosure/entries/{id}/fill", Permission: permWrite,
		Summary: "Fill a draft from the platform"},
		func(ctx context.Context, in *struct {
			Path
			Body struct {
				Version int64 `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[Detail], error) {
			_, err := s.Fill(ctx, in.ID, in.Body.Version)
			return s.answer(ctx, in.ID, err)
		})
	for _, st := range steps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/disclosure/entries/{id}/" + string(st.verb), Permission: st.permission,
			Summary: "Step of an entry: " + string(st.verb)},
			func(ctx context.Context, in *entryStep) (*httpx.Answer[Detail], error) {
				err := s.Step(ctx, in.ID, st.verb, in.Body.Version, flow.Input{Note: in.Body.Note})
				return s.answer(ctx, in.ID, err)
			})
	}
}

func (s faces) answer(ctx context.Context, id string, err error) (*httpx.Answer[Detail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	return httpx.NewAnswer(d), err
}

func (s faces) fileRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/disclosure/entries/{id}/files", Permission: permWrite,
		Summary: "Attach a picture or PDF to a draft, e.g. a voucher", MaxBody: fileBody},
		func(ctx context.Context, in *upload) (*httpx.Answer[File], error) {
			f := in.RawBody.Data().File
			defer f.Close()
			v, err := s.Attach(ctx, in.ID, f.Filename, f)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/disclosure/entries/{id}/table", Permission: permWrite,
		Summary: "Read rows from a file for a draft; nothing is saved", MaxBody: tableBody},
		func(ctx context.Context, in *upload) (*httpx.Answer[TableRead], error) {
			f := in.RawBody.Data().File
			defer f.Close()
			v, err := s.ReadTable(ctx, in.ID, f)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/disclosure/entries/{id}/table", Permission: permRead,
		Summary: "The rows of an edition as a file"},
		func(ctx context.Context, in *struct {
			Path
			FormatInput
			Edition int `query:"edition" minimum:"0" maximum:"10000" doc:"The newest when 0"`
		}) (*huma.StreamResponse, error) {
			e, err := s.editionOf(ctx, in.ID, in.Edition)
			if err != nil {
				return nil, err
			}
			return tableFile("disclosure-"+in.ID, in.Format, s.RowsOf(&e, text.From(ctx)))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: "/disclosure/entries/{id}/files/{file}", Permission: permWrite,
		Summary: "Take a file off a draft", Status: http.StatusNoContent},
		func(ctx context.Context, in *struct {
			Path
			File string `path:"file" maxLength:"50"`
		}) (*httpx.None, error) {
			return nil, s.Detach(ctx, in.ID, in.File)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/disclosure/entries/{id}/files/{file}",
		Permission: permRead, Summary: "A file of an entry"},
		func(ctx context.Context, in *struct {
			Path
			File    string `path:"file" maxLength:"50"`
			Edition int    `query:"edition" minimum:"0" maximum:"10000" doc:"The newest when 0"`
			Small   bool   `query:"small" doc:"A small picture of it"`
		}) (*huma.StreamResponse, error) {
			e, err := s.editionOf(ctx, in.ID, in.Edition)
			if err != nil {
				return nil, err
			}
			f, content, err := s.OpenFile(ctx, &e, in.File, in.Small)
			if err != nil {
				return nil, err
			}
			return httpx.File(f.MediaType, f.Name, "inline", content), nil
		})
}

// editionOf is one text of an entry for a member of staff; the newest for 0. Error: NotFound.
func (s faces) editionOf(ctx context.Context, id string, edition int) (Entry, error) {
	all, err := Editions(ctx, s.Log.DB, id)
	for _, e := range all {
		if (e.Edition == edition || edition == 0 && e.latest) && authority.From(ctx).Can(permRead, e.Area) {
			return e, nil
		}
	}
	if err == nil {
		err = errs.ErrNotFound
	}
	return Entry{}, err
}
