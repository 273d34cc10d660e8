// Package routing finds the body that becomes responsible for a case: by routes, which officers set for
// subjects, areas and times, and where none holds by the subject's own entry. It lies below casework and
// knows no cases: what they can be about it asks through [Subjects].
//
// Table: casework_route. Its address, permissions and texts are those of casework, under which offices have
// known routes from the first.
package routing

import (
	"context"
	"embed"
	"sync/atomic"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/module"
	"linli/internal/platform/revision"
	"linli/internal/registry"
)

// Service keeps the routes and finds who is responsible.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Calendar *calendar.Cache
	Subjects Subjects
	Accounts Accounts

	routes atomic.Pointer[[]Route]
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

// Module is what routing brings.
func (s *Service) Module() module.Module {
	readers := append([]authority.Role{registry.RoleDispatcher, registry.RoleWindowWorker, registry.RoleSystemAdministrator},
		registry.Officers...)
	return module.Module{
		Name:   "routing",
		Reach:  reach,
		Tables: map[string]module.Growth{"casework_route": module.Reference},
		Permissions: []authority.Permission{
			{Name: permRead, Roles: readers},
			{Name: permEdit, Roles: append([]authority.Role{registry.RoleSystemAdministrator}, registry.Officers...)},
		},
		Texts:  Texts,
		Routes: s.serve,
		Kept:   []revision.Kept{{Name: revisionRoute, Reload: func(ctx context.Context) error { return s.RefreshRoutes(ctx) }}},
	}
}
