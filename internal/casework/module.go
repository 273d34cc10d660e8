package casework

import (
	"context"
	"log/slog"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

// Module is what the spine brings.
func (s *Service) Module() module.Module {
	overseers := append([]authority.Role{registry.RoleWindowWorker, registry.RoleGridWorker, registry.RoleDispatcher,
		registry.RoleCommitteeMember, registry.RoleSupervisoryMember}, registry.Officers...)
	workers := append([]authority.Role{registry.RoleDepartmentClerk, registry.RoleDepartmentHead}, overseers...)
	return module.Module{
		Name:  "casework",
		Reach: reach,
		Tables: map[string]module.Growth{
			"casework_case": module.Sharded, "casework_event": module.Sharded, "casework_number": module.Sharded,
		},
		Permissions: []authority.Permission{
			{Name: PermRead, Roles: overseers},
			{Name: PermReadOwn, Roles: workers},
			{Name: permUnmask, Roles: registry.Handlers},
			{Name: PermSettle}, // the platform itself
		},
		Texts:  Texts,
		Rules:  Rules(),
		Routes: s.routes,
		Jobs: []module.Job{
			{Name: "casework.settle", Every: time.Hour, Do: func(ctx context.Context) error {
				n, err := s.Settle(ctx)
				if n > 0 {
					slog.InfoContext(ctx, "deadlines settled", "cases", n)
				}
				return err
			}},
		},
	}
}
