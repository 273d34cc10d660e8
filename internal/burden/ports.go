package burden

import (
	"context"

	"linli/internal/people"
	"linli/internal/platform/db"
	"linli/internal/platform/text"
)

// Rulebook gives the values of rules on a day.
type Rulebook interface {
	Int(key, day string) int
}

// People tells how many stand on the rosters of communities.
type People interface {
	Sizes(ctx context.Context, r db.Reader) ([]people.Size, error)
}

// Words are the platform's sentences.
type Words interface {
	T(lang text.Lang, key string, pairs ...any) string
}
