package demo

import (
	"context"
	"fmt"

	"linli/internal/access"
	"linli/internal/access/account"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/registry"
)

// Password of every account of a demo. It is told to whoever opens the demo, and no other city
// ever has it.
const Password = "Linli-demo-2026"

// home is the community in which a visitor walks both journeys: 墟沟街道院前社区.
const home = "320703001007"

// neighbour is another community of its street, whose committee signs an agreement.
const neighbour = "320703001009"

// Account is one that a demo offers to try.
type Account struct {
	Login      string
	Role       authority.Role
	Area       string
	Body       string // kind of the body in whose name it acts, or ""
	Department string // of a department
}

// Accounts are one for each role, and the department that most incidents go to. Those of the
// community and of its county's civil affairs belong together.
var Accounts = []Account{
	{"window", registry.RoleWindowWorker, home, registry.BodyStation, ""},
	{"dispatcher", registry.RoleDispatcher, home, registry.BodyStation, ""},
	{"grid", registry.RoleGridWorker, home, registry.BodyStation, ""},
	{"clerk", registry.RoleDepartmentClerk, home[:6], registry.BodyDepartment, "civil_affairs"},
	{"head", registry.RoleDepartmentHead, home[:6], registry.BodyDepartment, "civil_affairs"},
	{"urban", registry.RoleDepartmentClerk, home[:6], registry.BodyDepartment, "urban_management"},
	{"street", registry.RoleSubdistrictOfficer, home[:9], registry.BodySubdistrict, ""},
	{"county", registry.RoleCountyOfficer, home[:6], "", ""},
	{"city", registry.RoleCityOfficer, cityCode, "", ""},
	{"builder", registry.RoleCommunityBuilding, home[:6], "", ""},
	{"builder2", registry.RoleCommunityBuilding, home[:6], "", ""}, // what one proposes another publishes
	{"branch", registry.RoleBranchMember, home, registry.BodyParty, ""},
	{"committee", registry.RoleCommitteeMember, home, registry.BodyCommittee, ""},
	{"council", registry.RoleCouncilMember, home, registry.BodyCouncil, ""},
	{"supervisor", registry.RoleSupervisoryMember, home, registry.BodySupervisory, ""},
	{"admin", registry.RoleSystemAdministrator, cityCode, "", ""},
	{"security", registry.RoleSecurityAdministrator, cityCode, "", ""},
	{"auditor", registry.RoleAuditor, cityCode, "", ""},
}

// community are those who act for a community, department for a department of an area, and street
// who oversees one.
type (
	community  struct{ window, dispatcher, grid *authority.Actor }
	department struct{ clerk, head *authority.Actor }
	street     struct {
		code    string
		officer **authority.Actor
	}
)

// appointment is an account to be made, for whom, and where the actor is wanted that it becomes.
type appointment struct {
	Account
	name string
	seat **authority.Actor
}

// loadAccounts gives an account to everybody who acts in the year: window, dispatch and grid of
// every community, clerk and head of every department that something is routed to, and those who
// oversee. All share one password, hashed once.
func (l *load) loadAccounts(ctx context.Context) error {
	hash, err := l.Access.HashPassword(Password)
	if err != nil {
		return err
	}
	appointments := l.appointments()
	return all(ctx, len(appointments), func(ctx context.Context, i int) error {
		a := appointments[i]
		grant := access.Grant{Role: a.Role, Area: a.Area, ValidFrom: clock.Day(l.start)}
		if a.Body != "" {
			grant.Body = l.bodies[bodyKey{a.Area, a.Body, a.Department}].ID
		}
		n := account.NewAccount{Login: a.Login, Name: a.name, Hash: hash, Grants: []access.Grant{grant}}
		if registry.BodyRoles[a.Body] != "" { // the post gives the role
			n.Grants = nil
		}
		made, err := l.Accounts.Create(ctx, n)
		*a.seat = l.Access.Actor(made, made.Grants)
		if err != nil || n.Grants != nil {
			return err
		}
		m := l.bodies[bodyKey{a.Area, a.Body, ""}].Members[0]
		_, err = l.Bodies.Link(ctx, m.ID, made.ID, m.Version)
		return err
	})
}

