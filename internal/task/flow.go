package task

import (
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
)

// States of a department's task.
const (
	stateDraft     flow.State = "draft"
	stateSubmitted flow.State = "submitted"
	stateReturned  flow.State = "returned"
	stateSending   flow.State = "sending" // signed; cases of communities are being opened
	stateSent      flow.State = "sent"
	stateCompleted flow.State = "completed" // no community owes anything
	stateWithdrawn flow.State = "withdrawn" // by the department
	stateEnded     flow.State = "ended"     // with what it rested on
	stateDiscarded flow.State = "discarded"
)

const (
	verbWrite    flow.Verb = "write" // of the history alone
	verbChange   flow.Verb = "change"
	verbSubmit   flow.Verb = "submit"
	verbReturn   flow.Verb = "return"
	verbRecall   flow.Verb = "recall"
	verbDiscard  flow.Verb = "discard"
	verbSend     flow.Verb = "send"
	verbRemind   flow.Verb = "remind"
	verbWithdraw flow.Verb = "withdraw"
	verbFinish   flow.Verb = "finish"
	verbComplete flow.Verb = "complete"
	verbEnd      flow.Verb = "end"
	verbPause    flow.Verb = "pause" // with the admission that it rests on
	verbResume   flow.Verb = "resume"
)

// Rules of the module.
const (
	ruleBasis      = "task.basis"
	ruleSecond     = "task.second_person"
	ruleText       = "task.text.characters"
	ruleInspection = "task.inspection.per_year"
	ruleMeeting    = "task.meeting.per_year"
	ruleAccept     = "task.accept.workdays"
	ruleAgain      = "task.return.workdays"
	ruleDecide     = "task.refusal.workdays"
	ruleOverruled  = "task.overruled.workdays"
	ruleRefuse     = "task.refuse"
	ruleLive       = "task.live"
	ruleOwn        = "task.own_community"
	ruleMinutes    = "task.minutes"
	ruleRemind     = "task.remind.workdays"
	ruleForm       = "task.form"
	ruleMost       = "task.export.rows"
)

type guard = flow.Guard[*Task]

var (
	ownBody = guard{Key: "task.not_your_department", Rule: "casework.own_unit", Unit: true,
		Holds: func(t *Task, a *authority.Actor) bool { return a.System || a.In(t.Body) }}
	bySecond = guard{Key: "task.writer_signs", Rule: ruleSecond,
		Holds: func(t *Task, a *authority.Actor) bool { return a.System || a.ID != t.WriterID }}
	idle = guard{Key: "task.job_at_work", Rule: ruleRemind,
		Holds: func(t *Task, _ *authority.Actor) bool { return t.Pending == "" }}
	awake  = guard{Key: "task.paused", Rule: ruleLive, Holds: func(t *Task, _ *authority.Actor) bool { return t.Paused == "" }}
	note   = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 500}}
	opened = []flow.State{stateDraft, stateReturned}
	under  = []flow.State{stateSending, stateSent}
	own    = []guard{ownBody}
)

// lifecycle is the table of a department's task.
var lifecycle = (&flow.Flow[*Task]{
	Name: "task.task", Start: stateDraft,
	Nodes: []flow.StateNode{{State: stateDraft, Open: true}, {State: stateSubmitted, Open: true}, {State: stateReturned, Open: true},
		{State: stateSending, Open: true}, {State: stateSent, Open: true}, {State: stateCompleted}, {State: stateWithdrawn},
		{State: stateEnded}, {State: stateDiscarded}},
	Transitions: []flow.Transition[*Task]{
		{From: opened, Verb: verbChange, To: flow.Stay, Permissions: []string{permWrite}, Guards: own},
		{From: opened, Verb: verbSubmit, To: stateSubmitted, Permissions: []string{permWrite}, Guards: own},
		{From: []flow.State{stateSubmitted}, Verb: verbSend, To: stateSending, Permissions: []string{permSend},
			Guards: []guard{ownBody, bySecond}, Danger: true},
		{From: []flow.State{stateSubmitted}, Verb: verbReturn, To: stateReturned, Permissions: []string{permSend}, Guards: own, Fields: note},
		{From: []flow.State{stateSubmitted}, Verb: verbRecall, To: stateDraft, Permissions: []string{permWrite}, Guards: own, Aside: true},
		{From: opened, Verb: verbDiscard, To: stateDiscarded, Permissions: []string{permWrite}, Guards: own, Danger: true, Aside: true},
		{From: []flow.State{stateSent}, Verb: verbRemind, To: flow.Stay, Permissions: []string{permWrite}, Guards: []guard{ownBody, awake, idle}},
		{From: under, Verb: verbWithdraw, To: stateWithdrawn, Permissions: []string{permSend}, Guards: own,
			Fields: note, Danger: true, Aside: true},
		{From: []flow.State{stateSending}, Verb: verbFinish, To: stateSent, Permissions: []string{flow.System}},
		{From: under, Verb: verbComplete, To: stateCompleted, Permissions: []string{flow.System}},
		{From: under, Verb: verbEnd, To: stateEnded, Permissions: []string{flow.System}},
		{From: under, Verb: verbPause, To: flow.Stay, Permissions: []string{flow.System}},
		{From: under, Verb: verbResume, To: flow.Stay, Permissions: []string{flow.System}},
	},
	StateOf: func(t *Task) flow.State { return flow.State(t.State) },
	AreaOf:  func(t *Task) string { return t.Area },
	CaseOf:  func(*Task) string { return "" },
}).Check()

// steps are the verbs that a face sends, with the permission without which nobody takes them.
var steps = []struct {
	verb       flow.Verb
	permission string
}{{verbSubmit, permWrite}, {verbSend, permSend}, {verbReturn, permSend}, {verbRecall, permWrite}, {verbDiscard, permWrite},
	{verbRemind, permWrite}, {verbWithdraw, permSend}}

// row is the row of a verb that has one.
func row(verb flow.Verb) *flow.Transition[*Task] {
	for i := range lifecycle.Transitions {
		if lifecycle.Transitions[i].Verb == verb {
			return &lifecycle.Transitions[i]
		}
	}
	panic("task: no row for " + verb)
}
