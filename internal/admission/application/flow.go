package application

import (
	"slices"
	"strings"

	"linli/internal/admission/proposal"
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

const (
	stateDraft       flow.State = "draft"
	stateSigning     flow.State = "signing"     // waits for the head of the department
	stateSubmitted   flow.State = "submitted"   // received; the days to decide run
	stateReturned    flow.State = "returned"    // to be corrected, once; the days stand still
	stateEvaluating  flow.State = "evaluating"  // opinions are asked
	stateHearing     flow.State = "hearing"     // a hearing is announced
	stateUnfunded    flow.State = "unfunded"    // admitted, and waits for its budget line
	stateActive      flow.State = "active"      // work may rest on it
	stateProvisional flow.State = "provisional" // an emergency that waits to be ratified
	stateSuspended   flow.State = "suspended"
	stateRefused     flow.State = "refused"
	stateWithdrawn   flow.State = "withdrawn"
	stateRevoked     flow.State = "revoked"
	stateExpired     flow.State = "expired"
	stateUnratified  flow.State = "unratified"
)

const (
	verbWrite    flow.Verb = "write" // of the history alone
	verbChange   flow.Verb = "change"
	verbSubmit   flow.Verb = "submit"
	verbRecall   flow.Verb = "recall"
	verbSign     flow.Verb = "sign"
	verbDeclare  flow.Verb = "declare"
	verbAccept   flow.Verb = "accept"
	verbReturn   flow.Verb = "return"
	verbOpine    flow.Verb = "opine"
	verbHear     flow.Verb = "hear"
	verbRecord   flow.Verb = "record"
	verbAdmit    flow.Verb = "admit"
	verbRefuse   flow.Verb = "refuse"
	verbLapse    flow.Verb = "lapse" // silence refuses
	verbFund     flow.Verb = "fund"
	verbActivate flow.Verb = "activate" // admitted with a funded line
	verbRatify   flow.Verb = "ratify"
	verbReject   flow.Verb = "reject"
	verbEnd      flow.Verb = "end" // not ratified in time
	verbSuspend  flow.Verb = "suspend"
	verbArrear   flow.Verb = "arrear" // money, or the review, is overdue
	verbResume   flow.Verb = "resume"
	verbSettle   flow.Verb = "settle" // paid and confirmed
	verbReview   flow.Verb = "review"
	verbRevoke   flow.Verb = "revoke"
	verbWithdraw flow.Verb = "withdraw"
	verbExpire   flow.Verb = "expire"
)

// Stances of an opinion.
const (
	stanceSupport = "support"
	stanceAmend   = "amend" // with conditions
	stanceObject  = "object"
)

// Causes of a suspension.
const (
	causeMoney    = "money"
	causeReview   = "review"
	causeDecision = "decision"
)

type guard = flow.Guard[*Application]

var (
	ownBody = guard{Key: "admission.application.not_yours", Rule: ruleApplicant,
		Holds: func(e *Application, a *authority.Actor) bool { return a.System || a.In(e.Body) }}
	notOwn = guard{Key: "admission.application.own_department", Rule: ruleSeparate, Holds: func(e *Application, a *authority.Actor) bool {
		return a.System || !a.In(e.Body) && !slices.Contains(e.writers, a.ID)
	}}
	byLevel = guard{Key: "admission.application.not_level", Rule: ruleLevels, Holds: func(e *Application, a *authority.Actor) bool {
		return a.System || slices.ContainsFunc(a.Grants, func(g authority.Grant) bool {
			return g.Role == registry.RoleCommunityBuilding && strings.HasPrefix(e.Area, g.Area) &&
				slices.Contains(e.levels, registry.LevelOf(g.Area))
		})
	}}
	inTime = guard{Key: "admission.application.too_late", Rule: ruleDecide,
		Holds: func(e *Application, _ *authority.Actor) bool { return !e.silent() }}
	silence = guard{Key: "admission.application.not_silent", Rule: ruleDecide,
		Holds: func(e *Application, _ *authority.Actor) bool { return e.silent() }}
	onceOnly = guard{Key: "admission.application.returned_once", Rule: ruleReturn,
		Holds: func(e *Application, _ *authority.Actor) bool { return !e.Returned }}
	ordinary = guard{Key: "admission.application.emergency", Rule: proposal.RuleRatify,
		Holds: func(e *Application, _ *authority.Actor) bool { return !e.Emergency }}
	emergency = guard{Key: "admission.application.no_emergency", Rule: proposal.RuleRatify,
		Holds: func(e *Application, _ *authority.Actor) bool { return e.Emergency }}
	opinionsIn = guard{Key: "admission.application.opinions", Rule: ruleOpinions,
		Holds: func(e *Application, _ *authority.Actor) bool { return e.opinionsComplete() || e.OpinionsBy < e.today }}
	notHeard = guard{Key: "admission.application.heard_already", Rule: proposal.RuleHearingMinutes,
		Holds: func(e *Application, _ *authority.Actor) bool { return e.Hearing == "" }}
	hearingDay = guard{Key: "admission.application.hearing_day", Rule: proposal.RuleHearingMinutes,
		Holds: func(e *Application, _ *authority.Actor) bool { return e.HearingOn <= e.today }}
	heard = guard{Key: "admission.application.hearing", Rule: proposal.RuleHearingMinutes,
		Holds: func(e *Application, _ *authority.Actor) bool { return !e.hears || e.Hearing != "" }}
	inRatify = guard{Key: "admission.application.ratify_late", Rule: proposal.RuleRatify,
		Holds: func(e *Application, _ *authority.Actor) bool { return e.today <= e.RatifyBy }}
	unratified = guard{Key: "admission.application.ratify_runs", Rule: proposal.RuleRatify,
		Holds: func(e *Application, _ *authority.Actor) bool { return e.today > e.RatifyBy }}
	paid = guard{Key: "admission.application.owed", Rule: ruleGrace,
		Holds: func(e *Application, _ *authority.Actor) bool { return !e.owed }}
	unreviewed = guard{Key: "admission.application.not_for_review", Rule: ruleReviewMonths,
		Holds: func(e *Application, _ *authority.Actor) bool { return e.Cause == causeReview }}
	notPast = guard{Key: "admission.application.past", Rule: proposal.RuleTerm,
		Holds: func(e *Application, _ *authority.Actor) bool { return e.today <= e.Until }}

	deciding = []guard{notOwn, byLevel, inTime}

	note    = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 1000}}
	remark  = []flow.Field{{Name: "note", Kind: flow.Text, Max: 1000}}
	line    = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: proposal.MaxLine}}
	opinion = []flow.Field{{Name: "choice", Kind: flow.Choice, Required: true, Options: []string{stanceSupport, stanceAmend, stanceObject}},
		note[0]}
	announce = []flow.Field{{Name: "day", Kind: flow.Day, Required: true}, {Name: "note", Kind: flow.Text, Max: 1000}}
)

