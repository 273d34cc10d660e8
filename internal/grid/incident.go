// Package grid keeps watch: incidents that residents and workers report, dispatched to whoever
// is responsible, handled in time, and verified by somebody else before they are closed.
// Tables: grid_category (reference), grid_incident, grid_recheck, grid_recheck_tally (sharded). Lifecycle: grid.incident, after the seven
// steps of GB/T 30428.
package grid

import (
	"slices"

	"linli/internal/casework"
	"linli/internal/casework/clockverb"
	"linli/internal/casework/duplicate"
	"linli/internal/casework/joint"
	"linli/internal/casework/rating"
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// KindIncident is the kind of case that this module brings.
const KindIncident = "incident"

// Permissions of the module.
const (
	permReport    = "grid.incident.report" // as a worker
	permEstablish = "grid.incident.establish"
	permDispatch  = "grid.incident.dispatch"
	permHandle    = "grid.incident.handle"
	permVerify    = "grid.incident.verify"
	permClose     = "grid.incident.close"
	permSuspend   = "grid.incident.suspend"
	permExtend    = "grid.incident.extend"
	permMerge     = "grid.incident.merge"
	permCategory  = "grid.category.edit"
)

var permissions = []authority.Permission{
	{Name: permReport, Roles: []authority.Role{registry.RoleWindowWorker, registry.RoleGridWorker,
		registry.RoleDispatcher, registry.RoleCommitteeMember}},
	{Name: permEstablish, Roles: []authority.Role{registry.RoleDispatcher}},
	{Name: permDispatch, Roles: []authority.Role{registry.RoleDispatcher}},
	{Name: permHandle, Roles: []authority.Role{registry.RoleGridWorker, registry.RoleWindowWorker, registry.RoleDispatcher,
		registry.RoleDepartmentClerk, registry.RoleDepartmentHead}},
	{Name: permVerify, Roles: []authority.Role{registry.RoleGridWorker, registry.RoleDispatcher}},
	{Name: permClose, Roles: []authority.Role{registry.RoleDispatcher}},
	{Name: permSuspend, Roles: []authority.Role{registry.RoleDispatcher, registry.RoleDepartmentHead}},
	{Name: permExtend, Roles: []authority.Role{registry.RoleDispatcher, registry.RoleDepartmentHead}},
	{Name: permRecheck, Roles: []authority.Role{registry.RoleSubdistrictOfficer, registry.RoleCountyOfficer, registry.RoleSupervisoryMember}},
	{Name: permDraw},
	{Name: permMerge, Roles: []authority.Role{registry.RoleDispatcher}},
	{Name: permCategory, Roles: []authority.Role{registry.RoleCityOfficer}},
}

const (
	stateReported    flow.State = "reported"    // 信息收集
	stateEstablished flow.State = "established" // 立案
	stateDispatched  flow.State = "dispatched"  // 任务派遣
	stateHandling    flow.State = "handling"    // 任务处理
	stateFedBack     flow.State = "fed_back"    // 处理反馈
	stateVerified    flow.State = "verified"    // 核查
	stateClosed      flow.State = "closed"      // 结案
	stateDismissed   flow.State = "dismissed"   // 不予立案
	stateRated       flow.State = "rated"       // 综合评价
)

const (
	verbReport    flow.Verb = "report"
	verbEstablish flow.Verb = "establish"
	verbDismiss   flow.Verb = "dismiss"
	verbDispatch  flow.Verb = "dispatch"
	verbHandle    flow.Verb = "handle"
	verbFeedBack  flow.Verb = "feed_back"
	verbVerify    flow.Verb = "verify"
	verbRework    flow.Verb = "rework"
	verbClose     flow.Verb = "close"
)

// counts are what the steps of an incident count for the indicators.
var counts = map[flow.Verb][]casework.Counter{verbEstablish: {casework.Filed},
	verbFeedBack: {casework.Handled}, verbRework: {casework.Reworked},
	verbConfirm: {casework.Checked, casework.Confirmed}, verbReopen: {casework.Checked}}

type transition = flow.Transition[*casework.Case]

var (
	note   = flow.Field{Name: "note", Kind: flow.Text, Max: 2000}
	reason = flow.Field{Name: "note", Kind: flow.Text, Required: true, Max: 2000}
	files  = flow.Field{Name: "files", Kind: flow.Files, Max: 9}
	unit   = flow.Field{Name: "unit", Kind: flow.Unit} // left out: by the routes

	// commands is the guard of 挂账 and 延期: the dispatcher, or the head of the responsible unit.
	commands = flow.Guard[*casework.Case]{Key: "casework.not_your_unit", Rule: "casework.own_unit",
		Holds: func(c *casework.Case, a *authority.Actor) bool { return a.In(c.Unit) || a.Can(permDispatch, c.Area) }}
)

// lifecycle is the table of 事件. Two axes: who watches establishes and verifies, who commands
// dispatches; the handler can neither verify nor close.
func lifecycle(objects []flow.Guard[*casework.Case]) *flow.Flow[*casework.Case] {
	own := []flow.Guard[*casework.Case]{casework.OwnUnit, casework.NotSupervisor}
	feedback := []flow.Guard[*casework.Case]{casework.OwnUnit, casework.NotSupervisor, joint.PartsDone}
	verifier := []flow.Guard[*casework.Case]{casework.NotWorker("grid.incident.verifier_is_handler", "grid.verify.not_handler")}
	open := []flow.State{stateReported, stateEstablished, stateDispatched, stateHandling, stateFedBack, stateVerified}
	closer := []flow.Guard[*casework.Case]{casework.NotWorker("grid.incident.closer_is_handler", "grid.close.not_handler")}
	return &flow.Flow[*casework.Case]{
		Name: "grid.incident", Start: stateReported,
		Nodes: []flow.StateNode{
			{State: stateReported, Open: true}, {State: stateEstablished, Open: true}, {State: stateDispatched, Open: true},
			{State: stateHandling, Open: true}, {State: stateFedBack, Open: true}, {State: stateVerified, Open: true},
			{State: casework.StateMerged, Open: true}, {State: stateClosed}, {State: stateDismissed}, {State: stateRated},
		},
		Transitions: slices.Concat([]transition{
			{From: []flow.State{stateReported}, Verb: verbEstablish, To: stateEstablished,
				Permissions: []string{permEstablish}, Fields: []flow.Field{note}},
			{From: []flow.State{stateReported}, Verb: verbDismiss, To: stateDismissed, Permissions: []string{permEstablish},
				Fields: []flow.Field{reason}, Danger: true, Tells: true, Outcome: string(casework.Dismissed)},
			{From: []flow.State{stateEstablished}, Verb: verbDispatch, To: stateDispatched, Permissions: []string{permDispatch},
				Fields: []flow.Field{unit, note, {Name: "basis", Kind: flow.Basis}}},
			{From: []flow.State{stateDispatched}, Verb: verbHandle, To: stateHandling, Permissions: []string{permHandle}, Guards: own,
				Fields: []flow.Field{note}, Works: true},
			{From: []flow.State{stateDispatched}, Verb: casework.VerbObject, Aside: true, To: stateEstablished, Permissions: []string{permHandle},
				Guards: objects, Fields: []flow.Field{reason}},
			{From: []flow.State{stateHandling}, Verb: verbFeedBack, To: stateFedBack, Permissions: []string{permHandle}, Guards: feedback,
				Fields: []flow.Field{reason, files}, Works: true, Tells: true},
			{From: []flow.State{stateFedBack}, Verb: verbVerify, To: stateVerified, Permissions: []string{permVerify}, Guards: verifier,
				Fields: []flow.Field{note, files}, Tells: true},
			{From: []flow.State{stateFedBack}, Verb: verbRework, To: stateDispatched, Permissions: []string{permVerify}, Guards: verifier,
				Fields: []flow.Field{reason, files}, Anew: true, Tells: true},
			{From: []flow.State{stateVerified}, Verb: verbClose, To: stateClosed, Permissions: []string{permClose}, Guards: closer,
				Fields: []flow.Field{note}, Danger: true, Tells: true, Outcome: string(casework.Completed)},
			rating.RateTransition(stateClosed, stateDismissed),
			rating.RerateTransition(),
			clockverb.ExtendTransition([]flow.State{stateDispatched, stateHandling}, []string{permExtend}, "grid.extend.percent", commands),
		}, recheckTransitions(),
			clockverb.SuspendTransitions(open, []string{permSuspend}, []string{"season", "funding", "resident"}, commands),
			clockverb.SuperviseTransitions(open...),
			duplicate.MergeRows(permMerge, stateReported, stateClosed, stateDismissed, []flow.State{stateClosed, stateRated}, stateReported,
				stateEstablished, stateDispatched, stateHandling),
			joint.Transitions([]flow.State{stateDispatched, stateHandling}, permDispatch, permHandle)),
		StateOf: func(c *casework.Case) flow.State { return c.State },
		AreaOf:  func(c *casework.Case) string { return c.Area },
		CaseOf:  func(c *casework.Case) string { return c.ID },
	}
}
