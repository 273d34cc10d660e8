package exchange

import (
	"context"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// Grants counts who works for communities.
type Grants interface {
	CountRole(ctx context.Context, r db.Reader, role authority.Role, area, day string) (map[string]int, error)
}
