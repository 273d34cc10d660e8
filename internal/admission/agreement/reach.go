package agreement

import (
	"context"
	"fmt"

	"linli/internal/admission"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s *Service) reach() map[string]module.Reach {
	// What comes after authority may refuse: who is of which side, and the day.
	after := map[int]string{409: module.Shown, 422: module.Shown}
	hidden := func(state flow.State, body module.Body) module.Reach {
		return module.ReachHidden.By(module.Probe{Make: s.made(state), Body: body, Also: after})
	}
	terms := module.Body{"items": []any{}, "acceptance": "probe", "breach": "probe", "dispute": "probe"}
	step := module.Body{"version": "{version}", "note": "probe", "digest": "{digest}"}
	rating := module.Body{"version": "{version}", "appraisal": module.Body{"marks": []any{}}}
	return map[string]module.Reach{
		"GET /admission/agreements": module.ReachListed.By(module.Probe{Make: s.made(stateNegotiating), List: "id"}),
		"POST /admission/agreements": module.ReachRefused.By(module.Probe{Body: module.Body{"area": "{area}", "year": 2000},
			Also: after}),
		"GET /admission/agreements/{id}":              hidden(stateNegotiating, nil),
		"PUT /admission/agreements/{id}":              hidden(stateNegotiating, module.Body{"version": "{version}", "terms": terms}),
		"POST /admission/agreements/{id}/propose":     hidden(stateDraft, step),
		"POST /admission/agreements/{id}/sign":        hidden(stateNegotiating, step),
		"POST /admission/agreements/{id}/drop":        hidden(stateDraft, step),
		"POST /admission/agreements/{id}/terminate":   hidden(stateForce, step),
		"POST /admission/agreements/{id}/appraisal":   hidden(stateEnded, rating),
		"POST /admission/agreements/{id}/gaps/{code}": hidden(stateForce, module.Body{"note": "probe"}),
	}
}

// made makes an agreement of a community in a state, as the platform itself; others of the year are out of the way. One that
// has ended is of the year before.
func (s *Service) made(state flow.State) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		now := clock.Now(ctx)
		err := s.log().Do(ctx, func(tx *audit.Tx) error {
			tx.Judged()
			tx.Record(audit.Entry{Action: permStreet, Area: area, Subject: subject})
			_, err := tx.Exec(ctx, `UPDATE admission_agreement SET state = 'dropped' WHERE area = $1`, area)
			return err
		})
		if err != nil {
			return nil, err
		}
		a, err := s.Begin(ctx, area, now.In(clock.City).Year())
		if err != nil {
			return nil, err
		}
		duties, err := s.offered(ctx, &a)
		if err != nil {
			return nil, err
		}
		it := Item{Code: duties[0].Code, Kind: admission.Own, Standard: "probe"}
		terms := Terms{Items: []Item{it}, Acceptance: "probe", Breach: "probe", Dispute: "probe"}
		if a, err = s.Write(ctx, a.ID, a.Version, terms, ""); err == nil && state != stateDraft {
			a, err = s.Step(ctx, a.ID, verbPropose, a.Version, flow.Input{}, "")
		}
		if err == nil && (state == stateForce || state == stateEnded) {
			err = s.log().Do(ctx, func(tx *audit.Tx) error {
				tx.Judged()
				tx.Record(audit.Entry{Action: permStreet, Area: area, Subject: subject, SubjectID: a.ID})
				if err := insertGap(ctx, tx, &a, &it); err != nil {
					return err
				}
				now := a
				if now.State = state; state == stateEnded {
					now.Year, now.Number = now.Year-1, "probe-"+now.ID
				}
				return update(ctx, tx, &now)
			})
			a.Version++
		}
		return map[string]string{"id": a.ID, "version": fmt.Sprint(a.Version), "digest": a.Digest, "code": it.Code}, err
	}
}
