// Package disclosure is 居务公开, 村务公开, 党务公开 and 财务公开: what communities must disclose, by when, and what they posted.
// The catalogue says what is due how often; each community has a duty for each item and period, due on a working day. An entry
// is written by one person or filled from the platform, approved by another, and stays posted for fifteen days at least. The
// bytes of a posted edition never change: a correction is another edition, and the hashes of both stand in the audit log.
// Tables: disclosure_item, disclosure_power, disclosure_community (reference), disclosure_duty, disclosure_entry,
// disclosure_file (sharded). Lifecycle: disclosure.entry.
package disclosure

import (
	"embed"

	"linli/internal/platform/authority"
	"linli/internal/platform/rule"
	"linli/internal/registry"
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var rules []byte

// Rules returns the rules that ship with the module.
func Rules() []rule.Value { return rule.Shipped(rules) }

// Permissions of the module.
const (
	permRead    = "disclosure.entry.read"     // drafts and duties, too
	permWrite   = "disclosure.entry.write"    // and submit, correct, discard, take down
	permApprove = "disclosure.entry.approve"  // and return
	permDuty    = "disclosure.duty.open"      // for what happens outside of periods
	permSet     = "disclosure.community.set"  // whether a community's accounts are busy
	permEdit    = "disclosure.catalogue.edit" // items and micro-powers
)

var writers = []authority.Role{registry.RoleCommitteeMember, registry.RoleDispatcher, registry.RoleWindowWorker}

var permissions = []authority.Permission{
	{Name: permRead, Roles: append([]authority.Role{registry.RoleSupervisoryMember, registry.RoleCouncilMember,
		registry.RoleSubdistrictOfficer, registry.RoleCountyOfficer, registry.RoleCityOfficer, registry.RoleCommunityBuilding}, writers...)},
	{Name: permWrite, Roles: writers},
	{Name: permApprove, Roles: []authority.Role{registry.RoleSupervisoryMember, registry.RoleCommitteeMember}},
	{Name: permDuty, Roles: []authority.Role{registry.RoleCommitteeMember, registry.RoleSupervisoryMember, registry.RoleSubdistrictOfficer,
		registry.RoleCountyOfficer}},
	{Name: permSet, Roles: []authority.Role{registry.RoleCommitteeMember, registry.RoleSubdistrictOfficer}},
	{Name: permEdit, Roles: []authority.Role{registry.RoleCityOfficer}},
}

// Rules of the module.
const (
	rulePosted    = "disclosure.posted.days"
	ruleVery      = "disclosure.very_late.workdays"
	ruleSoon      = "disclosure.soon.days"
	ruleEvent     = "disclosure.event.workdays"
	ruleKept      = "disclosure.kept"
	ruleSecond    = "disclosure.second_person"
	ruleBalance   = "disclosure.finance.balance"
	ruleQuarterly = "disclosure.villagers.quarterly"
	ruleMonthly   = "disclosure.villagers.monthly"
	rulePersonal  = "disclosure.personal"
)

// Heads under which residents look for what is disclosed.
const (
	HeadParty      = "party"      // 党务
	HeadGovernment = "government" // 政务
	HeadAffairs    = "affairs"    // 居务, 村务
	HeadFinance    = "finance"    // 财务
)

// Heads lists them in the order in which boards show them.
var Heads = []string{HeadParty, HeadGovernment, HeadAffairs, HeadFinance}

// Subjects as the audit log names them.
const (
	subjectEntry = "disclosure.entry"
	subjectDuty  = "disclosure.duty"
	subjectItem  = "disclosure.item"
	subjectPower = "disclosure.power"
)
