package pact

import (
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
)

const (
	stateCollecting flow.State = "collecting" // opinions are asked for
	stateDrafting   flow.State = "drafting"
	stateReviewing  flow.State = "reviewing" // before the township or street
	stateCleared    flow.State = "cleared"   // may be voted on
	stateAdopted    flow.State = "adopted"
	stateFiled      flow.State = "filed"
	statePublished  flow.State = "published"
	stateOrdered    flow.State = "ordered"  // in force but under correction
	stateReplaced   flow.State = "replaced" // by a newer edition
	stateDiscarded  flow.State = "discarded"
)

const (
	verbBegin   flow.Verb = "begin"  // of the history alone
	verbDecide  flow.Verb = "decide" // of the history alone
	verbChange  flow.Verb = "change"
	verbDraft   flow.Verb = "draft"
	verbSubmit  flow.Verb = "submit"
	verbReturn  flow.Verb = "return"
	verbClear   flow.Verb = "clear"
	verbReopen  flow.Verb = "reopen"
	verbAdopt   flow.Verb = "adopt"
	verbFile    flow.Verb = "file"
	verbPublish flow.Verb = "publish"
	verbRevise  flow.Verb = "revise"
	verbOrder   flow.Verb = "order"
	verbReplace flow.Verb = "replace"
	verbDiscard flow.Verb = "discard"
)

// Rules of the module.
const (
	ruleReview  = "pact.review"
	ruleBound   = "pact.bound"
	ruleSecond  = "pact.second_person"
	ruleAdopted = "pact.adopted"
	ruleFiled   = "pact.filed." // and the branch
	ruleOrdered = "pact.ordered"
	ruleKept    = "pact.kept"
	ruleAlert   = "pact.alert.days"
)

type guard = flow.Guard[*Edition]

var (
	written  = guard{Key: "pact.empty", Rule: ruleReview, Holds: func(e *Edition, _ *authority.Actor) bool { return len(e.Content.Clauses) > 0 }}
	bySecond = guard{Key: "pact.own", Rule: ruleSecond, Holds: func(e *Edition, a *authority.Actor) bool { return a.System || a.ID != e.writer }}
	decided  = guard{Key: "pact.open_findings", Rule: ruleReview, Holds: func(e *Edition, _ *authority.Actor) bool { return e.open == 0 }}
	lawful   = guard{Key: "pact.upheld_findings", Rule: ruleBound, Holds: func(e *Edition, _ *authority.Actor) bool { return e.upheld == 0 }}
	newest   = guard{Key: "pact.revision_waits", Rule: ruleKept, Holds: func(e *Edition, _ *authority.Actor) bool { return e.latest }}
	note     = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: maxNote}}
	drafts   = []flow.State{stateCollecting, stateDrafting}
	inForce  = []flow.State{statePublished, stateOrdered}
)

// lifecycle is the table of an edition.
var lifecycle = (&flow.Flow[*Edition]{
	Name: "pact.convention", Start: stateCollecting,
	Nodes: []flow.StateNode{{State: stateCollecting, Open: true}, {State: stateDrafting, Open: true}, {State: stateReviewing, Open: true},
		{State: stateCleared, Open: true}, {State: stateAdopted, Open: true}, {State: stateFiled, Open: true},
		{State: statePublished, Open: true}, {State: stateOrdered, Open: true}, {State: stateReplaced}, {State: stateDiscarded}},
	Transitions: []flow.Transition[*Edition]{
		{From: drafts, Verb: verbChange, To: flow.Stay, Permissions: []string{permWrite}},
		{From: []flow.State{stateCollecting}, Verb: verbDraft, To: stateDrafting, Permissions: []string{permWrite}},
		{From: []flow.State{stateDrafting}, Verb: verbSubmit, To: stateReviewing, Permissions: []string{permWrite}, Guards: []guard{written}},
		{From: []flow.State{stateReviewing}, Verb: verbReturn, To: stateDrafting, Permissions: []string{permReview}, Fields: note},
		{From: []flow.State{stateReviewing}, Verb: verbClear, To: stateCleared, Permissions: []string{permReview},
			Guards: []guard{bySecond, decided, lawful}},
		{From: []flow.State{stateCleared, stateAdopted, stateFiled}, Verb: verbReopen, To: stateDrafting, Permissions: []string{permWrite},
			Fields: note, Aside: true},
		{From: []flow.State{stateCleared}, Verb: verbAdopt, To: stateAdopted, Permissions: []string{permWrite}, Guards: []guard{decided, lawful}},
		{From: []flow.State{stateAdopted}, Verb: verbFile, To: stateFiled, Permissions: []string{permFile}},
		{From: []flow.State{stateFiled}, Verb: verbPublish, To: statePublished, Permissions: []string{permWrite},
			Guards: []guard{decided, lawful}, Danger: true},
		{From: inForce, Verb: verbRevise, To: flow.Stay, Permissions: []string{permWrite}, Guards: []guard{newest}, Fields: note, Aside: true},
		{From: []flow.State{statePublished}, Verb: verbOrder, To: stateOrdered, Permissions: []string{permFile},
			Fields: note, Danger: true, Aside: true},
		{From: inForce, Verb: verbReplace, To: stateReplaced, Permissions: []string{flow.System}},
		{From: []flow.State{stateCollecting, stateDrafting}, Verb: verbDiscard, To: stateDiscarded, Permissions: []string{permWrite},
			Danger: true, Aside: true},
	},
	StateOf: func(e *Edition) flow.State { return flow.State(e.State) },
	AreaOf:  func(e *Edition) string { return e.Content.Area },
	CaseOf:  func(*Edition) string { return "" },
}).Check()

// steps are the verbs that a face sends, with the permission without which nobody takes them.
var steps = []struct {
	verb       flow.Verb
	permission string
}{{verbDraft, permWrite}, {verbSubmit, permWrite}, {verbClear, permReview}, {verbReturn, permReview}, {verbAdopt, permWrite},
	{verbFile, permFile}, {verbPublish, permWrite}, {verbRevise, permWrite}, {verbOrder, permFile}, {verbReopen, permWrite},
	{verbDiscard, permWrite}}

// onPublished tells whether a verb is taken on the edition in force where there is one, not on the newest.
func onPublished(v flow.Verb) bool { return v == verbRevise || v == verbOrder }
