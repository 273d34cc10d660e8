package people

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/text"
)

// Words are the platform's sentences, by which a roster's words are recognised.
type Words interface {
	T(lang text.Lang, key string, pairs ...any) string
}

// Alarms tells the security administrator of what may be an attack.
type Alarms interface {
	// Raise keeps an alarm of a kind about an account, once a day.
	Raise(ctx context.Context, tx *audit.Tx, kind, account string) error
}
