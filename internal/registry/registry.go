// Package registry owns the areas of a city (city > county > street > community > grid), their
// outlines, the bodies of each and the bodies' members, and the dated history of how they were
// renamed, moved, merged and split. Its tables are registry_area, registry_outline, registry_body,
// registry_member and, of the past, registry_area_code, registry_area_name,
// registry_area_closed, registry_body_closed and registry_change. It answers what every module asks;
// its rooms change it: body edits bodies and members, outline loads outlines, change imports and
// reorganises areas; community shows areas to residents and keeps what communities have. All areas
// are held in memory as an immutable Tree, so asking for one costs no query.
package registry

import (
	"context"
	"embed"
	"sync"
	"sync/atomic"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/module"
	"linli/internal/platform/revision"
)

//go:embed texts/*.json
var texts embed.FS

// PermissionImport allows to load areas and outlines.
const PermissionImport = "registry.area.import"

// Service is the register in use. Make it with New.
type Service struct {
	Log *audit.Log

	followers []Follower

	tree     atomic.Pointer[Tree]
	outlines atomic.Pointer[outlineIndex]
	names    sync.Map     // body id → name
	bodiesOf sync.Map     // area, kind and department → body
	bodies   atomic.Int64 // revision that names and bodiesOf belong to
	reload   sync.Mutex
	days     atomic.Pointer[dayTree]
}

// New reads the register of the log's database into memory.
func New(ctx context.Context, log *audit.Log) (*Service, error) {
	s := &Service{Log: log}
	if err := s.Refresh(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Module is what the registry brings to the platform.
func (s *Service) Module() module.Module {
	return module.Module{
		Name: "registry", Reach: reach,
		Tables: map[string]module.Growth{
			"registry_area": module.Reference, "registry_outline": module.Reference,
			"registry_body": module.Reference, "registry_member": module.Reference,
			"registry_change":    module.Reference,
			"registry_area_code": module.Reference, "registry_area_name": module.Reference,
			"registry_area_closed": module.Reference, "registry_body_closed": module.Reference,
		},
		Permissions: []authority.Permission{
			{Name: PermissionImport, Roles: []authority.Role{RoleSystemAdministrator, RoleCityOfficer}},
		},
		Texts:  texts,
		Routes: s.routes,
		Kept: []revision.Kept{{Name: RevisionArea, Reload: s.Refresh}, {Name: RevisionOutline, Reload: s.Refresh},
			{Name: RevisionBody, Reload: s.Refresh}},
	}
}
