// Package access knows who calls: the accounts of those who work with the platform with the grants and posts that they hold
// today, signing in by a password, sessions, and the counts of wrong tries. Its rooms call it: account makes accounts
// and gives roles, factor shows a second proof or a passkey, identity asks the city's own system, tell reaches staff
// outside the platform and keeps alarms, resident lets residents in by a code.
//
// Tables (reference): access_account, access_grant, access_session, access_failure, access_device. Of access_factor it reads
// whether an account has one.
package access

import (
	"context"
	"embed"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/alexedwards/scs/v2"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/httpx"
	"linli/internal/platform/limit"
	"linli/internal/platform/module"
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

//go:embed rules.csv
var rules []byte

// Rules returns the rules that ship with the module.
func Rules() []rule.Value { return rule.Shipped(rules) }

// RevisionAccount counts the changes of what accounts are called.
const RevisionAccount = "access.account"

// Account is somebody who signs in.
type Account struct {
	ID       string
	Login    string // lower case, unique
	Name     string
	State    string // active or disabled
	Language text.Lang
	Version  int64
	Grants   []Grant

	MustChange bool  // the password was given by somebody else
	PasswordAt int64 // when it was set; 0 for one that does not age
	Epoch      int64 // see EndOthers
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
	Rules    *rule.Cache
	Ring     *seal.Ring
	Alarms   Alarms
	Sessions *scs.SessionManager
	Hashing  argon2id.Params // what the hash of a new password costs
	Proxies  httpx.Proxies   // may speak for others
	Base     string          // address by which people reach the platform; that of the request when ""

	Limits *limit.Limiter

	names sync.Map // account id → name
}

// New makes the service. How long sessions last and what a password must be, the rules say.
func New(log *audit.Log, reg *registry.Service, rules *rule.Cache, ring *seal.Ring) *Service {
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
	a, err := FindAccount(context.Background(), s.Log.DB, id)
	if err != nil {
		return ""
	}
	s.names.Store(id, a.Name)
	return a.Name
}

// ForgetName lets the name of an account be read again, after a write that changed it.
func (s *Service) ForgetName(id string) { s.names.Delete(id) }

// Module is what access brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:  "access",
		Reach: reach,
		Tables: map[string]module.Growth{"access_account": module.Reference, "access_grant": module.Reference,
			"access_session": module.Reference, "access_failure": module.Reference, "access_device": module.Reference},
		Texts:  Texts,
		Rules:  Rules(),
		Routes: s.routes,
		Kept: []revision.Kept{{Name: RevisionAccount, Reload: func(context.Context) error {
			s.names.Clear()
			return nil
		}}},
		Jobs: []module.Job{{Name: "access.sessions", Every: 10 * time.Minute, Do: s.forgetSessions},
			{Name: "access.failures", Every: 10 * time.Minute, Do: s.forgetFailures}},
	}
}
