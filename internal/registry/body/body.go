// Package body edits the bodies of areas and their members: who holds which post for which term, which account a post is
// tied to, and what a community's bodies lack. The register itself tells every module which bodies there are.
//
// The register's store writes what it edits.
package body

import (
	"context"
	"embed"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/registry"
)

// Service edits bodies and members.
type Service struct {
	Register *registry.Service
	Rules    *rule.Cache

	// Seating refuses a member whose account may not hold the post at that time; access answers.
	// Without it no post can be tied to an account.
	Seating func(ctx context.Context, tx *audit.Tx, m registry.Member, role authority.Role) error

	// Unseated is told of an account that lost a post, or part of its term; access answers.
	Unseated func(ctx context.Context, tx *audit.Tx, account string) error
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var shippedRules []byte

// Rules are the room's dated values.
func Rules() []rule.Value { return rule.Shipped(shippedRules) }

// Module is what the room brings.
func (s *Service) Module() module.Module {
	editors := append([]authority.Role{registry.RoleDispatcher, registry.RoleCommunityBuilding}, registry.Officers...)
	return module.Module{
		Name:  "registry/body",
		Reach: reach,
		Permissions: []authority.Permission{
			{Name: PermissionEdit, Roles: editors},
			{Name: PermissionLink, Roles: []authority.Role{registry.RoleSecurityAdministrator}},
		},
		Texts:  Texts,
		Rules:  Rules(),
		Routes: s.routes,
	}
}
