package meeting

import (
	"context"
	"fmt"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/threshold"
)

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s *Service) reach() map[string]module.Reach {
	after := map[int]string{409: module.Shown, 422: module.Shown, 404: module.Hidden}
	content := module.Body{"body": Committee, "mode": "members", "title": "probe", "place": "probe", "day": "2100-01-01", "time": "19:00",
		"called": "committee", "items": []any{module.Body{"id": "i1", "title": "probe", "public": true, "decides": true}}}
	hidden := func(state flow.State, body module.Body) module.Reach {
		return module.ReachHidden.By(module.Probe{Make: s.made(state), Body: body, Also: after})
	}
	step := module.Body{"version": "{version}", "note": "probe"}
	hands := module.Body{"version": "{version}", "item": "i1", "yes": 0, "no": 0, "abstain": 0}
	out := map[string]module.Reach{
		"GET " + base:                                      module.ReachListed.By(module.Probe{Make: s.made(stateDraft), List: "id"}),
		"POST " + base:                                     module.ReachRefused.By(module.Probe{Body: module.Body{"area": "{area}", "content": content}, Also: after}),
		"GET " + base + "/{id}":                            hidden(stateConvened, nil),
		"PUT " + base + "/{id}":                            hidden(stateDraft, module.Body{"version": "{version}", "content": content}),
		"POST " + base + "/{id}/attendance":                hidden(stateConvened, module.Body{"version": "{version}", "people": []any{module.Body{"member": "none"}}}),
		"POST " + base + "/{id}/attendance/{entry}/leave":  hidden(stateSitting, module.Body{"version": "{version}"}),
		"POST " + base + "/{id}/attendance/{entry}/return": hidden(stateSitting, module.Body{"version": "{version}"}),
		"POST " + base + "/{id}/votes":                     hidden(stateSitting, hands),
		"POST " + base + "/{id}/votes/{vote}/correct": hidden(stateSitting, module.Body{"version": "{version}", "reason": "probe", "yes": 0,
			"no": 0, "abstain": 0}),
		"PUT " + base + "/{id}/minutes": hidden(stateClosed, module.Body{"version": "{version}", "text": "probe"}),
		"POST " + base + "/{id}/names":  hidden(stateConvened, module.Body{"purpose": "probe"}),

		"GET /council/representatives": module.ReachRefused.By(module.Probe{Query: "area={area}"}),
		"POST /council/representatives": module.ReachRefused.By(module.Probe{Body: module.Body{"area": "{area}", "name": "probe",
			"constituency": "probe", "woman": false, "termFrom": "2026-01-01"}, Also: after}),
		"POST /council/representatives/{id}/end": module.ReachHidden.By(module.Probe{Make: s.madeRepresentative,
			Body: module.Body{"version": 1, "termTo": "2100-01-01", "reason": "probe"}, Also: after}),
	}
	for _, verb := range steps {
		from := map[flow.Verb]flow.State{verbConvene: stateDraft, verbOpen: stateConvened, verbClose: stateSitting, verbSign: stateClosed,
			verbCancel: stateDraft}[verb]
		out["POST "+base+"/{id}/"+string(verb)] = hidden(from, step)
	}
	return out
}

func (s *Service) pageReach() map[string]module.PageReach {
	listed := &module.Probe{Names: map[string]string{"code": "{area}"}}
	shown := &module.Probe{Make: s.made(stateConvened)}
	return map[string]module.PageReach{
		"GET /communities/{code}/meetings":              module.OpenPage(listed),
		"GET /communities/{code}/meetings/calendar.ics": module.OpenPage(listed),
		"GET /meetings/{id}":                            module.OpenPage(shown),
		"GET /meetings/{id}/calendar.ics":               module.OpenPage(shown),
		"GET /meetings/{id}/screen":                     module.OpenPage(shown),
		"GET /meetings/{id}/notice":                     module.OpenPage(shown),
		"GET /meetings/{id}/resolution":                 module.OpenPage(&module.Probe{Make: s.made(stateSigned)}),
	}
}

// made makes a committee's meeting in a community in a state, as the platform itself.
func (s *Service) made(state flow.State) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		at := clock.Now(ctx).AddDate(0, 0, 30)
		m, err := s.Write(ctx, "", area, 0, MeetingContent{Body: Committee, Mode: threshold.Members, Title: "probe", Place: "probe",
			Day: clock.Day(at), Time: "19:00", Called: "committee", Items: []AgendaItem{{ID: "i1", Title: "probe", Public: true, Decides: true}}})
		out := map[string]string{"id": m.ID, "entry": "none", "vote": "none"}
		if err == nil && state != stateDraft {
			err = s.Log.Do(ctx, func(tx *audit.Tx) error {
				tx.Judged()
				tx.Record(audit.Entry{Action: permKeep, Area: area, Subject: subject, SubjectID: m.ID})
				now := m
				now.State, now.Entitled, now.ConvenedAt = state, 5, clock.Millis(tx.Now)
				a := Attendance{ID: "probe", How: Person, At: clock.Millis(tx.Now), mark: "probe"}
				if err := insertAttendance(ctx, tx, &now, &a); err != nil {
					return err
				}
				v := MeetingVote{ID: "probe", Item: "i0", Question: "probe", Present: 1}
				if err := insertVote(ctx, tx, &now, &v); err != nil {
					return err
				}
				return update(ctx, tx, &now)
			})
			m.Version++
			out["entry"], out["vote"] = "probe", "probe"
		}
		out["version"] = fmt.Sprint(m.Version)
		return out, err
	}
}

func (s *Service) madeRepresentative(ctx context.Context, area string) (map[string]string, error) {
	x, err := s.Choose(ctx, NewRepresentative{Area: area, Name: "probe " + db.NewID(ctx), Constituency: "probe",
		TermFrom: "2026-01-01"})
	return map[string]string{"id": x.ID}, err
}
