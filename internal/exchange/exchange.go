// Package exchange keeps the register of data elements (数据元素) and the forms that departments ask communities to fill
// (报表), and judges which of a form's fields are held already: what is held is never asked again.
// Tables: exchange_element, exchange_form (reference). Lifecycle: exchange.form. Its room form sends forms and takes answers.
package exchange

import (
	"embed"

	"linli/internal/platform/authority"
	"linli/internal/platform/rule"
	"linli/internal/registry"
)

// Rules of the module.
const (
	ruleSharing    = "exchange.sharing"
	ruleCollect    = "exchange.collect"
	ruleProvide    = "exchange.provide"
	ruleConfidence = "exchange.held.confidence"
	ruleDuplicate  = "exchange.form.duplicate"
	ruleOwn        = "exchange.form.own"
	ruleReason     = "exchange.form.reason"
)

// Permissions of the module.
const (
	permElement     = "exchange.element.edit" // over the city
	permElementRead = "exchange.element.read"
	permRead        = "exchange.form.read"    // those that are not published, too
	permWrite       = "exchange.form.write"   // of one's own body
	permPublish     = "exchange.form.publish" // and return, withdraw
)

var (
	writers = []authority.Role{registry.RoleDepartmentClerk, registry.RoleDepartmentHead}
	readers = append([]authority.Role{registry.RoleCommunityBuilding, registry.RoleCountyOfficer, registry.RoleCityOfficer}, writers...)

	permissions = []authority.Permission{
		{Name: permElement, Roles: []authority.Role{registry.RoleCityOfficer}},
		{Name: permElementRead, Roles: append([]authority.Role{registry.RoleCommitteeMember, registry.RoleDispatcher,
			registry.RoleWindowWorker, registry.RoleSubdistrictOfficer}, readers...)},
		{Name: permRead, Roles: readers},
		{Name: permWrite, Roles: writers},
		{Name: permPublish, Roles: []authority.Role{registry.RoleDepartmentHead}},
	}
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var rules []byte

// Rules returns the rules that ship with the module.
func Rules() []rule.Value { return rule.Shipped(rules) }
