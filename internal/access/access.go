// Package access keeps the accounts of those who work with the platform: sign-in, sessions, and
// the grants that give a role over an area for a time.
// Tables (reference): access_account, access_grant, access_session, access_setup, access_factor,
// access_recovery, access_identity, access_code, access_tell, access_failure, access_device,
// access_alarm, access_lock.
package access

import (
	"context"
	"embed"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2"

	"linli/internal/casework"
	"linli/internal/casework/follow"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
	"linli/internal/platform/limit"
	"linli/internal/platform/module"
	"linli/internal/platform/notify"
	"linli/internal/platform/revision"
	"linli/internal/platform/rule"
	"linli/internal/platform/seal"
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
	permRead    = "access.account.read"
	permEdit    = "access.account.edit"   // make, rename, disable, give a new password
	permGrant   = "access.grant.edit"     // give and take roles
	permUnlock  = "access.account.unlock" // end a lock
	permSession = "access.session.end"    // see and end others' sessions
	permFactor  = "access.factor.reset"   // of who has lost a phone
	permAlarm   = "access.alarm.read"     // of what may be an attack
)

//go:embed rules.csv
var rules []byte

// Rules returns the rules that ship with the module.
func Rules() []rule.Value { return rule.Shipped(rules) }

// revisionAccount counts the changes of what accounts are called.
const revisionAccount = "access.account"

// Account is somebody who signs in.
type Account struct {
	ID       string
	Login    string // lower case, unique
	Name     string
	State    string // active or disabled
	Language text.Lang
	Version  int64
	Grants   []Grant

	mustChange bool  // the password was given by somebody else
	passwordAt int64 // when it was set; 0 for one that does not age
	epoch      int64 // see endOthers
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
	Rules    *rule.Book
	Ring     *seal.Ring
	Casework *casework.Service // whose cases residents see
	Follow   *follow.Service
	Notify   notify.Sender  // carries residents' codes
	Outbox   *notify.Outbox // in which staff are told
	Words    casework.Words
	Identity *Identity   // the city's own identity system, or nil
	Demo     func() bool // whether codes may be read in the console
	Sessions *scs.SessionManager
	Hashing  argon2id.Params // what the hash of a new password costs
	Proxies  httpx.Proxies   // may speak for others
	Base     string          // address by which people reach the platform; that of the request when ""

	Limits *limit.Limiter

	names sync.Map // account id → name
}

// New makes the service. How long sessions last and what a password must be, the rules say.
func New(log *audit.Log, reg *registry.Service, rules *rule.Book, ring *seal.Ring) *Service {
	s := &Service{Log: log, Registry: reg, Rules: rules, Ring: ring, Hashing: Hashing}
	m := scs.New()
	m.Store = &sessionStore{s}
	m.HashTokenInStore = true
	m.Codec, m.Lifetime = sessionCodec{}, 30*24*time.Hour // a bound; the store keeps the city's
	m.Cookie.Name, m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Path = httpx.SessionCookie, true, http.SameSiteLaxMode, "/"
	m.Cookie.Persist = false
	s.Sessions = m
	log.Lives = s.lives
	return s
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
		Name:  "access",
		Reach: reach, PageReach: pageReach,
		Tables: map[string]module.Growth{"access_account": module.Reference, "access_grant": module.Reference,
			"access_session": module.Reference, "access_setup": module.Reference, "access_factor": module.Reference,
			"access_recovery": module.Reference, "access_identity": module.Reference,
			"access_code": module.Reference, "access_tell": module.Reference,
			"access_failure": module.Reference, "access_device": module.Reference,
			"access_alarm": module.Reference, "access_lock": module.Reference},
		Permissions: Permissions,
		Texts:       Texts,
		Rules:       Rules(),
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Kept: []revision.Kept{{Name: revisionAccount, Reload: func(context.Context) error {
			s.names.Clear()
			return nil
		}}},
		Jobs: []module.Job{{Name: "access.sessions", Every: 10 * time.Minute, Do: s.forgetSessions},
			{Name: "access.failures", Every: 10 * time.Minute, Do: s.forgetFailures},
			{Name: "access.codes", Every: time.Hour, Do: s.forgetCodes},
			{Name: "access.keys", Every: time.Minute, Do: s.Reseal},
			{Name: "access.tell.keys", Every: 10 * time.Minute, Do: s.resealTells}},
	}
}

// Permissions of the module.
var Permissions = []authority.Permission{
	{Name: permRead, Roles: registry.Administrators},
	{Name: permEdit, Roles: []authority.Role{registry.RoleSystemAdministrator}},
	{Name: permGrant, Roles: []authority.Role{registry.RoleSecurityAdministrator}},
	{Name: permUnlock, Roles: []authority.Role{registry.RoleSecurityAdministrator}},
	{Name: permSession, Roles: []authority.Role{registry.RoleSecurityAdministrator}},
	{Name: permFactor, Roles: []authority.Role{registry.RoleSecurityAdministrator}},
	{Name: permAlarm, Roles: []authority.Role{registry.RoleSecurityAdministrator}},
}
