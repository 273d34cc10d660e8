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

// Participation is one step that an account took.
type Participation struct {
	Account string
	Verb    flow.Verb
	Works   bool // it is work that somebody else must check
	Now     bool // of the present round: since the work was last sent back to be done anew
}

// Participants are the steps on a case and on what is merged into it.
type Participants []Participation

// Worked tells whether an account did some of the work of the present round.
func (h Participants) Worked(account string) bool {
	return h.any(account, func(o Participation) bool { return o.Works && o.Now })
}

// EverWorked tells whether an account did some of the work of any round.
func (h Participants) EverWorked(account string) bool {
	return h.any(account, func(o Participation) bool { return o.Works })
}

// Took tells whether an account took one of the steps, in any round.
func (h Participants) Took(account string, verbs ...flow.Verb) bool {
	return h.any(account, func(o Participation) bool { return slices.Contains(verbs, o.Verb) })
}

func (h Participants) any(account string, is func(Participation) bool) bool {
	return account != "" && slices.ContainsFunc(h, func(o Participation) bool { return o.Account == account && is(o) })
}

// Workers lists each account once that did some of the work, of any round.
func (h Participants) Workers() []string {
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
		Holds: func(c *Case, a *authority.Actor) bool { return !c.Standing.Participants.Worked(a.ID) }}
}

// NotSupervisor guards the work on a case and the decision of it: whoever urged the case from above
// does neither.
var NotSupervisor = flow.Guard[*Case]{Key: "casework.supervisor_works", Rule: "casework.supervise.apart",
	Holds: func(c *Case, a *authority.Actor) bool { return !c.Standing.Participants.Took(a.ID, VerbSupervise) }}

// NotUrger guards a supervision: it is not for those who do the work that is urged.
var NotUrger = flow.Guard[*Case]{Key: "casework.worker_supervises", Rule: "casework.supervise.apart",
	Holds: func(c *Case, a *authority.Actor) bool { return !c.Standing.Participants.EverWorked(a.ID) }}

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

// Participants reads who took which step on a case and on what is merged into it.
func (s *Service) Participants(ctx context.Context, r db.Reader, c *Case) (Participants, error) {
	all, err := s.handsOf(ctx, r, []*Case{c})
	return all[c.ID], err
}

// HandStep is a step that an account took on what is merged into a case.
type HandStep struct {
	Account string
	Verb    flow.Verb
	At      int64
}

// handRow is one step on a case.
type handRow struct {
	HandStep
	caseID string
	seq    int
}

// handsOf reads the hands of some cases at once, by id.
func (s *Service) handsOf(ctx context.Context, r db.Reader, cases []*Case) (map[string]Participants, error) {
	shards, ids := make([]string, len(cases)), make([]string, len(cases))
	for i, c := range cases {
		shards[i], ids[i] = c.Shard, c.ID
	}
	inShards, args := db.In(nil, shards)
	inIDs, args := db.In(args, ids)
	rows, err := db.All(ctx, r, func(sc db.Scanner) (o handRow, err error) {
		return o, sc.Scan(&o.caseID, &o.seq, &o.At, &o.Verb, &o.Account)
	}, `SELECT case_id, seq, at, verb, actor_id FROM casework_event WHERE shard IN `+inShards+` AND case_id IN `+inIDs+`
		AND (actor_id <> '' OR verb = 'took_in') ORDER BY case_id, seq`, args...)
	if err != nil {
		return nil, err
	}
	own, mains := map[string][]handRow{}, map[string]bool{}
	for _, o := range rows {
		mains[o.caseID] = mains[o.caseID] || o.Verb == EventTook
		if o.Account != "" {
			own[o.caseID] = append(own[o.caseID], o)
		}
	}
	merged, err := s.mergedSteps(ctx, r, slices.DeleteFunc(slices.Clone(cases), func(c *Case) bool { return !mains[c.ID] }))
	out := make(map[string]Participants, len(cases))
	for _, c := range cases {
		out[c.ID] = s.Matters[c.Kind].handsIn(merged[c.ID], own[c.ID])
	}
	return out, err
}

// mergedSteps asks the rooms for the steps on what is merged into some cases, by id. Only those are asked for whose
// timeline tells that something was.
func (s *Service) mergedSteps(ctx context.Context, r db.Reader, mains []*Case) (map[string][]HandStep, error) {
	out := map[string][]HandStep{}
	if len(mains) == 0 {
		return out, nil
	}
	for _, read := range s.merged {
		found, err := read(ctx, r, mains)
		if err != nil {
			return nil, err
		}
		for id, steps := range found {
			out[id] = append(out[id], steps...)
		}
	}
	return out, nil
}

// handsIn are the hands of one case, told apart by round: of what is merged into it, and its own.
func (m *Matter) handsIn(merged []HandStep, own []handRow) Participants {
	began, seq := int64(-1), -1
	for _, o := range own {
		if m.anew(o.Verb) {
			began, seq = o.At, o.seq
		}
	}
	out := make(Participants, 0, len(merged)+len(own))
	for _, o := range merged {
		out = append(out, Participation{Account: o.Account, Verb: o.Verb, Works: m.does(o.Verb), Now: o.At >= began})
	}
	for _, o := range own {
		out = append(out, Participation{Account: o.Account, Verb: o.Verb, Works: m.does(o.Verb), Now: o.seq > seq})
	}
	return out
}
