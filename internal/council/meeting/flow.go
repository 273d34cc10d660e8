package meeting

import (
	"linli/internal/council"
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// Permissions of the room.
const (
	permRead        = "council.meeting.read"
	permKeep        = "council.meeting.keep"        // convene, enter attendance and votes, write minutes, of bodies that one may keep
	permCommittee   = "council.meeting.committee"   // meetings of all bodies but the two below
	permCouncil     = "council.meeting.council"     // 议事会
	permSupervisory = "council.meeting.supervisory" // 监督委员会
	permRoster      = "council.representative.write"
)

var permissions = []authority.Permission{
	{Name: permRead, Roles: council.Staff},
	{Name: permKeep, Roles: []authority.Role{registry.RoleCommitteeMember, registry.RoleCouncilMember, registry.RoleSupervisoryMember}},
	{Name: permCommittee, Roles: []authority.Role{registry.RoleCommitteeMember}},
	{Name: permCouncil, Roles: []authority.Role{registry.RoleCouncilMember, registry.RoleCommitteeMember}},
	{Name: permSupervisory, Roles: []authority.Role{registry.RoleSupervisoryMember}},
	{Name: permRoster, Roles: []authority.Role{registry.RoleCommitteeMember}},
}

// keepPermission is what keeping the meetings of a body needs.
func keepPermission(body string) string {
	switch body {
	case Council:
		return permCouncil
	case Supervisory:
		return permSupervisory
	}
	return permCommittee
}

// States of a meeting.
const (
	stateDraft     flow.State = "draft"
	stateConvened  flow.State = "convened" // notice was given
	stateSitting   flow.State = "sitting"
	stateClosed    flow.State = "closed" // minutes are written
	stateSigned    flow.State = "signed"
	stateCancelled flow.State = "cancelled"
)

const (
	verbChange  flow.Verb = "change"
	verbConvene flow.Verb = "convene"
	verbOpen    flow.Verb = "open"
	verbAttend  flow.Verb = "attend" // attendance is entered or corrected
	verbVote    flow.Verb = "vote"
	verbCorrect flow.Verb = "correct" // a vote was counted wrongly
	verbClose   flow.Verb = "close"
	verbMinute  flow.Verb = "minute"
	verbSign    flow.Verb = "sign"
	verbCancel  flow.Verb = "cancel"
)

// own keeps members of one body from keeping another's meetings.
var own = flow.Guard[*Meeting]{Key: "council.meeting.own", Holds: func(m *Meeting, actor *authority.Actor) bool {
	return actor.System || actor.Can(keepPermission(m.Body), m.Area)
}}

type row = flow.Transition[*Meeting]

// lifecycle is the table of a meeting.
var lifecycle = (&flow.Flow[*Meeting]{
	Name: "council.meeting", Start: stateDraft,
	Nodes: []flow.StateNode{{State: stateDraft, Open: true}, {State: stateConvened, Open: true}, {State: stateSitting, Open: true},
		{State: stateClosed, Open: true}, {State: stateSigned}, {State: stateCancelled}},
	Transitions: []row{
		kept(row{From: []flow.State{stateDraft}, Verb: verbChange, To: flow.Stay}),
		kept(row{From: []flow.State{stateDraft}, Verb: verbConvene, To: stateConvened, Danger: true}),
		kept(row{From: []flow.State{stateConvened}, Verb: verbOpen, To: stateSitting}),
		kept(row{From: []flow.State{stateConvened, stateSitting}, Verb: verbAttend, To: flow.Stay}),
		kept(row{From: []flow.State{stateSitting}, Verb: verbVote, To: flow.Stay}),
		kept(row{From: []flow.State{stateSitting, stateClosed}, Verb: verbCorrect, To: flow.Stay}),
		kept(row{From: []flow.State{stateSitting}, Verb: verbClose, To: stateClosed, Danger: true}),
		kept(row{From: []flow.State{stateClosed}, Verb: verbMinute, To: flow.Stay}),
		kept(row{From: []flow.State{stateClosed}, Verb: verbSign, To: stateSigned, Danger: true}),
		kept(row{From: []flow.State{stateDraft, stateConvened}, Verb: verbCancel, To: stateCancelled, Danger: true, Aside: true,
			Fields: []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: maxReason}}}),
	},
	StateOf: func(m *Meeting) flow.State { return m.State },
	AreaOf:  func(m *Meeting) string { return m.Area },
	CaseOf:  func(*Meeting) string { return "" },
}).Check()

// kept gives a row what all rows have.
func kept(t row) row {
	t.Permissions, t.Guards = []string{permKeep}, []flow.Guard[*Meeting]{own}
	return t
}

// steps are the verbs that a face sends without more than a note.
var steps = []flow.Verb{verbConvene, verbOpen, verbClose, verbSign, verbCancel}