// offered gives the login of an account that is offered to try, or the given one.
func offered(a Account) Account {
	for _, o := range Accounts {
		if o.Login == a.Login {
			return a
		}
	}
	for _, o := range Accounts {
		if o.Role == a.Role && o.Area == a.Area && o.Department == a.Department {
			return o
		}
	}
	return a
}

func (l *load) appointments() []appointment {
	r := l.dice("accounts", 0)
	var out []appointment
	add := func(login string, role authority.Role, b bodyKey, name string, seat **authority.Actor) {
		out = append(out, appointment{offered(Account{login, role, b.area, b.kind, b.department}), name, seat})
	}
	overseer := func(login string, role authority.Role, b bodyKey) **authority.Actor {
		name := inventName(r, r.IntN(2) == 0)
		if m := l.bodies[b].Members; len(m) > 0 {
			name = m[0].Name
		}
		seat := new(*authority.Actor)
		add(login, role, b, name, seat)
		return seat
	}
	overseer("admin", registry.RoleSystemAdministrator, bodyKey{area: cityCode})
	overseer("security", registry.RoleSecurityAdministrator, bodyKey{area: cityCode})
	overseer("auditor", registry.RoleAuditor, bodyKey{area: cityCode})
	l.officer = overseer("city", registry.RoleCityOfficer, bodyKey{area: cityCode})
	overseer("builder", registry.RoleCommunityBuilding, bodyKey{area: home[:6]})
	overseer("builder2", registry.RoleCommunityBuilding, bodyKey{area: home[:6]})
	overseer("branch", registry.RoleBranchMember, bodyKey{home, registry.BodyParty, ""})
	overseer("committee", registry.RoleCommitteeMember, bodyKey{home, registry.BodyCommittee, ""})
	if b := (bodyKey{neighbour, registry.BodyCommittee, ""}); len(l.bodies[b].Members) > 0 {
		overseer("committee-"+neighbour, registry.RoleCommitteeMember, b)
	}
	overseer("council", registry.RoleCouncilMember, bodyKey{home, registry.BodyCouncil, ""})
	overseer("supervisor", registry.RoleSupervisoryMember, bodyKey{home, registry.BodySupervisory, ""})
	for _, a := range l.Registry.Below(cityCode, registry.LevelCounty) {
		overseer("county-"+a.Code, registry.RoleCountyOfficer, bodyKey{area: a.Code})
	}
	for _, a := range l.Registry.Below(cityCode, registry.LevelStreet) {
		l.streets = append(l.streets, street{a.Code,
			overseer("street-"+a.Code, registry.RoleSubdistrictOfficer, bodyKey{a.Code, registry.BodySubdistrict, ""})})
	}
	for level, departments := range l.departments() {
		for _, a := range l.Registry.Below(cityCode, level) {
			for _, d := range departments {
				key, seats := bodyKey{a.Code, registry.BodyDepartment, d}, &department{}
				m := l.bodies[key].Members
				l.duty[key] = seats
				add(fmt.Sprintf("head-%s-%s", a.Code, d), registry.RoleDepartmentHead, key, m[0].Name, &seats.head)
				add(fmt.Sprintf("clerk-%s-%s", a.Code, d), registry.RoleDepartmentClerk, key, m[1].Name, &seats.clerk)
			}
		}
	}
	for _, a := range l.Registry.Below(cityCode, registry.LevelCommunity) {
		key, seats := bodyKey{a.Code, registry.BodyStation, ""}, &community{}
		m := l.bodies[key].Members
		l.staff[a.Code] = seats
		add("window-"+a.Code, registry.RoleWindowWorker, key, m[memberWindow].Name, &seats.window)
		add("dispatcher-"+a.Code, registry.RoleDispatcher, key, m[memberDispatcher].Name, &seats.dispatcher)
		add("grid-"+a.Code, registry.RoleGridWorker, key, m[memberGrid].Name, &seats.grid)
	}
	return out
}
