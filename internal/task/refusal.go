package task

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/text"
)

// RefusalView is a refusal as pages show it.
type RefusalView struct {
	ID       string         `json:"id"`
	Case     string         `json:"case" doc:"Id of the community's case"`
	Task     string         `json:"task" doc:"Id of the task"`
	Title    string         `json:"title" doc:"Of the task"`
	Basis    Basis          `json:"basis"`
	Body     casework.Named `json:"body" doc:"Department that asked"`
	Area     string         `json:"area"`
	Name     string         `json:"name" doc:"Of the community, with the areas above it"`
	Ground   string         `json:"ground" enum:"unlisted,scope,period,frequency,hours,unpaid,prohibited"`
	Reason   string         `json:"reason"`
	State    string         `json:"state" enum:"open,upheld,lapsed,overruled,dropped"`
	At       int64          `json:"at"`
	By       string         `json:"by"`
	Due      int64          `json:"due" doc:"Silence until then upholds it; 0 while the calendar does not reach there"`
	Decided  int64          `json:"decided"`
	Decider  string         `json:"decider"`
	Decision string         `json:"decision"`
	May      bool           `json:"may" doc:"The reader decides it now"`
}

func (s *Service) refusalView(f *Refusal, t *Task, lang text.Lang) RefusalView {
	return RefusalView{ID: f.ID, Case: f.Case, Task: f.Task, Title: t.Title, Basis: t.basis(t.PassUntil),
		Body: casework.Named{ID: f.Body, Name: s.Registry.BodyName(f.Body)}, Area: f.Area,
		Name: s.Registry.PathIn(f.Area, lang), Ground: f.Ground, Reason: f.Reason, State: f.State, At: f.At, By: f.By,
		Due: f.Due, Decided: f.Decided, Decider: f.Decider, Decision: f.Decision}
}

// RefusalFilter narrows the list of refusals.
type RefusalFilter struct {
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	State  string `query:"state" enum:"open,upheld,lapsed,overruled,dropped"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// Refusals is one page of the refusals in the areas that the actor oversees, or of the actor's departments, the latest first, and the
// cursor of the next. Error: Malformed "cursor".
func (s *Service) Refusals(ctx context.Context, f RefusalFilter) ([]RefusalView, string, error) {
	at, id := int64(1<<62), "~"
	if err := db.ReadCursor(f.Cursor, &at, &id); err != nil {
		return nil, "", err
	}
	a := authority.From(ctx)
	var w db.Where
	w.And("(refused_at, id) < (%s, %s)", at, id)
	var reads []string
	if bodies := a.Bodies(); len(bodies) > 0 && a.CanAnywhere(permWrite) {
		reads = append(reads, "body_id IN "+w.In(bodies))
	}
	for _, scope := range a.Scope(permRefuse) {
		if overseen(a, scope) {
			reads = append(reads, w.Term("(area >= %s AND area < %s)", scope, authority.PrefixEnd(scope)))
		}
	}
	w.Any(reads...)
	if f.Area != "" {
		w.And("area >= %s AND area < %s", f.Area, authority.PrefixEnd(f.Area))
	}
	if f.State != "" {
		w.And("state = %s", f.State)
	}
	all, err := db.All(ctx, s.Log.DB, scanRefusal, `SELECT `+refusalColumns+` FROM task_refusal`+w.String()+
		` ORDER BY refused_at DESC, id DESC LIMIT `+w.Arg(f.Limit+1), w.List...)
	if err != nil {
		return nil, "", err
	}
	next := ""
	if len(all) > f.Limit {
		all = all[:f.Limit]
		next = db.Cursor(all[f.Limit-1].At, all[f.Limit-1].ID)
	}
	views, err := s.refusalViews(ctx, all)
	return views, next, err
}

func (s *Service) refusalViews(ctx context.Context, all []Refusal) ([]RefusalView, error) {
	a, lang, day := authority.From(ctx), text.From(ctx), clock.Day(clock.Now(ctx))
	tasks := map[string]*Task{}
	out := []RefusalView{}
	for i := range all {
		f := &all[i]
		t := tasks[f.Task]
		if t == nil {
			read, err := findTask(ctx, s.Log.DB, f.Task)
			if err != nil {
				return nil, err
			}
			t = &read
			tasks[f.Task] = t
		}
		v := s.refusalView(f, t, lang)
		v.Basis = t.basis(day)
		v.May = f.State == refusalOpen && a.Can(permDecide, f.Area)
		v.Reason, v.Decision = casework.Masked(v.Reason), casework.Masked(v.Decision)
		out = append(out, v)
	}
	return out, nil
}
