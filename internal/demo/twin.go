package demo

import (
	"slices"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/flow"
)

// twins is how many in a hundred incidents are told twice: by somebody else, soon after.
const twins = 4

// pair makes of some incidents the second telling of one before, told by the story of that one: it is
// merged while the first is still open. The plans left are in order, with the numbers they had.
func (l *load) pair(plans []plan) []plan {
	taken := map[int]bool{}
	for i := range plans {
		p := &plans[i]
		at := p.at.Add(time.Duration(10+l.dice("twin after", p.number).IntN(50)) * time.Minute)
		if taken[i] || !p.incident || !at.Before(l.Now) || !midnight(at).Equal(midnight(p.at)) || !chance(l.dice("twin", p.number), twins) {
			continue
		}
		next := i + 1 + slices.IndexFunc(plans[i+1:], func(q plan) bool { return q.incident && q.community.Code != home })
		if next == i || taken[next] {
			continue
		}
		twin := plans[next]
		twin.at, twin.community, twin.subject = at, p.community, p.subject
		p.twin, taken[next] = &twin, true
	}
	out := plans[:0:0]
	for i, p := range plans {
		if !taken[i] {
			out = append(out, p)
		}
	}
	return out
}

// tellTwin reports again what the case tells, at the same place. Whoever reports through the portal
// follows the first at once; of others the station finds that it is known, and merges it.
func (s *story) tellTwin(staff *community) error {
	if s.plan.twin == nil {
		return nil
	}
	t := &story{load: s.load, plan: *s.plan.twin, ctx: s.ctx, dice: s.load.dice("case", s.plan.twin.number),
		at: s.plan.twin.at, slow: -1, near: &s.c}
	category, _ := s.Grid.Category(t.subject)
	t.joins = t.channel == casework.ChannelPortal
	told, err := t.report(&category, staff)
	if err != nil {
		return err
	}
	if when := t.later(t.office.of(t.at) + workhour/2); !t.joins {
		if !when.Before(s.Now) {
			return errPresent
		}
		if err := t.step(staff.dispatcher, when, casework.VerbMerge, flow.Input{Case: s.c.Number, Note: "与先前来件反映同一问题，并案办理。"}); err != nil {
			return err
		}
	}
	s.c, err = s.Casework.Find(s.as(staff.dispatcher, t.at), s.c.ID)
	s.at = t.at
	if told {
		s.second = t
	}
	return err
}

// judgeTwin lets whoever told it second rate the end that it came to with the first.
func (s *story) judgeTwin() error {
	t := s.second
	if t == nil {
		return nil
	}
	var err error
	if t.c, err = s.Casework.Find(s.as(s.staff[s.community.Code].dispatcher, s.at), t.c.ID); err != nil {
		return err
	}
	t.at = s.at
	return t.rate()
}
