package pact

import (
	"context"
	"fmt"
	"net/url"

	"linli/internal/casework/worklist"
	"linli/internal/pact/review"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/wiring"
)

// Module are the conventions.
func Module() wiring.Module {
	return wiring.Module{Name: "pact", Texts: Texts, Rules: Rules, Start: start}
}

func start(_ context.Context, d *wiring.Deps) (module.Module, error) {
	s := &Service{Log: d.Log, Registry: d.Registry, Rules: d.Rules, Texts: d.Texts, Limits: d.Limits}
	d.Registry.Follow(s.follower())
	d.Worklist.Bring(s.todo)
	return s.manifest(), nil
}

// manifest is what the module brings.
func (s *Service) manifest() module.Module {
	return module.Module{
		Name: "pact",
		Tables: map[string]module.Growth{"pact_edition": module.Sharded, "pact_clause": module.Sharded, "pact_finding": module.Sharded,
			"pact_opinion": module.Sharded, "pact_event": module.Sharded},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{module.FlowOf(lifecycle)},
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Search:      &module.Search{Heading: "pact.portal.heading", Find: s.search},
		Demo:        s.demo,
		Reach:       s.reach(),
		PageReach: map[string]module.PageReach{
			"GET /conventions":      module.OpenPage(&module.Probe{Query: "area={area}"}),
			"GET /conventions/{id}": module.OpenPage(&module.Probe{Make: s.made(statePublished)}),
			"POST /conventions/{id}/opinions": {Visitor: module.SentOn, Own: module.SentOn, Another: module.SentOn,
				Probe: &module.Probe{Make: s.made(stateCollecting), Fields: url.Values{"body": {"probe"}}}},
		},
	}
}

// todo are the conventions that wait for the actor: to be reviewed or filed, and corrections that were ordered.
func (s *Service) todo(ctx context.Context) (out []worklist.Todo, err error) {
	a := authority.From(ctx)
	for _, x := range []struct{ permission, state, kind string }{
		{permReview, string(stateReviewing), "pact.todo.review"},
		{permFile, string(stateAdopted), "pact.todo.file"},
		{permWrite, string(stateOrdered), "pact.todo.correct"},
	} {
		scopes := a.Scope(x.permission)
		if len(scopes) == 0 {
			continue
		}
		var w db.Where
		w.And("latest = 1 AND state = %s", x.state)
		var terms []string
		for _, scope := range scopes {
			terms = append(terms, w.Term("(area >= %s AND area < %s)", scope, authority.PrefixEnd(scope)))
		}
		w.Any(terms...)
		t, one, err := worklist.CountTodo(ctx, s.Log.DB, "pact_edition", "id", "correct_due", &w)
		if err != nil {
			return nil, err
		}
		t.Kind, t.Page, t.Query = x.kind, "conventions", map[string]string{"state": x.state}
		if t.Count == 1 {
			t.Page, t.ID, t.Query = "convention", one, nil
		}
		out = append(out, t)
	}
	return out, nil
}

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s *Service) reach() map[string]module.Reach {
	content := map[string]any{"area": "{area}", "kind": "{kind}", "title": "probe",
		"clauses": []any{map[string]any{"kind": "clause", "number": "1", "label": "1", "body": "probe"}}}
	in := func(state flow.State, body map[string]any) *module.Probe {
		return &module.Probe{Make: s.made(state), Body: body}
	}
	changed := map[string]any{"version": "{version}"}
	for k, v := range content {
		changed[k] = v
	}
	out := map[string]module.Reach{
		"GET /pact/conventions":                {Outside: module.Nothing, Probe: &module.Probe{Make: s.made(stateDrafting), List: "id"}},
		"POST /pact/conventions":               {Outside: module.Refused, Probe: in(stateDrafting, content)},
		"POST /pact/review":                    {Outside: module.Shown, Probe: in(stateDrafting, content)},
		"GET /pact/conventions/{id}":           {Outside: module.Hidden, Probe: in(stateDrafting, nil)},
		"GET /pact/conventions/{id}/table":     {Outside: module.Hidden, Probe: in(stateDrafting, nil)},
		"PUT /pact/conventions/{id}":           {Outside: module.Hidden, Probe: in(stateDrafting, changed)},
		"POST /pact/conventions/{id}/opinions": {Outside: module.Hidden, Probe: in(stateCollecting, map[string]any{"body": "probe"})},
		"POST /pact/conventions/{id}/findings/{finding}/decide": {Outside: module.Hidden,
			Probe: &module.Probe{Make: s.madeOf(probeClause(), stateReviewing), Body: map[string]any{"decision": Dismissed, "reason": "probe"}}},
	}
	for _, st := range steps {
		from := statePublished
		for _, t := range lifecycle.Transitions {
			if t.Verb == st.verb {
				from = t.From[0]
			}
		}
		body := map[string]any{"version": "{version}", "note": "probe"}
		switch st.verb {
		case verbAdopt:
			body["meeting"] = map[string]any{"body": "assembly", "mode": "voters", "day": "{today}", "entitled": 10, "present": 9, "yes": 8}
		case verbFile:
			body["filing"] = map[string]any{"office": "{office}", "day": "{today}", "number": "1"}
		}
		out["POST /pact/conventions/{id}/"+string(st.verb)] = module.Reach{Outside: module.Hidden, Probe: in(from, body)}
	}
	return out
}

// way is how a convention comes to a state, from its beginning.
var way = []struct {
	verb flow.Verb
	to   flow.State
}{{verbDraft, stateDrafting}, {verbSubmit, stateReviewing}, {verbClear, stateCleared}, {verbAdopt, stateAdopted}, {verbFile, stateFiled},
	{verbPublish, statePublished}}

// bring takes a convention on its way to a state. votes and files say what a meeting and an office wrote.
func (s *Service) bring(ctx context.Context, e *Edition, to flow.State, m *Meeting, f *Filing) error {
	for _, w := range way {
		if e.State == string(to) {
			return nil
		}
		if err := s.Step(ctx, e.ID, w.verb, e.Version, Taken{Meeting: m, Filing: f}); err != nil {
			return fmt.Errorf("%s: %w", w.verb, err)
		}
		e.Version, e.State = e.Version+1, string(w.to)
	}
	return nil
}

// made makes a convention of an area in a state, in which the review finds nothing.
func (s *Service) made(state flow.State) func(context.Context, string) (map[string]string, error) {
	return s.madeOf("probe", state)
}

// madeOf makes a convention of one clause in a state. A clause in which the review finds something comes as far as the review.
func (s *Service) madeOf(clause string, state flow.State) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		a, _ := s.Registry.Area(area)
		kind, office := review.Residents, "street"
		if village(a) {
			kind, office = review.Villagers, "township"
		}
		today := clock.Day(clock.Now(ctx))
		out := map[string]string{"kind": kind, "office": office, "today": today, "finding": "none"}
		e, err := s.Begin(ctx, Content{Area: area, Kind: kind, Title: "probe", Clauses: []Clause{{Kind: review.Article, Label: "1", Body: clause}}})
		if err == nil {
			err = s.bring(ctx, &e, state, &Meeting{Body: "assembly", Mode: "voters", Day: today, Entitled: 10, Present: 9, Yes: 8},
				&Filing{Office: office, Day: today, Number: "1"})
		}
		if err != nil {
			return nil, err
		}
		out["id"], out["version"] = e.ID, fmt.Sprint(e.Version)
		found, err := listFindings(ctx, s.Log.DB, &e)
		if len(found) > 0 {
			out["finding"] = found[0].ID
		}
		return out, err
	}
}
