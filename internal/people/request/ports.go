package request

import (
	"context"
	"io"

	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
)

// Cases tells what the casework knows of a person.
type Cases interface {
	// HasOpenCase tells whether a case of the person is still being handled.
	HasOpenCase(ctx context.Context, r db.Reader, person string) (bool, error)
	// ErasePerson deletes what the cases of a person hold of them beside the person itself, and returns
	// the digests of the files that they named.
	ErasePerson(ctx context.Context, tx *audit.Tx, person string) ([]string, error)
	// HeldOf lists what the cases of a person hold of them, for their copy.
	HeldOf(ctx context.Context, r db.Reader, person string) ([]people.HeldCase, error)
}

// Files keeps the files of cases.
type Files interface {
	// Discard removes the content of files that nothing names any more, after the write that erased them.
	Discard(ctx context.Context, digests []string) error
	// OpenHeld reads a file that a case of a person holds. The caller closes it. Errors: NotFound.
	OpenHeld(ctx context.Context, person, file string) (people.HeldFile, io.ReadCloser, error)
}
