package task

import (
	"slices"

	"linli/internal/casework"
	"linli/internal/casework/clockverb"
	"linli/internal/gate"
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
)

// KindTask is the kind of case that this module brings: what one community has of a task.
const KindTask = "task"

// States of a community's share.
const (
	shareAsked     flow.State = "asked"
	shareAnswering flow.State = "answering"
	shareAnswered  flow.State = "answered" // waits for the department
	shareReturned  flow.State = "returned" // the department wants it otherwise
	shareRefused   flow.State = "refused"  // waits for the community-building body
	shareAccepted  flow.State = "accepted"
	shareReleased  flow.State = "released" // a refusal was upheld: nothing need be answered
	shareEnded     flow.State = "ended"    // the task ended first: likewise

	shareWaiting = "waiting" // of the row alone: no case is opened yet
	shareVoid    = "void"    // of the row alone: none was opened before the task ended, or the community is no more
)

const (
	verbAsk      flow.Verb = "ask"
	verbBegin    flow.Verb = "begin"
	verbReply    flow.Verb = "reply"
	verbAccept   flow.Verb = "accept"
	verbSendBack flow.Verb = "send_back"
	verbRefuse   flow.Verb = "refuse"
	verbUphold   flow.Verb = "uphold"
	verbOverrule flow.Verb = "overrule"
	verbLapse    flow.Verb = "lapse"
	verbUrge     flow.Verb = "urge"
	verbCorrect  flow.Verb = "correct"
	verbClose    flow.Verb = "close"
)

// grounds of a refusal.
var grounds = []string{"unlisted", "scope", "period", "frequency", "hours", "unpaid", "prohibited"}

// Measures of the indicators that tasks alone have.
const (
	measureRefused casework.Counter = "task_refused"
	measureUpheld  casework.Counter = "task_upheld"
)

var counts = map[flow.Verb][]casework.Counter{verbReply: {casework.Handled}, verbSendBack: {casework.Reworked},
	verbRefuse: {measureRefused}, verbUphold: {measureUpheld}, verbLapse: {measureUpheld}}

// noted is what a share's guards ask, kept in the case's Standing.
type noted struct {
	Share Share
	Task  Task
	day   string
	past  bool // a refusal was decided already
}

const roomTask = "task"

// notedOf is what was read for the guards; nil for lists of work, which judge without it.
func notedOf(c *casework.Case) *noted {
	n, _ := c.Standing.Noted[roomTask].(*noted)
	return n
}

type caseGuard = flow.Guard[*casework.Case]

var (
	ofCommunity = caseGuard{Key: "task.not_your_community", Rule: ruleOwn, Holds: func(c *casework.Case, a *authority.Actor) bool {
		community := c.Area[:min(len(c.Area), casework.CommunityDigits)]
		return a.In(c.Unit) || slices.ContainsFunc(a.Grants, func(g authority.Grant) bool { return g.Area == community })
	}}
	isAwake = caseGuard{Key: "task.paused", Rule: ruleLive, Holds: func(c *casework.Case, _ *authority.Actor) bool {
		n := notedOf(c)
		return n == nil || n.Task.Paused == ""
	}}
	isLive = caseGuard{Key: "task.need_not_answer", Rule: ruleLive, Holds: func(c *casework.Case, _ *authority.Actor) bool {
		n := notedOf(c)
		return n == nil || n.Task.runs(n.day)
	}}
	onlyOnce = caseGuard{Key: "task.refused_before", Rule: ruleRefuse, Holds: func(c *casework.Case, _ *authority.Actor) bool {
		n := notedOf(c)
		return n == nil || !n.past
	}}
	ofAsker = caseGuard{Key: "task.not_your_department", Rule: "casework.own_unit", Holds: func(c *casework.Case, a *authority.Actor) bool {
		n := notedOf(c)
		return a.System || n != nil && a.In(n.Task.Body)
	}}
	whoAnswered = caseGuard{Key: "task.not_who_answered", Rule: ruleMinutes, Holds: func(c *casework.Case, a *authority.Actor) bool {
		return c.Worker == a.ID
	}}
	optional = flow.Field{Name: "note", Kind: flow.Text, Max: 2000}
	reason   = flow.Field{Name: "note", Kind: flow.Text, Required: true, Max: 2000}
	files    = flow.Field{Name: "files", Kind: flow.Files, Max: maxFiles}
	spent    = flow.Field{Name: "number", Kind: flow.Number, Max: maxMinutes}
	ground   = flow.Field{Name: "choice", Kind: flow.Choice, Required: true, Options: grounds}
)

