package admission

import (
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// Permissions of the lists.
const (
	permRead    = "admission.list.read"    // drafts and what is proposed, too
	permWrite   = "admission.list.write"   // and propose, recall, discard
	permPublish = "admission.list.publish" // and return
)

var permissions = []authority.Permission{
	{Name: permRead, Roles: []authority.Role{registry.RoleCommunityBuilding, registry.RoleSubdistrictOfficer, registry.RoleCountyOfficer,
		registry.RoleCityOfficer, registry.RoleDepartmentClerk, registry.RoleDepartmentHead, registry.RoleCommitteeMember,
		registry.RoleDispatcher, registry.RoleCouncilMember, registry.RoleSupervisoryMember}},
	{Name: permWrite, Roles: []authority.Role{registry.RoleCommunityBuilding}},
	{Name: permPublish, Roles: []authority.Role{registry.RoleCommunityBuilding}},
}

// subject is how the audit log names an edition of a list.
const subject = "admission.list"

const (
	stateDraft     flow.State = "draft"
	stateProposed  flow.State = "proposed"
	statePublished flow.State = "published"
	stateReplaced  flow.State = "replaced" // a later one is published; it holds until the day before that one's first
	stateDiscarded flow.State = "discarded"
)

const (
	verbChange  flow.Verb = "change"
	verbPropose flow.Verb = "propose"
	verbRecall  flow.Verb = "recall"
	verbReturn  flow.Verb = "return"
	verbPublish flow.Verb = "publish"
	verbDiscard flow.Verb = "discard"
	verbReplace flow.Verb = "replace"
)

const ruleSecond = "admission.list.second_person"

// List is an edition of the list of one kind of one area. A published one never changes.
type List struct {
	ID          string     `json:"id"`
	Area        string     `json:"area"`
	Kind        Kind       `json:"kind" enum:"own,assist,report,negative,certificate,evaluation,sign,form,system,street"`
	Edition     int        `json:"edition" doc:"From 1"`
	State       flow.State `json:"state" enum:"draft,proposed,published,replaced,discarded"`
	From        string     `json:"from" doc:"First day; empty until it is published"`
	Until       string     `json:"until" doc:"Last day; empty while no later edition is published"`
	Reason      string     `json:"reason" doc:"Why it was made: what changes and the decision that it rests on"`
	Writer      string     `json:"writer"`
	WrittenAt   int64      `json:"writtenAt"`
	Proposer    string     `json:"proposer"`
	ProposedAt  int64      `json:"proposedAt"`
	Publisher   string     `json:"publisher"`
	PublishedAt int64      `json:"publishedAt"`
	Remark      string     `json:"remark" doc:"Why it was returned last"`
	Version     int64      `json:"version"`

	writer, proposer string // ids of the accounts
}

// InForce tells whether the edition holds on a day.
func (l *List) InForce(day string) bool {
	return (l.State == statePublished || l.State == stateReplaced) && l.From <= day && (l.Until == "" || day <= l.Until)
}

// bySecond keeps whoever proposed an edition, or wrote it last, from publishing it.
var bySecond = flow.Guard[*List]{Key: "admission.list.own", Rule: ruleSecond, Holds: func(l *List, a *authority.Actor) bool {
	return a.System || a.ID != l.proposer && a.ID != l.writer
}}

var (
	note = []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 500}}
	from = []flow.Field{{Name: "day", Kind: flow.Day, Required: true}}
)

// lifecycle is the table of an edition.
var lifecycle = (&flow.Flow[*List]{
	Name: "admission.list", Start: stateDraft,
	Nodes: []flow.StateNode{{State: stateDraft, Open: true}, {State: stateProposed, Open: true}, {State: statePublished},
		{State: stateReplaced}, {State: stateDiscarded}},
	Transitions: []flow.Transition[*List]{
		{From: []flow.State{stateDraft}, Verb: verbChange, To: flow.Stay, Permissions: []string{permWrite}},
		{From: []flow.State{stateDraft}, Verb: verbPropose, To: stateProposed, Permissions: []string{permWrite}},
		{From: []flow.State{stateProposed}, Verb: verbPublish, To: statePublished, Permissions: []string{permPublish},
			Guards: []flow.Guard[*List]{bySecond}, Fields: from, Danger: true},
		{From: []flow.State{stateProposed}, Verb: verbReturn, To: stateDraft, Permissions: []string{permPublish}, Fields: note},
		{From: []flow.State{stateProposed}, Verb: verbRecall, To: stateDraft, Permissions: []string{permWrite}, Aside: true},
		{From: []flow.State{stateDraft}, Verb: verbDiscard, To: stateDiscarded, Permissions: []string{permWrite}, Danger: true, Aside: true},
		{From: []flow.State{statePublished}, Verb: verbReplace, To: stateReplaced, Permissions: []string{flow.System}},
	},
	StateOf: func(l *List) flow.State { return l.State },
	AreaOf:  func(l *List) string { return l.Area },
	CaseOf:  func(*List) string { return "" },
}).Check()

// steps are the verbs that a face sends, with the permission without which nobody takes them.
var steps = []struct {
	verb       flow.Verb
	permission string
}{{verbPropose, permWrite}, {verbRecall, permWrite}, {verbReturn, permPublish}, {verbPublish, permPublish}, {verbDiscard, permWrite}}

// checkEntries refuses entries that are incomplete, over their bounds, or bear a code twice, naming every field: Invalid.
func checkEntries(entries []Entry) error {
	refused := errs.ErrInvalid
	if len(entries) > MaxEntries {
		return refused.At("entries", "admission.list.long", "max", MaxEntries)
	}
	at := map[string]bool{}
	for i := range entries {
		e := &entries[i]
		e.tidy()
		where := location(i)
		refused = e.check(refused, where)
		if at[e.Code] {
			refused = refused.At(where+".code", "admission.entry.twice", "code", e.Code)
		}
		at[e.Code] = true
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}
