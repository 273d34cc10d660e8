package admission

import (
	"context"
	"fmt"

	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it. Lists of counties
// are probed: a community has none.
func (s *Service) reach() map[string]module.Reach {
	public := s.made(statePublished)
	draft := func(p module.Probe) *module.Probe {
		if p.Make == nil {
			p.Make = s.made(stateDraft)
		}
		return &p
	}
	hidden := func(p module.Probe) module.Reach { return module.Reach{Outside: module.Hidden, Probe: draft(p)} }
	entry := map[string]any{"code": "X1", "text": map[string]any{"zh": "probe", "en": ""}, "law": map[string]any{"zh": "probe", "en": ""},
		"from": "{today}", "certainty": "U"}
	out := map[string]module.Reach{
		"GET /admission/entries": {Outside: module.Shown, Probe: &module.Probe{Query: "area={area}"}},
		"GET /admission/lists":   {Outside: module.Refused, Probe: &module.Probe{Query: "area={county}", Make: countyOf}},
		"POST /admission/lists": {Outside: module.Refused,
			Probe: &module.Probe{Body: map[string]any{"area": "{county}", "kind": "own"}, Make: countyOf}},
		"GET /admission/lists/{id}":             hidden(module.Probe{Make: public}),
		"PUT /admission/lists/{id}":             hidden(module.Probe{Body: map[string]any{"version": "{version}", "entries": []any{entry}}}),
		"GET /admission/lists/{id}/differences": hidden(module.Probe{Make: public}),
		"GET /admission/lists/{id}/table":       hidden(module.Probe{Query: "format=csv", Make: public}),
		"POST /admission/lists/{id}/table":      hidden(module.Probe{Sent: &module.Sent{Name: "list.csv", Content: "code,text_zh\nX1,probe\n"}}),
	}
	for _, st := range steps {
		t := lifecycle.Transitions[0]
		for _, row := range lifecycle.Transitions {
			if row.Verb == st.verb {
				t = row
			}
		}
		out["POST /admission/lists/{id}/"+string(st.verb)] = module.Reach{Outside: module.Hidden, Probe: &module.Probe{
			Body: map[string]any{"version": "{version}", "note": "probe", "day": "{today}"}, Make: s.made(t.From[0])}}
	}
	return out
}

func countyOf(_ context.Context, area string) (map[string]string, error) {
	return map[string]string{"county": area[:min(len(area), registry.CodeLength(registry.LevelCounty))]}, nil
}

// made makes an edition of the community's county in a state, as the platform itself.
func (s *Service) made(state flow.State) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		names, _ := countyOf(ctx, area)
		if err := s.clear(ctx, names["county"], Evaluation); err != nil {
			return nil, err
		}
		l, err := s.Begin(ctx, names["county"], Evaluation)
		today := clock.Day(clock.Now(ctx))
		for _, verb := range map[flow.State][]flow.Verb{stateProposed: {verbPropose}, statePublished: {verbPropose, verbPublish}}[state] {
			if err == nil {
				l, err = s.Step(ctx, l.ID, verb, l.Version, flow.Input{Day: today})
			}
		}
		names["id"], names["version"], names["today"] = l.ID, fmt.Sprint(l.Version), today
		return names, err
	}
}

// clear discards what waits of an area's list of a kind.
func (s *Service) clear(ctx context.Context, area string, kind Kind) error {
	all, err := listEditions(ctx, s.Log.DB, area, kind)
	for _, l := range all {
		if err == nil && l.State == stateProposed {
			l, err = s.Step(ctx, l.ID, verbRecall, l.Version, flow.Input{})
		}
		if err == nil && l.State == stateDraft {
			_, err = s.Step(ctx, l.ID, verbDiscard, l.Version, flow.Input{})
		}
	}
	return err
}
