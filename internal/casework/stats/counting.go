package stats

import (
	"context"

	"linli/internal/casework"
	"linli/internal/casework/rating"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// sharedMeasures are what a verb of any lifecycle counts; a matter adds its own by Matter.Counts.
var sharedMeasures = map[flow.Verb][]casework.Counter{casework.VerbSupervise: {casework.Supervised}}

// once are the measures that a case adds to at most once.
var once = map[casework.Counter]bool{casework.Supervised: true, casework.Filed: true}

// stepMeasures are what one step adds, given the steps before it. The transaction of the step and
// a rebuild of the counters both ask here.
func stepMeasures(m *casework.Matter, before []casework.Event, e *casework.Event) []casework.Counter {
	var out []casework.Counter
	if e.From == m.Flow.Start && e.IsAnswer() && !hasAnswer(before) {
		out = append(out, casework.ResponseDue)
		if !e.Data.Late {
			out = append(out, casework.Responded)
		}
	}
	for _, n := range append(append([]casework.Counter{}, sharedMeasures[e.Verb]...), m.Counts[e.Verb]...) {
		if once[n] && hasVerb(before, e.Verb) {
			continue
		}
		out = append(out, n)
		if n == casework.Handled && !e.Data.Late {
			out = append(out, casework.HandledTime)
		}
	}
	return out
}

func hasAnswer(events []casework.Event) bool {
	for i := range events {
		if events[i].IsAnswer() {
			return true
		}
	}
	return false
}

func hasVerb(events []casework.Event, verb flow.Verb) bool {
	for _, e := range events {
		if e.Verb == verb {
			return true
		}
	}
	return false
}

// Measured are all measures that a case has added to the counters, by month.
func (s *Service) Measured(ctx context.Context, id string) (casework.Monthly, error) {
	c, err := casework.FindCase(ctx, s.Cases.Log.DB, id)
	if err != nil {
		return nil, err
	}
	return s.caseMeasures(ctx, s.Cases.Log.DB, &c)
}

// caseMeasures are all that a case has added to casework_count, by month: its steps, its rating
// that counts, its follow-ups.
func (s *Service) caseMeasures(ctx context.Context, r db.Reader, c *casework.Case) (casework.Monthly, error) {
	out := casework.Monthly{}
	events, err := casework.ListEvents(ctx, r, c)
	if err != nil {
		return nil, err
	}
	s.addSteps(out, c.Kind, events)
	ratings, err := rating.ListRatings(ctx, r, c)
	if err != nil {
		return nil, err
	}
	if counted := rating.CountedRating(ratings); counted != nil {
		out.Add(counted.At, 1, s.Rating.RatingMeasures(ctx, counted)...)
	}
	followUps, err := rating.ListFollowUps(ctx, r, c)
	for i := range followUps {
		out.Add(followUps[i].OpenedAt, 1, s.Rating.FollowUpMeasures(&followUps[i])...)
	}
	return out, err
}

// addSteps adds what the steps of a case count.
func (s *Service) addSteps(out casework.Monthly, kind string, events []casework.Event) {
	for i := range events {
		s.addStep(out, s.Cases.Matters[kind], events[:i], &events[i])
	}
}

// addStep adds what one step counts, given the steps before it.
func (s *Service) addStep(out casework.Monthly, m *casework.Matter, before []casework.Event, e *casework.Event) {
	for _, n := range stepMeasures(m, before, e) {
		at := e.At
		if n == casework.Checked || n == casework.Confirmed {
			at = closedAt(m, before, at)
		}
		out.Add(at, 1, n)
	}
}

// closedAt is when the last of the steps was taken that ended the case; at, where none did.
func closedAt(m *casework.Matter, events []casework.Event, at int64) int64 {
	for i := len(events) - 1; i >= 0; i-- {
		if e := &events[i]; m.Flow.IsOpen(e.From) && !m.Flow.IsOpen(e.To) {
			return e.At
		}
	}
	return at
}

// countStep adds what a step counts.
func (s *Service) countStep(ctx context.Context, tx *audit.Tx, m *casework.Matter, c *casework.Case, e *casework.Event) error {
	if e.From == "" || e.ActorRole == flow.Reporter && len(m.Counts[e.Verb]) == 0 {
		return nil
	}
	events, err := casework.ListEvents(ctx, tx, c)
	if err != nil {
		return err
	}
	out := casework.Monthly{}
	s.addStep(out, m, events[:len(events)-1], e)
	return s.Add(ctx, tx, c, out)
}

// Add adds measures at a case's community and county: figures of boards to the tally, others to the counts.
func (s *Service) Add(_ context.Context, tx *audit.Tx, c *casework.Case, added casework.Monthly) error {
	keys := func(month string) [2]tallyKey { return s.keys(c, month) }
	sum, err := sumOf(tx)
	if err != nil {
		return err
	}
	for month, measures := range added {
		figures := counts{}
		for measure, n := range measures {
			if figure := figures.of(measure); figure != nil {
				*figure = n
				continue
			}
			if n != 0 {
				for _, k := range keys(month) {
					sum.measure(k, measure, n)
				}
			}
		}
		if figures != (counts{}) {
			for _, k := range keys(month) {
				sum.tally(k, figures)
			}
		}
	}
	return nil
}

// of is the figure that a measure is, or nil.
func (n *counts) of(m casework.Counter) *int {
	switch m {
	case casework.Rated:
		return &n.rated
	case casework.Good:
		return &n.good
	case casework.Points:
		return &n.points
	}
	return nil
}

func addCount(ctx context.Context, tx *db.Tx, k tallyKey, measure casework.Counter, n int) error {
	return tx.Send(ctx, `INSERT INTO casework_count (shard, origin, area, kind, month, measure, level, n) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)
		ON CONFLICT (shard, origin, kind, month, measure) DO UPDATE SET n = casework_count.n + excluded.n`,
		k.shard, k.origin, k.area, k.kind, k.month, string(measure), k.level, n)
}
