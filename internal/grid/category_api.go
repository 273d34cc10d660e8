package grid

import (
	"context"
	"net/http"

	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// CategoryView is a category in the reader's language.
type CategoryView struct {
	Code       string          `json:"code"`
	Parent     string          `json:"parent" doc:"Class of a sub-class, or empty"`
	Kind       CategoryKind    `json:"kind" enum:"component,event"`
	Name       string          `json:"name"`
	Limit      *calendar.Limit `json:"limit,omitempty" doc:"From dispatch to feedback"`
	Department string          `json:"department" doc:"Whose duty it is as a rule"`
	Level      int             `json:"level"`
	Closing    string          `json:"closing" doc:"What must be so before it is closed"`
	Certainty  string          `json:"certainty"`
	Source     string          `json:"source" doc:"Where the limit was read"`
	Enabled    bool            `json:"enabled" doc:"Offered for new reports"`
}

// View shows a category in a language.
func (c *Category) View(lang text.Lang) CategoryView {
	v := CategoryView{Code: c.Code, Parent: c.Parent, Kind: c.Kind, Name: c.Name.In(lang), Department: c.Department,
		Level: c.Level, Closing: c.Closing.In(lang), Certainty: c.Certainty, Source: c.Source.In(lang), Enabled: c.Enabled}
	if c.Parent != "" {
		v.Limit = &c.Limit
	}
	return v
}

// CategoryContent is what an officer may set of a category. Of a class only name and enabled count.
type CategoryContent struct {
	Name       Text           `json:"name"`
	Limit      calendar.Limit `json:"limit,omitempty"`
	Department string         `json:"department,omitempty" maxLength:"40" doc:"Code of a department, or station"`
	Level      int            `json:"level,omitempty" minimum:"0" maximum:"6"`
	Closing    Text           `json:"closing,omitempty"`
	Certainty  string         `json:"certainty,omitempty" maxLength:"1"`
	Source     Text           `json:"source,omitempty"`
	Enabled    bool           `json:"enabled"`
}

func (b *CategoryContent) of(c Category) Category {
	c.Name, c.Limit, c.Department, c.Level, c.Closing, c.Certainty, c.Source, c.Enabled = b.Name, b.Limit, b.Department, b.Level,
		b.Closing, b.Certainty, b.Source, b.Enabled
	return c
}

// CategoryPath names a category in an address.
type CategoryPath struct {
	Code string `path:"code" maxLength:"4" pattern:"^[0-9]+$"`
}

type newCategory struct {
	Body struct {
		CategoryContent
		Code   string       `json:"code" maxLength:"4" doc:"Two digits of a class, four of a sub-class that begins with its class"`
		Parent string       `json:"parent,omitempty" maxLength:"2"`
		Kind   CategoryKind `json:"kind" enum:"component,event"`
	}
}

type changedCategory struct {
	CategoryPath
	Body struct {
		CategoryContent
		Version int64 `json:"version" minimum:"1"`
	}
}

func (s *Service) categoryRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/grid/categories",
		Permission: authority.Public, Summary: "What can be reported"},
		func(ctx context.Context, in *struct {
			All bool `query:"all" doc:"Those switched off too"`
		}) (*httpx.List[CategoryView], error) {
			categories := s.Offered()
			if in.All {
				categories = s.List()
			}
			views := make([]CategoryView, len(categories))
			for i := range categories {
				views[i] = categories[i].View(text.From(ctx))
			}
			return httpx.NewList(views, ""), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/grid/categories/{code}", Permission: authority.Public,
		Summary: "A category whole, in both languages"},
		func(_ context.Context, in *CategoryPath) (*httpx.Answer[Category], error) {
			c, ok := s.Category(in.Code)
			if !ok {
				return nil, errs.ErrNotFound
			}
			return httpx.NewAnswer(c), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/grid/categories", Permission: permCategory,
		Summary: "Add a class or sub-class of incidents", Status: http.StatusCreated},
		func(ctx context.Context, in *newCategory) (*httpx.Answer[Category], error) {
			return answerCategory(s.AddCategory(ctx,
				in.Body.CategoryContent.of(Category{Code: in.Body.Code, Parent: in.Body.Parent, Kind: in.Body.Kind})))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/grid/categories/{code}", Permission: permCategory,
		Summary: "Change a category, or switch it off"},
		func(ctx context.Context, in *changedCategory) (*httpx.Answer[Category], error) {
			return answerCategory(s.ChangeCategory(ctx, in.Body.CategoryContent.of(Category{Code: in.Code, Version: in.Body.Version})))
		})
}

func answerCategory(c Category, err error) (*httpx.Answer[Category], error) {
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(c), nil
}
