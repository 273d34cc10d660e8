package matter

import (
	"context"
	"fmt"
	"net/url"

	"linli/internal/council/meeting"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/threshold"
)

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s *Service) reach() map[string]module.Reach {
	after := map[int]string{409: module.Shown, 422: module.Shown}
	content := module.Body{"code": Ordinary, "title": "probe", "body": "probe"}
	hidden := func(state flow.State, body module.Body) module.Reach {
		return module.ReachHidden.By(module.Probe{Make: s.made(state), Body: body, Also: after})
	}
	inArea := module.ReachRefused.By(module.Probe{Query: "area={area}"})
	out := map[string]module.Reach{
		"GET " + base: module.ReachListed.By(module.Probe{Make: s.made(stateProposed), List: "id"}),
		"POST " + base: module.ReachRefused.By(module.Probe{Body: module.Body{"area": "{area}", "origin": FromResident, "content": content},
			Also: after}),
		"GET " + base + "/{id}":       hidden(stateProposed, nil),
		"PUT " + base + "/{id}":       hidden(stateReturned, module.Body{"version": "{version}", "content": content}),
		"PUT " + base + "/{id}/plan":  hidden(stateDecided, module.Body{"version": "{version}", "plan": []any{}}),
		"GET " + base + "/{id}/votes": hidden(stateProposed, nil),
		"POST " + base + "/{id}/supporters": hidden(stateGathering, module.Body{"version": "{version}",
			"people": []any{module.Body{"name": "probe", "address": "probe"}}}),
		"POST " + base + "/{id}/grades": hidden(stateDisclosed, module.Body{"version": "{version}",
			"people": []any{module.Body{"name": "probe", "address": "probe", "grade": "fair"}}}),
		"POST " + base + "/{id}/opinions": hidden(stateProposed, module.Body{"body": "probe"}),

		"GET /council/subjects":          inArea,
		"GET /council/delegations":       inArea,
		"GET /council/delegations/votes": inArea,
		"POST /council/delegations": module.ReachRefused.By(module.Probe{Body: module.Body{"area": "{area}", "code": "major", "meeting": "none",
			"vote": "none"}, Also: map[int]string{404: module.Shown, 409: module.Shown, 422: module.Shown}}),
		"POST /council/delegations/{id}/end": module.ReachHidden.By(module.Probe{Make: s.madeDelegation,
			Body: module.Body{"version": 1, "reason": "probe"}, Also: after}),
	}
	for _, st := range steps {
		from := stateProposed
		for _, t := range lifecycle.Transitions {
			if t.Verb == st.verb {
				from = t.From[0]
			}
		}
		body := module.Body{"version": "{version}", "note": "probe"}
		switch st.verb {
		case verbDeliberate:
			body["deliberation"] = module.Body{"form": "council", "day": "{today}", "place": "probe", "parties": []any{"probe"}, "invitees": []any{}}
		case verbAnnounce, verbDisclose:
			body["posting"] = module.Body{"day": "{today}", "place": "probe", "text": "probe"}
		case verbProgress:
			body["item"] = "p1"
		case verbAnswer:
			body["item"] = "f1"
		case verbMonitor:
			body["executor"] = "probe"
		}
		out["POST "+base+"/{id}/"+string(st.verb)] = module.ReachHidden.By(module.Probe{Make: s.madeFor(from, st.verb), Body: body, Also: after})
	}
	return out
}

