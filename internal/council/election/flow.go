package election

import (
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/registry"
	"linli/internal/threshold"
)

// Permissions of the room.
const (
	permRead  = "council.election.read"
	permBegin = "council.election.begin" // street or town, or those who run elections
	permRun   = "council.election.run"   // for the election committee: plan, roll, candidates, steps
	permOver  = "council.election.over"  // for the street or town: begins an election and supervises the handover
)

var permissions = []authority.Permission{
	{Name: permRead, Roles: []authority.Role{registry.RoleCommitteeMember, registry.RoleCouncilMember, registry.RoleSupervisoryMember,
		registry.RoleDispatcher, registry.RoleSubdistrictOfficer, registry.RoleCountyOfficer, registry.RoleCityOfficer,
		registry.RoleCommunityBuilding}},
	{Name: permBegin, Roles: []authority.Role{registry.RoleCommitteeMember, registry.RoleDispatcher, registry.RoleSubdistrictOfficer}},
	{Name: permRun, Roles: []authority.Role{registry.RoleCommitteeMember, registry.RoleDispatcher}},
	{Name: permOver, Roles: []authority.Role{registry.RoleSubdistrictOfficer}},
}

const (
	stateDraft     flow.State = "draft"
	statePosted    flow.State = "posted"    // the roll is public; candidates are nominated
	stateReady     flow.State = "ready"     // the ballot paper is final
	statePolling   flow.State = "polling"   //
	stateCounting  flow.State = "counting"  //
	stateAnnounced flow.State = "announced" // the result of a vote is public
	stateConcluded flow.State = "concluded" // members stand in the register; the handover is due
	stateDone      flow.State = "done"
	stateVoid      flow.State = "void"
	stateAbandoned flow.State = "abandoned"
)

const (
	verbBegin    flow.Verb = "begin" // of the history alone
	verbPost     flow.Verb = "post"
	verbFinal    flow.Verb = "final"
	verbOpen     flow.Verb = "open"
	verbEnd      flow.Verb = "end"
	verbAnnounce flow.Verb = "announce"
	verbRunoff   flow.Verb = "runoff"
	verbConclude flow.Verb = "conclude"
	verbHandover flow.Verb = "handover"
	verbVoid     flow.Verb = "void"
	verbAbandon  flow.Verb = "abandon"
)

type guard = flow.Guard[*Election]

var (
	isValid = guard{Key: "council.election.invalid", Rule: "council.election.vacancy",
		Holds: func(e *Election, _ *authority.Actor) bool { return e.valid }}
	isOpen = guard{Key: "council.election.full", Rule: "council.election.vacancy",
		Holds: func(e *Election, _ *authority.Actor) bool { return e.Plan.open() > 0 }}
	filled = guard{Key: "council.election.vacant", Rule: "council.election.vacancy", Holds: func(e *Election, _ *authority.Actor) bool {
		if e.Plan.open() == 0 {
			return true
		}
		f, ok := threshold.FigureOf("members", e.Law, "", e.Plan.Day)
		return e.Plan.Round > 1 && (e.Plan.Kind == Byelection || ok && len(e.Plan.seated()) >= f.Min)
	}}
	note = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 500}}
)

// lifecycle is the table of an election.
var lifecycle = (&flow.Flow[*Election]{
	Name: "council.election", Start: stateDraft,
	Nodes: []flow.StateNode{{State: stateDraft, Open: true}, {State: statePosted, Open: true}, {State: stateReady, Open: true},
		{State: statePolling, Open: true}, {State: stateCounting, Open: true}, {State: stateAnnounced, Open: true},
		{State: stateConcluded, Open: true}, {State: stateDone}, {State: stateVoid}, {State: stateAbandoned}},
	Transitions: []flow.Transition[*Election]{
		{From: []flow.State{stateDraft}, Verb: verbPost, To: statePosted, Permissions: []string{permRun}, Danger: true},
		{From: []flow.State{statePosted}, Verb: verbFinal, To: stateReady, Permissions: []string{permRun}, Danger: true},
		{From: []flow.State{stateReady}, Verb: verbOpen, To: statePolling, Permissions: []string{permRun}},
		{From: []flow.State{statePolling}, Verb: verbEnd, To: stateCounting, Permissions: []string{permRun}, Danger: true},
		{From: []flow.State{stateCounting}, Verb: verbAnnounce, To: stateAnnounced, Permissions: []string{permRun}, Danger: true},
		{From: []flow.State{stateAnnounced}, Verb: verbRunoff, To: stateReady, Permissions: []string{permRun}, Guards: []guard{isValid, isOpen},
			Fields: []flow.Field{{Name: "day", Kind: flow.Day, Required: true}}},
		{From: []flow.State{stateAnnounced}, Verb: verbConclude, To: stateConcluded, Permissions: []string{permRun},
			Guards: []guard{isValid, filled}, Danger: true},
		{From: []flow.State{stateConcluded}, Verb: verbHandover, To: stateDone, Permissions: []string{permOver}, Fields: note},
		{From: []flow.State{stateAnnounced}, Verb: verbVoid, To: stateVoid, Permissions: []string{permOver}, Fields: note, Danger: true,
			Aside: true},
		{From: []flow.State{stateDraft, statePosted, stateReady}, Verb: verbAbandon, To: stateAbandoned,
			Permissions: []string{permOver}, Fields: note, Danger: true, Aside: true},
	},
	StateOf: func(e *Election) flow.State { return e.State },
	AreaOf:  func(e *Election) string { return e.Area },
	CaseOf:  func(*Election) string { return "" },
}).Check()

// steps are the verbs that a face sends, with the permission without which nobody takes them.
var steps = []struct {
	verb       flow.Verb
	permission string
}{{verbPost, permRun}, {verbFinal, permRun}, {verbOpen, permRun}, {verbEnd, permRun}, {verbAnnounce, permRun}, {verbRunoff, permRun},
	{verbConclude, permRun}, {verbHandover, permOver}, {verbVoid, permOver}, {verbAbandon, permOver}}
