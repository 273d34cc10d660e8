// Package task carries what departments ask of communities (任务). A task rests on an admission or on a listed duty and is
// sent to chosen areas at once: every community of them gets a case of its own, in which it answers, or refuses what is
// off the list. Without a pass of [gate.Gate] nothing is sent.
// Tables: task_task, task_event, task_file, task_share, task_refusal, task_tally (sharded). Lifecycles: task.task of the
// department's text, task.share of a community's case.
package task

import (
	"slices"
	"strings"

	"linli/internal/gate"
	"linli/internal/platform/authority"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/registry"
)

// Permissions of the module.
const (
	permRead   = "task.task.read"
	permWrite  = "task.task.write"     // draft, change, submit, remind
	permSend   = "task.task.send"      // sign and send, return, withdraw
	permAnswer = "task.share.answer"   // begin, answer, refuse, for a community
	permAccept = "task.share.accept"   // or send back, for the department
	permDecide = "task.refusal.decide" // for the community-building body
	permFigure = "task.figure.read"    // of departments
	permExport = "task.task.export"    // the answers of a task as a table
	permRefuse = "task.refusal.read"   // refusals of one's areas or of one's department
	permFile   = "task.file.read"
)

var (
	departments = []authority.Role{registry.RoleDepartmentClerk, registry.RoleDepartmentHead}
	overseers   = append([]authority.Role{registry.RoleCommunityBuilding}, registry.Officers...)
	readers     = slices.Concat(departments, overseers)
)

var permissions = []authority.Permission{
	{Name: permRead, Roles: readers},
	{Name: permWrite, Roles: departments},
	{Name: permSend, Roles: []authority.Role{registry.RoleDepartmentHead}},
	{Name: permAnswer, Roles: []authority.Role{registry.RoleCommitteeMember, registry.RoleDispatcher}},
	{Name: permAccept, Roles: departments},
	{Name: permDecide, Roles: []authority.Role{registry.RoleCommunityBuilding}},
	{Name: permFigure, Roles: append([]authority.Role{registry.RoleCommunityBuilding, registry.RoleCountyOfficer, registry.RoleCityOfficer},
		departments...)},
	{Name: permExport, Roles: readers},
	{Name: permRefuse, Roles: readers},
	{Name: permFile, Roles: append([]authority.Role{registry.RoleCommitteeMember, registry.RoleDispatcher}, readers...)},
}

// ways are how a task reaches a community, of those of [gate.Ways].
var ways = []gate.Way{gate.Task, gate.Inspection, gate.Meeting, gate.Certificate}

// Kinds of answers.
const (
	answerText  = "text"
	answerFiles = "files"
	answerBoth  = "both"
	answerForm  = "form" // of exchange, filled in before with what is held
)

var answers = []string{answerText, answerFiles, answerBoth, answerForm}

// Bounds of a task; lengths in characters.
const (
	maxTitle    = 60
	maxAsk      = 1000
	maxPeriod   = 60
	maxAreas    = 200
	maxFiles    = 9
	maxWorkdays = 250
	maxMinutes  = 6000
)

// Content is what a department sets.
type Content struct {
	Areas     []string `json:"areas" minItems:"1" maxItems:"200" doc:"Codes of the areas asked, city down to community: every community inside them is asked"`
	Way       string   `json:"way" enum:"task,inspection,meeting,certificate"`
	Title     string   `json:"title" maxLength:"60"`
	Content   string   `json:"content" maxLength:"60000" doc:"What is to be done; plain text, an empty line separates paragraphs"`
	Ask       string   `json:"ask" maxLength:"1000" doc:"What to answer"`
	Answer    string   `json:"answer" enum:"text,files,both,form" doc:"How it is answered"`
	Form      string   `json:"form,omitempty" maxLength:"60" doc:"Of answer form: id of the department's published form, which rests on the same admission"`
	Period    string   `json:"period,omitempty" maxLength:"60" doc:"Which period it is about, e.g. 2026年11月"`
	HeldOn    string   `json:"heldOn,omitempty" maxLength:"10" doc:"Day of an inspection or a meeting, YYYY-MM-DD"`
	Workdays  int      `json:"workdays" minimum:"1" maximum:"250" doc:"Working days to answer, from the day after it arrives"`
	Minutes   int      `json:"minutes" minimum:"1" maximum:"6000" doc:"Declared work of each community, in minutes"`
	Admission string   `json:"admission,omitempty" maxLength:"60" doc:"Number of the admission it rests on"`
	Duty      string   `json:"duty,omitempty" maxLength:"60" doc:"Code of the listed duty it rests on; one of both"`
}

