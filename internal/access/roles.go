package access

import (
	"context"
	"slices"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/registry"
)

// Administers tells whether a role is one of the three administrators.
func Administers(r authority.Role) bool { return slices.Contains(registry.Administrators, r) }

// Today is the city's day.
func Today(ctx context.Context) string { return clock.Day(clock.Now(ctx)) }
