package notice

import (
	"context"

	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/notify"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
)

// Outbox carries messages to those who consented.
type Outbox interface {
	Offered() []notify.Channel
	Add(ctx context.Context, tx *audit.Tx, m notify.Message) error
	Cancel(ctx context.Context, tx *audit.Tx, subject string, c notify.Channel) error
	Recall(ctx context.Context, tx *audit.Tx, subject, topic string) (bool, error)
	Forget(ctx context.Context, tx *audit.Tx, subject string) error
	Counts(ctx context.Context, r db.Reader, topic string) (map[notify.State]int, error)
}

// People keep the numbers and mail addresses of those who consented.
type People interface {
	Keep(ctx context.Context, tx *audit.Tx, area string, p people.Person) (string, error)
	Reached(ctx context.Context, r db.Reader, id string) (people.Person, error)
	Release(ctx context.Context, tx *audit.Tx, id string) error
}

// Visitors are the visitors of the portal with the telephone numbers that they have proven.
type Visitors interface {
	// Proven is the number of the visitor, if they have proven one.
	Proven(q *page.Request) (phone string, found bool, err error)
	// Prove leads the visitor to prove one, and then on to a page.
	Prove(q *page.Request, next string) error
}

// Words are the platform's sentences.
type Words interface {
	T(lang text.Lang, key string, pairs ...any) string
}
