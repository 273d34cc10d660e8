// Package form sends forms (报表) to communities and takes their answers. A sending (一次下发) needs a pass of the gate and
// arrives filled in with what is held, each value with its source and day; the community confirms or disputes these and
// types only the rest. What is submitted is accepted, or returned with a reason for each wrong field. When the admission
// ends, nobody need answer any more.
// Tables: exchange_sending, exchange_answer, exchange_event, exchange_file, exchange_dispute (sharded).
// Lifecycles: exchange.sending, exchange.answer, exchange.dispute.
package form

import (
	"embed"
	"strings"

	"linli/internal/gate"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	fields "linli/internal/platform/form"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var rules []byte

// Rules returns the rules that ship with the room.
func Rules() []rule.Value { return rule.Shipped(rules) }

// Rules of the room.
const (
	ruleGate    = "exchange.sending.gate"
	ruleUse     = "exchange.answer.use"
	ruleCarried = "exchange.sending.carried"
	ruleDispute = "exchange.dispute.days"
	ruleTariff  = "exchange.field.minutes" // that a field filled in before saves, in tenths
	ruleIdle    = "exchange.answer.idle"   // minutes without a save that count as work at most
)

// Permissions of the room.
const (
	permRead    = "exchange.sending.read"
	permOversee = "exchange.sending.oversee" // those of all departments
	permSend    = "exchange.sending.send"    // and remind, and close
	permFill    = "exchange.answer.fill"
	permJudge   = "exchange.answer.judge" // accept and return
	permExport  = "exchange.answer.export"
	permUnmask  = "exchange.answer.unmask"
	permDispute = "exchange.dispute.read"
	permDecide  = "exchange.dispute.decide"
)

var (
	departments = []authority.Role{registry.RoleDepartmentClerk, registry.RoleDepartmentHead}
	overseers   = []authority.Role{registry.RoleSubdistrictOfficer, registry.RoleCountyOfficer, registry.RoleCityOfficer,
		registry.RoleCommunityBuilding}
	fillers = []authority.Role{registry.RoleCommitteeMember, registry.RoleDispatcher, registry.RoleWindowWorker}
)

var permissions = []authority.Permission{
	{Name: permRead, Roles: append(append([]authority.Role{}, departments...), overseers...)},
	{Name: permOversee, Roles: overseers},
	{Name: permSend, Roles: departments},
	{Name: permFill, Roles: fillers},
	{Name: permJudge, Roles: departments},
	{Name: permExport, Roles: departments},
	{Name: permUnmask, Roles: append(append([]authority.Role{}, departments...), fillers...)},
	{Name: permDispute, Roles: append(append(append([]authority.Role{}, departments...), fillers...), overseers...)},
	{Name: permDecide, Roles: departments},
}

// Question is one field of a form that is sent.
type Question struct {
	fields.Field
	Element string `json:"element,omitempty"` // code of the data element whose value is filled in; "" for a new field
}

// Definition is a form that may be sent, as its designers published it.
type Definition struct {
	ID        string
	Body      string // id of the department's body
	Title     text.Pair
	Purpose   text.Pair
	Admission string // number, or "" where it rests on a listed duty
	Days      int    // working days in which communities answer
	Questions []Question
}

// Held is a value that is held of an element for a community.
type Held struct {
	Value      fields.Answer `json:"value"`
	Source     text.Pair     `json:"source"`
	AsOf       string        `json:"asOf"`                 // YYYY-MM-DD
	Department string        `json:"department,omitempty"` // code of the department that answers for the element
	Person     string        `json:"person,omitempty"`     // id in people of the person whom it is about, or ""
}

// Sending is one form sent to communities.
type Sending struct {
	Shard, ID  string
	ClientKey  string
	Form       string // id of the definition
	Title      text.Pair
	Purpose    text.Pair
	Questions  []Question
	Body       string
	Area       string   // smallest area that holds all communities asked
	Areas      []string // chosen: communities, or areas above with all of theirs
	Pass       gate.Pass
	Duty       bool // it rests on a listed duty, not on an admission
	DueOn      string
	Minutes    int // declared for each community
	State      string
	Total      int // communities
	Prepared   int // of them, that have it
	Place      string
	Wanted     int // fields, of all communities prepared
	Prefilled  int // of these
	SentAt     int64
	SenderID   string
	Sender     string
	RemindedAt int64
	EndedAt    int64
	EndReason  string
	Carrier    string // id of the task that carries it; "" for one sent by itself
	CarrierWay gate.Way
	PausedOn   string // day on which its admission began to stand still; "" while it does not
	Version    int64

	standing *gate.Standing // of the admission, as of now; nil for a duty, and where it was not asked
}

// Live tells whether communities may be asked to answer on a day: it has not ended, nor has what it rests on.
func (s *Sending) Live(day string) bool {
	st := s.standing
	return s.State != string(stateEnded) && (s.Pass.Until == "" || day <= s.Pass.Until) && (st == nil || st.Live || st.Suspended())
}

// Halted tells whether the admission is suspended: nobody need answer until it holds again.
func (s *Sending) Halted() bool {
	return s.State != string(stateEnded) && s.standing != nil && s.standing.Suspended()
}

// carried tells whether the sending goes with a task, whose case decides what becomes of its answers.
func (s *Sending) carried() bool { return s.Carrier != "" }

// question is one by its key.
func (s *Sending) question(key string) (Question, bool) {
	for _, q := range s.Questions {
		if q.Key == key {
			return q, true
		}
	}
	return Question{}, false
}

// plain are the questions as platform/form judges them.
func (s *Sending) plain() []fields.Field {
	out := make([]fields.Field, len(s.Questions))
	for i := range s.Questions {
		out[i] = s.Questions[i].Field
	}
	return out
}

// Marks of values that were filled in before.
const (
	markConfirmed = "confirmed"
	markDisputed  = "disputed"
)

// content is what is sealed of an answer.
type content struct {
	Held    map[string]Held   `json:"h"` // by the key of the question
	Answers fields.Answers    `json:"a"` // typed; of what was disputed, the value that is right
	Marks   map[string]string `json:"m"` // of what is held
	Why     map[string]string `json:"w"` // of what was disputed
}

// Answer is what one community is asked by a sending.
type Answer struct {
	Shard, ID   string
	Sending     string // id
	Origin      string // code of the community when it was sent
	Area        string
	State       string
	DueOn       string
	Wanted      int
	Prefilled   int
	OpenedAt    int64 // first; 0 before
	TouchedAt   int64 // last opened or saved
	Spent       int64 // milliseconds from opening to submitting, pauses left out
	Minutes     int   // as whoever did it corrected it; -1: not corrected
	SubmittedAt int64
	Submitter   string
	JudgedAt    int64
	Judge       string
	Reasons     map[string]string // of the last return, by the key of the question
	RemindedAt  int64
	Version     int64
	content

	sealed string
	of     *Sending
	today  string
}

// Measured is the work in minutes: what was measured, or what whoever did it says instead.
func (a *Answer) Measured() int {
	if a.Minutes >= 0 {
		return a.Minutes
	}
	return int((a.Spent + 59_999) / 60_000)
}

// given is what was answered to a question: a held value that was confirmed, else what was typed.
func (a *Answer) given(key string) fields.Answer {
	if h, ok := a.Held[key]; ok && a.Marks[key] != markDisputed {
		return h.Value
	}
	return a.Answers[key]
}

// Dispute is a held value that a community says is wrong.
type Dispute struct {
	Shard, ID string
	Answer    string // id
	Sending   string
	Field     string
	Label     text.Pair
	Element   string
	Area      string
	Body      string // that answers for the element
	Held      Held
	Claim     fields.Answer
	Personal  bool
	Reason    string
	State     string
	At        int64
	By        string
	DueOn     string
	DecidedAt int64
	Decider   string
	Decision  string
	Version   int64

	sealed string
}

// over is the smallest area that holds all of these.
func over(codes []string) string {
	if len(codes) == 0 {
		return ""
	}
	out := codes[0]
	for _, c := range codes[1:] {
		for !strings.HasPrefix(c, out) {
			out = out[:len(out)-1]
		}
	}
	for registry.LevelOf(out) == 0 && out != "" {
		out = out[:len(out)-1]
	}
	return out
}

// shardOf is the shard that an id bears.
func shardOf(id string) string { return db.ShardOf(id) }
