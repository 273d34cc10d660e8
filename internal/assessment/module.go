package assessment

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/text"
	"linli/internal/wiring"
)

// Room makes a room of the module, once it stands, and returns its manifest.
type Room func(*Service, *wiring.Deps) module.Module

// Module is the assessment with its rooms.
func Module(rooms ...Room) wiring.Module {
	return wiring.Module{Name: "assessment", Texts: Texts, Rules: Rules,
		Start: func(_ context.Context, d *wiring.Deps) (module.Module, error) {
			s := &Service{Log: d.Log, Registry: d.Registry, Rules: d.Rules, Texts: d.Texts, Figures: d.Stats, Outbox: d.Outbox,
				Alerts:      d.Alerts,
				Departments: append([]gate.Indicators{d.Stats}, d.Indicators...)}
			d.Registry.Follow(s.follower())
			d.Worklist.Bring(s.todo)
			out := s.manifest()
			for _, room := range rooms {
				out.Rooms = append(out.Rooms, room(s, d))
			}
			return out, nil
		}}
}

// manifest is what the module brings.
func (s *Service) manifest() module.Module {
	return module.Module{
		Name: "assessment",
		Tables: map[string]module.Growth{"assessment_scheme": module.Reference, "assessment_event": module.Reference,
			"assessment_appeal": module.Reference, "assessment_reminded": module.Reference},
		Jobs: []module.Job{{Name: "assessment.remind", Every: remindEvery,
			Do: func(ctx context.Context) error { _, err := s.RemindAll(ctx); return err }}},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{module.FlowOf(lifecycle)},
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Search:      &module.Search{Heading: "assessment.page.heading", Find: s.search},
		Reach:       s.reach(),
		PageReach: map[string]module.PageReach{"GET /assessments": module.OpenPage(nil),
			"GET /assessments/{id}": module.OpenPage(&module.Probe{Make: s.made(statePublished)})},
	}
}

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s *Service) reach() map[string]module.Reach {
	content := map[string]any{"name": map[string]any{"zh": "probe", "en": ""}, "area": "{street}", "year": 2026, "subjects": Communities,
		"indicators": []any{}}
	in := func(state flow.State, body map[string]any) *module.Probe {
		return &module.Probe{Make: s.made(state), Body: body}
	}
	out := map[string]module.Reach{
		"GET /assessment/choices":      {Outside: module.Shown, Probe: &module.Probe{}},
		"POST /assessment/check":       {Outside: module.Shown, Probe: in(stateDraft, map[string]any{"content": content})},
		"GET /assessment/schemes":      {Outside: module.Nothing, Probe: &module.Probe{Make: s.made(statePublished), List: "id"}},
		"POST /assessment/schemes":     {Outside: module.Refused, Probe: in(stateDraft, map[string]any{"content": content})},
		"GET /assessment/schemes/{id}": {Outside: module.Hidden, Probe: in(statePublished, nil)},
		"PUT /assessment/schemes/{id}": {Outside: module.Hidden,
			Probe: in(stateDraft, map[string]any{"content": content, "version": "{version}"})},
		"POST /assessment/schemes/{id}/appeals": {Outside: module.Hidden,
			Probe: in(stateAppeal, map[string]any{"area": "{area}", "body": "probe"})},
		"GET /assessment/schemes/{id}/table": {Outside: module.Hidden, Probe: in(probeFrozen, nil)},
		"POST /assessment/schemes/{id}/departments/{department}/appeals": {Outside: module.Hidden,
			Probe: &module.Probe{Make: s.made(stateAppeal), Names: map[string]string{"department": "none"}, Body: map[string]any{"body": "probe"},
				Also: map[int]string{http.StatusUnprocessableEntity: module.Shown}}}, // the scheme judges no departments
		"POST /assessment/schemes/{id}/appeals/{appeal}/decide": {Outside: module.Hidden,
			Probe: in(probeAppealed, map[string]any{"outcome": "declined", "answer": "probe"})},
	}
	for _, st := range steps {
		from := statePublished
		for _, t := range lifecycle.Transitions {
			if t.Verb == st.verb {
				from = t.From[0]
			}
		}
		switch st.verb {
		case verbCompute:
			from = probeSurveyed
		case verbFreeze:
			from = probeOver
		}
		out["POST /assessment/schemes/{id}/"+string(st.verb)] = module.Reach{Outside: module.Hidden,
			Probe: in(from, map[string]any{"version": "{version}", "note": "probe"})}
	}
	return out
}

// Conditions in which a probe meets a scheme beside its states.
const (
	probeSurveyed flow.State = "surveyed" // published, with a survey to compute from
	probeAppealed flow.State = "appealed" // an appeal waits
	probeOver     flow.State = "over"     // the days of appeals are over
	probeFrozen   flow.State = "results"  // its results are public
)

// made makes a scheme of an area's street in a state.
func (s *Service) made(state flow.State) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		street := area[:min(len(area), streetDigits)]
		c := Content{Name: text.Pair{Zh: "probe"}, Area: street, Year: 2026, Subjects: Communities, Indicators: []Indicator{
			{Name: text.Pair{Zh: probeName}, Source: FromSurvey, Code: Questions()[0], Weight: whole}}}
		if state == probeSurveyed {
			id, err := s.ProbeSurvey(ctx, area)
			if err != nil {
				return nil, err
			}
			c.Survey = id
		}
		x, err := s.Write(ctx, c)
		way := []flow.Verb{verbPropose, verbPublish}
		if state == stateDraft {
			way = nil
		} else if state == stateProposed {
			way = way[:1]
		}
		for _, verb := range way {
			if err == nil {
				err = s.Step(ctx, x.ID, verb, x.Version, flow.Input{})
				x.Version++
			}
		}
		out := map[string]string{"street": street, "appeal": "none"}
		if err == nil && slices.Contains([]flow.State{stateComputed, stateAppeal, probeAppealed, probeOver, probeFrozen}, state) {
			out["appeal"], err = s.advance(ctx, &x, state, area)
		}
		out["id"], out["version"] = x.ID, fmt.Sprint(x.Version)
		return out, err
	}
}

// streetDigits is the length of a street's code.
const streetDigits = 9

// advance gives a published scheme of a probe results without a survey, and appeals as the state asks for.
func (s *Service) advance(ctx context.Context, x *Scheme, state flow.State, area string) (appeal string, err error) {
	a := Appeal{ID: db.NewID(ctx), Area: area, Body: "probe"}
	err = s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged()
		tx.Record(audit.Entry{Action: permWrite, Area: x.Content.Area, Subject: subject, SubjectID: x.ID})
		value := 9000
		x.State, x.AppealUntil = stateAppeal, clock.Day(tx.Now)
		switch state {
		case stateComputed:
			x.State, x.AppealUntil = stateComputed, ""
		case probeFrozen:
			x.State, x.AppealUntil = stateFrozen, "2000-01-01"
		case probeOver:
			x.AppealUntil = "2000-01-01"
		case probeAppealed:
			if err := insertAppeal(ctx, tx, x.ID, &a); err != nil {
				return err
			}
		}
		r := x.Content.Total("2026-01", "2026-12", "", []Inputs{{Area: area, Name: "probe", Scores: []Score{{N: 45, D: 50, Value: &value}}}})
		x.results, x.Digest = r.Frozen()
		before := x.Version
		err := updateScheme(ctx, tx, x)
		if err != nil {
			x.Version = before
		}
		return err
	})
	return a.ID, err
}

// probeName is a wording that is accepted.
const probeName = "satisfaction of residents"