// Sets of states.
var (
	waiting = []flow.State{stateSubmitted, stateEvaluating, stateHearing}
	granted = []flow.State{stateUnfunded, stateActive, stateSuspended}
)

// lifecycle is the table of an application.
var lifecycle = (&flow.Flow[*Application]{
	Name: "admission.application", Start: stateDraft,
	Nodes: []flow.StateNode{{State: stateDraft, Open: true}, {State: stateSigning, Open: true}, {State: stateSubmitted, Open: true},
		{State: stateReturned, Open: true}, {State: stateEvaluating, Open: true}, {State: stateHearing, Open: true},
		{State: stateUnfunded, Open: true}, {State: stateActive, Open: true}, {State: stateProvisional, Open: true},
		{State: stateSuspended, Open: true}, {State: stateRefused}, {State: stateWithdrawn}, {State: stateRevoked},
		{State: stateExpired}, {State: stateUnratified}},
	Transitions: slices.Concat(drafting, evaluating, running),
	StateOf:     func(e *Application) flow.State { return flow.State(e.State) },
	AreaOf:      func(e *Application) string { return e.at },
	CaseOf:      func(*Application) string { return "" },
}).Check()

type transition = flow.Transition[*Application]

func from(s ...flow.State) []flow.State { return s }

// drafting are the department's steps.
var drafting = []transition{
	{From: from(stateDraft, stateReturned), Verb: verbChange, To: flow.Stay, Permissions: []string{permWrite}, Guards: []guard{ownBody}},
	{From: from(stateDraft), Verb: verbSubmit, To: stateSigning, Permissions: []string{permWrite}, Guards: []guard{ownBody, notPast}},
	{From: from(stateSigning), Verb: verbRecall, To: stateDraft, Permissions: []string{permWrite}, Guards: []guard{ownBody}, Aside: true},
	{From: from(stateSigning, stateReturned), Verb: verbSign, To: stateSubmitted, Permissions: []string{permSign},
		Guards: []guard{ownBody, ordinary, notPast}},
	{From: from(stateSigning), Verb: verbDeclare, To: stateProvisional, Permissions: []string{permSign},
		Guards: []guard{ownBody, emergency, notPast}, Danger: true},
	{From: append(from(stateDraft, stateSigning, stateReturned, stateProvisional), slices.Concat(waiting, granted)...), Verb: verbWithdraw,
		To: stateWithdrawn, Permissions: []string{permWrite}, Guards: []guard{ownBody}, Fields: note, Danger: true, Aside: true},
	{From: from(stateUnfunded), Verb: verbFund, To: stateActive, Permissions: []string{permSign}, Guards: []guard{ownBody}, Fields: line},
}

