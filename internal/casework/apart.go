package casework

import (
	"context"
	"slices"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

// Separation of duties (职责分离) asks the timeline: who took which step on a case and on the cases
// merged into it. No column keeps "the" worker, because several people may share the work.

// Hand is one step that an account took.
type Hand struct {
	Account string
	Verb    flow.Verb
	Works   bool // it is work that somebody else must check
	Now     bool // of the present round: since the work was last sent back to be done anew
}

// Hands are the steps on a case and on what is merged into it.
type Hands []Hand

// Worked tells whether an account did some of the work of the present round.
func (h Hands) Worked(account string) bool {
	return h.any(account, func(o Hand) bool { return o.Works && o.Now })
}

// EverWorked tells whether an account did some of the work of any round.
func (h Hands) EverWorked(account string) bool {
	return h.any(account, func(o Hand) bool { return o.Works })
}

// Took tells whether an account took one of the steps, in any round.
func (h Hands) Took(account string, verbs ...flow.Verb) bool {
	return h.any(account, func(o Hand) bool { return slices.Contains(verbs, o.Verb) })
}

func (h Hands) any(account string, is func(Hand) bool) bool {
	return account != "" && slices.ContainsFunc(h, func(o Hand) bool { return o.Account == account && is(o) })
}

// Workers lists each account once that did some of the work, of any round.
func (h Hands) Workers() []string {
	var out []string
	for _, o := range h {
		if o.Works && !slices.Contains(out, o.Account) {
			out = append(out, o.Account)
		}
	}
	return out
}

// NotWorker guards steps that somebody else than those who did the work must take.
func NotWorker(key, rule string) flow.Guard[*Case] {
	return flow.Guard[*Case]{Key: key, Rule: rule,
		Holds: func(c *Case, a *authority.Actor) bool { return !c.Standing.Hands.Worked(a.ID) }}
}

// NotSupervisor guards the work on a case and the decision of it: whoever urged the case from above
// does neither.
var NotSupervisor = flow.Guard[*Case]{Key: "casework.supervisor_works", Rule: "casework.supervise.apart",
	Holds: func(c *Case, a *authority.Actor) bool { return !c.Standing.Hands.Took(a.ID, VerbSupervise) }}

// NotUrger guards a supervision: it is not for those who do the work that is urged.
var NotUrger = flow.Guard[*Case]{Key: "casework.worker_supervises", Rule: "casework.supervise.apart",
	Holds: func(c *Case, a *authority.Actor) bool { return !c.Standing.Hands.EverWorked(a.ID) }}

// does tells whether a verb is work that somebody else must check: a row that says so, and the part
// of a unit that helps.
func (m *Matter) does(verb flow.Verb) bool {
	return verb == VerbContribute || slices.ContainsFunc(m.Flow.Transitions,
		func(t flow.Transition[*Case]) bool { return t.Verb == verb && t.Works })
}

// anew tells whether a verb sends the work back to be done anew.
func (m *Matter) anew(verb flow.Verb) bool {
	return slices.ContainsFunc(m.Flow.Transitions, func(t flow.Transition[*Case]) bool { return t.Verb == verb && t.Anew })
}

// Hands reads who took which step on a case and on what is merged into it.
func (s *Service) Hands(ctx context.Context, r db.Reader, c *Case) (Hands, error) {
	all, err := s.handsOf(ctx, r, []*Case{c})
	return all[c.ID], err
}

// handRow is one step on a case (own) or on what is merged into it.
type handRow struct {
	main     string
	own, seq int
	at       int64
	verb     flow.Verb
	actor    string
}

// handsOf reads the hands of some cases at once, by id.
func (s *Service) handsOf(ctx context.Context, r db.Reader, cases []*Case) (map[string]Hands, error) {
	shards, ids := make([]string, len(cases)), make([]string, len(cases))
	for i, c := range cases {
		shards[i], ids[i] = c.Shard, c.ID
	}
	inShards, args := db.In(nil, shards)
	inIDs, args := db.In(args, ids)
	rows, err := db.All(ctx, r, func(sc db.Scanner) (o handRow, err error) {
		return o, sc.Scan(&o.main, &o.own, &o.seq, &o.at, &o.verb, &o.actor)
	}, `SELECT case_id, 1, seq, at, verb, actor_id FROM casework_event WHERE shard IN `+inShards+` AND case_id IN `+inIDs+` AND actor_id <> ''
		UNION ALL SELECT g.main_id, 0, e.seq, e.at, e.verb, e.actor_id FROM casework_merge g JOIN casework_event e ON e.shard = g.shard
		AND e.case_id = g.case_id
			WHERE g.main_id IN `+inIDs+` AND e.actor_id <> ''
		ORDER BY 1, 2, 4, 3`, args...)
	if err != nil {
		return nil, err
	}
	by := map[string][]handRow{}
	for _, o := range rows {
		by[o.main] = append(by[o.main], o)
	}
	out := make(map[string]Hands, len(cases))
	for _, c := range cases {
		out[c.ID] = s.Matters[c.Kind].handsIn(by[c.ID])
	}
	return out, nil
}

// handsIn are the hands of one case, told apart by round.
func (m *Matter) handsIn(rows []handRow) Hands {
	round := handRow{seq: -1, at: -1}
	for _, o := range rows {
		if o.own == 1 && o.seq > round.seq && m.anew(o.verb) {
			round = o
		}
	}
	out := make(Hands, len(rows))
	for i, o := range rows {
		now := o.own == 1 && o.seq > round.seq || o.own == 0 && o.at >= round.at
		out[i] = Hand{Account: o.actor, Verb: o.verb, Works: m.does(o.verb), Now: now}
	}
	return out
}
