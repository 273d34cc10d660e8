package assessment

import (
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// Permissions of the module.
const (
	permRead    = "assessment.scheme.read"    // drafts and results under appeal, too
	permWrite   = "assessment.scheme.write"   // and compute
	permPublish = "assessment.scheme.publish" // schemes and results; and return, and decide appeals
	permAppeal  = "assessment.scheme.appeal"

	permAppealDepartment = "assessment.scheme.appeal_department"
)

var permissions = []authority.Permission{
	{Name: permRead, Roles: []authority.Role{registry.RoleCommunityBuilding, registry.RoleCountyOfficer, registry.RoleCityOfficer,
		registry.RoleSubdistrictOfficer, registry.RoleDepartmentClerk, registry.RoleDepartmentHead, registry.RoleCommitteeMember,
		registry.RoleDispatcher, registry.RoleCouncilMember, registry.RoleSupervisoryMember}},
	{Name: permWrite, Roles: []authority.Role{registry.RoleCommunityBuilding}},
	{Name: permPublish, Roles: []authority.Role{registry.RoleCommunityBuilding}},
	{Name: permAppeal, Roles: []authority.Role{registry.RoleCommitteeMember, registry.RoleSubdistrictOfficer}},
	{Name: permAppealDepartment, Roles: []authority.Role{registry.RoleDepartmentHead}},
}

// subject is how the audit log names a scheme.
const subject = "assessment.scheme"

const (
	stateDraft     flow.State = "draft"
	stateProposed  flow.State = "proposed"
	statePublished flow.State = "published"
	stateComputed  flow.State = "computed"
	stateAppeal    flow.State = "appeal" // those judged see their results and may appeal
	stateFrozen    flow.State = "frozen" // results are public and never change
	stateDiscarded flow.State = "discarded"
)

const (
	verbWrite   flow.Verb = "write" // of the history alone
	verbChange  flow.Verb = "change"
	verbPropose flow.Verb = "propose"
	verbRecall  flow.Verb = "recall"
	verbReturn  flow.Verb = "return"
	verbPublish flow.Verb = "publish"
	verbDiscard flow.Verb = "discard"
	verbCompute flow.Verb = "compute"
	verbOpen    flow.Verb = "open"
	verbRedo    flow.Verb = "redo"
	verbFreeze  flow.Verb = "freeze"
	verbAppeal  flow.Verb = "appeal" // of the history alone
	verbDecide  flow.Verb = "decide" // of the history alone
)

// Scheme is how subjects of an area are judged in a year.
type Scheme struct {
	ID          string     `json:"id"`
	State       flow.State `json:"state" enum:"draft,proposed,published,computed,appeal,frozen,discarded"`
	Content     Content    `json:"content"`
	Writer      string     `json:"writer"`
	WrittenAt   int64      `json:"writtenAt"`
	Publisher   string     `json:"publisher"`
	PublishedAt int64      `json:"publishedAt"`
	AppealUntil string     `json:"appealUntil" doc:"Last day of appeals; empty before they open"`
	FrozenAt    int64      `json:"frozenAt"`
	Digest      string     `json:"digest" doc:"SHA-256 of the results"`
	Version     int64      `json:"version"`

	writer, computer string // ids of the accounts
	results          string // JSON, as computed
	today            string
	waiting          int // appeals that are not decided
}

type guard = flow.Guard[*Scheme]

var (
	bySecond = guard{Key: "assessment.own", Rule: ruleSecond,
		Holds: func(s *Scheme, a *authority.Actor) bool { return a.System || a.ID != s.writer }}
	notComputer = guard{Key: "assessment.own_results", Rule: ruleSecond,
		Holds: func(s *Scheme, a *authority.Actor) bool { return a.System || a.ID != s.computer }}
	heard = guard{Key: "assessment.appeals_wait", Rule: ruleAppeal,
		Holds: func(s *Scheme, _ *authority.Actor) bool { return s.waiting == 0 }}
	over = guard{Key: "assessment.appeals_open", Rule: ruleAppeal,
		Holds: func(s *Scheme, _ *authority.Actor) bool { return s.AppealUntil < s.today }}
	note = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 500}}
)

// lifecycle is the table of a scheme.
var lifecycle = (&flow.Flow[*Scheme]{
	Name: "assessment.scheme", Start: stateDraft,
	Nodes: []flow.StateNode{{State: stateDraft, Open: true}, {State: stateProposed, Open: true}, {State: statePublished, Open: true},
		{State: stateComputed, Open: true}, {State: stateAppeal, Open: true}, {State: stateFrozen}, {State: stateDiscarded}},
	Transitions: []flow.Transition[*Scheme]{
		{From: []flow.State{stateDraft}, Verb: verbChange, To: flow.Stay, Permissions: []string{permWrite}},
		{From: []flow.State{stateDraft}, Verb: verbPropose, To: stateProposed, Permissions: []string{permWrite}},
		{From: []flow.State{stateProposed}, Verb: verbPublish, To: statePublished, Permissions: []string{permPublish},
			Guards: []guard{bySecond}, Danger: true},
		{From: []flow.State{stateProposed}, Verb: verbReturn, To: stateDraft, Permissions: []string{permPublish}, Fields: note},
		{From: []flow.State{stateProposed}, Verb: verbRecall, To: stateDraft, Permissions: []string{permWrite}, Aside: true},
		{From: []flow.State{stateDraft}, Verb: verbDiscard, To: stateDiscarded, Permissions: []string{permWrite}, Danger: true, Aside: true},
		{From: []flow.State{statePublished, stateComputed}, Verb: verbCompute, To: stateComputed, Permissions: []string{permWrite}},
		{From: []flow.State{stateComputed}, Verb: verbOpen, To: stateAppeal, Permissions: []string{permWrite}},
		{From: []flow.State{stateAppeal}, Verb: verbRedo, To: stateComputed, Permissions: []string{permWrite}, Fields: note, Aside: true},
		{From: []flow.State{stateAppeal}, Verb: verbFreeze, To: stateFrozen, Permissions: []string{permPublish},
			Guards: []guard{notComputer, heard, over}, Danger: true},
	},
	StateOf: func(s *Scheme) flow.State { return s.State },
	AreaOf:  func(s *Scheme) string { return s.Content.Area },
	CaseOf:  func(*Scheme) string { return "" },
}).Check()

// steps are the verbs that a face sends, with the permission without which nobody takes them.
var steps = []struct {
	verb       flow.Verb
	permission string
}{{verbPropose, permWrite}, {verbRecall, permWrite}, {verbReturn, permPublish}, {verbPublish, permPublish}, {verbDiscard, permWrite},
	{verbCompute, permWrite}, {verbOpen, permWrite}, {verbRedo, permWrite}, {verbFreeze, permPublish}}

// refusal is what Check found as a refusal, each finding at its line.
func refusal(found []Finding) error {
	if len(found) == 0 {
		return nil
	}
	out := errs.New(errs.Invalid, "assessment.refused")
	for _, f := range found {
		var args []any
		for k, v := range f.Args {
			args = append(args, k, v)
		}
		out = out.At(f.location(), f.Key, args...)
		if out.Rule == "" {
			out.Rule = f.Rule
		}
	}
	return out
}
