package gate

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/text"
)

// Carried is a published form that goes to communities with something that the gate has let through: a task.
type Carried struct {
	Form    string   // id of the form
	Body    string   // id of the body that asks; the form is its own
	Carrier string   // id of the task
	Way     Way      // of the task
	Areas   []string // codes of communities, or of areas above with all of theirs
	Pass    Pass     // what let the task through
	Duty    bool     // it rests on a listed duty, not on an admission
	DueOn   string   // last day to answer, YYYY-MM-DD
}

// Given is how one community's answer to a carried form stands.
type Given struct {
	ID        string // of the answer; "" while the form is being given out
	State     string // of exchange.answer
	Whole     bool   // the community has filled it in and submitted it
	Minutes   int    // from opening to submitting, pauses left out
	Wanted    int    // fields
	Prefilled int    // of these, filled in from what is held
}

// Verdict is what becomes of a carried form's answer with the community's case.
type Verdict string

// The verdicts.
const (
	Accepted Verdict = "accept"
	Returned Verdict = "return" // to be filled in again
	Released Verdict = "lapse"  // need not be filled in any more
)

// Forms is implemented by exchange: tasks that are answered by a form carry one of its forms, which arrives filled in with what
// is held and is answered with the same controls as any other.
type Forms interface {
	// Carriable is the title of a form that a body may let a task carry which rests on an admission ("" for a duty). Errors:
	// Invalid at "form": unknown, of another body, not published, or resting on something else than the task.
	Carriable(ctx context.Context, r db.Reader, form, body, admission string) (text.Pair, error)
	// Offered are the titles of the forms that are Carriable, by their ids.
	Offered(ctx context.Context, r db.Reader, body, admission string) (map[string]text.Pair, error)
	// Carry begins a sending of a form with a task, in the write that sends the task, and returns its id. Errors: those of
	// Carriable.
	Carry(ctx context.Context, tx *audit.Tx, c Carried) (string, error)
	// Given is how a community's answer stands; without an id while it has none.
	Given(ctx context.Context, r db.Reader, sending, area string) (Given, error)
	// Settle lets an answer follow the community's case; due is the last day to fill a returned form in again. An answer that
	// has no such step any more is left as it is.
	Settle(ctx context.Context, tx *audit.Tx, sending, area string, v Verdict, note, due string) error
	// EndCarried ends a sending with its task: what is unanswered need not be answered.
	EndCarried(ctx context.Context, tx *audit.Tx, sending, why string) error
	// Questions are the labels of a sending's questions, and Words what communities answered to them, by area, in the order of
	// the questions; what is personal is masked, what is not submitted empty.
	Questions(ctx context.Context, r db.Reader, sending string, lang text.Lang) ([]string, error)
	Words(ctx context.Context, r db.Reader, sending string, areas []string, lang text.Lang) (map[string][]string, error)
}
