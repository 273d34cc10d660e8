package access

import (
	"context"

	"linli/internal/platform/audit"
)

// Kinds of alarm: what may be an attack, and what the security administrator looks into.
const (
	AlarmTries  = "tries"  // too many wrong passwords or codes of a login, from anywhere
	AlarmCopy   = "copy"   // a passkey whose counter went back
	AlarmSearch = "search" // an account that looks for many numbers that are not there
)

// Alarms tells the security administrators of what may be an attack.
type Alarms interface {
	// Raise keeps an alarm of a kind about an account, in the write that found its reason, once a day.
	Raise(ctx context.Context, tx *audit.Tx, kind, account string) error
}
