// Package identity lets staff sign in by the city's own identity system (OpenID Connect): who comes back from it with a
// signed proof is the account that is bound to them there.
//
// Tables (reference): access_identity.
package identity

import (
	"embed"

	"linli/internal/access"
	"linli/internal/platform/module"
)

// Service asks the city's identity system.
type Service struct {
	Access   *access.Service
	Identity *Identity // the city's own identity system, or nil
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

// Module is what the room brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:   "access/identity",
		Reach:  reach,
		Tables: map[string]module.Growth{"access_identity": module.Reference},
		Texts:  Texts,
		Routes: s.routes,
	}
}
