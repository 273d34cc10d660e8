package assessment

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

// Move is a step that the reader may take now.
type Move struct {
	Verb   string       `json:"verb"`
	Fields []flow.Field `json:"fields"`
	Danger bool         `json:"danger"`
	Aside  bool         `json:"aside"`
}

// Detail is a scheme with what is wrong with it, its results as far as the reader may see them, and what the
// reader may do.
type Detail struct {
	Scheme
	Findings   []Finding `json:"findings" nullable:"false" doc:"What keeps a draft from being published"`
	Events     []Event   `json:"events" nullable:"false"`
	Appeals    []Appeal  `json:"appeals" nullable:"false"`
	Allowed    []Move    `json:"allowed" nullable:"false"`
	Editable   bool      `json:"editable"`
	Appealable []string  `json:"appealable" nullable:"false" doc:"Areas, or bodies of departments, for which the reader may appeal now"`
	Decides    bool      `json:"decides" doc:"The reader may decide appeals"`
	Results    *Results  `json:"results,omitempty"`
	Holds      bool      `json:"holds" doc:"Made again from their inputs, the results are the same to the byte"`
}

// Show is a scheme for a member of staff. Errors: NotFound outside their areas, and inside them before it is published.
func (s *Service) Show(ctx context.Context, id string) (Detail, error) {
	actor := authority.From(ctx)
	x, err := find(ctx, s.Log.DB, id)
	if err == nil && !x.shown(actor) {
		err = errs.ErrNotFound
	}
	d := Detail{Scheme: x, Findings: []Finding{}, Allowed: []Move{}, Appealable: []string{}}
	if err != nil {
		return d, err
	}
	if lifecycle.IsOpen(x.State) && (x.State == stateDraft || x.State == stateProposed) {
		d.Findings = s.Findings(text.From(ctx), &x.Content)
	}
	if d.Events, err = listEvents(ctx, s.Log.DB, id); err != nil {
		return d, err
	}
	appeals, err := listAppeals(ctx, s.Log.DB, id)
	wide := x.wide(actor)
	d.Appeals = slices.DeleteFunc(append([]Appeal{}, appeals...), func(a Appeal) bool { return !wide && !mine(actor, a.Area, a.Department) })
	d.results(actor, wide)
	for _, st := range steps {
		if t, ok := lifecycle.Find(x.State, st.verb); ok && lifecycle.Offers(t, &x, actor) {
			d.Allowed = append(d.Allowed, Move{Verb: string(st.verb), Fields: append([]flow.Field{}, t.Fields...), Danger: t.Danger, Aside: t.Aside})
		}
	}
	t, _ := lifecycle.Find(stateDraft, verbChange)
	d.Editable = x.State == stateDraft && lifecycle.Offers(t, &x, actor)
	d.Decides = x.State == stateAppeal && actor.Can(permPublish, x.Content.Area) && notComputer.Holds(&x, actor)
	return d, err
}

// wide tells whether somebody sees everything of a scheme before it is public: those of its area, but of the departments
// that are judged nobody but for their own.
func (s *Scheme) wide(a *authority.Actor) bool {
	judged := s.Content.Subjects == Departments && len(a.Bodies()) > 0 && !a.Can(permWrite, s.Content.Area)
	return a.Can(permRead, s.Content.Area) && !judged
}

// mine tells whether a line is that of an area of the actor, or of the department for which the actor acts.
func mine(a *authority.Actor, area, department string) bool {
	if department != "" {
		return slices.Contains(a.Bodies(), department)
	}
	return a.Can(permRead, area)
}

// results shows them: all to those of the scheme's area once computed, to those judged their own line while they may
// appeal, to everybody once they are frozen.
func (d *Detail) results(actor *authority.Actor, wide bool) {
	r, ok := d.Scheme.Results()
	if !ok || !wide && d.State != stateAppeal && d.State != stateFrozen {
		return
	}
	if !wide && d.State == stateAppeal {
		r.Lines = slices.DeleteFunc(r.Lines, func(l Line) bool { return !mine(actor, l.Area, l.Body) })
	}
	if d.State == stateAppeal && d.AppealUntil >= d.today {
		for _, l := range r.Lines {
			switch {
			case l.Body == "" && actor.Can(permAppeal, l.Area):
				d.Appealable = append(d.Appealable, l.Area)
			case l.Body != "" && actor.Can(permAppealDepartment, l.Area) && mine(actor, l.Area, l.Body):
				d.Appealable = append(d.Appealable, l.Body)
			}
		}
	}
	d.Results, d.Holds = &r, d.Scheme.Holds()
}

// List are the schemes that the actor sees, the latest year first.
func (s *Service) List(ctx context.Context) ([]Scheme, error) {
	actor := authority.From(ctx)
	all, err := listSchemes(ctx, s.Log.DB, "0", ":", false)
	out := []Scheme{}
	for _, x := range all {
		if x.shown(actor) {
			out = append(out, x)
		}
	}
	return out, err
}

// Path names one in an address.
type Path struct {
	ID string `path:"id" maxLength:"64"`
}

type schemeStepInput struct {
	Path
	Body struct {
		Version int64  `json:"version" minimum:"1"`
		Note    string `json:"note,omitempty" maxLength:"2000" doc:"Why; required to return and to compute again after appeals"`
	}
}

// choices are what an indicator may come from.
type choices struct {
	Computed []string `json:"computed" nullable:"false" doc:"Codes of the declared indicators; their names are texts casework.indicator.<code>"`

	Departments []string `json:"departments" nullable:"false" doc:"Those of departments; their names are texts assessment.department.<code>"`

	Questions []string `json:"questions" nullable:"false" doc:"Codes of the questions of surveys; their names are texts assessment.question.<code>"`
}

