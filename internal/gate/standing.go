package gate

import (
	"context"

	"linli/internal/platform/db"
)

// Standing is how an admission stands on a day: what rests on it shows this, and need not be answered while it does not hold.
type Standing struct {
	Number string
	Title  string // in Chinese
	Until  string // last day, YYYY-MM-DD
	State  string // of admission.application
	Cause  string // why it is suspended: money, review or decision; "" otherwise
	Ways   []Way  // that it lets through
	Live   bool   // work may rest on it today
}

// Suspended tells whether it may hold again: nobody need answer until then.
func (s Standing) Suspended() bool { return s.State == "suspended" }

// Admissions is implemented by the gate: how admissions stand.
type Admissions interface {
	// Standings are those of numbers; a number that no admission has is left out. One statement, whatever their number.
	Standings(ctx context.Context, r db.Reader, numbers []string) (map[string]Standing, error)
	// Live are those of a body's admissions on which work may rest today, by their numbers in order.
	Live(ctx context.Context, r db.Reader, body string) ([]Standing, error)
}
