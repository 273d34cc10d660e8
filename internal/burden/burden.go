// Package burden keeps the ledger of what communities are asked for: every task, form, inspection, meeting and certificate
// that passed the gate, what was answered and how long that took. The sums by month and day are kept in the transaction
// that causes them, so no board scans events, and no figure is typed. Beside it stands the inventory of signs, ledgers,
// accounts in other systems and standing bodies, which no traffic shows.
package burden

import (
	"slices"

	"linli/internal/gate"
	"linli/internal/platform/authority"
	"linli/internal/registry"
)

// Figures are what was asked and answered within some time. Minutes are those of all communities together.
type Figures struct {
	Asked     int `json:"asked" doc:"Tasks, forms and the like that were sent, one for each community"`
	Answered  int `json:"answered" doc:"Of these and earlier ones, answered within the time"`
	Fields    int `json:"fields" doc:"Fields wanted by forms"`
	Prefilled int `json:"prefilled" doc:"Of the fields, those that arrived filled in"`
	Declared  int `json:"declared" doc:"Minutes that departments declared"`
	Measured  int `json:"measured" doc:"Minutes that the timed answers took"`
	Timed     int `json:"timed" doc:"Answers whose time is known"`
}

func (f *Figures) add(g Figures) {
	f.Asked += g.Asked
	f.Answered += g.Answered
	f.Fields += g.Fields
	f.Prefilled += g.Prefilled
	f.Declared += g.Declared
	f.Measured += g.Measured
	f.Timed += g.Timed
}

// figures are what a load adds.
func figures(l *gate.Load) Figures {
	f := Figures{Asked: l.Asked, Answered: l.Answered, Fields: l.Fields, Prefilled: l.Prefilled, Declared: l.Declared, Measured: l.Measured}
	if l.Answered > 0 && l.Measured > 0 {
		f.Timed = l.Answered
	}
	return f
}

// Permissions of the module.
const (
	permRead      = "burden.ledger.read"
	permInventory = "burden.inventory.write"
)

// readers see the figures of their areas: everybody who works there but for administrators.
var readers = slices.Concat(registry.Handlers, registry.Officers, []authority.Role{registry.RoleCommitteeMember,
	registry.RoleCouncilMember, registry.RoleSupervisoryMember, registry.RoleCommunityBuilding})

var permissions = []authority.Permission{
	{Name: permRead, Roles: readers},
	{Name: permInventory, Roles: []authority.Role{registry.RoleCommitteeMember, registry.RoleDispatcher, registry.RoleSubdistrictOfficer,
		registry.RoleCommunityBuilding}},
}

// Rules of the module.
const (
	ruleMostMonths = "burden.board.months"    // longest period of a board
	ruleCompare    = "burden.compare.days"    // longest time on each side of a day
	ruleBasis      = "burden.inventory.basis" // what has no basis is to be removed
	ruleSigns      = "burden.inventory.signs" // how many signs a community's premises may bear
)
