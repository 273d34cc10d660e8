package routing

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
)

// Clash is two routes that are equally specific and hold at one instant: one area took over another,
// and nothing in [RouteOrder] tells their routes apart any more. Until one is changed or switched off
// the older is taken.
type Clash struct {
	Older, Newer Route
	From         string // first day on which both hold
}

// between is the clash of two routes that is not over by a day; false without one.
func between(a, b *Route, today string) (Clash, bool) {
	if !a.clashes(b) || orNever(a.ValidTo) < today || orNever(b.ValidTo) < today {
		return Clash{}, false
	}
	if a.ID > b.ID {
		a, b = b, a
	}
	return Clash{Older: *a, Newer: *b, From: max(a.ValidFrom, b.ValidFrom)}, true
}

// place orders clashes as routes are ordered.
func (c *Clash) place() string {
	return strings.Join([]string{c.Older.Kind, c.Older.Area, c.Older.Subject, c.Older.ID, c.Newer.ID}, "|")
}

// ListClashes is one page of the clashes among the routes that concern the actor's areas, and the
// cursor of the next.
func (s *Service) ListClashes(ctx context.Context, area, cursor string, limit int) ([]Clash, string, error) {
	scopes := authority.From(ctx).Scope(permRead)
	if len(scopes) == 0 {
		return nil, "", errs.ErrForbidden
	}
	alike := map[[3]string][]Route{} // only these can clash
	for _, r := range s.Routes() {
		if r.Enabled && concerns(r.Area, area) && slices.ContainsFunc(scopes, func(scope string) bool { return concerns(r.Area, scope) }) {
			k := [3]string{r.Kind, r.Subject, r.Area}
			alike[k] = append(alike[k], r)
		}
	}
	today, out := clock.Day(clock.Now(ctx)), []Clash{}
	for _, routes := range alike {
		for i := range routes {
			for j := range i {
				if c, ok := between(&routes[i], &routes[j], today); ok && c.place() > cursor {
					out = append(out, c)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Clash) int { return strings.Compare(a.place(), b.place()) })
	if len(out) <= limit {
		return out, "", nil
	}
	return out[:limit], out[limit-1].place(), nil
}

// concerns tells whether one of two areas lies in the other.
func concerns(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

// ClashView is two routes side by side.
type ClashView struct {
	Older   RouteView `json:"older" doc:"Taken while both hold"`
	Newer   RouteView `json:"newer" doc:"Passed over while both hold"`
	From    string    `json:"from" doc:"First day on which both hold"`
	Same    bool      `json:"same" doc:"Both name the same unit: either may go"`
	MayEdit bool      `json:"mayEdit" doc:"The reader may change them, or switch one off"`
}

func (s *Service) clashRoute(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/casework/routes/clashes", Permission: permRead,
		Summary: "Routes that areas which merged have left equally specific, two by two; settled by changing one or switching it off"},
		func(ctx context.Context, in *struct {
			Area   string `query:"area" maxLength:"15" pattern:"^[0-9]*$" doc:"Those at, above and below it"`
			Cursor string `query:"cursor" maxLength:"250"`
			Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
		}) (*httpx.List[ClashView], error) {
			clashes, next, err := s.ListClashes(ctx, in.Area, in.Cursor, in.Limit)
			views := make([]ClashView, len(clashes))
			for i := range clashes {
				c := &clashes[i]
				v := ClashView{Older: s.viewRoute(ctx, &c.Older), Newer: s.viewRoute(ctx, &c.Newer), From: c.From}
				v.Same = c.Older.Body == c.Newer.Body && c.Older.Department == c.Newer.Department && c.Older.Level == c.Newer.Level
				v.MayEdit = v.Older.MayEdit && v.Newer.MayEdit
				views[i] = v
			}
			return httpx.NewList(views, next), err
		})
}
