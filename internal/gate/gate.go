// Package gate is the one door by which work of departments reaches communities. It holds the words that the ways
// share and no table: admission implements [Gate], burden implements [Ledger], and every module that brings a way asks
// both inside the transaction that sends the work. Without a pass nothing is sent, and nobody need answer.
package gate

import (
	"context"
	"slices"
	"time"

	"linli/internal/platform/audit"
)

// Way is how work reaches a community.
type Way string

// The ways. Whoever adds one lists it in [Ways] and asks [Gate.Pass]; archtest fails otherwise.
const (
	Task        Way = "task"        // 任务
	Form        Way = "form"        // 报表
	Inspection  Way = "inspection"  // 检查
	Meeting     Way = "meeting"     // 会议
	Certificate Way = "certificate" // 证明
	Part        Way = "part"        // 协办: a part of a case is asked of a community's station
	Redirect    Way = "redirect"    // a case is sent on to a community's station
)

// Ways lists them all.
var Ways = []Way{Task, Form, Inspection, Meeting, Certificate, Part, Redirect}

// Known tells whether a way is declared.
func (w Way) Known() bool { return slices.Contains(Ways, w) }

// Request is what a department wants of communities.
type Request struct {
	Way       Way
	Body      string   // id of the department's body that asks
	Areas     []string // codes of the communities asked, at least one
	Admission string   // number of the admission it rests on; "" where it rests on a listed duty
	Duty      string   // code of a published entry of the lists; "" where it rests on an admission
	Form      string   // id of the form that is sent, by itself (way Form) or with a task; "" for none
	Minutes   int      // declared work for each community, this time; 0 where nothing is declared
}

// Pass is what let a request through. Number and Until stand on everything that is sent, shown and printed.
type Pass struct {
	Number string // of the admission, or the code of the listed duty
	Title  string // of either, in Chinese
	Until  string // last day on which communities need to answer, YYYY-MM-DD; "" for a duty without end
}

// Gate judges requests.
type Gate interface {
	// Pass judges a request at the transaction's hour. It refuses with 409 and the rule: admission.gate.none (neither
	// named), .unknown, .not_active (with the state), .expired (with the day), .body (of another department), .way,
	// .area (with the areas outside of its scope), .frequency, .hours, .unlisted, .certificate. Each says what is needed.
	Pass(ctx context.Context, tx *audit.Tx, r Request) (Pass, error)
}

// Load is one thing that a community was asked for, or did about it. The ledger counts it in the transaction that
// causes it.
type Load struct {
	Way       Way
	Subject   string    // id of what was sent: the task, the sending of a form
	Title     string    // of it, in Chinese
	At        time.Time // when it was sent or answered
	Area      string    // the community
	Body      string    // the body that asked
	Pass      string    // number of the admission or code of the duty
	Asked     int       // 1 when it is sent, 0 when it is answered
	Answered  int       // 1 when it is answered, 0 when it is sent
	Fields    int       // fields wanted, of a form
	Prefilled int       // of these, filled in from what is held
	Declared  int       // minutes that the department declared
	Measured  int       // minutes that answering took, as told by whoever answered
}

// Ledger counts loads.
type Ledger interface {
	Record(ctx context.Context, tx *audit.Tx, loads ...Load) error
}
