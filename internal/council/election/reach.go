package election

import (
	"context"

	"linli/internal/council/ballot"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s *Service) reach() map[string]module.Reach {
	after := map[int]string{409: module.Shown, 422: module.Shown}
	hidden := func(state flow.State, body module.Body) module.Reach {
		return module.ReachHidden.By(module.Probe{Make: s.made(state), Body: body, Also: map[int]string{409: module.Shown, 422: module.Shown}})
	}
	plan := module.Body{"kind": "term", "mode": "voters", "day": "2026-01-01", "seats": []any{module.Body{"post": "director", "seats": 1}},
		"chosenBy": "assembly", "chosenOn": "2026-01-01", "committee": []any{}, "boxes": []any{}}
	out := map[string]module.Reach{
		"GET /council/elections": module.ReachListed.By(module.Probe{Make: s.made(stateDraft), List: "id"}),
		"POST /council/elections": module.ReachRefused.By(module.Probe{Body: module.Body{"area": "{area}", "plan": plan},
			Also: map[int]string{409: module.Shown, 422: module.Shown}}),
		"GET /council/elections/{id}":          hidden(stateDraft, nil),
		"PUT /council/elections/{id}":          hidden(stateDraft, module.Body{"version": "{version}", "plan": plan}),
		"POST /council/elections/{id}/fill":    hidden(stateDraft, nil),
		"POST /council/elections/{id}/roll":    hidden(stateDraft, module.Body{}),
		"POST /council/elections/{id}/proxies": hidden(statePosted, module.Body{"principal": 1, "agent": 2, "relation": "other", "document": "probe"}),
		"DELETE /council/elections/{id}/proxies/{principal}": module.ReachHidden.By(module.Probe{Make: s.made(statePosted),
			Names: map[string]string{"principal": "1"}, Also: after}),
		"POST /council/elections/{id}/objections": hidden(statePosted, module.Body{"text": "probe"}),
		"POST /council/elections/{id}/objections/{objection}": module.ReachHidden.By(module.Probe{Make: s.made(statePosted),
			Names: map[string]string{"objection": "probe"}, Body: module.Body{"answer": "probe"}}),
		"POST /council/elections/{id}/candidates": hidden(statePosted, module.Body{"number": 1, "post": "director", "by": "party"}),
		"POST /council/elections/{id}/candidates/{candidate}": module.ReachHidden.By(module.Probe{Make: s.made(statePosted),
			Names: map[string]string{"candidate": "probe"}, Body: module.Body{"withdraw": true}}),
	}
	for _, st := range steps {
		from := stateDraft
		for _, t := range lifecycle.Transitions {
			if t.Verb == st.verb {
				from = t.From[0]
			}
		}
		body := module.Body{"version": "{version}", "note": "probe", "day": "2026-01-01"}
		out["POST /council/elections/{id}/"+string(st.verb)] = hidden(from, body)
		if st.verb == verbConclude {
			out["POST /council/elections/{id}/conclude"] = module.ReachHidden.By(module.Probe{Make: s.made(from, Elected{Post: "director", Name: "probe"}),
				Body: body, Also: after})
		}
	}
	return out
}

// made makes an election of a community in a state by setting it: what steps ask for beyond authority may refuse. Others of the
// community are out of the way. The result of an announced one is valid, with who was elected.
func (s *Service) made(state flow.State, elected ...Elected) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		area = people.Community(area)
		var e Election
		err := s.log().Do(ctx, func(tx *audit.Tx) error {
			tx.Judged()
			if _, err := tx.Exec(ctx, `UPDATE council_election SET state = 'abandoned' WHERE area = $1`, area); err != nil {
				return err
			}
			a, _ := s.Ballots.Registry.Area(area)
			n := NewTerms{Kind: Term, Mode: "voters", Day: clock.Day(tx.Now), Seats: []Seat{{Post: "director", Seats: 1}}}
			e = Election{Area: area, Law: "residents", State: state, Plan: n.plan(), Version: 1, shard: area[:6]}
			e.Plan.tidy()
			e.Plan.Elected = append(e.Plan.Elected, elected...)
			e.Plan.Objections = []Objection{{ID: "probe"}}
			e.Plan.Candidates = []Candidate{{ID: "probe", Post: "director", State: "nominated"}}
			e.ID = e.shard + "-" + db.NewID(ctx)
			p, err := s.Ballots.Create(ctx, tx, s.poll(&e, a, "election"), false)
			if err != nil {
				return err
			}
			if state == stateAnnounced {
				if err := ballot.ProbeValid(ctx, tx, &p); err != nil {
					return err
				}
			}
			e.Poll = p.ID
			tx.Record(audit.Entry{Action: permRun, Area: area, Subject: subject, SubjectID: e.ID, After: e.record()})
			return insert(ctx, tx, &e)
		})
		return map[string]string{"id": e.ID, "version": "1"}, err
	}
}
