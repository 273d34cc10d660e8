// Package community keeps what the communities of the city have, counts it for the areas above, and shows areas and
// communities to residents: the pages below /communities, their maps, and the choice of a community inside a form.
//
// Tables: registry_facility (reference).
package community

import (
	"context"
	"embed"
	"sync"
	"sync/atomic"

	"linli/internal/platform/authority"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/platform/revision"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Service shows communities and keeps what they have. Make it with New.
type Service struct {
	Register *registry.Service
	Rules    *rule.Cache

	// Offers lists the services that residents of an area may apply for; the hall answers.
	Offers func(ctx context.Context, area string, lang text.Lang) ([]page.Link, error)

	reload     sync.Mutex
	facilities atomic.Pointer[facilityIndex]
	complete   atomic.Pointer[completeness] // as of a revision
	terms      atomic.Pointer[termIndex]
}

// New reads what communities have into memory. Rules must hold Rules().
func New(ctx context.Context, register *registry.Service, rules *rule.Cache) (*Service, error) {
	s := &Service{Register: register, Rules: rules}
	return s, s.Refresh(ctx)
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed templates/*.html
var templates embed.FS

//go:embed rules.csv
var shippedRules []byte

// Rules are the room's dated values.
func Rules() []rule.Value { return rule.Shipped(shippedRules) }

// Module is what the room brings.
func (s *Service) Module() module.Module {
	editors := append([]authority.Role{registry.RoleDispatcher, registry.RoleCommunityBuilding}, registry.Officers...)
	return module.Module{
		Name:  "registry/community",
		Reach: reach, PageReach: pageReach,
		Tables:      map[string]module.Growth{"registry_facility": module.Reference},
		Permissions: []authority.Permission{{Name: PermissionFacility, Roles: editors}},
		Texts:       Texts,
		Rules:       Rules(),
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Kept:        []revision.Kept{{Name: revisionFacility, Reload: s.Refresh}},
	}
}
