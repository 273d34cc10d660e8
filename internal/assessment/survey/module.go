package survey

import (
	"context"
	"fmt"
	"net/url"

	"linli/internal/assessment"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/wiring"
)

// New makes the room of the assessment's service and returns its manifest.
func New(a *assessment.Service, d *wiring.Deps) module.Module {
	s := &Service{Log: d.Log, Registry: d.Registry, Rules: d.Rules, Ring: d.Ring, Limits: d.Limits, Texts: d.Texts, URL: d.URL}
	d.Registry.Follow(s.follower())
	a.Surveys = s
	a.ProbeSurvey = func(ctx context.Context, area string) (string, error) {
		made, err := s.made(stateClosed)(ctx, area)
		return made["id"], err
	}
	return module.Module{
		Name: "assessment/survey",
		Tables: map[string]module.Growth{"assessment_survey": module.Reference, "assessment_frame": module.Reference,
			"assessment_slip": module.Sharded, "assessment_tally": module.Sharded},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{module.FlowOf(lifecycle)},
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Search:      &module.Search{Heading: "assessment.survey.page.heading", Find: s.search},
		Reach:       s.reach(),
		PageReach:   s.pageReach(),
		Demo:        s.demo(a),
	}
}

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s *Service) reach() map[string]module.Reach {
	content := map[string]any{"title": map[string]any{"zh": "probe", "en": ""}, "area": "{street}", "year": 2026, "perCommunity": 50,
		"opens": "2026-01-01", "closes": "2030-12-31", "frame": []any{}}
	in := func(state flow.State, body map[string]any) *module.Probe {
		return &module.Probe{Make: s.made(state), Body: body}
	}
	step := map[string]any{"version": "{version}"}
	slip := "/slips/{community}/{stratum}/{number}"
	out := map[string]module.Reach{
		"GET /assessment/surveys": {Outside: module.Nothing, Probe: &module.Probe{Make: s.made(stateDraft), List: "id"}},
		"POST /assessment/surveys": {Outside: module.Refused, Probe: &module.Probe{Make: s.made(stateDraft),
			Body: map[string]any{"content": content}}},
		"GET /assessment/frame":        {Outside: module.Refused, Probe: &module.Probe{Make: s.made(stateDraft), Query: "area={street}"}},
		"GET /assessment/surveys/{id}": {Outside: module.Hidden, Probe: in(stateDraft, nil)},
		"PUT /assessment/surveys/{id}": {Outside: module.Hidden,
			Probe: in(stateDraft, map[string]any{"content": content, "version": "{version}"})},
		"GET /assessment/surveys/{id}/slips": {Outside: module.Hidden,
			Probe: &module.Probe{Make: s.made(stateOpen), Query: "community={community}"}},
		"GET /assessment/surveys/{id}/table":  {Outside: module.Hidden, Probe: in(stateOpen, nil)},
		"GET /assessment/surveys/{id}/poster": {Outside: module.Hidden, Probe: in(stateOpen, nil)},
		"POST /assessment/surveys/{id}" + slip + "/answer": {Outside: module.Hidden,
			Probe: in(stateOpen, map[string]any{"channel": "door", "levels": map[string]any{"overall": 5}})},
		"POST /assessment/surveys/{id}" + slip + "/miss": {Outside: module.Hidden,
			Probe: in(stateOpen, map[string]any{"channel": "door", "state": "absent"})},
	}
	for _, st := range steps {
		from := map[flow.Verb]flow.State{verbDraw: stateDraft, verbClose: stateOpen, verbPublish: stateClosed, verbDiscard: stateDraft}[st.verb]
		out["POST /assessment/surveys/{id}/"+string(st.verb)] = module.Reach{Outside: module.Hidden, Probe: in(from, step)}
	}
	return out
}

func (s *Service) pageReach() map[string]module.PageReach {
	return map[string]module.PageReach{
		"GET /survey": module.OpenPage(nil),
		"POST /survey": {Visitor: module.SentOn, Own: module.SentOn, Another: module.SentOn,
			Probe: &module.Probe{Make: s.made(stateOpen), Fields: url.Values{"code": {"{code}"}}}},
		"GET /survey/{code}":  module.OpenPage(&module.Probe{Make: s.made(stateOpen)}),
		"POST /survey/{code}": module.OpenPage(&module.Probe{Make: s.made(stateOpen), Fields: url.Values{"overall": {"4"}}}),
		"GET /surveys/{id}":   module.OpenPage(&module.Probe{Make: s.made(statePublished)}),
	}
}

// made makes a survey of an area in a state, of one community in it.
func (s *Service) made(state flow.State) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		day := clock.Day(clock.Now(ctx))
		c := Plan{Title: text.Pair{Zh: "probe"}, Area: area, Year: 2026, PerCommunity: 50, Opens: day, Closes: day}
		community := area
		if below := s.Registry.Below(area, registry.LevelCommunity); len(below) > 0 {
			community = below[0].Code
		}
		c.Frame = []Part{{Community: community, Ordinary: 80, Special: 20}}
		if len(area) > streetDigits {
			c.Area = area[:streetDigits]
		}
		x, err := s.Write(ctx, c)
		at := x.Version
		for _, verb := range map[flow.State][]flow.Verb{stateOpen: {verbDraw}, stateClosed: {verbDraw, verbClose},
			statePublished: {verbDraw, verbClose, verbPublish}}[state] {
			if err == nil {
				err = s.Step(ctx, x.ID, verb, at)
				at++
			}
		}
		out := map[string]string{"id": x.ID, "version": fmt.Sprint(at), "community": community, "stratum": Ordinary,
			"street": c.Area}
		if slips, err := listSlips(ctx, s.Log.DB, x.ID, community); err == nil && len(slips) > 0 {
			out["number"], out["code"] = fmt.Sprint(slips[0].Number), s.code(x.ID, &slips[0])
		}
		return out, err
	}
}

// streetDigits is the length of a street's code.
const streetDigits = 9
