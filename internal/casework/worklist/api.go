package worklist

import (
	"context"
	"log/slog"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"linli/internal/casework"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
	"linli/internal/platform/sheet"
)

// FilterInput is a filter as addresses carry it.
type FilterInput struct {
	View    string `query:"view" enum:"waiting,mine,unit,helping,soon,overdue,open,all,pending,suspended,supervised" default:"open"`
	Kind    string `query:"kind" maxLength:"20"`
	State   string `query:"state" maxLength:"20"`
	Subject string `query:"subject" maxLength:"64" doc:"Code of a service item or of a category"`
	Area    string `query:"area" maxLength:"15" pattern:"^[0-9]*$"`
	Unit    string `query:"unit" maxLength:"64" doc:"Id of the body responsible now"`
	Handler string `query:"handler" maxLength:"64" doc:"Id of the account that took it"`
	Channel string `query:"channel" maxLength:"20"`
	From    string `query:"from" maxLength:"10" doc:"First day of reporting, YYYY-MM-DD"`
	To      string `query:"to" maxLength:"10" doc:"Last day of reporting, YYYY-MM-DD"`
	Overdue bool   `query:"overdue" doc:"Past the deadline and open"`
	Low     bool   `query:"low" doc:"Rated 2 or 1; of the areas whose figures the caller sees"`
	Words   string `query:"q" maxLength:"60" doc:"Beginning of a case number, or stretches of text that all stand in it: Chinese as written, or the beginning of a Latin word"`
}

// filter reads the input. Error: Invalid.
func (in *FilterInput) filter() (Filter, error) {
	f := Filter{View: View(in.View), Kind: in.Kind, State: in.State, Subject: in.Subject, Area: in.Area, Unit: in.Unit,
		Handler: in.Handler, Channel: in.Channel, Overdue: in.Overdue, Low: in.Low}
	f.ask(in.Words)
	return f, f.days(in.From, in.To)
}

type listInput struct {
	FilterInput
	Cursor string `query:"cursor" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// CaseList is one page of cases.
type CaseList struct {
	Body struct {
		Items []casework.Summary `json:"items"`
		Next  string             `json:"next" doc:"Cursor of the next page, or empty; a page may hold fewer than asked for and have a next"`
		Prev  string             `json:"prev" doc:"Cursor of the page before, or empty; what is found by words is read forwards only"`
	}
}

func (s *Service) apiList(ctx context.Context, in *listInput) (*CaseList, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	f.Cursor, f.Limit = in.Cursor, in.Limit
	p, err := s.List(ctx, f)
	if err != nil {
		return nil, err
	}
	out := &CaseList{}
	out.Body.Items, out.Body.Next, out.Body.Prev = make([]casework.Summary, len(p.Cases)), p.Next, p.Prev
	for i := range p.Cases {
		out.Body.Items[i] = s.Cases.Summarise(ctx, &p.Cases[i])
	}
	return out, nil
}

type exportInput struct {
	FilterInput
	Format  string `query:"format" enum:"csv,xlsx" default:"xlsx"`
	Columns string `query:"columns" maxLength:"400" doc:"Names of columns, between commas; all when left out"`
}

type bulkInput struct {
	Body struct {
		Verb  string        `json:"verb" maxLength:"20"`
		Cases []CaseVersion `json:"cases" minItems:"1" maxItems:"100"`
		flow.Input
	}
}

// BulkView tells what became of each case.
type BulkView struct {
	Taken   int         `json:"taken"`
	Refused int         `json:"refused"`
	Results []TakenView `json:"results"`
}

// TakenView is what became of one.
type TakenView struct {
	ID      string         `json:"id"`
	Number  string         `json:"number"`
	State   flow.State     `json:"state"`
	Refused *httpx.Problem `json:"refused,omitempty"`
}

type areaInput struct {
	Area string `query:"area" maxLength:"15" pattern:"^[0-9]*$"`
}

type viewInput struct {
	Body struct {
		Name  string            `json:"name" maxLength:"40"`
		Area  string            `json:"area,omitempty" maxLength:"15" pattern:"^[0-9]*$" doc:"To share it with everybody who works there"`
		Query map[string]string `json:"query"`
	}
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/cases", Permission: casework.PermReadOwn,
		Summary: "Cases of a view, one page"}, s.apiList)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/inbox",
		Permission: casework.PermReadOwn, Summary: "How much waits for me"},
		func(ctx context.Context, in *areaInput) (*httpx.Answer[Inbox], error) {
			v, err := s.Inbox(ctx, in.Area)
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/todo", Permission: permTodo,
		Summary: "What waits for me beside cases: decisions, signatures, receipts"},
		func(ctx context.Context, _ *struct{}) (*httpx.List[Todo], error) {
			found, err := s.Todo(ctx)
			return httpx.NewList(found, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/export", Permission: permExport,
		Summary: "Cases of a view as a table; recorded"}, s.apiExport)
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/casework/bulk", Permission: casework.PermReadOwn,
		Summary: "Take the same step on many cases, each by itself"},
		func(ctx context.Context, in *bulkInput) (*httpx.Answer[BulkView], error) {
			taken, err := s.MoveAll(ctx, Bulk{Verb: flow.Verb(in.Body.Verb), Cases: in.Body.Cases, Input: in.Body.Input})
			if err != nil {
				return nil, err
			}
			v := BulkView{Results: make([]TakenView, len(taken))}
			for i, one := range taken {
				v.Results[i] = TakenView{ID: one.ID, Number: one.Number, State: one.State}
				if one.Refused != nil {
					v.Refused++
					v.Results[i].Refused = api.Problem(ctx, one.Refused)
				} else {
					v.Taken++
				}
			}
			return httpx.NewAnswer(v), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/views", Permission: casework.PermReadOwn,
		Summary: "Saved views: one's own, and those shared where one works"},
		func(ctx context.Context, _ *struct{}) (*httpx.List[SavedView], error) {
			views, err := s.Views(ctx)
			return httpx.NewList(views, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/casework/views", Permission: casework.PermReadOwn,
		Summary: "Save a view, or share it in an area", Status: http.StatusCreated},
		func(ctx context.Context, in *viewInput) (*httpx.Answer[SavedView], error) {
			v, err := s.SaveView(ctx, SavedView{Name: in.Body.Name, Area: in.Body.Area, Query: in.Body.Query})
			return httpx.NewAnswer(v), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodDelete, Path: "/casework/views/{id}", Permission: casework.PermReadOwn,
		Summary: "Remove a saved view", Status: http.StatusNoContent},
		func(ctx context.Context, in *casework.CasePath) (*struct{}, error) {
			return nil, s.RemoveView(ctx, in.ID)
		})
}

// apiExport answers with a list as a table. What fails after the first byte ends the answer: half
// a table is not taken for a whole one.
func (s *Service) apiExport(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	if f.Area, err = exportScope(ctx, f.Area); err != nil {
		return nil, err
	}
	var names []string
	if in.Columns != "" {
		names = strings.Split(in.Columns, ",")
	}
	e, err := s.NewExport(ctx, f, names)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", sheet.MediaTypes[in.Format])
		hc.SetHeader("Cache-Control", "private, no-store")
		hc.SetHeader("Content-Disposition", mime.FormatMediaType("attachment",
			map[string]string{"filename": "cases-" + clock.Day(clock.Now(ctx)) + "." + in.Format}))
		if err := e.Write(ctx, hc.BodyWriter(), in.Format); err != nil {
			slog.ErrorContext(ctx, "export failed", "error", err)
			panic(http.ErrAbortHandler)
		}
	}}, nil
}
