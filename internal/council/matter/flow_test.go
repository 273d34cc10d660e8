package matter

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/threshold"
)

// legal are the moves that change the state, as the law orders them. Everything else is refused.
var legal = map[flow.State]map[flow.Verb]flow.State{
	stateGathering:    {verbQualify: stateProposed, verbLapse: stateLapsed, verbWithdraw: stateWithdrawn},
	stateProposed:     {verbAccept: stateAccepted, verbReturn: stateReturned, verbWithdraw: stateWithdrawn},
	stateReturned:     {verbResubmit: stateProposed, verbWithdraw: stateWithdrawn},
	stateAccepted:     {verbConsult: stateConsulted, verbDeliberate: stateDeliberating},
	stateConsulted:    {verbDeliberate: stateDeliberating},
	stateDeliberating: {verbImplement: stateAgreed, verbMonitor: stateAgreed, verbRefer: stateReferred, verbDisagree: stateUnresolved},
	stateUnresolved:   {verbDeliberate: stateDeliberating, verbDrop: stateDropped},
	stateAgreed:       {verbDecide: stateDecided, verbReject: stateRejected},
	stateReferred:     {verbExamine: stateExamined, verbDecide: stateDecided, verbReject: stateRejected},
	stateExamined:     {verbDecide: stateDecided, verbReject: stateRejected},
	stateDecided:      {verbAnnounce: stateAnnounced},
	stateAnnounced:    {verbBegin: stateExecuting},
	stateExecuting:    {verbComplete: stateExecuted},
	stateExecuted:     {verbClear: stateSupervised},
	stateSupervised:   {verbDisclose: stateDisclosed},
	stateDisclosed:    {verbConclude: stateAppraised},
}

// ready is a matter in a state for which every guard holds.
func ready(kind string, s flow.State) *Matter {
	return &Matter{Kind: kind, State: s, appraised: true, Record: Record{Plan: []PlanStep{{DoneAt: 1}},
		Checks: []MatterCheck{{What: checkedRelatives, Result: "clear"}}}}
}

// Every verb in every state, of both kinds of community: allowed as the table of the law says, and nothing besides.
func TestEveryMoveLegalAndIllegal(t *testing.T) {
	system := authority.SystemActor("test")
	for _, kind := range threshold.Kinds {
		for _, place := range lifecycle.Nodes {
			for _, verb := range lifecycle.Verbs() {
				row, err := lifecycle.Take(ready(kind, place.State), verb, system)
				to, want := legal[place.State][verb]
				switch {
				case kind == threshold.Residents && (verb == verbConsult || verb == verbExamine):
					want = false
				case kind == threshold.Villagers && verb == verbDeliberate && place.State == stateAccepted,
					kind == threshold.Villagers && (verb == verbDecide || verb == verbReject) && place.State == stateReferred:
					want = false // two steps come first
				}
				if err == nil && row.To == flow.Stay {
					continue // changes no state
				}
				if (err == nil) != want || want && row.To != to {
					t.Errorf("%s: %s from %s: %v", kind, verb, place.State, err)
				}
			}
		}
	}
}

// Each guard alone holds its step back.
func TestGuards(t *testing.T) {
	actor := authority.SystemActor("test")
	for name, c := range map[string]struct {
		verb   flow.Verb
		state  flow.State
		change func(*Matter)
	}{
		"reserved":   {verbImplement, stateDeliberating, func(m *Matter) { m.reserved.key = "x" }},
		"watched":    {verbMonitor, stateDeliberating, func(m *Matter) { m.reserved.key = "x" }},
		"no plan":    {verbBegin, stateAnnounced, func(m *Matter) { m.Record.Plan = nil }},
		"not done":   {verbComplete, stateExecuting, func(m *Matter) { m.Record.Plan[0].DoneAt = 0 }},
		"unanswered": {verbComplete, stateExecuting, func(m *Matter) { m.Record.Findings = []Finding{{}} }},
		"open":       {verbClear, stateExecuted, func(m *Matter) { m.Record.Findings = []Finding{{}} }},
		"unchecked":  {verbClear, stateExecuted, func(m *Matter) { m.Record.Checks = nil }},
		"barred":     {verbClear, stateExecuted, func(m *Matter) { m.Record.Checks[0].Result = "barred" }},
		"appraising": {verbConclude, stateDisclosed, func(m *Matter) { m.appraised = false }},
	} {
		m := ready(threshold.Residents, c.state)
		if _, err := lifecycle.Take(m, c.verb, actor); err != nil {
			t.Errorf("%s: ready, but %v", name, err)
		}
		c.change(m)
		if _, err := lifecycle.Take(m, c.verb, actor); err == nil {
			t.Errorf("%s: allowed", name)
		}
	}
}

// No order of moves reaches a later step without the earlier ones: executed never without decided, in villages never without the joint
// talk, and nothing appraised without having been supervised.
func TestNoOrderOfMovesSkipsAStep(t *testing.T) {
	actor := authority.SystemActor("test")
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom(threshold.Kinds).Draw(t, "kind")
		m := ready(kind, rapid.SampledFrom([]flow.State{stateGathering, stateProposed}).Draw(t, "start"))
		seen := []flow.State{m.State}
		for range rapid.IntRange(1, 40).Draw(t, "moves") {
			verb := rapid.SampledFrom(lifecycle.Verbs()).Draw(t, "verb")
			row, err := lifecycle.Take(m, verb, actor)
			if err != nil {
				continue
			}
			if verb == verbRefer || verb == verbImplement || verb == verbMonitor || verb == verbDisagree {
				m.Record.Rounds = append(m.Record.Rounds, Deliberation{Outcome: string(verb)})
			}
			m.State = row.After(m.State)
			seen = append(seen, m.State)
		}
		at := func(s flow.State) int { return slices.Index(seen, s) }
		before := func(first, later flow.State) {
			if at(later) >= 0 && (at(first) < 0 || at(first) > at(later)) {
				t.Fatalf("%s reached without %s: %v", later, first, seen)
			}
		}
		stages := []flow.State{stateProposed, stateAccepted, stateDeliberating, stateDecided, stateAnnounced, stateExecuting, stateExecuted,
			stateSupervised, stateDisclosed, stateAppraised}
		for i := 1; i < len(stages); i++ {
			before(stages[i-1], stages[i])
		}
		if kind == threshold.Villagers {
			before(stateConsulted, stateDeliberating)
			if at(stateReferred) >= 0 && at(stateAgreed) < 0 {
				before(stateExamined, stateDecided)
			}
		}
	})
}
