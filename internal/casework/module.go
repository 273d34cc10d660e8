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
			"casework_case": module.Sharded, "casework_event": module.Sharded, "casework_file": module.Sharded,
			"casework_number": module.Sharded,

			"casework_upload": module.Reference,
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
			{Name: "casework.uploads", Every: time.Hour, Do: s.ForgetUploads},
			{Name: "casework.shelf", Every: 24 * time.Hour, Do: func(ctx context.Context) error { _, err := s.SweepFiles(ctx); return err }},
			{Name: "casework.pictures", Every: time.Hour, Do: s.Redraw},
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
