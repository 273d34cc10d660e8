package form

import (
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
)

const (
	statePreparing flow.State = "preparing" // communities get it one after another
	stateOpen      flow.State = "open"
	stateEnded     flow.State = "ended" // closed by the department, or its admission has ended

	stateAsked     flow.State = "asked"
	stateSubmitted flow.State = "submitted"
	stateReturned  flow.State = "returned"
	stateAccepted  flow.State = "accepted"
	stateLapsed    flow.State = "lapsed" // it need not be answered any more

	stateClaimed   flow.State = "claimed"
	stateCorrected flow.State = "corrected"
	stateUpheld    flow.State = "upheld"
)

const (
	verbSend   flow.Verb = "send" // of the history alone
	verbStart  flow.Verb = "start"
	verbRemind flow.Verb = "remind"
	verbClose  flow.Verb = "close"
	verbEnd    flow.Verb = "end"

	verbSave   flow.Verb = "save"
	verbSubmit flow.Verb = "submit"
	verbTime   flow.Verb = "time"
	verbAccept flow.Verb = "accept"
	verbReturn flow.Verb = "return"
	verbLapse  flow.Verb = "lapse"

	verbDispute flow.Verb = "dispute" // of the history alone
	verbCorrect flow.Verb = "correct"
	verbUphold  flow.Verb = "uphold"
)

var note = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 300}}

// sendings is the table of a sending.
var sendings = (&flow.Flow[*Sending]{
	Name: "exchange.sending", Start: statePreparing,
	Nodes: []flow.StateNode{{State: statePreparing, Open: true}, {State: stateOpen, Open: true}, {State: stateEnded}},
	Transitions: []flow.Transition[*Sending]{
		{From: []flow.State{statePreparing}, Verb: verbStart, To: stateOpen, Permissions: []string{flow.System}},
		{From: []flow.State{stateOpen}, Verb: verbRemind, To: flow.Stay, Permissions: []string{permSend},
			Guards: []flow.Guard[*Sending]{ours, unsuspended, byItself}},
		{From: []flow.State{statePreparing, stateOpen}, Verb: verbClose, To: stateEnded, Permissions: []string{permSend},
			Guards: []flow.Guard[*Sending]{ours, byItself}, Fields: note, Danger: true, Aside: true},
		{From: []flow.State{statePreparing, stateOpen}, Verb: verbEnd, To: stateEnded, Permissions: []string{flow.System}},
	},
	StateOf: func(s *Sending) flow.State { return flow.State(s.State) },
	AreaOf:  func(s *Sending) string { return s.Area },
	CaseOf:  func(*Sending) string { return "" },
}).Check()

var ours = flow.Guard[*Sending]{Key: "exchange.sending.body", Rule: ruleGate, Holds: func(s *Sending, a *authority.Actor) bool {
	return a.System || a.In(s.Body)
}}

var byItself = flow.Guard[*Sending]{Key: "exchange.sending.carried", Rule: ruleCarried,
	Holds: func(s *Sending, _ *authority.Actor) bool { return !s.carried() }}

var unsuspended = flow.Guard[*Sending]{Key: "exchange.sending.suspended", Rule: ruleGate,
	Holds: func(s *Sending, _ *authority.Actor) bool { return !s.Halted() }}

var (
	live = flow.Guard[*Answer]{Key: "exchange.sending.over", Rule: ruleGate, Holds: func(a *Answer, _ *authority.Actor) bool {
		return a.of.Live(a.today)
	}}
	running = flow.Guard[*Answer]{Key: "exchange.sending.suspended", Rule: ruleGate, Holds: func(a *Answer, _ *authority.Actor) bool {
		return !a.of.Halted()
	}}
	asker = flow.Guard[*Answer]{Key: "exchange.sending.body", Rule: ruleGate, Holds: func(a *Answer, by *authority.Actor) bool {
		return by.System || by.In(a.of.Body)
	}}
	alone = flow.Guard[*Answer]{Key: "exchange.sending.carried", Rule: ruleCarried, Holds: func(a *Answer, _ *authority.Actor) bool {
		return !a.of.carried()
	}}
	unanswered = []flow.State{stateAsked, stateReturned}
)

// answers is the table of an answer.
var answers = (&flow.Flow[*Answer]{
	Name: "exchange.answer", Start: stateAsked,
	Nodes: []flow.StateNode{{State: stateAsked, Open: true}, {State: stateSubmitted, Open: true}, {State: stateReturned, Open: true},
		{State: stateAccepted}, {State: stateLapsed}},
	Transitions: []flow.Transition[*Answer]{
		{From: unanswered, Verb: verbSave, To: flow.Stay, Permissions: []string{permFill}, Guards: []flow.Guard[*Answer]{live}},
		{From: unanswered, Verb: verbSubmit, To: stateSubmitted, Permissions: []string{permFill}, Guards: []flow.Guard[*Answer]{live}},
		{From: []flow.State{stateSubmitted, stateAccepted}, Verb: verbTime, To: flow.Stay, Permissions: []string{permFill},
			Guards: []flow.Guard[*Answer]{alone}, Fields: []flow.Field{{Name: "number", Kind: flow.Number, Required: true, Max: maxMinutes}}, Aside: true},
		{From: []flow.State{stateSubmitted}, Verb: verbAccept, To: stateAccepted, Permissions: []string{permJudge},
			Guards: []flow.Guard[*Answer]{asker, alone}},
		{From: []flow.State{stateSubmitted}, Verb: verbReturn, To: stateReturned, Permissions: []string{permJudge},
			Guards: []flow.Guard[*Answer]{asker, alone, live, running}},
		{From: unanswered, Verb: verbLapse, To: stateLapsed, Permissions: []string{flow.System}},
	},
	StateOf: func(a *Answer) flow.State { return flow.State(a.State) },
	AreaOf:  func(a *Answer) string { return a.Area },
	CaseOf:  func(*Answer) string { return "" },
}).Check()

// maxMinutes is the most that one answer may have taken: 40 hours.
const maxMinutes = 2400

var owner = flow.Guard[*Dispute]{Key: "exchange.dispute.body", Rule: ruleDispute, Holds: func(d *Dispute, a *authority.Actor) bool {
	return a.System || a.In(d.Body)
}}

// disputes is the table of a dispute.
var disputes = (&flow.Flow[*Dispute]{
	Name: "exchange.dispute", Start: stateClaimed,
	Nodes: []flow.StateNode{{State: stateClaimed, Open: true}, {State: stateCorrected}, {State: stateUpheld}},
	Transitions: []flow.Transition[*Dispute]{
		{From: []flow.State{stateClaimed}, Verb: verbCorrect, To: stateCorrected, Permissions: []string{permDecide},
			Guards: []flow.Guard[*Dispute]{owner}, Fields: note},
		{From: []flow.State{stateClaimed}, Verb: verbUphold, To: stateUpheld, Permissions: []string{permDecide},
			Guards: []flow.Guard[*Dispute]{owner}, Fields: note},
	},
	StateOf: func(d *Dispute) flow.State { return flow.State(d.State) },
	AreaOf:  func(d *Dispute) string { return d.Area },
	CaseOf:  func(*Dispute) string { return "" },
}).Check()