func (s *Service) routes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/assessment/schemes", Permission: permRead, Summary: "Schemes that I see"},
		func(ctx context.Context, _ *struct{}) (*httpx.List[Scheme], error) {
			found, err := s.List(ctx)
			return httpx.NewList(found, ""), err
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/assessment/schemes", Permission: permWrite,
		Summary: "Begin a scheme", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Body struct {
				Content Content `json:"content"`
			}
		}) (*httpx.Answer[Detail], error) {
			x, err := s.Write(ctx, in.Body.Content)
			return s.answer(ctx, x.ID, err)
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/assessment/schemes/{id}", Permission: permRead,
		Summary: "A scheme with what is wrong with it and what I may do"},
		func(ctx context.Context, in *Path) (*httpx.Answer[Detail], error) { return s.answer(ctx, in.ID, nil) })
	httpx.Handle(api, httpx.Route{Method: http.MethodPut, Path: "/assessment/schemes/{id}", Permission: permWrite, Summary: "Change a draft"},
		func(ctx context.Context, in *struct {
			Path
			Body struct {
				Content Content `json:"content"`
				Version int64   `json:"version" minimum:"1"`
			}
		}) (*httpx.Answer[Detail], error) {
			return s.answer(ctx, in.ID, s.Change(ctx, in.ID, in.Body.Version, in.Body.Content))
		})
	for _, st := range steps {
		httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/assessment/schemes/{id}/" + string(st.verb), Permission: st.permission,
			Summary: "Step of a scheme: " + string(st.verb)},
			func(ctx context.Context, in *schemeStepInput) (*httpx.Answer[Detail], error) {
				return s.answer(ctx, in.ID, s.Step(ctx, in.ID, st.verb, in.Body.Version, flow.Input{Note: in.Body.Note}))
			})
	}
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/assessment/schemes/{id}/table", Permission: permRead,
		Summary: "Results of a scheme as CSV or xlsx"}, s.Table)
	s.appealRoutes(api)
	httpx.Handle(api, httpx.Route{Method: http.MethodGet, Path: "/assessment/choices", Permission: permRead,
		Summary: "What an indicator may come from"},
		func(context.Context, *struct{}) (*httpx.Answer[choices], error) {
			d := s.declared()
			return httpx.NewAnswer(choices{Computed: d.Areas, Departments: d.Departments, Questions: Questions()}), nil
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/assessment/check", Permission: permRead,
		Summary: "Judge a scheme as it is being written; nothing is stored"},
		func(ctx context.Context, in *struct {
			Body struct {
				Content Content `json:"content"`
			}
		}) (*httpx.Answer[checked], error) {
			return httpx.NewAnswer(checked{s.Findings(text.From(ctx), &in.Body.Content)}), nil
		})
}

// Findings are what Check finds, each with its sentence.
func (s *Service) Findings(lang text.Lang, c *Content) []Finding {
	out := append([]Finding{}, c.Check(s.declared())...)
	for i := range out {
		out[i].Said = s.Texts.Sentence(lang, "error."+out[i].Key, out[i].Args)
	}
	return out
}

type checked struct {
	Findings []Finding `json:"findings" nullable:"false"`
}

func (s *Service) appealRoutes(api *httpx.API) {
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/assessment/schemes/{id}/appeals", Permission: permAppeal,
		Summary: "Appeal against a result before it is public", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Path
			Body struct {
				Area string `json:"area" maxLength:"12" pattern:"^[0-9]+$"`
				Body string `json:"body" minLength:"1" maxLength:"1000" doc:"Why, at most 1,000 characters"`
			}
		}) (*httpx.Answer[Detail], error) {
			return s.answer(ctx, in.ID, s.Appeal(ctx, in.ID, Appeal{Area: in.Body.Area, Body: in.Body.Body}))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/assessment/schemes/{id}/departments/{department}/appeals",
		Permission: permAppealDepartment, Summary: "Appeal against the result of my department before it is public", Status: http.StatusCreated},
		func(ctx context.Context, in *struct {
			Path
			Department string `path:"department" maxLength:"64"`
			Body       struct {
				Body string `json:"body" minLength:"1" maxLength:"1000" doc:"Why, at most 1,000 characters"`
			}
		}) (*httpx.Answer[Detail], error) {
			return s.answer(ctx, in.ID, s.Appeal(ctx, in.ID, Appeal{Department: in.Department, Body: in.Body.Body}))
		})
	httpx.Handle(api, httpx.Route{Method: http.MethodPost, Path: "/assessment/schemes/{id}/appeals/{appeal}/decide", Permission: permPublish,
		Summary: "Decide an appeal"},
		func(ctx context.Context, in *struct {
			Path
			Appeal string `path:"appeal" maxLength:"64"`
			Body   struct {
				Outcome string `json:"outcome" enum:"upheld,declined"`
				Answer  string `json:"answer" minLength:"1" maxLength:"1000" doc:"At most 1,000 characters"`
			}
		}) (*httpx.Answer[Detail], error) {
			a := Appeal{ID: in.Appeal, Outcome: in.Body.Outcome, Answer: in.Body.Answer}
			return s.answer(ctx, in.ID, s.Decide(ctx, in.ID, a))
		})
}

func (s *Service) answer(ctx context.Context, id string, err error) (*httpx.Answer[Detail], error) {
	if err != nil {
		return nil, err
	}
	d, err := s.Show(ctx, id)
	return httpx.NewAnswer(d), err
}

// byYear orders schemes for the portal: the latest first, then by name.
func byYear(a, b Scheme) int {
	return cmp.Or(cmp.Compare(b.Content.Year, a.Content.Year), strings.Compare(a.Content.Name.Zh, b.Content.Name.Zh))
}
