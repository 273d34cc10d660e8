package matter

import (
	"context"

	"linli/internal/platform/db"
	"linli/internal/platform/page"
)

// Visitors prove telephone numbers on the portal.
type Visitors interface {
	// Proven is the telephone number that the visitor has proven to be theirs.
	Proven(q *page.Request) (phone string, found bool, err error)
	// Prove begins to prove one, and goes on to next.
	Prove(q *page.Request, next string) error
}

// Cases know the incidents from which matters are handed up.
type Cases interface {
	// In refuses a number that is no incident of a community: NotFound.
	In(ctx context.Context, r db.Reader, number, area string) error
}
