package community

import (
	"context"

	"linli/internal/platform/db"
	"linli/internal/registry"
)

// completeness lists the communities that have all six bodies, as of a revision.
type completeness struct {
	revision int64
	areas    []string // codes, ascending
}

// completeBelow counts the communities inside a code that have all six bodies. The list is made
// once after each change of a body and then only searched.
func (s *Service) completeBelow(ctx context.Context, code string) (int, error) {
	revision := s.Register.BodyRevision()
	c := s.complete.Load()
	if c == nil || c.revision != revision {
		args := make([]any, len(registry.CommunityBodies))
		for i, kind := range registry.CommunityBodies {
			args[i] = kind
		}
		areas, err := db.All(ctx, s.Register.Log.DB, func(r db.Scanner) (a string, err error) { return a, r.Scan(&a) },
			`SELECT area FROM registry_body WHERE kind IN `+db.List(1, len(args))+` GROUP BY area HAVING count(*) = 6 ORDER BY area`, args...)
		if err != nil {
			return 0, err
		}
		c = &completeness{revision: revision, areas: areas}
		s.complete.Store(c)
	}
	return c.inside(code), nil
}