// shareLifecycle is the table of a community's share. Who asks accepts and sends back; who asks never decides a refusal.
func shareLifecycle() *flow.Flow[*casework.Case] {
	owed := []flow.State{shareAsked, shareAnswering, shareReturned}
	community := []caseGuard{ofCommunity, isLive, isAwake}
	asker := []caseGuard{casework.OwnUnit}
	causes := []string{string(gate.Money), string(gate.Funding), string(gate.Review), string(gate.Decision)}
	return &flow.Flow[*casework.Case]{
		Name: "task.share", Start: shareAsked,
		Nodes: []flow.StateNode{{State: shareAsked, Open: true}, {State: shareAnswering, Open: true}, {State: shareAnswered, Open: true},
			{State: shareReturned, Open: true}, {State: shareRefused, Open: true}, {State: shareAccepted}, {State: shareReleased},
			{State: shareEnded}},
		Transitions: append(clockverb.SuspendTransitions(owed, []string{flow.System}, causes), []flow.Transition[*casework.Case]{
			{From: []flow.State{shareAsked, shareReturned}, Verb: verbBegin, To: shareAnswering, Permissions: []string{permAnswer},
				Guards: community},
			{From: []flow.State{shareAnswering}, Verb: verbReply, To: shareAnswered, Permissions: []string{permAnswer}, Guards: community,
				Fields: []flow.Field{optional, files, spent}, Works: true},
			{From: []flow.State{shareAnswered}, Verb: verbAccept, To: shareAccepted, Permissions: []string{permAccept}, Guards: asker,
				Fields: []flow.Field{optional}, Outcome: string(casework.Completed)},
			{From: []flow.State{shareAnswered}, Verb: verbSendBack, To: shareReturned, Permissions: []string{permAccept},
				Guards: append(asker, isLive, isAwake), Fields: []flow.Field{reason}, Anew: true},
			{From: owed, Verb: verbRefuse, To: shareRefused, Permissions: []string{permAnswer},
				Guards: append(slices.Clip(community), onlyOnce), Fields: []flow.Field{ground, reason}, Aside: true},
			{From: []flow.State{shareRefused}, Verb: verbUphold, To: shareReleased, Permissions: []string{permDecide},
				Fields: []flow.Field{optional}, Danger: true, Outcome: string(casework.Withdrawn)},
			{From: []flow.State{shareRefused}, Verb: verbOverrule, To: shareAsked, Permissions: []string{permDecide},
				Guards: []caseGuard{isLive, isAwake}, Fields: []flow.Field{reason}},
			{From: []flow.State{shareRefused}, Verb: verbLapse, To: shareReleased, Permissions: []string{flow.System},
				Outcome: string(casework.Withdrawn)},
			{From: owed, Verb: verbUrge, To: flow.Stay, Permissions: []string{permWrite, flow.System}, Guards: []caseGuard{ofAsker, isLive, isAwake},
				Aside: true},
			{From: []flow.State{shareAnswered, shareAccepted}, Verb: verbCorrect, To: flow.Stay, Permissions: []string{permAnswer},
				Guards: []caseGuard{whoAnswered}, Fields: []flow.Field{{Name: "number", Kind: flow.Number, Required: true, Max: maxMinutes}},
				Aside: true},
			{From: append([]flow.State{shareAnswered, shareRefused}, owed...), Verb: verbClose, To: shareEnded,
				Permissions: []string{flow.System}, Fields: []flow.Field{optional}, Outcome: string(casework.Withdrawn)},
		}...),
		StateOf: func(c *casework.Case) flow.State { return c.State },
		AreaOf:  func(c *casework.Case) string { return c.Area },
		CaseOf:  func(c *casework.Case) string { return c.ID },
	}
}
