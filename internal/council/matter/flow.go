package matter

import (
	"slices"

	"linli/internal/council"
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// Permissions of the room.
const (
	permRead       = "council.matter.read"
	permRaise      = "council.matter.raise"      // and enter what came on paper
	permModerate   = "council.matter.moderate"   // withhold words with a reason
	permReview     = "council.matter.review"     // for the Party branch
	permDeliberate = "council.matter.deliberate" // organise a deliberation
	permCouncil    = "council.matter.council"    // as a member of the 议事会
	permExecute    = "council.matter.execute"    // for the committee
	permSupervise  = "council.matter.supervise"  // for the supervisory body
	permCheck      = "council.matter.check"      // record whether near relatives are among the supervisors
)

var permissions = []authority.Permission{
	{Name: permRead, Roles: council.Staff},
	{Name: permRaise, Roles: []authority.Role{registry.RoleBranchMember, registry.RoleCommitteeMember, registry.RoleCouncilMember,
		registry.RoleDispatcher}},
	{Name: permModerate, Roles: []authority.Role{registry.RoleCommitteeMember}},
	{Name: permReview, Roles: []authority.Role{registry.RoleBranchMember}},
	{Name: permDeliberate, Roles: []authority.Role{registry.RoleCouncilMember, registry.RoleCommitteeMember}},
	{Name: permCouncil, Roles: []authority.Role{registry.RoleCouncilMember}},
	{Name: permExecute, Roles: []authority.Role{registry.RoleCommitteeMember}},
	{Name: permSupervise, Roles: []authority.Role{registry.RoleSupervisoryMember}},
	{Name: permCheck, Roles: []authority.Role{registry.RoleSupervisoryMember, registry.RoleSubdistrictOfficer}},
}

// States of a matter.
const (
	stateGathering    flow.State = "gathering" // a resident's proposal gathers supporters
	stateProposed     flow.State = "proposed"  // waits for the Party branch
	stateReturned     flow.State = "returned"  // by the Party branch, with its reason
	stateAccepted     flow.State = "accepted"
	stateConsulted    flow.State = "consulted" // villages: branch and committee have spoken together
	stateDeliberating flow.State = "deliberating"
	stateUnresolved   flow.State = "unresolved" // no consensus
	stateAgreed       flow.State = "agreed"     // to be carried out, or watched, by the committee
	stateReferred     flow.State = "referred"   // to the assembly or the representatives
	stateExamined     flow.State = "examined"   // villages: by the Party members' meeting
	stateDecided      flow.State = "decided"
	stateAnnounced    flow.State = "announced" // the decision is posted
	stateExecuting    flow.State = "executing"
	stateExecuted     flow.State = "executed"
	stateSupervised   flow.State = "supervised"
	stateDisclosed    flow.State = "disclosed" // the result is posted; residents appraise
	stateAppraised    flow.State = "appraised"
	stateRejected     flow.State = "rejected"
	stateWithdrawn    flow.State = "withdrawn"
	stateLapsed       flow.State = "lapsed" // too few supporters in time
	stateDropped      flow.State = "dropped"
)

const (
	verbRaise      flow.Verb = "raise"    // of the history alone
	verbSupport    flow.Verb = "support"  // on paper; on the portal without a verb
	verbOpinion    flow.Verb = "opinion"  // on paper
	verbWithhold   flow.Verb = "withhold" // words of the matter or of an opinion
	verbRestore    flow.Verb = "restore"
	verbQualify    flow.Verb = "qualify"
	verbLapse      flow.Verb = "lapse"
	verbAccept     flow.Verb = "accept"
	verbReturn     flow.Verb = "return"
	verbChange     flow.Verb = "change"
	verbResubmit   flow.Verb = "resubmit"
	verbConsult    flow.Verb = "consult"
	verbDeliberate flow.Verb = "deliberate"
	verbImplement  flow.Verb = "implement"
	verbMonitor    flow.Verb = "monitor"
	verbRefer      flow.Verb = "refer"
	verbDisagree   flow.Verb = "disagree"
	verbDrop       flow.Verb = "drop"
	verbExamine    flow.Verb = "examine"
	verbDecide     flow.Verb = "decide"
	verbReject     flow.Verb = "reject"
	verbAnnounce   flow.Verb = "announce"
	verbPlan       flow.Verb = "plan"
	verbBegin      flow.Verb = "begin"
	verbProgress   flow.Verb = "progress"
	verbComplete   flow.Verb = "complete"
	verbFind       flow.Verb = "find"
	verbAnswer     flow.Verb = "answer"
	verbCheck      flow.Verb = "check"
	verbClear      flow.Verb = "clear"
	verbDisclose   flow.Verb = "disclose"
	verbAppraise   flow.Verb = "appraise" // on paper
	verbConclude   flow.Verb = "conclude"
	verbWithdraw   flow.Verb = "withdraw"
)

// Rules of the room.
const (
	ruleOrder        = "council.matter.order"
	ruleDeliberated  = "council.matter.deliberated"
	ruleDecided      = "council.matter.decided"
	ruleExamined     = "council.matter.examined"
	ruleSeparate     = "council.matter.separate"
	ruleAnswered     = "council.matter.answered"
	ruleSupporters   = "council.matter.supporters"
	ruleGathering    = "council.matter.gathering.days"
	ruleReview       = "council.matter.review.days"
	ruleAnnounce     = "council.matter.announce.days"
	ruleAnswer       = "council.matter.answer.days"
	ruleAppraisal    = "council.matter.appraisal.days"
	checkedRelatives = "relatives"
)

// terms are the states in which the next step is due within the days of a rule.
var terms = map[flow.State]string{stateGathering: ruleGathering, stateProposed: ruleReview, stateDecided: ruleAnnounce,
	stateDisclosed: ruleAppraisal}

type guard = flow.Guard[*Matter]

func when(key, rule string, holds func(m *Matter, a *authority.Actor) bool) guard {
	return guard{Key: "council.matter." + key, Rule: rule, Holds: holds}
}

var (
	inVillage = when("village", ruleExamined, func(m *Matter, _ *authority.Actor) bool { return m.village() })
	// consultedFirst: in a village branch and committee speak together before the matter is deliberated.
	consultedFirst = when("not_consulted", ruleExamined, func(m *Matter, _ *authority.Actor) bool {
		return !m.village() || m.State != stateAccepted
	})
	// examinedFirst: in a village the Party members examine what goes to the assembly or the representatives.
	examinedFirst = when("not_examined", ruleExamined, func(m *Matter, _ *authority.Actor) bool {
		return !m.village() || m.State != stateReferred
	})
	// bySitting: where a community has a 议事会, its members keep the deliberation.
	bySitting = when("not_council", ruleDeliberated, func(m *Matter, a *authority.Actor) bool {
		return a.System || !m.council || a.Can(permCouncil, m.Area)
	})
	free = when("reserved", ruleDecided, func(m *Matter, _ *authority.Actor) bool { return m.reserved.key == "" })
	// apart: whoever supervises does not carry out.
	apart = when("not_apart", ruleSeparate, func(m *Matter, a *authority.Actor) bool { return a.System || !a.Can(permExecute, m.Area) })
	laid  = when("no_plan", ruleOrder, func(m *Matter, _ *authority.Actor) bool { return len(m.Record.Plan) > 0 })
	done  = when("not_done", ruleOrder, func(m *Matter, _ *authority.Actor) bool { return m.done() })

	answered  = when("unanswered", ruleAnswered, func(m *Matter, _ *authority.Actor) bool { return m.open() == 0 })
	unrelated = when("unchecked", ruleSeparate, func(m *Matter, _ *authority.Actor) bool { return m.checked(checkedRelatives) == "clear" })
	over      = when("appraising", ruleAppraisal, func(m *Matter, _ *authority.Actor) bool { return m.appraised })

	note     = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: maxNote}}
	noteFree = []flow.Field{{Name: "note", Kind: flow.Text, Max: maxNote}}
	minutes  = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: maxMinutes}}
)

