package disclosure

import (
	"slices"
	"strings"

	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
)

// States of an edition that everybody may read: posted, corrected, or taken off the board.
const (
	StatePosted   flow.State = "posted"
	StateReplaced flow.State = "replaced"
	StateEnded    flow.State = "ended"
)

const (
	stateDraft     flow.State = "draft"
	stateSubmitted flow.State = "submitted"
	stateReturned  flow.State = "returned"
	stateDiscarded flow.State = "discarded"
)

const (
	verbChange  flow.Verb = "change"
	verbSubmit  flow.Verb = "submit"
	verbRecall  flow.Verb = "recall"
	verbPost    flow.Verb = "post"
	verbReturn  flow.Verb = "return"
	verbDiscard flow.Verb = "discard"
	verbCorrect flow.Verb = "correct"
	verbEnd     flow.Verb = "end"
	verbReplace flow.Verb = "replace"
)

type guard = flow.Guard[*Entry]

var (
	bySecond = guard{Key: "disclosure.not_writer", Rule: ruleSecond, Holds: func(e *Entry, a *authority.Actor) bool {
		return a.System || !slices.Contains(strings.Fields(e.writers), a.ID)
	}}
	longEnough = guard{Key: "disclosure.too_soon", Rule: rulePosted, Holds: func(e *Entry, _ *authority.Actor) bool {
		return e.mayEnd != "" && e.today >= e.mayEnd
	}}
	note   = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 500}}
	opened = []flow.State{stateDraft, stateReturned}
)

// lifecycle is the table of an edition of an entry.
var lifecycle = (&flow.Flow[*Entry]{
	Name: "disclosure.entry", Start: stateDraft,
	Nodes: []flow.StateNode{{State: stateDraft, Open: true}, {State: stateSubmitted, Open: true}, {State: stateReturned, Open: true},
		{State: StatePosted}, {State: StateReplaced}, {State: StateEnded}, {State: stateDiscarded}},
	Transitions: []flow.Transition[*Entry]{
		{From: opened, Verb: verbChange, To: flow.Stay, Permissions: []string{permWrite}},
		{From: opened, Verb: verbSubmit, To: stateSubmitted, Permissions: []string{permWrite}},
		{From: []flow.State{stateSubmitted}, Verb: verbPost, To: StatePosted, Permissions: []string{permApprove}, Guards: []guard{bySecond}},
		{From: []flow.State{stateSubmitted}, Verb: verbReturn, To: stateReturned, Permissions: []string{permApprove}, Fields: note},
		{From: []flow.State{stateSubmitted}, Verb: verbRecall, To: stateDraft, Permissions: []string{permWrite}, Aside: true},
		{From: opened, Verb: verbDiscard, To: stateDiscarded, Permissions: []string{permWrite}, Danger: true, Aside: true},
		{From: []flow.State{StatePosted}, Verb: verbCorrect, To: flow.Stay, Permissions: []string{permWrite}, Fields: note},
		{From: []flow.State{StatePosted}, Verb: verbEnd, To: StateEnded, Permissions: []string{permWrite}, Guards: []guard{longEnough},
			Fields: note, Danger: true, Aside: true},
		{From: []flow.State{StatePosted}, Verb: verbReplace, To: StateReplaced, Permissions: []string{flow.System}},
	},
	StateOf: func(e *Entry) flow.State { return flow.State(e.State) },
	AreaOf:  func(e *Entry) string { return e.Area },
	CaseOf:  func(*Entry) string { return "" },
}).Check()

// steps are the verbs that a face sends, with the permission without which nobody takes them.
var steps = []struct {
	verb       flow.Verb
	permission string
}{{verbSubmit, permWrite}, {verbRecall, permWrite}, {verbPost, permApprove}, {verbReturn, permApprove}, {verbDiscard, permWrite},
	{verbCorrect, permWrite}, {verbEnd, permWrite}}

// onPosted tells whether a verb is taken on the posted edition, not on the newest.
func onPosted(v flow.Verb) bool { return v == verbCorrect || v == verbEnd }

// row is the row of a verb that has one.
func row(verb flow.Verb) *flow.Transition[*Entry] {
	i := slices.IndexFunc(lifecycle.Transitions, func(t flow.Transition[*Entry]) bool { return t.Verb == verb })
	return &lifecycle.Transitions[i]
}
