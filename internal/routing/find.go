package routing

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// ResponsibleUnit is who is responsible for a subject by its own entry, where no route says otherwise.
type ResponsibleUnit struct {
	Department string // or registry.BodyStation
	Level      int
	Upward     bool // where the level has no such department, the nearest above it answers
}

// RouteQuery asks who is responsible for something: what it is about, where and when.
type RouteQuery struct {
	Kind    string
	Subject string
	Area    string // of a place
	At      time.Time

	Class       string           // of a subject that is not known yet; else it is asked for
	Responsible *ResponsibleUnit // likewise
}

// How a responsible body was found.
const (
	ByRoute = "route"
	ByDuty  = "duty" // the subject's own entry
)

// Considered is a route that concerns a subject and a place, and why it is passed over; "" for the
// one that is taken.
type Considered struct {
	Route  Route
	Passed string
}

// Routed is who is responsible, and how that was found.
type Routed struct {
	Unit       registry.Body
	By         string
	Considered []Considered // the most specific first
}

// Find tells who is responsible. A route whose body the place lacks is passed over. Errors: those
// of registry.Service.BodyFor when neither a route nor the subject's own entry finds a body.
func (s *Service) Find(ctx context.Context, r db.Reader, w RouteQuery) (Routed, error) {
	out := Routed{Considered: s.concerned(w)}
	for i := range out.Considered {
		c := &out.Considered[i]
		if c.Passed = c.Route.at(w.At, s.Calendar.Now().IsWorkday); c.Passed != "" {
			continue
		}
		if out.By != "" {
			c.Passed = passedGeneral
			continue
		}
		unit, passed, err := s.target(ctx, r, &c.Route, w.Area)
		if err != nil {
			return out, err
		}
		if c.Passed = passed; passed == "" {
			out.Unit, out.By = unit, ByRoute
		}
	}
	if out.By == ByRoute {
		return out, nil
	}
	unit, err := s.duty(ctx, r, w)
	if err == nil {
		out.Unit, out.By = unit, ByDuty
	}
	return out, err
}

// concerned lists the routes for a subject and a place, the most specific first; of two that became
// equal when their areas merged, the older.
func (s *Service) concerned(w RouteQuery) []Considered {
	class := cmp.Or(w.Class, s.Subjects.ClassOf(w.Kind, w.Subject))
	var out []Considered
	for _, r := range s.Routes() {
		about := r.Subject == "" || r.Subject == w.Subject || class != "" && r.Subject == class
		if r.Kind == w.Kind && about && strings.HasPrefix(w.Area, r.Area) {
			out = append(out, Considered{Route: r})
		}
	}
	slices.SortStableFunc(out, func(a, b Considered) int {
		x, y := a.Route.rank(a.Route.Subject == w.Subject), b.Route.rank(b.Route.Subject == w.Subject)
		if n := slices.Compare(y[:], x[:]); n != 0 {
			return n
		}
		return strings.Compare(a.Route.ID, b.Route.ID)
	})
	return out
}

// target is the body that a route names for a place, or why it names none.
func (s *Service) target(ctx context.Context, r db.Reader, route *Route, area string) (unit registry.Body, passed string, err error) {
	if route.Body != "" {
		unit, err = s.Registry.Body(ctx, r, route.Body)
	} else {
		unit, err = s.Registry.Responsible(ctx, r, area, route.Department, route.Level)
	}
	switch {
	case errs.Of(err).Kind == errs.NotFound:
		return unit, passedMissing, nil
	case err == nil && !WorksFor(area, unit.Area):
		return unit, passedElsehere, nil
	}
	return unit, "", err
}

// duty is the body that the subject's own entry names for a place.
func (s *Service) duty(ctx context.Context, r db.Reader, w RouteQuery) (registry.Body, error) {
	d := s.Subjects.ResponsibleFor(w.Kind, w.Subject)
	if w.Responsible != nil {
		d = *w.Responsible
	}
	unit, err := s.Registry.Responsible(ctx, r, w.Area, d.Department, d.Level)
	if d.Department == registry.BodyStation || !d.Upward {
		return unit, err
	}
	for level := d.Level - 1; level >= registry.LevelCity && errs.Of(err).Kind == errs.NotFound; level-- {
		if above, found := s.Registry.Responsible(ctx, r, w.Area, d.Department, level); errs.Of(found).Kind != errs.NotFound {
			return above, found
		}
	}
	return unit, err
}