// evaluating are the steps of the evaluation and of the decision.
var evaluating = []transition{
	{From: from(stateSubmitted), Verb: verbAccept, To: stateEvaluating, Permissions: []string{permDecide}, Guards: deciding},
	{From: from(stateEvaluating, stateHearing), Verb: verbOpine, To: flow.Stay, Permissions: []string{permOpine},
		Guards: []guard{notOwn, inTime}, Fields: opinion},
	{From: from(stateEvaluating), Verb: verbHear, To: stateHearing, Permissions: []string{permDecide},
		Guards: append(slices.Clone(deciding), notHeard), Fields: announce},
	{From: from(stateHearing), Verb: verbRecord, To: stateEvaluating, Permissions: []string{permDecide},
		Guards: append(slices.Clone(deciding), hearingDay), Fields: note},
	{From: from(stateEvaluating), Verb: verbAdmit, To: stateUnfunded, Permissions: []string{permDecide},
		Guards: append(slices.Clone(deciding), opinionsIn, heard), Fields: remark, Danger: true, Outcome: "admitted"},
	{From: waiting, Verb: verbRefuse, To: stateRefused, Permissions: []string{permDecide}, Guards: deciding, Fields: note,
		Danger: true, Outcome: "refused"},
	{From: from(stateSubmitted, stateEvaluating), Verb: verbReturn, To: stateReturned, Permissions: []string{permDecide},
		Guards: append(slices.Clone(deciding), onceOnly), Fields: note, Aside: true},
	{From: waiting, Verb: verbLapse, To: stateRefused, Permissions: []string{flow.System}, Guards: []guard{silence}, Outcome: "refused"},
	{From: from(stateProvisional), Verb: verbRatify, To: stateUnfunded, Permissions: []string{permDecide},
		Guards: []guard{notOwn, byLevel, inRatify}, Fields: remark, Danger: true, Outcome: "admitted"},
	{From: from(stateProvisional), Verb: verbReject, To: stateUnratified, Permissions: []string{permDecide},
		Guards: []guard{notOwn, byLevel}, Fields: note, Danger: true, Outcome: "refused"},
	{From: from(stateProvisional), Verb: verbEnd, To: stateUnratified, Permissions: []string{flow.System}, Guards: []guard{unratified},
		Outcome: "refused"},
}

// running are the steps of what is admitted.
var running = []transition{
	{From: from(stateUnfunded), Verb: verbActivate, To: stateActive, Permissions: []string{flow.System}},
	{From: from(stateActive), Verb: verbArrear, To: stateSuspended, Permissions: []string{flow.System}},
	{From: from(stateSuspended), Verb: verbSettle, To: stateActive, Permissions: []string{flow.System}, Guards: []guard{paid}},
	{From: from(stateActive), Verb: verbReview, To: flow.Stay, Permissions: []string{permDecide}, Guards: []guard{notOwn, byLevel},
		Fields: note},
	{From: from(stateSuspended), Verb: verbReview, To: stateActive, Permissions: []string{permDecide},
		Guards: []guard{notOwn, byLevel, unreviewed, paid, notPast}, Fields: note},
	{From: from(stateSuspended), Verb: verbResume, To: stateActive, Permissions: []string{permDecide},
		Guards: []guard{notOwn, byLevel, paid, notPast}, Fields: note},
	{From: from(stateActive), Verb: verbSuspend, To: stateSuspended, Permissions: []string{permDecide}, Guards: []guard{notOwn, byLevel},
		Fields: note, Aside: true},
	{From: granted, Verb: verbRevoke, To: stateRevoked, Permissions: []string{permDecide}, Guards: []guard{notOwn, byLevel},
		Fields: note, Danger: true, Aside: true},
	{From: granted, Verb: verbExpire, To: stateExpired, Permissions: []string{flow.System}},
}

// steps are the verbs that a face sends, with the permission without which nobody takes them.
var steps = func() (out []step) {
	for _, t := range lifecycle.Transitions {
		known := slices.ContainsFunc(out, func(s step) bool { return s.verb == t.Verb })
		if p := t.Permissions[0]; p != flow.System && t.Verb != verbChange && !known {
			out = append(out, step{t.Verb, p})
		}
	}
	return out
}()

type step struct {
	verb       flow.Verb
	permission string
}

// row is the first row of a verb.
func row(verb flow.Verb) *transition {
	i := slices.IndexFunc(lifecycle.Transitions, func(t transition) bool { return t.Verb == verb })
	return &lifecycle.Transitions[i]
}
