// Package application admits what departments want of communities (社区工作准入): an application with its basis, scope, hours and
// money, evaluated by the streets and the residents concerned, heard where it is large, decided by the community-building
// body of the level, paid for, reviewed, and ended. Silence refuses. It is the [gate.Gate]: without an admission that is
// active and paid for, or an entry of the lists, no department's work reaches a community.
//
// Tables: admission_application and admission_application_* (sharded), admission_application_number (reference). Lifecycles:
// admission.application, admission.instalment.
package application

import (
	"linli/internal/admission/proposal"
	"linli/internal/platform/authority"
	"linli/internal/registry"
)

// Permissions of the room.
const (
	permRead    = "admission.application.read"
	permWrite   = "admission.application.write"   // and submit, withdraw, record payments
	permSign    = "admission.application.sign"    // for the body that applies
	permOpine   = "admission.application.opine"   // as a street, or for residents
	permDecide  = "admission.application.decide"  // as the community-building body
	permReceive = "admission.application.receive" // confirm that money has arrived
)

var permissions = []authority.Permission{
	{Name: permRead, Roles: []authority.Role{registry.RoleWindowWorker, registry.RoleDispatcher, registry.RoleCommitteeMember,
		registry.RoleCouncilMember, registry.RoleSupervisoryMember, registry.RoleDepartmentClerk, registry.RoleDepartmentHead,
		registry.RoleSubdistrictOfficer, registry.RoleCountyOfficer, registry.RoleCityOfficer, registry.RoleCommunityBuilding}},
	{Name: permWrite, Roles: []authority.Role{registry.RoleDepartmentClerk, registry.RoleDepartmentHead}},
	{Name: permSign, Roles: []authority.Role{registry.RoleDepartmentHead}},
	{Name: permOpine, Roles: []authority.Role{registry.RoleSubdistrictOfficer, registry.RoleCommitteeMember, registry.RoleCouncilMember,
		registry.RoleSupervisoryMember}},
	{Name: permDecide, Roles: []authority.Role{registry.RoleCommunityBuilding}},
	{Name: permReceive, Roles: []authority.Role{registry.RoleDispatcher, registry.RoleCommitteeMember, registry.RoleSubdistrictOfficer}},
}

// Application is one case of admission, from the draft to its end.
type Application struct {
	Shard, ID string
	State     string
	Area      string // the smallest that holds all of Areas
	Body      string // id of the department's body that applies
	Number    string // of the admission; "" until it is admitted or declared an emergency
	proposal.Proposal
	Writer     string // names of the accounts
	Signer     string
	Decider    string
	WrittenAt  int64
	ReceivedAt int64  // first signed and handed in; 0 before
	Returned   bool   // once, at any time
	PausedAt   int64  // given back for correction; 0 where it never was
	ResumedAt  int64  // handed in again; 0 before
	DueAt      int64  // the last instant to decide; 0 while no clock runs
	OpinionsBy string // last day for opinions; "" before evaluation
	HearingOn  string // day of the hearing; "" without one
	Hearing    string // what came of it; "" before
	DecidedAt  int64
	Reason     string // of the decision, or of the end
	RatifyBy   string // last day to ratify an emergency; "" for any other
	Cause      string // why it is suspended: money, review, decision; "" otherwise
	ReviewBy   string // last day of the next yearly review; "" before it is active
	EndedAt    int64
	Version    int64

	writers  []string // ids of the accounts that wrote, signed or submitted it
	opinions []AdmissionOpinion
	streets  []string // concerned
	owed     bool     // an instalment is overdue, or paid and not confirmed
	hears    bool     // its scope or its hours pass the threshold of a hearing
	levels   []int    // of the bodies that decide, today
	now      int64
	today    string
	at       string // the area in which the actor acts on it; Area unless narrower
}

// Live tells whether departments' work may rest on it, dates and money aside.
func (e *Application) Live() bool {
	return e.State == string(stateActive) || e.State == string(stateProvisional)
}

// draft tells whether nobody but the department sees it yet.
func (e *Application) draft() bool {
	return e.State == string(stateDraft) || e.State == string(stateSigning)
}
