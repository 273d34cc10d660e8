// Package hall is the one-stop service hall: the catalogue of services with their guides, and
// applications from the window or the portal until they are decided, delivered and rated.
// Tables: hall_item, hall_edition (reference), hall_application (sharded). Lifecycle: hall.application.
package hall

import (
	"slices"

	"linli/internal/casework"
	"linli/internal/casework/clockverb"
	"linli/internal/casework/joint"
	"linli/internal/casework/rating"
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// KindApplication is the kind of case that this module brings.
const KindApplication = "application"

// Permissions of the module.
const (
	permSubmit  = "hall.application.submit" // for somebody, at a window
	permAccept  = "hall.application.accept"
	permReview  = "hall.application.review"
	permDecide  = "hall.application.decide"
	permDeliver = "hall.application.deliver"
	permSuspend = "hall.application.suspend"
	permExtend  = "hall.application.extend"
	PermItem    = "hall.item.edit"
)

var permissions = []authority.Permission{
	{Name: permSubmit, Roles: []authority.Role{registry.RoleWindowWorker, registry.RoleDispatcher}},
	{Name: permAccept, Roles: []authority.Role{registry.RoleWindowWorker, registry.RoleDispatcher}},
	{Name: permReview, Roles: []authority.Role{registry.RoleDepartmentClerk, registry.RoleDepartmentHead,
		registry.RoleWindowWorker, registry.RoleDispatcher}},
	{Name: permDecide, Roles: []authority.Role{registry.RoleDepartmentHead, registry.RoleDispatcher}},
	{Name: permDeliver, Roles: []authority.Role{registry.RoleWindowWorker, registry.RoleDispatcher}},
	{Name: permSuspend, Roles: []authority.Role{registry.RoleDepartmentClerk, registry.RoleDepartmentHead,
		registry.RoleWindowWorker, registry.RoleDispatcher}},
	{Name: permExtend, Roles: []authority.Role{registry.RoleDepartmentHead, registry.RoleDispatcher}},
	{Name: PermItem, Roles: []authority.Role{registry.RoleCityOfficer}},
}

const (
	stateSubmitted flow.State = "submitted" // 待受理
	stateReturned  flow.State = "returned"  // 待补正
	stateAccepted  flow.State = "accepted"  // 已受理
	stateObjected  flow.State = "objected"  // 待改派
	stateReviewed  flow.State = "reviewed"  // 已审查
	stateApproved  flow.State = "approved"  // 准予
	stateDenied    flow.State = "denied"    // 不予
	stateDelivered flow.State = "delivered" // 已送达
	stateRefused   flow.State = "refused"   // 不予受理
	stateWithdrawn flow.State = "withdrawn" // 已撤回
	stateRated     flow.State = "rated"     // 已评价
)

const (
	verbSubmit   flow.Verb = "submit"
	verbAccept   flow.Verb = "accept"
	verbReturn   flow.Verb = "return"
	verbResubmit flow.Verb = "resubmit"
	verbRefuse   flow.Verb = "refuse"
	verbReview   flow.Verb = "review"
	verbApprove  flow.Verb = "approve"
	verbDeny     flow.Verb = "deny"
	verbDeliver  flow.Verb = "deliver"
	verbWithdraw flow.Verb = "withdraw"
	verbDeem     flow.Verb = "deem_accepted"
	verbRedirect flow.Verb = "redirect"
)

const (
	choicePass = "pass"
	choiceFail = "fail"
)

// counts are what the steps of an application count for the indicators.
var counts = map[flow.Verb][]casework.Counter{verbAccept: {casework.Filed}, verbDeem: {casework.Filed},
	verbApprove: {casework.Handled}, verbDeny: {casework.Handled}}

type transition = flow.Transition[*casework.Case]

var (
	note     = flow.Field{Name: "note", Kind: flow.Text, Max: 2000}
	reason   = flow.Field{Name: "note", Kind: flow.Text, Required: true, Max: 2000}
	missing  = flow.Field{Name: "lines", Kind: flow.Lines, Required: true, Max: 20}
	files    = flow.Field{Name: "files", Kind: flow.Files, Max: 9}
	unit     = flow.Field{Name: "unit", Kind: flow.Unit, Required: true}
	basis    = flow.Field{Name: "basis", Kind: flow.Basis}
	verdict  = flow.Field{Name: "choice", Kind: flow.Choice, Required: true, Options: []string{choicePass, choiceFail}}
	onceOnly = flow.Guard[*casework.Case]{Key: "hall.application.returned_once", Rule: "hall.return_once",
		Holds: func(c *casework.Case, _ *authority.Actor) bool { return c.Returned == 0 }}
)

// lifecycle is the table of 服务申请. The time in which papers are looked at never stands still: only
// that in which a decision is made may (行政许可法, art. 45), and the delivery to a resident. The one who reviewed does not decide, where the
// city's rule hall.separation says so.
func lifecycle(separate flow.Guard[*casework.Case], objects []flow.Guard[*casework.Case]) *flow.Flow[*casework.Case] {
	review := []flow.Guard[*casework.Case]{casework.OwnUnit, casework.NotSupervisor, joint.PartsDone}
	decide := []flow.Guard[*casework.Case]{casework.OwnUnit, separate, casework.NotSupervisor}
	inTime := []flow.Guard[*casework.Case]{notDeemed}
	deciding := []flow.State{stateAccepted, stateReviewed}
	return &flow.Flow[*casework.Case]{
		Name: "hall.application", Start: stateSubmitted,
		Nodes: []flow.StateNode{
			{State: stateSubmitted, Open: true}, {State: stateReturned, Open: true}, {State: stateAccepted, Open: true},
			{State: stateObjected, Open: true},
			{State: stateReviewed, Open: true}, {State: stateApproved, Open: true}, {State: stateDenied, Open: true},
			{State: stateDelivered}, {State: stateRefused}, {State: stateWithdrawn}, {State: stateRated},
		},
		Transitions: slices.Concat([]transition{
			{From: []flow.State{stateSubmitted}, Verb: verbAccept, To: stateAccepted, Permissions: []string{permAccept},
				Guards: inTime, Fields: []flow.Field{note}},
			{From: []flow.State{stateSubmitted}, Verb: verbReturn, Aside: true, To: stateReturned, Permissions: []string{permAccept},
				Guards: []flow.Guard[*casework.Case]{notDeemed, onceOnly}, Fields: []flow.Field{missing, note}, Tells: true},
			{From: []flow.State{stateReturned}, Verb: verbResubmit, To: stateSubmitted, Permissions: []string{permSubmit, flow.Reporter},
				Fields: []flow.Field{note, files}},
			{From: []flow.State{stateSubmitted}, Verb: verbRefuse, To: stateRefused, Permissions: []string{permAccept}, Guards: inTime,
				Fields: []flow.Field{reason}, Danger: true, Tells: true, Outcome: string(casework.Refused)},
			{From: []flow.State{stateAccepted}, Verb: verbReview, To: stateReviewed, Permissions: []string{permReview}, Guards: review,
				Fields: []flow.Field{verdict, note, files}, Works: true},
			{From: []flow.State{stateAccepted}, Verb: casework.VerbObject, Aside: true, To: stateObjected, Permissions: []string{permReview},
				Guards: objects, Fields: []flow.Field{reason}},
			{From: []flow.State{stateObjected}, Verb: verbRedirect, To: stateAccepted, Permissions: []string{permAccept},
				Fields: []flow.Field{unit, note, basis}},
			{From: []flow.State{stateReviewed}, Verb: verbApprove, To: stateApproved, Permissions: []string{permDecide}, Guards: decide,
				Fields: []flow.Field{note}, Danger: true, Tells: true, Outcome: string(casework.Granted)},
			{From: []flow.State{stateReviewed}, Verb: verbDeny, To: stateDenied, Permissions: []string{permDecide}, Guards: decide,
				Fields: []flow.Field{reason}, Danger: true, Tells: true, Outcome: string(casework.Denied)},
			{From: []flow.State{stateApproved, stateDenied}, Verb: verbDeliver, To: stateDelivered, Permissions: []string{permDeliver},
				Fields: []flow.Field{note, files}, Tells: true},
			{From: []flow.State{stateSubmitted, stateReturned, stateAccepted, stateObjected}, Verb: verbWithdraw, Aside: true, To: stateWithdrawn,
				Permissions: []string{flow.Reporter}, Fields: []flow.Field{note}, Danger: true, Outcome: string(casework.Withdrawn)},
			rating.RateTransition(stateDelivered, stateRefused),
			rating.RerateTransition(),
			{From: []flow.State{stateSubmitted}, Verb: verbDeem, To: stateAccepted, Permissions: []string{flow.System},
				Guards: []flow.Guard[*casework.Case]{deemed}, Tells: true},
			clockverb.ExtendTransition(deciding, []string{permExtend}, "hall.decide.extension", casework.OwnUnit),
		},
			clockverb.SuspendTransitions(deciding, []string{permSuspend}, []string{"hearing", "inspection", "expert", "resident"}, casework.OwnUnit),
			clockverb.SuspendTransitions([]flow.State{stateApproved, stateDenied}, []string{permSuspend}, []string{"resident"}, casework.OwnUnit),
			clockverb.SuperviseTransitions(stateSubmitted, stateReturned, stateAccepted, stateObjected, stateReviewed, stateApproved, stateDenied),
			joint.Transitions([]flow.State{stateAccepted}, permAccept, permReview)),
		StateOf: func(c *casework.Case) flow.State { return c.State },
		AreaOf:  func(c *casework.Case) string { return c.Area },
		CaseOf:  func(c *casework.Case) string { return c.ID },
	}
}
