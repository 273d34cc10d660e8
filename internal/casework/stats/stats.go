// Package stats counts: what a case adds to the counters is kept in the write of the step that adds it, so that
// boards and indicators never scan cases. It observes changes of cases, lets its counters follow the register,
// and counts everything anew on demand.
//
// Tables: casework_tally and casework_count, sharded by county of birth.
package stats

import (
	"embed"

	"linli/internal/casework"
	"linli/internal/casework/rating"
	"linli/internal/platform/authority"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

// Service keeps and reads the counters.
type Service struct {
	Cases  *casework.Service
	Rating *rating.Service // whose ratings and follow-ups a recount reads

	declared []Indicator // with those of modules
}

// Start connects the counters with the cases, once.
func (s *Service) Start() {
	s.Cases.Counters = s
	s.Cases.Add(casework.Room{Observe: s.countChange, Relocate: casework.Relocation{Before: s.relocate}})
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

// Module is what the room brings.
func (s *Service) Module() module.Module {
	readers := append([]authority.Role{registry.RoleCommitteeMember, registry.RoleCouncilMember, registry.RoleSupervisoryMember,
		registry.RoleCommunityBuilding}, registry.Officers...)
	return module.Module{
		Name:        "casework/stats",
		Reach:       reach,
		Tables:      map[string]module.Growth{"casework_tally": module.Sharded, "casework_count": module.Sharded},
		Permissions: []authority.Permission{{Name: casework.PermBoard, Roles: readers}, {Name: permRecount}},
		Texts:       Texts,
		Routes:      s.serve,
	}
}
