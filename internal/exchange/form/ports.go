package form

import (
	"context"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
)

// Forms keeps the forms that departments design.
type Forms interface {
	// Sendable is a form that was published and that its check did not refuse. Errors: NotFound; Conflict otherwise.
	Sendable(ctx context.Context, r db.Reader, id string) (Definition, error)
	// All are the ids of the forms that may be sent, the latest first.
	All(ctx context.Context) ([]string, error)
	// Probe makes a form that may be sent of the county of an area, for the test of the matrix of authority.
	Probe(ctx context.Context, area string) (id string, err error)
}

// Holdings tells what is held.
type Holdings interface {
	// Values are the values of elements for communities, by the code of the community and of the element. What is not
	// held, or may not be used, is left out. The number of statements does not grow with the number of communities.
	Values(ctx context.Context, elements, communities []string) (map[string]map[string]Held, error)
}

// People keeps the data of persons and who has seen it.
type People interface {
	// Seen records among the looks at a person that an office used a value about them, for which purpose and on what
	// ground (the number of an admission); the person sees it at once.
	Seen(ctx context.Context, tx *audit.Tx, person, purpose, note, office string) error
}
