// Package access keeps the accounts of those who work with the platform: sign-in, sessions, and
// the grants that give a role over an area for a time.
// Tables (reference): access_account, access_grant, access_session, access_setup.
package access

import (
	"context"
	"embed"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

// Permissions of the module, kept apart: the system administrator makes accounts, the security
// administrator says what they may do, and neither does the other's.
const (
	permRead  = "access.account.read"
	permEdit  = "access.account.edit" // make, rename, disable, give a new password
	permGrant = "access.grant.edit"   // give and take roles
)

//go:embed rules.csv
var rules []byte

// Rules returns the rules that ship with the module.
func Rules() []rule.Value { return rule.Shipped(rules) }

// Account is somebody who signs in.
type Account struct {
	ID       string
	Login    string // lower case, unique
	Name     string
	State    string // active or disabled
	Language text.Lang
	Version  int64
	Grants   []Grant
}

// States of an account.
const (
	StateActive   = "active"
	StateDisabled = "disabled"
)

// Grant is a role over an area from one day to another.
type Grant struct {
	ID        string
	Role      authority.Role
	Area      string
	Body      string // in whose name the role is used, or ""
	ValidFrom string // first day
	ValidTo   string // last day, or "" while it lasts
}

// Service keeps accounts and sessions.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Policy   *authority.Policy
	Sessions *scs.SessionManager
	Proxies  httpx.Proxies // may speak for others

	signIns *httpx.Limiter
	names   sync.Map // account id → name
}

// New makes the service. A session ends after half an hour without use, and after
// twelve hours in any case.
func New(log *audit.Log, reg *registry.Service, policy *authority.Policy) *Service {
	m := scs.New()
	m.Store = &sessionStore{log.DB}
	m.HashTokenInStore = true
	m.Lifetime, m.IdleTimeout = 12*time.Hour, 30*time.Minute
	m.Cookie.Name, m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Path = httpx.SessionCookie, true, http.SameSiteLaxMode, "/"
	m.Cookie.Persist = false
	return &Service{Log: log, Registry: reg, Policy: policy, Sessions: m, signIns: httpx.NewLimiter(30, 2*time.Second)}
}

// AccountName is the name of an account, or "" of one that is not there.
func (s *Service) AccountName(id string) string {
	if id == "" {
		return ""
	}
	if n, ok := s.names.Load(id); ok {
		return n.(string)
	}
	a, err := findAccount(context.Background(), s.Log.DB, id)
	if err != nil {
		return ""
	}
	s.names.Store(id, a.Name)
	return a.Name
}

// Module is what access brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name: "access",
		Tables: map[string]module.Growth{"access_account": module.Reference, "access_grant": module.Reference,
			"access_session": module.Reference, "access_setup": module.Reference},
		Permissions: Permissions,
		Texts:       Texts,
		Rules:       Rules(),
		Routes:      s.routes,
		Jobs:        []module.Job{{Name: "access.sessions", Every: 10 * time.Minute, Do: s.forgetSessions}},
	}
}

// Permissions of the module.
var Permissions = []authority.Permission{
	{Name: permRead, Roles: registry.Administrators},
	{Name: permEdit, Roles: []authority.Role{registry.RoleSystemAdministrator}},
	{Name: permGrant, Roles: []authority.Role{registry.RoleSecurityAdministrator}},
}
