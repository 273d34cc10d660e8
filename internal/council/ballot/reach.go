package ballot

import (
	"context"
	"net/url"
	"strconv"

	"linli/internal/council/bundle"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/module"
)

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s *Service) reach() map[string]module.Reach {
	hidden := func(state State, body module.Body) module.Reach {
		return module.ReachHidden.By(module.Probe{Make: s.made(state), Body: body, Also: map[int]string{409: module.Shown, 422: module.Shown}})
	}
	count := module.Body{"box": "1", "found": 0, "questions": []any{}}
	return map[string]module.Reach{
		"GET /council/polls/{id}":          hidden(Posted, nil),
		"GET /council/polls/{id}/roll":     hidden(Posted, nil),
		"GET /council/polls/{id}/figures":  hidden(Posted, nil),
		"POST /council/polls/{id}/issue":   hidden(Open, module.Body{"box": "1", "number": 1}),
		"POST /council/polls/{id}/count":   hidden(Shut, count),
		"POST /council/polls/{id}/explain": hidden(Shut, module.Body{"box": "1", "reason": "probe"}),
	}
}

func (s *Service) pageReach() map[string]module.PageReach {
	posted := &module.Probe{Make: s.made(Posted)}
	return map[string]module.PageReach{
		"GET /vote": module.OpenPage(nil),
		"POST /vote": {Visitor: module.SentOn, Own: module.SentOn, Another: module.SentOn,
			Probe: &module.Probe{Make: s.made(Posted), Fields: url.Values{"code": {"{code}"}}}},
		"GET /vote/{code}":            module.OpenPage(posted),
		"POST /vote/{code}":           module.OpenPage(&module.Probe{Make: s.made(Open), Fields: url.Values{"q0.0": {"y"}}}),
		"GET /votes/{id}":             module.OpenPage(posted),
		"GET /votes/{id}/roll":        module.OpenPage(posted),
		"GET /votes/{id}/screen":      module.OpenPage(posted),
		"GET /votes/{id}/bundle":      module.OpenPage(posted),
		"GET /votes/{id}/certificate": module.OpenPage(&module.Probe{Make: s.made(Closed)}),
		"POST /votes/{id}/receipt": module.OpenPage(&module.Probe{Make: s.made(Open), Fields: url.Values{"receipt": {"probe"}},
			Also: map[int]string{422: module.Shown}}),
	}
}

// made makes a meeting's vote of a community in a state, with one voter.
func (s *Service) made(state State) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		area = people.Community(area)
		person, err := s.People.Add(ctx, people.NewResident{Person: people.Person{Name: "probe"}, Area: area})
		if err != nil {
			return nil, err
		}
		var p Poll
		err = s.Log.Do(ctx, func(tx *audit.Tx) error {
			tx.Judged()
			var err error
			p, err = s.Create(ctx, tx, bundle.Poll{Area: area, Title: "probe", Matter: "assembly", Kind: "residents", Mode: bundle.Voters,
				Day: clock.Day(tx.Now)}, true)
			if err == nil {
				err = s.Change(ctx, tx, &p, []Entrant{{Person: person, Basis: BasisMember}}, nil, "")
			}
			if err == nil {
				err = s.Post(ctx, tx, &p)
			}
			paper := bundle.Paper{Questions: []bundle.Question{{ID: "probe", Title: "probe", Seats: 1, Options: []bundle.Option{{ID: "a", Name: "probe"}}}}}
			for _, step := range []struct {
				to State
				do func() error
			}{{Open, func() error { return s.Print(ctx, tx, &p, paper, []bundle.Box{}) }}, {Open, func() error { return s.Begin(ctx, tx, &p) }},
				{Shut, func() error { return s.End(ctx, tx, &p) }}, {Closed, func() error { return s.Close(ctx, tx, &p) }}} {
				if err == nil && order(state) >= order(step.to) {
					err = step.do()
				}
			}
			return err
		})
		return map[string]string{"id": p.ID, "code": s.code(&p, 1), "version": strconv.FormatInt(p.Version, 10)}, err
	}
}

// ProbeValid gives a poll the result of a valid vote without questions, for the probes of what follows a result. Error: Stale.
func ProbeValid(ctx context.Context, tx *audit.Tx, p *Poll) error {
	p.Snapshot = &bundle.Snapshot{Valid: true}
	return updatePoll(ctx, tx, p)
}

// order is the place of a state.
func order(s State) int {
	for i, x := range []State{Draft, Posted, Open, Shut, Closed} {
		if x == s {
			return i
		}
	}
	return -1
}
