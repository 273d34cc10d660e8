package survey

import (
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

// Permissions of the room.
const (
	permRead    = "assessment.survey.read"
	permWrite   = "assessment.survey.write"   // draw, close and discard, too
	permPublish = "assessment.survey.publish" // results
	permCollect = "assessment.survey.collect" // answers at the door and by telephone
)

var collectors = []authority.Role{registry.RoleCommunityBuilding, registry.RoleCountyOfficer, registry.RoleCityOfficer,
	registry.RoleSubdistrictOfficer}

var permissions = []authority.Permission{
	{Name: permRead, Roles: collectors},
	{Name: permWrite, Roles: []authority.Role{registry.RoleCommunityBuilding}},
	{Name: permPublish, Roles: []authority.Role{registry.RoleCommunityBuilding}},
	{Name: permCollect, Roles: collectors},
}

// subject is how the audit log names a survey.
const subject = "assessment.survey"

const (
	stateDraft     flow.State = "draft"
	stateOpen      flow.State = "open"   // drawn; answers come in
	stateClosed    flow.State = "closed" // results are made
	statePublished flow.State = "published"
	stateDiscarded flow.State = "discarded"
)

const (
	verbChange  flow.Verb = "change"
	verbDraw    flow.Verb = "draw"
	verbClose   flow.Verb = "close"
	verbPublish flow.Verb = "publish"
	verbDiscard flow.Verb = "discard"
)

// Rules of the room.
const (
	ruleLeast     = "assessment.survey.least"
	ruleSpecial   = "assessment.survey.special"
	ruleTags      = "assessment.survey.tags"
	ruleContent   = "assessment.survey.content"
	ruleCollector = "assessment.survey.collector"
	ruleSecond    = "assessment.second_person"
)

// Survey is a survey with where it stands. Until it is closed nobody can read what was answered.
type Survey struct {
	ID          string     `json:"id"`
	State       flow.State `json:"state" enum:"draft,open,closed,published,discarded"`
	Content     Plan       `json:"content"`
	Seed        string     `json:"seed" doc:"Of the draw; empty before it"`
	FrameDigest string     `json:"frameDigest" doc:"SHA-256 of what was drawn from"`
	Writer      string     `json:"writer"`
	WrittenAt   int64      `json:"writtenAt"`
	Digest      string     `json:"digest" doc:"SHA-256 of the results"`
	PublishedAt int64      `json:"publishedAt"`
	Version     int64      `json:"version"`

	writer, results string
}

type guard = flow.Guard[*Survey]

var bySecond = guard{Key: "assessment.survey.own", Rule: ruleSecond,
	Holds: func(s *Survey, a *authority.Actor) bool { return a.System || a.ID != s.writer }}

// lifecycle is the table of a survey.
var lifecycle = (&flow.Flow[*Survey]{
	Name: "assessment.survey", Start: stateDraft,
	Nodes: []flow.StateNode{{State: stateDraft, Open: true}, {State: stateOpen, Open: true}, {State: stateClosed, Open: true},
		{State: statePublished}, {State: stateDiscarded}},
	Transitions: []flow.Transition[*Survey]{
		{From: []flow.State{stateDraft}, Verb: verbChange, To: flow.Stay, Permissions: []string{permWrite}},
		{From: []flow.State{stateDraft}, Verb: verbDraw, To: stateOpen, Permissions: []string{permWrite}, Danger: true},
		{From: []flow.State{stateOpen}, Verb: verbClose, To: stateClosed, Permissions: []string{permWrite}, Danger: true},
		{From: []flow.State{stateClosed}, Verb: verbPublish, To: statePublished, Permissions: []string{permPublish},
			Guards: []guard{bySecond}, Danger: true},
		{From: []flow.State{stateDraft}, Verb: verbDiscard, To: stateDiscarded, Permissions: []string{permWrite}, Danger: true, Aside: true},
	},
	StateOf: func(s *Survey) flow.State { return s.State },
	AreaOf:  func(s *Survey) string { return s.Content.Area },
	CaseOf:  func(*Survey) string { return "" },
}).Check()

// steps are the verbs that a face sends, with the permission without which nobody takes them.
var steps = []struct {
	verb       flow.Verb
	permission string
}{{verbDraw, permWrite}, {verbClose, permWrite}, {verbPublish, permPublish}, {verbDiscard, permWrite}}
