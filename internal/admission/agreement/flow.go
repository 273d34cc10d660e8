package agreement

import (
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// Permissions of the room.
const (
	permRead      = "admission.agreement.read"
	permNegotiate = "admission.agreement.negotiate" // either side: change, sign, drop, terminate
	permStreet    = "admission.agreement.street"    // for the street: begin, propose
	permCommunity = "admission.agreement.community" // for the committee: what was not provided is settled
	permAppraise  = "admission.agreement.appraise"  // street, committee and residents' representatives
	permCouncil   = "admission.agreement.council"   // as residents' representative
)

var permissions = []authority.Permission{
	{Name: permRead, Roles: []authority.Role{registry.RoleSubdistrictOfficer, registry.RoleCommitteeMember, registry.RoleCouncilMember,
		registry.RoleSupervisoryMember, registry.RoleDispatcher, registry.RoleCommunityBuilding, registry.RoleCountyOfficer,
		registry.RoleCityOfficer, registry.RoleDepartmentClerk, registry.RoleDepartmentHead}},
	{Name: permNegotiate, Roles: []authority.Role{registry.RoleSubdistrictOfficer, registry.RoleCommitteeMember}},
	{Name: permStreet, Roles: []authority.Role{registry.RoleSubdistrictOfficer}},
	{Name: permCommunity, Roles: []authority.Role{registry.RoleCommitteeMember}},
	{Name: permAppraise, Roles: []authority.Role{registry.RoleSubdistrictOfficer, registry.RoleCommitteeMember, registry.RoleCouncilMember}},
	{Name: permCouncil, Roles: []authority.Role{registry.RoleCouncilMember}},
}

const (
	stateDraft       flow.State = "draft" // the street's own
	stateNegotiating flow.State = "negotiating"
	stateSigned      flow.State = "signed" // by both; its year has not begun
	stateForce       flow.State = "force"
	stateEnded       flow.State = "ended"
	stateDropped     flow.State = "dropped" // never signed
	stateTerminated  flow.State = "terminated"
)

const (
	verbBegin     flow.Verb = "begin" // of the history alone
	verbChange    flow.Verb = "change"
	verbPropose   flow.Verb = "propose"
	verbCounter   flow.Verb = "counter" // either side changes the text that is negotiated
	verbSign      flow.Verb = "sign"
	verbDrop      flow.Verb = "drop"
	verbTerminate flow.Verb = "terminate"
	verbConclude  flow.Verb = "conclude" // both have signed
	verbStart     flow.Verb = "start"    // its year begins
	verbEnd       flow.Verb = "end"
)

const (
	ruleSign    = "admission.agreement.sign"
	ruleRenewal = "admission.agreement.renewal"
)

type guard = flow.Guard[*Agreement]

var (
	// unsigned keeps a side from signing twice, and one account from signing for both.
	unsigned = guard{Key: "admission.agreement.signed", Rule: ruleSign, Holds: func(a *Agreement, actor *authority.Actor) bool {
		if actor.System {
			return true
		}
		s := a.signature(sideOf(actor, a.Area))
		return s != nil && s.At == 0 && actor.ID != a.Street.account && actor.ID != a.Community.account
	}}
	inYear = guard{Key: "admission.agreement.over", Rule: ruleSign,
		Holds: func(a *Agreement, _ *authority.Actor) bool { return a.today <= a.Until() }}
	note = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 500}}
)

// sideOf is the side for which an actor acts on a community's agreement, or "".
func sideOf(actor *authority.Actor, area string) Side {
	switch {
	case actor.System:
		return ""
	case actor.Can(permStreet, area):
		return Street
	case actor.Can(permCommunity, area):
		return Community
	case actor.Can(permCouncil, area):
		return Council
	}
	return ""
}

// signature is a side's, or nil.
func (a *Agreement) signature(side Side) *Signature {
	switch side {
	case Street:
		return &a.Street
	case Community:
		return &a.Community
	}
	return nil
}

// lifecycle is the table of an agreement.
var lifecycle = (&flow.Flow[*Agreement]{
	Name: "admission.agreement", Start: stateDraft,
	Nodes: []flow.StateNode{{State: stateDraft, Open: true}, {State: stateNegotiating, Open: true}, {State: stateSigned, Open: true},
		{State: stateForce, Open: true}, {State: stateEnded}, {State: stateDropped}, {State: stateTerminated}},
	Transitions: []flow.Transition[*Agreement]{
		{From: []flow.State{stateDraft}, Verb: verbChange, To: flow.Stay, Permissions: []string{permStreet}},
		{From: []flow.State{stateDraft}, Verb: verbPropose, To: stateNegotiating, Permissions: []string{permStreet}, Guards: []guard{inYear}},
		{From: []flow.State{stateNegotiating}, Verb: verbCounter, To: flow.Stay, Permissions: []string{permNegotiate}, Guards: []guard{inYear}},
		{From: []flow.State{stateNegotiating}, Verb: verbSign, To: flow.Stay, Permissions: []string{permNegotiate},
			Guards: []guard{inYear, unsigned}, Danger: true},
		{From: []flow.State{stateNegotiating}, Verb: verbConclude, To: stateSigned, Permissions: []string{flow.System}},
		{From: []flow.State{stateSigned}, Verb: verbStart, To: stateForce, Permissions: []string{flow.System}},
		{From: []flow.State{stateForce}, Verb: verbEnd, To: stateEnded, Permissions: []string{flow.System}},
		{From: []flow.State{stateDraft, stateNegotiating}, Verb: verbDrop, To: stateDropped, Permissions: []string{permStreet}, Fields: note,
			Danger: true, Aside: true},
		{From: []flow.State{stateSigned, stateForce}, Verb: verbTerminate, To: stateTerminated, Permissions: []string{permNegotiate},
			Fields: note, Danger: true, Aside: true},
	},
	StateOf: func(a *Agreement) flow.State { return a.State },
	AreaOf:  func(a *Agreement) string { return a.Area },
	CaseOf:  func(*Agreement) string { return "" },
}).Check()

// steps are the verbs that a face sends, with the permission without which nobody takes them.
var steps = []struct {
	verb       flow.Verb
	permission string
}{{verbPropose, permStreet}, {verbSign, permNegotiate}, {verbDrop, permStreet}, {verbTerminate, permNegotiate}}
