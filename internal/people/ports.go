package people

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/text"
)

// Words are the platform's sentences, by which a roster's words are recognised.
type Words interface {
	T(lang text.Lang, key string, pairs ...any) string
}

// Cases tells what the casework knows of a person.
type Cases interface {
	// HasOpenCase tells whether a case of the person is still being handled.
	HasOpenCase(ctx context.Context, r db.Reader, person string) (bool, error)
	// ErasePerson deletes what the cases of a person hold of them beside the person itself.
	ErasePerson(ctx context.Context, tx *audit.Tx, person string) error
	// HeldOf lists what the cases of a person hold of them, for their copy.
	HeldOf(ctx context.Context, r db.Reader, person string) ([]HeldCase, error)
}

// HeldCase is what one case holds of a person.
type HeldCase struct {
	Number  string       `json:"number"`
	Title   string       `json:"title"`
	At      int64        `json:"at"`
	Answers []HeldAnswer `json:"answers"`
}

// HeldAnswer is one thing that a person told in a case.
type HeldAnswer struct {
	Key   string `json:"key"`
	Label string `json:"label" doc:"The question, in the language of the reader"`
	Value string `json:"value" doc:"As it was given; of a choice its words"`
}

// Alarms tells the security administrator of what may be an attack.
type Alarms interface {
	// Raise keeps an alarm of a kind about an account, once a day.
	Raise(ctx context.Context, tx *audit.Tx, kind, account string) error
}
