package casework

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// Measure is a thing that is counted for the indicators, beside the figures of boards. Each is
// counted in the month of what it counts; of follow-ups in the month in which they were opened, of
// checks in the month of the closing that was checked.
type Measure string

const (
	Filed       Measure = "filed"           // taken up: 立案, 受理
	ResponseDue Measure = "response_due"    // a first answer was given
	Responded   Measure = "responded"       // likewise, in time
	Handled     Measure = "handled"         // the responsible unit is done, once for each time it was asked
	HandledTime Measure = "handled_on_time" // likewise, in time
	Reworked    Measure = "reworked"
	Supervised  Measure = "supervised" // once a case
	Satisfied   Measure = "satisfied"
	Checked     Measure = "checked"      // a closing that was drawn and looked at on site
	Confirmed   Measure = "confirmed"    // likewise, and found as it was said
	SolvedValid Measure = "solved_valid" // answered whether it is solved
	Solved      Measure = "solved"       // answered that it is

	FollowUps       Measure = "followups" // low ratings followed up
	FollowContacted Measure = "followups_contacted_on_time"
	FollowRectified Measure = "followups_rectified_on_time"
	FollowRevisited Measure = "followups_revisited"
)

// sharedMeasures are what a verb of any lifecycle counts; a matter adds its own by Matter.Counts.
var sharedMeasures = map[flow.Verb][]Measure{VerbSupervise: {Supervised}}

// once are the measures that a case adds to at most once.
var once = map[Measure]bool{Supervised: true, Filed: true}

// stepMeasures are what one step adds, given the steps before it. The transaction of the step and
// a rebuild of the counters both ask here.
func stepMeasures(m *Matter, before []Event, e *Event) []Measure {
	var out []Measure
	if e.From == m.Flow.Start && e.isAnswer() && !hasAnswer(before) {
		out = append(out, ResponseDue)
		if !e.Data.Late {
			out = append(out, Responded)
		}
	}
	for _, n := range append(append([]Measure{}, sharedMeasures[e.Verb]...), m.Counts[e.Verb]...) {
		if once[n] && hasVerb(before, e.Verb) {
			continue
		}
		out = append(out, n)
		if n == Handled && !e.Data.Late {
			out = append(out, HandledTime)
		}
	}
	return out
}

// isAnswer tells whether an event is a step by which the reporter's case is answered: not what a
// main case's timeline tells of others, not that somebody above urges, and not that the calendar moved a day.
func (e *Event) isAnswer() bool {
	return e.ActorRole != flow.Reporter && e.From != "" && e.Verb != eventTook && e.Verb != eventGave && e.Verb != VerbSupervise && e.Verb != eventRedate
}

func hasAnswer(events []Event) bool {
	for i := range events {
		if events[i].isAnswer() {
			return true
		}
	}
	return false
}

func hasVerb(events []Event, verb flow.Verb) bool {
	for _, e := range events {
		if e.Verb == verb {
			return true
		}
	}
	return false
}

// monthly are measures by month.
type monthly map[string]map[Measure]int

func (m monthly) add(ms int64, sign int, measures ...Measure) {
	month := clock.Month(clock.Instant(ms))
	if m[month] == nil {
		m[month] = map[Measure]int{}
	}
	for _, n := range measures {
		m[month][n] += sign
	}
}

// caseMeasures are all that a case has added to casework_count, by month: its steps, its rating
// that counts, its follow-ups.
func (s *Service) caseMeasures(ctx context.Context, r db.Reader, c *Case) (monthly, error) {
	out := monthly{}
	events, err := listEvents(ctx, r, c)
	if err != nil {
		return nil, err
	}
	s.addSteps(out, c.Kind, events)
	ratings, err := listRatings(ctx, r, c)
	if err != nil {
		return nil, err
	}
	if counted := countedRating(ratings); counted != nil {
		out.add(counted.At, 1, s.ratingMeasures(ctx, counted)...)
	}
	followUps, err := listFollowUps(ctx, r, c)
	for i := range followUps {
		out.add(followUps[i].OpenedAt, 1, s.followUpMeasures(&followUps[i])...)
	}
	return out, err
}

// addSteps adds what the steps of a case count.
func (s *Service) addSteps(out monthly, kind string, events []Event) {
	for i := range events {
		s.addStep(out, s.Matters[kind], events[:i], &events[i])
	}
}

// addStep adds what one step counts, given the steps before it.
func (s *Service) addStep(out monthly, m *Matter, before []Event, e *Event) {
	for _, n := range stepMeasures(m, before, e) {
		at := e.At
		if n == Checked || n == Confirmed {
			at = closedAt(m, before, at)
		}
		out.add(at, 1, n)
	}
}

// closedAt is when the last of the steps was taken that ended the case; at, where none did.
func closedAt(m *Matter, events []Event, at int64) int64 {
	for i := len(events) - 1; i >= 0; i-- {
		if e := &events[i]; m.Flow.IsOpen(e.From) && !m.Flow.IsOpen(e.To) {
			return e.At
		}
	}
	return at
}

// countStep adds what a step counts.
func (s *Service) countStep(ctx context.Context, tx *audit.Tx, m *Matter, c *Case, e *Event) error {
	if e.From == "" || e.ActorRole == flow.Reporter && len(m.Counts[e.Verb]) == 0 {
		return nil
	}
	events, err := listEvents(ctx, tx, c)
	if err != nil {
		return err
	}
	out := monthly{}
	s.addStep(out, m, events[:len(events)-1], e)
	return s.count(tx, c, out)
}

// count adds measures at a case's community and county.
func (s *Service) count(tx *audit.Tx, c *Case, added monthly) error {
	community, county := c.Area[:min(CommunityDigits, len(c.Area))], c.Area[:min(countyDigits, len(c.Area))]
	origin := community
	if a, ok := s.Registry.Area(community); ok {
		origin = a.ID
	}
	sum, err := sumOf(tx)
	if err != nil {
		return err
	}
	for month, measures := range added {
		for measure, n := range measures {
			if n != 0 {
				sum.measure(tallyKey{c.Shard, origin, community, c.Kind, month, registry.LevelCommunity}, measure, n)
				sum.measure(tallyKey{c.Shard, county, county, c.Kind, month, registry.LevelCounty}, measure, n)
			}
		}
	}
	return nil
}

func addCount(ctx context.Context, tx *db.Tx, k tallyKey, measure Measure, n int) error {
	return tx.Send(ctx, `INSERT INTO casework_count (shard, origin, area, kind, month, measure, level, n) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)
		ON CONFLICT (shard, origin, kind, month, measure) DO UPDATE SET n = casework_count.n + excluded.n`,
		k.shard, k.origin, k.area, k.kind, k.month, string(measure), k.level, n)
}
