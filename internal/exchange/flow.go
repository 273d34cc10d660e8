package exchange

import (
	"fmt"

	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
)

const (
	stateDraft     flow.State = "draft"
	stateChecked   flow.State = "checked"
	statePublished flow.State = "published" // it may be sent, and never changes again
	stateWithdrawn flow.State = "withdrawn"
	stateDiscarded flow.State = "discarded" // never published
)

const (
	verbChange   flow.Verb = "change"
	verbCheck    flow.Verb = "check"
	verbPublish  flow.Verb = "publish"
	verbReturn   flow.Verb = "return"
	verbWithdraw flow.Verb = "withdraw"
	verbDiscard  flow.Verb = "discard"
)

type guard = flow.Guard[*Form]

// passes tells whether the check of the step found no ground of a kind; before a step that checks there is none.
func passes(key string) func(f *Form, _ *authority.Actor) bool {
	return func(f *Form, _ *authority.Actor) bool {
		if f.report == nil {
			return true
		}
		for _, r := range f.report.Refusals {
			if r.Key == key {
				return false
			}
		}
		return true
	}
}

var (
	ofOwnBody = guard{Key: "exchange.form.body", Rule: ruleOwn,
		Holds: func(f *Form, a *authority.Actor) bool { return a.System || a.In(f.Body) }}
	notHeld    = guard{Key: "exchange.form.known", Rule: ruleCollect, Holds: passes("exchange.form.all_held")}
	wants      = guard{Key: "exchange.form.nothing_wanted", Rule: ruleCollect, Holds: passes("exchange.form.nothing_wanted")}
	noSecond   = guard{Key: "exchange.form.duplicate_running", Rule: ruleDuplicate, Holds: passes("exchange.form.duplicate")}
	withReason = guard{Key: "exchange.form.reasons", Rule: ruleReason, Holds: func(f *Form, _ *authority.Actor) bool {
		return f.report == nil || f.report.Unreasoned() == 0
	}}
	judged = []guard{ofOwnBody, notHeld, wants, noSecond, withReason}
	note   = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 500}}
	opened = []flow.State{stateDraft, stateChecked}
)

// lifecycle is the table of a form.
var lifecycle = (&flow.Flow[*Form]{
	Name: "exchange.form", Start: stateDraft,
	Nodes: []flow.StateNode{{State: stateDraft, Open: true}, {State: stateChecked, Open: true}, {State: statePublished, Open: true},
		{State: stateWithdrawn}, {State: stateDiscarded}},
	Transitions: []flow.Transition[*Form]{
		{From: opened, Verb: verbChange, To: stateDraft, Permissions: []string{permWrite}, Guards: []guard{ofOwnBody}},
		{From: []flow.State{stateDraft}, Verb: verbCheck, To: stateChecked, Permissions: []string{permWrite}, Guards: judged},
		{From: []flow.State{stateChecked}, Verb: verbPublish, To: statePublished, Permissions: []string{permPublish}, Guards: judged},
		{From: []flow.State{stateChecked}, Verb: verbReturn, To: stateDraft, Permissions: []string{permPublish}, Guards: []guard{ofOwnBody},
			Fields: note},
		{From: []flow.State{statePublished}, Verb: verbWithdraw, To: stateWithdrawn, Permissions: []string{permPublish},
			Guards: []guard{ofOwnBody}, Fields: note, Danger: true, Aside: true},
		{From: opened, Verb: verbDiscard, To: stateDiscarded, Permissions: []string{permWrite}, Guards: []guard{ofOwnBody}, Danger: true,
			Aside: true},
	},
	StateOf: func(f *Form) flow.State { return flow.State(f.State) },
	AreaOf:  func(f *Form) string { return f.Area },
	CaseOf:  func(*Form) string { return "" },
}).Check()

// steps are the verbs that a face sends, with the permission without which nobody takes them.
var steps = []struct {
	verb       flow.Verb
	permission string
}{{verbCheck, permWrite}, {verbPublish, permPublish}, {verbReturn, permPublish}, {verbWithdraw, permPublish}, {verbDiscard, permWrite}}

// at is the location of an input of a row.
func at(list string, i int, input string) string { return fmt.Sprintf("%s[%d].%s", list, i, input) }
