package routing

import (
	"context"
	"net/http"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// RouteContent is what an officer sets of a route.
type RouteContent struct {
	Kind       string `json:"kind" enum:"{kind}"`
	Subject    string `json:"subject" maxLength:"60" doc:"An item or category, a class of them, or empty for any"`
	Area       string `json:"area" maxLength:"15" pattern:"^[0-9]+$" doc:"And everything below it"`
	ValidFrom  string `json:"validFrom" maxLength:"10" doc:"First day"`
	ValidTo    string `json:"validTo,omitempty" maxLength:"10" doc:"Last day, or empty while it holds"`
	Days       string `json:"days,omitempty" enum:",work,off" doc:"On working days, on days off, or on all"`
	HourFrom   string `json:"hourFrom,omitempty" maxLength:"5" doc:"HH:MM in city time, or empty for all day"`
	HourTo     string `json:"hourTo,omitempty" maxLength:"5" doc:"Past midnight when not after hourFrom"`
	Body       string `json:"body,omitempty" maxLength:"36" doc:"Id of a body, or empty where a department is named"`
	Department string `json:"department,omitempty" maxLength:"40" doc:"Code of a department found above each case's place, or station"`
	Level      int    `json:"level,omitempty" minimum:"0" maximum:"6" doc:"Level at which the department is looked for"`
	Note       string `json:"note,omitempty" maxLength:"200"`
	Enabled    bool   `json:"enabled"`
}

func (b *RouteContent) of(r Route) Route {
	r.Kind, r.Subject, r.Area, r.ValidFrom, r.ValidTo, r.Days = b.Kind, b.Subject, b.Area, b.ValidFrom, b.ValidTo, b.Days
	r.HourFrom, r.HourTo, r.Body, r.Department, r.Level, r.Note, r.Enabled = b.HourFrom, b.HourTo,
		b.Body, b.Department, b.Level, b.Note, b.Enabled
	return r
}

// RouteView is a route as lists show it.
type RouteView struct {
	RouteContent
	ID          string    `json:"id"`
	SubjectName string    `json:"subjectName" doc:"In the reader's language; empty for any"`
	AreaPath    []AreaRef `json:"areaPath"`
	BodyName    string    `json:"bodyName,omitempty"`
	ChangedAt   int64     `json:"changedAt"`
	ChangedBy   string    `json:"changedBy" doc:"Name of the account"`
	MayEdit     bool      `json:"mayEdit" doc:"The reader governs its area"`
	Version     int64     `json:"version"`
}

// ConsideredView is a route that concerns what was asked, and why it is passed over.
type ConsideredView struct {
	Route  RouteView `json:"route"`
	Passed string    `json:"passed" doc:"Worded by casework.route.passed.<reason>; empty for the one that is taken"`
}

// RoutedView is who becomes responsible, and how that was found.
type RoutedView struct {
	Unit       *Named           `json:"unit,omitempty" doc:"Missing where nobody is found"`
	By         string           `json:"by" enum:",route,duty" doc:"A route, or the subject's own entry"`
	Note       string           `json:"note" doc:"Of the route that is taken"`
	Considered []ConsideredView `json:"considered,omitempty" doc:"The most specific first"`
}

func (s *Service) viewRoute(ctx context.Context, r *Route) RouteView {
	v := RouteView{ID: r.ID, AreaPath: s.path(r.Area), ChangedAt: r.ChangedAt,
		ChangedBy: s.Accounts.AccountName(r.ChangedBy), Version: r.Version,
		MayEdit: authority.From(ctx).Can(permEdit, r.Area), RouteContent: RouteContent{r.Kind, r.Subject, r.Area, r.ValidFrom, r.ValidTo, r.Days,
			r.HourFrom, r.HourTo, r.Body, r.Department, r.Level, r.Note, r.Enabled}}
	if r.Subject != "" {
		v.SubjectName = s.Subjects.SubjectName(r.Kind, r.Subject, text.From(ctx))
	}
	if r.Body != "" {
		v.BodyName = s.Registry.BodyName(r.Body)
	}
	return v
}

// View is what faces show of who is responsible, and of the routes that were passed over.
func (s *Service) View(ctx context.Context, found *Routed) RoutedView {
	v := RoutedView{By: found.By}
	if found.By != "" {
		v.Unit = &Named{found.Unit.ID, found.Unit.Name}
	}
	for i := range found.Considered {
		c := &found.Considered[i]
		if c.Passed == "" {
			v.Note = c.Route.Note
		}
		v.Considered = append(v.Considered, ConsideredView{s.viewRoute(ctx, &c.Route), c.Passed})
	}
	return v
}

// Preview tells who would become responsible for something. Errors: Forbidden outside the actor's
// areas; Invalid for an unknown kind, subject or area.
func (s *Service) Preview(ctx context.Context, r db.Reader, w RouteQuery) (Routed, error) {
	if err := authority.Require(ctx, permRead, w.Area); err != nil {
		return Routed{}, err
	}
	route := Route{Kind: w.Kind, Subject: w.Subject, Area: w.Area}
	if err := s.checkRoute(&route); err != nil {
		return Routed{}, err
	}
	if s.Subjects.ResponsibleFor(w.Kind, w.Subject).Department == "" {
		return Routed{}, errs.ErrInvalid.At("subject", "field.choice")
	}
	found, err := s.Find(ctx, r, w)
	if errs.Of(err).Kind == errs.NotFound {
		return found, nil
	}
	return found, err
}

func (s *Service) serve(api *httpx.API) {
	s.clashRoute(api)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/routes", Permission: permRead,
		Summary: "Routes that concern my areas, one page"},
		func(ctx context.Context, in *struct {
			Kind    string `query:"kind" enum:"{kind}"`
			Subject string `query:"subject" maxLength:"60"`
			Area    string `query:"area" maxLength:"15" pattern:"^[0-9]*$" doc:"Those at, above and below it"`
			All     bool   `query:"all" doc:"Those switched off too"`
			Cursor  string `query:"cursor" maxLength:"200"`
			Limit   int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
		}) (*httpx.List[RouteView], error) {
			routes, next, err := s.ListRoutes(ctx, RouteFilter{in.Kind, in.Subject, in.Area, in.All, in.Cursor, in.Limit})
			views := make([]RouteView, len(routes))
			for i := range routes {
				views[i] = s.viewRoute(ctx, &routes[i])
			}
			return httpx.NewList(views, next), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/casework/routes", Permission: permEdit,
		Summary: "Add a route", Status: http.StatusCreated},
		func(ctx context.Context, in *struct{ Body RouteContent }) (*httpx.Answer[RouteView], error) {
			return s.answerRoute(ctx, in.Body.of(Route{}))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/casework/routes/{id}", Permission: permEdit,
		Summary: "Change a route, or switch it off"},
		func(ctx context.Context, in *changedRoute) (*httpx.Answer[RouteView], error) {
			return s.answerRoute(ctx, in.Body.RouteContent.of(Route{ID: in.ID, Version: in.Body.Version}))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/routes/try", Permission: permRead,
		Summary: "What would happen to a case: which route, which unit, why"},
		func(ctx context.Context, in *struct {
			Kind    string `query:"kind" required:"true" enum:"{kind}"`
			Subject string `query:"subject" required:"true" maxLength:"60"`
			Area    string `query:"area" required:"true" maxLength:"15" pattern:"^[0-9]+$"`
			At      int64  `query:"at" minimum:"0" maximum:"253402271999000" doc:"Instant; now when left out"`
		}) (*httpx.Answer[RoutedView], error) {
			at := clock.Now(ctx)
			if in.At > 0 {
				at = time.UnixMilli(in.At)
			}
			found, err := s.Preview(ctx, s.Log.DB, RouteQuery{Kind: in.Kind, Subject: in.Subject, Area: in.Area, At: at})
			if err != nil {
				return nil, err
			}
			return httpx.NewAnswer(s.View(ctx, &found)), nil
		})
}

type changedRoute struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		RouteContent
		Version int64 `json:"version" minimum:"1"`
	}
}

func (s *Service) answerRoute(ctx context.Context, r Route) (*httpx.Answer[RouteView], error) {
	kept, err := s.KeepRoute(ctx, r)
	if err != nil {
		return nil, err
	}
	return httpx.NewAnswer(s.viewRoute(ctx, &kept)), nil
}
