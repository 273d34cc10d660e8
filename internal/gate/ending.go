package gate

import (
	"context"

	"linli/internal/platform/audit"
)

// Ending is the end of an admission: what rests on it ends with it.
type Ending struct {
	Number string // of the admission
	Title  string // of it, in Chinese
	State  string // what it came to: revoked, expired, withdrawn or unratified
	Reason string // in Chinese
}

// Observer ends what rests on an admission, in the transaction that ends it. An error keeps the admission as it was.
type Observer func(ctx context.Context, tx *audit.Tx, e Ending) error

// Endings is implemented by the gate. Modules whose work rests on admissions register once, at start.
type Endings interface {
	Ended(Observer)
}
