package pact

import "context"

// Votes gives the counts of a vote of a meeting that was held on the platform; nil where no such module is connected, and counts are
// then entered from the minutes.
type Votes interface {
	// Vote is the frozen count of a vote by its id. Errors: NotFound; Conflict while it is not closed.
	Vote(ctx context.Context, id string) (Meeting, error)
}
