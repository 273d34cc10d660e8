// Package change changes the structure of the register: lists of areas are imported, places are recognised in them,
// what is not clear is asked and decided, and areas are renamed, moved, merged, split, opened and closed by hand.
// Whatever names areas or bodies follows in the same write (registry.Follower); what was is kept by the register.
//
// Tables: registry_import (reference). The register's store writes what it changes.
package change

import (
	"embed"
	"sync/atomic"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
	"linli/internal/platform/module"
	"linli/internal/registry"
	"linli/internal/registry/outline"
)

// Service changes a register.
type Service struct {
	Register *registry.Service
	Outlines *outline.Service // judge the parts of a split

	importing atomic.Pointer[importProgress]
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

// PermissionChange allows to change the structure of areas by hand.
const PermissionChange = "registry.area.change"

// Module is what the room brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:   "registry/change",
		Reach:  reach,
		Tables: map[string]module.Growth{"registry_import": module.Reference},
		Permissions: []authority.Permission{
			{Name: PermissionChange, Roles: []authority.Role{registry.RoleSystemAdministrator, registry.RoleCityOfficer}},
		},
		Texts: Texts,
		Routes: func(api *httpx.API) {
			s.changeRoutes(api)
			s.importRoutes(api)
		},
		Jobs: []module.Job{{Name: "registry.import", Every: 2 * time.Second, Do: s.RunImports, Waits: s.importsWait}},
	}
}
