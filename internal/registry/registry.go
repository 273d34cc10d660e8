// Package registry owns the areas of a city (city > county > street > community > grid), their
// outlines, the bodies of each and the bodies' members, and the dated history of how they were
// renamed, moved, merged and split. Its tables are registry_area, registry_outline, registry_body,
// registry_member and, of the past, registry_area_code, registry_area_name,
// registry_area_closed, registry_body_closed and registry_change; registry_facility says what
// communities have. All areas are held in memory as an immutable Tree, so asking for one costs no query.
package registry

import (
	"context"
	"embed"
	"sync"
	"sync/atomic"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/platform/revision"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
)

//go:embed texts/*.json
var texts embed.FS

// Permissions of the module.
const (
	PermissionImport = "registry.area.import" // load areas and outlines
	PermissionEdit   = "registry.body.edit"   // bodies and members
)

// Service is the register in use. Make it with New.
type Service struct {
	Log *audit.Log

	// Offers lists the services that residents of an area may apply for; the hall answers.
	Offers func(ctx context.Context, area string, lang text.Lang) ([]page.Link, error)

	// Seating refuses a member whose account may not hold the post at that time; access answers.
	// Without it no post can be tied to an account.
	Seating func(ctx context.Context, tx *audit.Tx, m Member, role authority.Role) error

	// Unseated is told of an account that lost a post, or part of its term; access answers.
	Unseated func(ctx context.Context, tx *audit.Tx, account string) error

	rules     *rule.Book
	followers []Follower

	tree     atomic.Pointer[Tree]
	outlines atomic.Pointer[outlineIndex]
	complete atomic.Pointer[completeness] // as of a revision
	names    sync.Map                     // body id → name
	bodiesOf sync.Map                     // area, kind and department → body
	bodies   atomic.Int64                 // revision that names, bodiesOf and complete belong to
	reload   sync.Mutex
	days     atomic.Pointer[dayTree]

	facilities atomic.Pointer[facilityIndex]
	terms      atomic.Pointer[termIndex]
}

// New reads the register of the log's database into memory. Rules must hold Rules().
func New(ctx context.Context, log *audit.Log, rules *rule.Book) (*Service, error) {
	s := &Service{Log: log, rules: rules}
	if err := s.Refresh(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Service) db() *db.DB { return s.Log.DB }

// Module is what the registry brings to the platform.
func (s *Service) Module() module.Module {
	return module.Module{
		Name: "registry", Reach: reach, PageReach: pageReach,
		Tables: map[string]module.Growth{
			"registry_area": module.Reference, "registry_outline": module.Reference,
			"registry_body": module.Reference, "registry_member": module.Reference,
			"registry_change":   module.Reference,
			"registry_facility": module.Reference, "registry_area_code": module.Reference, "registry_area_name": module.Reference,
			"registry_area_closed": module.Reference, "registry_body_closed": module.Reference,
		},
		Permissions: []authority.Permission{
			{Name: PermissionImport, Roles: []authority.Role{RoleSystemAdministrator, RoleCityOfficer}},
			{Name: PermissionEdit, Roles: append([]authority.Role{RoleDispatcher, RoleCommunityBuilding}, Officers...)},
			{Name: PermissionLink, Roles: []authority.Role{RoleSecurityAdministrator}},
			{Name: PermissionFacility, Roles: append([]authority.Role{RoleDispatcher, RoleCommunityBuilding}, Officers...)},
		},
		Texts:     texts,
		Rules:     Rules(),
		Routes:    s.routes,
		Templates: templates,
		Pages:     s.pages,
		Kept: []revision.Kept{{Name: RevisionArea, Reload: s.Refresh}, {Name: RevisionOutline, Reload: s.Refresh},
			{Name: RevisionBody, Reload: s.Refresh}, {Name: revisionFacility, Reload: s.Refresh}},
	}
}
