package casework

import (
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
		},
		Texts:  Texts,
		Rules:  Rules(),
		Routes: s.routes,
	}
}
