// Package roster takes lists of residents, as communities keep them in spreadsheets, into the roster of a community: a
// file is read and told line by line, and what can be taken is taken in the background.
//
// Tables (sharded): people_import. Persons are written by package people.
package roster

import (
	"embed"
	"time"

	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/module"
	"linli/internal/platform/sandbox"
	"linli/internal/registry"
)

// Service takes rosters. Make it with New.
type Service struct {
	People  *people.Service
	Sandbox *sandbox.Pool // where foreign files are read
	Spool   string        // folder in which they wait for it
}

// New makes the service; app connects Sandbox and Spool.
func New(p *people.Service) *Service {
	p.Keeps("people_import")
	return &Service{People: p}
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

const permImport = "people.roster.import"

// Module is what the room brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:   "people/roster",
		Reach:  reach,
		Tables: map[string]module.Growth{"people_import": module.Sharded},
		Permissions: []authority.Permission{
			{Name: permImport, Roles: []authority.Role{registry.RoleWindowWorker, registry.RoleDispatcher}},
		},
		Texts:  Texts,
		Routes: s.routes,
		Jobs:   []module.Job{{Name: "people.roster", Every: 2 * time.Second, Do: s.RunImports, Waits: s.importsWait}},
	}
}