// tidy brings a content into the form in which it is kept.
func (c *Content) tidy() {
	c.Title, c.Period = fold.Line(c.Title), fold.Line(c.Period)
	c.Admission, c.Duty = fold.Compact(c.Admission), fold.Compact(c.Duty)
	for _, s := range []*string{&c.Content, &c.Ask} {
		*s = strings.TrimSpace(strings.ReplaceAll(*s, "\r\n", "\n"))
	}
	c.HeldOn = fold.KeepDay(c.HeldOn)
	c.Areas = authority.Outermost(slices.Compact(slices.Sorted(slices.Values(c.Areas))))
}

// check refuses a content that is incomplete or over its bounds, naming every field: Invalid. Longest bounds the text.
func (c *Content) check(longest int) error {
	refused := errs.ErrInvalid
	bound := func(field, value string, most int, required bool) {
		if required && value == "" {
			refused = refused.At(field, "field.required")
		} else if !fold.Within(value, most) {
			refused = refused.At(field, "field.too_long", "max", most)
		}
	}
	between := func(field string, n, most int) {
		if n < 1 || n > most {
			refused = refused.At(field, "field.range", "min", 1, "max", most)
		}
	}
	bound("title", c.Title, maxTitle, true)
	bound("content", c.Content, longest, true)
	bound("ask", c.Ask, maxAsk, true)
	bound("period", c.Period, maxPeriod, false)
	between("workdays", c.Workdays, maxWorkdays)
	between("minutes", c.Minutes, maxMinutes)
	if !slices.Contains(ways, gate.Way(c.Way)) {
		refused = refused.At("way", "field.choice")
	}
	if !slices.Contains(answers, c.Answer) {
		refused = refused.At("answer", "field.choice")
	}
	switch {
	case c.Answer != answerForm:
		c.Form = ""
	case c.Form == "":
		refused = refused.At("form", "field.required")
	}
	if (c.Admission == "") == (c.Duty == "") {
		refused = refused.At("admission", "task.basis").By(ruleBasis)
	}
	day, isDay := fold.Day(c.HeldOn)
	switch {
	case c.HeldOn != "" && !isDay:
		refused = refused.At("heldOn", "field.date")
	case c.HeldOn == "" && hasDay(gate.Way(c.Way)):
		refused = refused.At("heldOn", "field.required")
	case !hasDay(gate.Way(c.Way)):
		c.HeldOn = ""
	default:
		c.HeldOn = day
	}
	if len(c.Areas) == 0 {
		refused = refused.At("areas", "field.required")
	} else if len(c.Areas) > maxAreas {
		refused = refused.At("areas", "field.too_long", "max", maxAreas)
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// hasDay tells whether something of the way takes place on a day.
func hasDay(w gate.Way) bool { return w == gate.Inspection || w == gate.Meeting }

// What the job has to do for a task.
const (
	pendingOpen   = "open"   // cases of communities
	pendingRemind = "remind" // those that have not answered
	pendingPause  = "pause"  // what communities owe stands still
	pendingResume = "resume" // and goes on
	pendingClose  = "close"  // what is open of a task that has ended
)

// Task is a department's task with what became of it.
type Task struct {
	Shard, ID string
	State     string
	Area      string // the smallest area that holds all of Areas
	Body      string // id of the department's body
	Content
	FormSending                      string // id of the form's sending; "" without a form, and until it is sent
	PassNumber, PassTitle, PassUntil string // what let it through, as of the day it was sent; "" before

	WriterID, WriterName, SignerName string

	WrittenAt, SentAt, EndedAt int64 // 0 until then
	EndReason                  string
	Paused                     string // why it stands still with its admission: a gate.Cause; "" while it does not
	PausedFor                  string // the reason that was given, in words
	Total, Done                int    // communities asked, and those that owe nothing any more
	Reminders                  int
	Pending                    string // what the job has to do, or ""
	Place                      string // how far the job has come: id of the last share
	Version                    int64
}

// live tells whether communities owe an answer on a day.
func (t *Task) live(day string) bool {
	return t.Paused == "" && t.runs(day)
}

// runs tells whether a task is sent and has not ended by a day, whether or not it stands still.
func (t *Task) runs(day string) bool {
	return (t.State == string(stateSending) || t.State == string(stateSent)) && (t.PassUntil == "" || day <= t.PassUntil)
}