type row = flow.Transition[*Matter]

func at(states ...flow.State) []flow.State { return states }
func by(permissions ...string) []string    { return permissions }

var (
	decidable = at(stateAgreed, stateReferred, stateExamined)
	before    = at(stateGathering, stateProposed, stateReturned)
	watched   = at(stateExecuting, stateExecuted)
	// discussed are the states in which residents give opinions.
	discussed = at(stateGathering, stateProposed, stateReturned, stateAccepted, stateConsulted, stateDeliberating, stateUnresolved,
		stateAgreed, stateReferred, stateExamined)
	shown = slices.Concat(discussed, at(stateDecided, stateAnnounced, stateExecuting, stateExecuted, stateSupervised, stateDisclosed,
		stateAppraised, stateRejected, stateWithdrawn, stateLapsed, stateDropped))
)

// lifecycle is the table of a matter. Its order is the order of the law; villages have the rows consult and examine besides.
var lifecycle = (&flow.Flow[*Matter]{
	Name: "council.matter", Start: stateGathering,
	Nodes: places(),
	Transitions: []row{
		{From: at(stateGathering), Verb: verbSupport, To: flow.Stay, Permissions: by(permRaise)},
		{From: at(stateGathering), Verb: verbQualify, To: stateProposed, Permissions: by(flow.System)},
		{From: at(stateGathering), Verb: verbLapse, To: stateLapsed, Permissions: by(flow.System)},
		{From: at(stateProposed), Verb: verbAccept, To: stateAccepted, Permissions: by(permReview), Fields: noteFree},
		{From: at(stateProposed), Verb: verbReturn, To: stateReturned, Permissions: by(permReview), Fields: note},
		{From: at(stateReturned), Verb: verbChange, To: flow.Stay, Permissions: by(permRaise)},
		{From: at(stateReturned), Verb: verbResubmit, To: stateProposed, Permissions: by(permRaise), Fields: note},
		{From: at(stateAccepted), Verb: verbConsult, To: stateConsulted, Permissions: by(permExecute), Guards: []guard{inVillage},
			Fields: minutes},
		{From: at(stateAccepted, stateConsulted, stateUnresolved), Verb: verbDeliberate, To: stateDeliberating, Permissions: by(permDeliberate),
			Guards: []guard{consultedFirst, bySitting}},
		{From: at(stateDeliberating), Verb: verbImplement, To: stateAgreed, Permissions: by(permDeliberate), Guards: []guard{bySitting, free},
			Fields: minutes},
		{From: at(stateDeliberating), Verb: verbMonitor, To: stateAgreed, Permissions: by(permDeliberate), Guards: []guard{bySitting, free},
			Fields: minutes},
		{From: at(stateDeliberating), Verb: verbRefer, To: stateReferred, Permissions: by(permDeliberate), Guards: []guard{bySitting},
			Fields: minutes},
		{From: at(stateDeliberating), Verb: verbDisagree, To: stateUnresolved, Permissions: by(permDeliberate), Guards: []guard{bySitting},
			Fields: minutes},
		{From: at(stateUnresolved), Verb: verbDrop, To: stateDropped, Permissions: by(permExecute), Fields: note, Danger: true, Aside: true},
		{From: at(stateReferred), Verb: verbExamine, To: stateExamined, Permissions: by(permReview), Guards: []guard{inVillage}},
		{From: decidable, Verb: verbDecide, To: stateDecided, Permissions: by(permExecute), Guards: []guard{examinedFirst}, Danger: true},
		{From: decidable, Verb: verbReject, To: stateRejected, Permissions: by(permExecute), Guards: []guard{examinedFirst}, Danger: true,
			Aside: true},
		{From: at(stateDecided), Verb: verbAnnounce, To: stateAnnounced, Permissions: by(permExecute)},
		{From: at(stateDecided, stateAnnounced, stateExecuting), Verb: verbPlan, To: flow.Stay, Permissions: by(permExecute)},
		{From: at(stateAnnounced), Verb: verbBegin, To: stateExecuting, Permissions: by(permExecute), Guards: []guard{laid}},
		{From: at(stateExecuting), Verb: verbProgress, To: flow.Stay, Permissions: by(permExecute)},
		{From: at(stateExecuting), Verb: verbComplete, To: stateExecuted, Permissions: by(permExecute), Guards: []guard{done, answered}},
		{From: watched, Verb: verbFind, To: flow.Stay, Permissions: by(permSupervise), Guards: []guard{apart}, Fields: note},
		{From: watched, Verb: verbAnswer, To: flow.Stay, Permissions: by(permExecute), Fields: note},
		{From: watched, Verb: verbCheck, To: flow.Stay, Permissions: by(permCheck), Fields: note},
		{From: at(stateExecuted), Verb: verbClear, To: stateSupervised, Permissions: by(permSupervise),
			Guards: []guard{apart, answered, unrelated}, Fields: note},
		{From: at(stateSupervised), Verb: verbDisclose, To: stateDisclosed, Permissions: by(permExecute), Danger: true},
		{From: at(stateDisclosed), Verb: verbAppraise, To: flow.Stay, Permissions: by(permRaise)},
		{From: at(stateDisclosed), Verb: verbConclude, To: stateAppraised, Permissions: by(permSupervise, flow.System), Guards: []guard{over}},
		{From: before, Verb: verbWithdraw, To: stateWithdrawn, Permissions: by(permRaise), Fields: note, Danger: true, Aside: true},
		{From: discussed, Verb: verbOpinion, To: flow.Stay, Permissions: by(permRaise)},
		{From: shown, Verb: verbWithhold, To: flow.Stay, Permissions: by(permModerate), Fields: note, Aside: true},
		{From: shown, Verb: verbRestore, To: flow.Stay, Permissions: by(permModerate), Aside: true},
	},
	StateOf: func(m *Matter) flow.State { return m.State },
	AreaOf:  func(m *Matter) string { return m.Area },
	CaseOf:  func(*Matter) string { return "" },
}).Check()