func (s *Service) pageReach() map[string]module.PageReach {
	listed := &module.Probe{Query: "area={area}"}
	on := func(state flow.State, fields url.Values) module.PageReach {
		return module.PageReach{Visitor: module.SentOn, Own: module.SentOn, Another: module.SentOn,
			Probe: &module.Probe{Make: s.made(state), Fields: fields}}
	}
	return map[string]module.PageReach{
		"GET /matters":     module.OpenPage(listed),
		"GET /matters/new": module.OpenPage(listed),
		"POST /matters": {Visitor: module.SentOn, Own: module.SentOn, Another: module.SentOn,
			Probe: &module.Probe{Query: "area={area}", Fields: url.Values{"code": {Ordinary}, "title": {"probe"}, "body": {"probe"}}}},
		"GET /matters/{id}":            module.OpenPage(&module.Probe{Make: s.made(stateProposed)}),
		"GET /matters/{id}/resolution": module.OpenPage(&module.Probe{Make: s.made(stateDecided)}),
		"POST /matters/{id}/support":   on(stateGathering, url.Values{"x": {"1"}}),
		"POST /matters/{id}/opinions":  on(stateProposed, url.Values{"body": {"probe"}}),
		"POST /matters/{id}/grades":    on(stateDisclosed, url.Values{"grade": {"fair"}}),
	}
}

// made makes a matter of an area in a state, as the platform itself, with what that state presupposes; its decision rests on no meeting.
func (s *Service) made(state flow.State) func(context.Context, string) (map[string]string, error) {
	return s.madeFor(state, "")
}

// madeFor makes one for which the guards of a verb hold.
func (s *Service) madeFor(state flow.State, verb flow.Verb) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		out := map[string]string{"today": clock.Day(clock.Now(ctx))}
		err := s.Log.Do(ctx, func(tx *audit.Tx) error {
			tx.Judged()
			m, err := s.raise(ctx, tx, New{Area: area, Origin: FromCommittee, Content: Content{Code: Ordinary, Title: "probe", Body: "probe"}})
			if err != nil {
				return err
			}
			today := clock.Day(tx.Now)
			m.State, m.Needed = state, 1000
			r := &m.Record
			r.Rounds = []Deliberation{{Sitting: Sitting{Form: "council", Day: today, Place: "probe", Parties: []string{"probe"}, Invitees: []string{}}}}
			r.Decision = &Ballot{Meeting: "probe", Vote: "probe " + m.ID, Body: meeting.Committee, Day: today, Passes: true}
			r.Announced = &Posting{Day: today, Place: "probe"}
			r.Plan = []PlanStep{{Piece: Piece{ID: "p1", Title: "probe", Who: "probe", Due: today}}}
			if state == stateExecuting {
				r.Findings = []Finding{{ID: "f1", Text: "probe"}}
			}
			if state == stateDisclosed {
				s.term(&m, tx.Now)
			}
			r.Checks = []MatterCheck{{What: checkedRelatives, Result: "clear"}}
			switch verb {
			case verbConsult, verbExamine:
				m.Kind = threshold.Villagers
			case verbComplete:
				r.Plan[0].DoneAt, r.Findings = 1, []Finding{}
			case verbConclude:
				m.Due = 1
			}
			if m.Kind == threshold.Villagers {
				if _, err := tx.Exec(ctx, `UPDATE council_matter SET kind = $3 WHERE shard = $1 AND id = $2`, m.Shard, m.ID, m.Kind); err != nil {
					return err
				}
			}
			err = update(ctx, tx, &m)
			out["id"], out["version"] = m.ID, fmt.Sprint(m.Version)
			return err
		})
		return out, err
	}
}

// madeDelegation makes one that rests on no meeting.
func (s *Service) madeDelegation(ctx context.Context, area string) (map[string]string, error) {
	id := area[:6] + "-probe-" + area
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		tx.Judged()
		tx.Record(audit.Entry{Action: permExecute, Area: area, Subject: subjectDelegation, SubjectID: id})
		_, err := tx.Exec(ctx, `INSERT INTO council_delegation (shard, id, area, code, meeting_id, vote_id, day_from, day_to, reason, actor_name, version)
			VALUES ($1,$2,$3,'major','probe','probe',$4,'','','probe',1) ON CONFLICT (shard, id) DO UPDATE SET day_to = '', version = 1`,
			area[:6], id, area, clock.Day(tx.Now))
		return err
	})
	return map[string]string{"id": id}, err
}
