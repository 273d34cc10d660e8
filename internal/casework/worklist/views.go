package worklist

import (
	"context"
	"encoding/json"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/registry"
)

// SavedView is a list with its filters and columns under a name: of one account, or shared by an
// officer with everybody who works in an area. It holds no authority: whoever opens it sees what
// they may see.
type SavedView struct {
	ID    string            `json:"id"`
	Name  string            `json:"name"`
	Area  string            `json:"area" doc:"Where it is shared; empty for one's own"`
	Query map[string]string `json:"query" doc:"What the list is asked for, by name of the parameter; columns for those that are shown"`
	Mine  bool              `json:"mine" doc:"The reader may remove it"`
	Wrong []string          `json:"wrong,omitempty" doc:"Parts of the query that mean nothing any more, e.g. an area that is gone: to be left out when it is opened"`
	owner string
}

const permShare = "casework.view.share"

// viewParts are what a view may say.
var viewParts = []string{"view", "kind", "state", "subject", "area", "unit", "handler", "channel",
	"from", "to", "overdue", "low", "q", "columns"}

const (
	viewName  = 40  // characters of a name
	viewPart  = 400 // characters of a part
	viewsShow = 200
)

func scanView(sc db.Scanner) (v SavedView, err error) {
	var raw string
	if err = sc.Scan(&v.ID, &v.owner, &v.Area, &v.Name, &raw); err == nil {
		err = json.Unmarshal([]byte(raw), &v.Query)
	}
	return v, err
}

const selectView = `SELECT id, owner, area, name, query FROM casework_view`

// Views lists the actor's own views and those that are shared where they work: one's own first.
func (s *Service) Views(ctx context.Context) ([]SavedView, error) {
	a := authority.From(ctx)
	in, args := db.In([]any{a.ID}, sharedFrom(a))
	views, err := db.All(ctx, s.Cases.Log.DB, scanView, selectView+` WHERE (owner = $1 AND area = '') OR area IN `+in+
		` ORDER BY area, at, id LIMIT 200`, args...)
	for i := range views {
		v := &views[i]
		v.Mine = s.mayRemove(a, v)
		for _, fault := range s.viewFaults(v.Query).Fields {
			v.Wrong = append(v.Wrong, strings.TrimPrefix(fault.Location, "query."))
		}
	}
	return views, err
}

// sharedFrom are the areas whose shared views reach the actor: those in which their own lie. The
// list has always as many, so that one statement is prepared.
func sharedFrom(a *authority.Actor) []string {
	seen, out := map[string]bool{}, []string{}
	for _, area := range a.Scope(casework.PermReadOwn) {
		for _, n := range casework.AreaDigits {
			if len(area) >= n && !seen[area[:n]] && len(out) < 60 {
				seen[area[:n]] = true
				out = append(out, area[:n])
			}
		}
	}
	for len(out) == 0 || len(out)%20 != 0 {
		out = append(out, "-")
	}
	return out
}

func (s *Service) mayRemove(a *authority.Actor, v *SavedView) bool {
	return v.owner == a.ID || v.Area != "" && a.Can(permShare, v.Area)
}

// SaveView keeps a view for the actor, or with an area shares it there. Errors: Invalid; Forbidden
// for who does not oversee the area; Conflict casework.view.many.
func (s *Service) SaveView(ctx context.Context, v SavedView) (SavedView, error) {
	v.Name = strings.Join(strings.Fields(v.Name), " ")
	wrong := s.viewFaults(v.Query)
	if v.Name == "" {
		wrong = wrong.At("name", "field.required")
	} else if !fold.Within(v.Name, viewName) {
		wrong = wrong.At("name", "field.too_long", "max", viewName)
	}
	kept := map[string]string{}
	for _, part := range viewParts {
		value := v.Query[part]
		if !fold.Within(value, viewPart) {
			wrong = wrong.At("query."+part, "field.too_long", "max", viewPart)
		}
		if value != "" {
			kept[part] = value
		}
	}
	if v.Area != "" {
		if area, ok := s.Cases.Registry.Current(v.Area); !ok {
			wrong = wrong.At("area", "field.choice")
		} else {
			v.Area = area.Code
		}
	}
	if len(wrong.Fields) > 0 {
		return v, wrong
	}
	v.Query, v.ID, v.Mine = kept, db.NewID(ctx), true
	raw, err := json.Marshal(kept)
	if err != nil {
		return v, err
	}
	return v, s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		permission, area := casework.PermReadOwn, v.Area
		if v.Area != "" {
			permission = permShare
		} else if scope := tx.Actor.Scope(casework.PermReadOwn); len(scope) > 0 {
			area = scope[0]
		}
		if err := tx.Require(permission, area); err != nil {
			return err
		}
		most := s.Cases.Rules.Int("casework.view.most", clock.Day(tx.Now))
		n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM casework_view WHERE owner = $1`, tx.Actor.ID)
		if err != nil {
			return err
		}
		if n >= most {
			return errs.New(errs.Conflict, "casework.view.many").With("most", most).By("casework.view.most")
		}
		tx.Record(audit.Entry{Action: "casework.view.save", Area: area, Subject: "casework.view", SubjectID: v.ID,
			After: map[string]any{"name": v.Name, "area": v.Area, "query": kept}})
		_, err = tx.Exec(ctx, `INSERT INTO casework_view (id, owner, area, name, query, at) VALUES ($1,$2,$3,$4,$5,$6)`,
			v.ID, tx.Actor.ID, v.Area, v.Name, string(raw), clock.Millis(tx.Now))
		return err
	})
}

// RemoveView removes one's own view, or a shared one of an area that one oversees. Errors: NotFound.
func (s *Service) RemoveView(ctx context.Context, id string) error {
	return s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		v, err := db.One(ctx, tx, scanView, selectView+` WHERE id = $1`, id)
		if db.IsNone(err) {
			return errs.ErrNotFound
		}
		if err != nil {
			return err
		}
		tx.Judged()
		if !s.mayRemove(tx.Actor, &v) {
			return errs.ErrNotFound
		}
		tx.Record(audit.Entry{Action: "casework.view.remove", Area: v.Area, Subject: "casework.view", SubjectID: id,
			Before: map[string]any{"name": v.Name}})
		_, err = tx.Exec(ctx, `DELETE FROM casework_view WHERE id = $1`, id)
		return err
	})
}

// followViews keeps shared views where their area has gone.
func followViews(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	return m.Areas.Rewrite(ctx, tx, "casework_view", "area")
}
