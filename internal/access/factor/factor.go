// Package factor keeps what an account shows beside its password: an authenticator app, passkeys and recovery codes. It
// takes the second proof of who has shown the password, and lets in who shows a passkey.
//
// Tables (reference): access_factor, access_recovery.
package factor

import (
	"embed"
	"time"

	"linli/internal/access"
	"linli/internal/platform/authority"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

// Service keeps second factors and passkeys.
type Service struct{ Access *access.Service }

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

// Module is what the room brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:        "access/factor",
		Reach:       reach,
		Tables:      map[string]module.Growth{"access_factor": module.Reference, "access_recovery": module.Reference},
		Permissions: []authority.Permission{{Name: permFactor, Roles: []authority.Role{registry.RoleSecurityAdministrator}}},
		Texts:       Texts,
		Routes:      s.routes,
		Jobs:        []module.Job{{Name: "access.keys", Every: time.Minute, Do: s.Reseal}},
	}
}