func places() []flow.StateNode {
	ended := at(stateAppraised, stateRejected, stateWithdrawn, stateLapsed, stateDropped)
	out := make([]flow.StateNode, len(shown))
	for i, s := range shown {
		out[i] = flow.StateNode{State: s, Open: !slices.Contains(ended, s)}
	}
	return out
}

// steps are the verbs that a face sends, with the permission without which nobody takes them.
var steps = []struct {
	verb       flow.Verb
	permission string
}{{verbAccept, permReview}, {verbReturn, permReview}, {verbResubmit, permRaise}, {verbConsult, permExecute},
	{verbDeliberate, permDeliberate}, {verbImplement, permDeliberate}, {verbMonitor, permDeliberate}, {verbRefer, permDeliberate},
	{verbDisagree, permDeliberate},
	{verbDrop, permExecute}, {verbExamine, permReview}, {verbDecide, permExecute}, {verbReject, permExecute}, {verbAnnounce, permExecute},
	{verbBegin, permExecute}, {verbProgress, permExecute}, {verbComplete, permExecute}, {verbFind, permSupervise}, {verbAnswer, permExecute},
	{verbCheck, permCheck}, {verbClear, permSupervise}, {verbDisclose, permExecute}, {verbConclude, permSupervise}, {verbWithdraw, permRaise},
	{verbWithhold, permModerate}, {verbRestore, permModerate}}

// order is the ordinary way of a matter as pages draw it; villages have all of it, urban communities leave out what is villages' own.
var order = at(stateProposed, stateAccepted, stateConsulted, stateDeliberating, stateExamined, stateDecided, stateAnnounced, stateExecuting,
	stateExecuted, stateSupervised, stateDisclosed, stateAppraised)

// stages are the steps of the order that a matter takes, in order.
func (m *Matter) stages() []flow.State {
	out := []flow.State{}
	for _, s := range order {
		if (s == stateConsulted || s == stateExamined) && !m.village() || s == stateExamined && m.skipsExamination() {
			continue
		}
		out = append(out, s)
	}
	if m.Origin == FromResident {
		out = append(at(stateGathering), out...)
	}
	return out
}

// skipsExamination tells whether the deliberation left the matter to the committee: then no Party members' meeting examines it.
func (m *Matter) skipsExamination() bool {
	r := m.round()
	return r != nil && (r.Outcome == string(verbImplement) || r.Outcome == string(verbMonitor))
}
