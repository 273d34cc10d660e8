package routing

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/revision"
	"linli/internal/registry"
)

const (
	permRead = "casework.route.read"
	permEdit = "casework.route.edit"
)

// Routes is every route, those switched off too.
func (s *Service) Routes() []Route {
	if kept := s.routes.Load(); kept != nil {
		return *kept
	}
	return nil
}

// revisionRoute counts the changes of the routes.
const revisionRoute = "casework.route"

// RefreshRoutes reads the routes again: at start, after a write, and when another process has
// changed one.
func (s *Service) RefreshRoutes(ctx context.Context) error {
	routes, err := listRoutes(ctx, s.Log.DB)
	if err == nil {
		s.routes.Store(&routes)
	}
	return err
}

// KeepRoute adds a route (no ID) or changes one by its version. It takes casework.route.edit over
// the route's area, and over the one it had before: routes of an area are set by who governs it.
// Errors: Invalid naming every wrong field; Conflict "casework.route.clash" beside an equally
// specific one; NotFound; Stale.
func (s *Service) KeepRoute(ctx context.Context, r Route) (Route, error) {
	r.Note = strings.TrimSpace(r.Note)
	if err := r.check(); err != nil {
		return r, err
	}
	if err := s.checkRoute(&r); err != nil {
		return r, err
	}
	var kept Route
	err := s.Log.Do(ctx, func(tx *audit.Tx) (err error) {
		kept, err = s.keepRoute(ctx, tx, r)
		return err
	})
	if err != nil {
		return r, err
	}
	return kept, s.RefreshRoutes(ctx)
}

func (s *Service) keepRoute(ctx context.Context, tx *audit.Tx, r Route) (Route, error) {
	entry := audit.Entry{Action: permEdit, Area: r.Area, Subject: "casework.route"}
	if err := revision.Bump(ctx, tx, revisionRoute); err != nil {
		return r, err
	}
	all, err := listRoutes(ctx, tx)
	if err != nil {
		return r, err
	}
	if r.ID != "" {
		i := slices.IndexFunc(all, func(o Route) bool { return o.ID == r.ID })
		if i < 0 {
			return r, errs.ErrNotFound
		}
		if err := tx.Require(permEdit, all[i].Area); err != nil {
			return r, err
		}
		entry.Before = all[i].record()
	}
	if err := tx.Require(permEdit, r.Area); err != nil {
		return r, err
	}
	if err := s.checkTarget(ctx, tx, &r); err != nil {
		return r, err
	}
	if err := s.checkClash(&r, all); err != nil {
		return r, err
	}
	r.ChangedAt, r.ChangedBy = clock.Millis(tx.Now), tx.Actor.ID
	if err := storeRoute(ctx, tx, &r); err != nil {
		return r, err
	}
	entry.SubjectID, entry.After = r.ID, r.record()
	tx.Record(entry)
	return r, nil
}

// checkRoute refuses a subject that the kind does not know and an area that is not registered.
func (s *Service) checkRoute(r *Route) error {
	wrong := errs.ErrInvalid
	switch {
	case !s.Subjects.HasKind(r.Kind):
		return wrong.At("kind", "field.choice")
	case r.Subject != "" && !s.Subjects.Knows(r.Kind, r.Subject):
		wrong = wrong.At("subject", "field.choice")
	}
	if a, ok := s.Registry.Area(r.Area); !ok || a.Level < registry.LevelCity {
		wrong = wrong.At("area", "casework.route.area")
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	return nil
}

// checkTarget refuses a body that is not there, or that could work for no place of the area; what is
// switched off sends nothing anywhere.
func (s *Service) checkTarget(ctx context.Context, tx *audit.Tx, r *Route) error {
	if r.Body == "" || !r.Enabled {
		return nil
	}
	b, err := s.Registry.Body(ctx, tx, r.Body)
	if errs.Of(err).Kind == errs.NotFound || err == nil && !strings.HasPrefix(r.Area, b.Area) && !strings.HasPrefix(b.Area, r.Area) {
		return errs.ErrInvalid.At("body", "casework.route.unit_elsewhere")
	}
	return err
}

func (s *Service) checkClash(r *Route, all []Route) error {
	for i := range all {
		if o := &all[i]; r.clashes(o) {
			return errs.New(errs.Conflict, "casework.route.clash").With("from", o.ValidFrom, "note", o.Note)
		}
	}
	return nil
}

// record is what the audit log keeps of a route.
func (r *Route) record() map[string]any {
	return map[string]any{"kind": r.Kind, "subject": r.Subject, "area": r.Area, "validFrom": r.ValidFrom, "validTo": r.ValidTo, "days": r.Days,
		"hourFrom": r.HourFrom, "hourTo": r.HourTo, "body": r.Body, "department": r.Department,
		"level": r.Level, "note": r.Note, "enabled": r.Enabled}
}

// RouteFilter narrows a list of routes. Zero values do not narrow.
type RouteFilter struct {
	Kind    string
	Subject string
	Area    string // those at, above and below it
	All     bool   // those switched off too
	Cursor  string
	Limit   int
}

// ListRoutes is one page of the routes that concern the actor's areas, and the cursor of the next:
// by kind, area and subject.
func (s *Service) ListRoutes(ctx context.Context, f RouteFilter) ([]Route, string, error) {
	scopes := authority.From(ctx).Scope(permRead)
	if len(scopes) == 0 {
		return nil, "", errs.ErrForbidden
	}
	place := func(r *Route) string { return strings.Join([]string{r.Kind, r.Area, r.Subject, r.ID}, "|") }
	var out []Route
	for _, r := range s.Routes() {
		shown := (f.Kind == "" || r.Kind == f.Kind) && (f.Subject == "" || r.Subject == f.Subject) &&
			(f.All || r.Enabled) && place(&r) > f.Cursor &&
			concerns(r.Area, f.Area) && slices.ContainsFunc(scopes, func(scope string) bool { return concerns(r.Area, scope) })
		if shown {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Route) int { return strings.Compare(place(&a), place(&b)) })
	if len(out) <= f.Limit {
		return out, "", nil
	}
	return out[:f.Limit], place(&out[f.Limit-1]), nil
}

// Follower lets routes name the areas and bodies that took over. Two that become equally
// specific by a merger both stay, are listed by [Service.ListClashes], and the older is taken until an
// officer settles it.
func (s *Service) Follower() registry.Follower {
	return registry.Follower{What: "routes",
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			tx.After(func() {
				if err := s.RefreshRoutes(context.Background()); err != nil {
					slog.Error("routes could not be read again", "error", err)
				}
			})
			if err := revision.Bump(ctx, tx, revisionRoute); err != nil {
				return err
			}
			if err := m.Areas.Rewrite(ctx, tx, "casework_route", "area"); err != nil {
				return err
			}
			return m.Bodies.Rewrite(ctx, tx, "casework_route", "body_id")
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM casework_route WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		}}
}
