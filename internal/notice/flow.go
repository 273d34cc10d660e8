package notice

import (
	"slices"
	"strings"

	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
)

const (
	stateDraft     flow.State = "draft"
	stateSubmitted flow.State = "submitted"
	stateReturned  flow.State = "returned"
	statePublished flow.State = "published"
	stateReplaced  flow.State = "replaced" // by a correction
	stateWithdrawn flow.State = "withdrawn"
	stateExpired   flow.State = "expired"
	stateDiscarded flow.State = "discarded" // never published
)

const (
	verbWrite    flow.Verb = "write" // of the history alone
	verbChange   flow.Verb = "change"
	verbSubmit   flow.Verb = "submit"
	verbRecall   flow.Verb = "recall"
	verbApprove  flow.Verb = "approve"
	verbReturn   flow.Verb = "return"
	verbDiscard  flow.Verb = "discard"
	verbCorrect  flow.Verb = "correct"
	verbWithdraw flow.Verb = "withdraw"
	verbReplace  flow.Verb = "replace"
	verbExpire   flow.Verb = "expire"
)

// Rules of the module.
const (
	ruleSecond    = "notice.second_person"
	ruleUrgent    = "notice.urgent_until"
	ruleApprovers = "notice.approvers." // and the level: community, street, county, city
	ruleKept      = "notice.kept"
	ruleAffairs   = "notice.affairs.days"
)

type guard = flow.Guard[*Edition]

var (
	bySecond = guard{Key: "notice.not_writer", Rule: ruleSecond, Holds: func(e *Edition, a *authority.Actor) bool {
		return a.System || !slices.Contains(e.writers, a.ID)
	}}
	byLevel = guard{Key: "notice.not_level", Rule: ruleApprovers + "community", Holds: func(e *Edition, a *authority.Actor) bool {
		return a.System || slices.ContainsFunc(a.Grants, func(g authority.Grant) bool {
			return strings.HasPrefix(e.Area, g.Area) && slices.Contains(e.approvers, g.Role)
		})
	}}
	notPast = guard{Key: "notice.past", Rule: ruleKept, Holds: func(e *Edition, _ *authority.Actor) bool { return e.today <= e.last() }}
	ofShown = guard{Key: "notice.base_gone", Rule: ruleKept, Holds: func(e *Edition, _ *authority.Actor) bool {
		return e.Seq == 1 || e.base == string(statePublished)
	}}
	note   = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 500}}
	opened = []flow.State{stateDraft, stateReturned}
)

// lifecycle is the table of an edition.
var lifecycle = (&flow.Flow[*Edition]{
	Name: "notice.notice", Start: stateDraft,
	Nodes: []flow.StateNode{{State: stateDraft, Open: true}, {State: stateSubmitted, Open: true}, {State: stateReturned, Open: true},
		{State: statePublished, Open: true}, {State: stateReplaced}, {State: stateWithdrawn}, {State: stateExpired}, {State: stateDiscarded}},
	Transitions: []flow.Transition[*Edition]{
		{From: opened, Verb: verbChange, To: flow.Stay, Permissions: []string{permWrite}},
		{From: opened, Verb: verbSubmit, To: stateSubmitted, Permissions: []string{permWrite}, Guards: []guard{notPast, ofShown}},
		{From: []flow.State{stateSubmitted}, Verb: verbApprove, To: statePublished, Permissions: []string{permApprove},
			Guards: []guard{bySecond, byLevel, notPast, ofShown}},
		{From: []flow.State{stateSubmitted}, Verb: verbReturn, To: stateReturned, Permissions: []string{permApprove}, Fields: note},
		{From: []flow.State{stateSubmitted}, Verb: verbRecall, To: stateDraft, Permissions: []string{permWrite}, Aside: true},
		{From: opened, Verb: verbDiscard, To: stateDiscarded, Permissions: []string{permWrite}, Danger: true, Aside: true},
		{From: []flow.State{statePublished}, Verb: verbCorrect, To: flow.Stay, Permissions: []string{permWrite}, Fields: note},
		{From: []flow.State{statePublished}, Verb: verbWithdraw, To: stateWithdrawn, Permissions: []string{permWithdraw},
			Fields: note, Danger: true, Aside: true},
		{From: []flow.State{statePublished}, Verb: verbReplace, To: stateReplaced, Permissions: []string{flow.System}},
		{From: []flow.State{statePublished}, Verb: verbExpire, To: stateExpired, Permissions: []string{flow.System}},
	},
	StateOf: func(e *Edition) flow.State { return flow.State(e.State) },
	AreaOf:  func(e *Edition) string { return e.Area },
	CaseOf:  func(*Edition) string { return "" },
}).Check()

// steps are the verbs that a face sends, with the permission without which nobody takes them.
var steps = []struct {
	verb       flow.Verb
	permission string
}{{verbSubmit, permWrite}, {verbRecall, permWrite}, {verbApprove, permApprove}, {verbReturn, permApprove}, {verbDiscard, permWrite},
	{verbCorrect, permWrite}, {verbWithdraw, permWithdraw}}

// onPublished tells whether a verb is taken on the published edition, not on the newest.
func onPublished(v flow.Verb) bool { return v == verbCorrect || v == verbWithdraw || v == verbExpire }
