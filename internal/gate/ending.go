package gate

import (
	"context"

	"linli/internal/platform/audit"
)

// Ending is what becomes of an admission, and of what rests on it: it ends, stands still for a while, or goes on.
type Ending struct {
	Number string // of the admission
	Title  string // of it, in Chinese
	State  string // what it came to
	Cause  Cause  // why it stands still; "" when it has ended or goes on
	Reason string // in Chinese; "" when it goes on
}

// Cause is why an admission stands still.
type Cause string

// The causes.
const (
	Money    Cause = "money"    // an instalment is overdue
	Funding  Cause = "funding"  // admitted, and waits for its budget line
	Review   Cause = "review"   // the yearly review is overdue
	Decision Cause = "decision" // the community-building body decided so
)

// Observer does for what rests on an admission what the admission has come to, in the transaction that brings it about. An
// error keeps the admission as it was. It does little: what concerns many communities is left to a job, and what it leaves
// to the job is judged as done from this transaction on.
type Observer func(ctx context.Context, tx *audit.Tx, e Ending) error

// Endings is implemented by the gate. Modules whose work rests on admissions register once, at start.
type Endings interface {
	// Ended registers who is told that an admission ends: revoked, expired, withdrawn or unratified. What rests on it ends.
	Ended(Observer)
	// Paused registers who is told that an admission stands still (Cause says why), and that it goes on (no Cause): until then
	// what rests on it need not be answered, and nothing new is sent.
	Paused(Observer)
}
