// Package account makes accounts, gives and takes their roles, sets and judges passwords, and keeps the three
// administrators apart and in office. The first of them, and who has lost their password, come in by a one-time link.
//
// Tables (reference): access_setup, access_lock; it writes the accounts and grants of package access.
package account

import (
	"embed"

	"linli/internal/access"
	"linli/internal/access/factor"
	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

// Service administers accounts.
type Service struct {
	Access  *access.Service
	Factors *factor.Service
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

// Module is what the room brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:        "access/account",
		Reach:       reach,
		Tables:      map[string]module.Growth{"access_setup": module.Reference, "access_lock": module.Reference},
		Permissions: permissions,
		Texts:       Texts,
		Routes: func(api *httpx.API) {
			s.accountRoutes(api)
			s.setupRoutes(api)
		},
	}
}

// permissions of the room.
var permissions = []authority.Permission{
	{Name: permRead, Roles: registry.Administrators},
	{Name: permEdit, Roles: []authority.Role{registry.RoleSystemAdministrator}},
	{Name: permGrant, Roles: []authority.Role{registry.RoleSecurityAdministrator}},
	{Name: permUnlock, Roles: []authority.Role{registry.RoleSecurityAdministrator}},
	{Name: permSession, Roles: []authority.Role{registry.RoleSecurityAdministrator}},
}
