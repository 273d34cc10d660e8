// Package council keeps 基层群众自治: which numbers decide what in a community, by the law of the day and by the province that the city
// follows, and what the city sets where law sets nothing. Its rooms hold meetings, matters and elections; all of them decide by package
// threshold.
//
// Table: council_local (reference).
package council

import (
	"embed"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/threshold"
)

// Texts are the module's sentences, those of its rooms' console pages included.
//
//go:embed texts/*.json
var Texts embed.FS

// Rules are the thresholds, for citations and the console's list of rules.
func Rules() []rule.Value { return threshold.Rules() }

// Service answers what decides, and keeps what the city sets.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Texts    *text.Catalogue
}

// Permissions of the spine.
const (
	PermRead  = "council.threshold.read"
	PermWrite = "council.threshold.write" // over the city: province and numbers that the city sets
)

// Staff are the roles that read what a community decides.
var Staff = []authority.Role{registry.RoleBranchMember, registry.RoleCommitteeMember, registry.RoleCouncilMember,
	registry.RoleSupervisoryMember, registry.RoleDispatcher, registry.RoleSubdistrictOfficer, registry.RoleCountyOfficer,
	registry.RoleCityOfficer, registry.RoleCommunityBuilding}

var permissions = []authority.Permission{
	{Name: PermRead, Roles: Staff},
	{Name: PermWrite, Roles: []authority.Role{registry.RoleCityOfficer}},
}

// Kind is the branch of law of a community: threshold.Residents or threshold.Villagers.
func Kind(a registry.Area) string {
	if a.Urban() {
		return threshold.Residents
	}
	return threshold.Villagers
}
