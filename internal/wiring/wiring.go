// Package wiring is what a module and the composition root agree on: what the root hands to every module
// ([Deps]), and what it must know of a module before that ([Module]). It holds no logic and owns no tables.
package wiring

import (
	"context"
	"io/fs"

	"linli/internal/casework"
	"linli/internal/casework/alert"
	"linli/internal/casework/clockverb"
	"linli/internal/casework/duplicate"
	"linli/internal/casework/file"
	"linli/internal/casework/follow"
	"linli/internal/casework/joint"
	"linli/internal/casework/rating"
	"linli/internal/casework/reporter"
	"linli/internal/casework/settle"
	"linli/internal/casework/stats"
	"linli/internal/casework/worklist"
	"linli/internal/gate"
	"linli/internal/people"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/db"
	"linli/internal/platform/fingerprint"
	"linli/internal/platform/limit"
	"linli/internal/platform/module"
	"linli/internal/platform/notify"
	"linli/internal/platform/rule"
	"linli/internal/platform/seal"
	"linli/internal/platform/storage"
	"linli/internal/platform/text"
	"linli/internal/platform/visit"
	"linli/internal/registry"
	"linli/internal/registry/body"
	"linli/internal/registry/community"
	"linli/internal/routing"
)

// Module is a module before it is started: one line of app's list.
type Module struct {
	Name  string              // Go package, table prefix, URL segment, permission prefix
	Texts fs.FS               // texts/zh.json and texts/en.json
	Rules func() []rule.Value // that ship with it; nil for none

	RoomTexts []fs.FS // those of its rooms that have texts of their own

	// Sealed are its tables with sealed columns, by which a key file is tried; see package fingerprint.
	Sealed []fingerprint.Sealed

	// Start makes the module's service and connects it, once, in the order of the list: it registers with Deps
	// what it follows, observes and adds (its matter, sections, effects, guards, personal data, follower of
	// reorganisations, what communities offer), and returns its manifest.
	Start func(context.Context, *Deps) (module.Module, error)
}

// Deps are the services that modules share. When a module starts, the spine and all its rooms are connected,
// and no request is served yet.
type Deps struct {
	Log         *audit.Log
	Rules       *rule.Cache
	Limits      *limit.Limiter
	Calendar    *calendar.Cache
	Ring        *seal.Ring
	Texts       *text.Catalogue
	Files       *storage.Store
	Outbox      *notify.Outbox
	Visits      *visit.Store
	Registry    *registry.Service
	Bodies      *body.Service // edits bodies and members
	Communities *community.Service
	People      *people.Service
	Routing     *routing.Service
	Casework    *casework.Service
	Rooms

	// Gate, Admissions, Ledger and Forms are set by the modules that bring them; those that need them stand later in the list.
	Gate       gate.Gate
	Admissions gate.Admissions
	Ledger     gate.Ledger
	Forms      gate.Forms

	Indicators []gate.Indicators // of departments; modules that count some add theirs when they start
	Facts      []gate.Facts      // of communities that they must disclose; modules that know some add theirs when they start

	Grants Grants // who works where

	URL  string      // address by which people reach the platform; "" for that of each request
	Demo func() bool // whether the city is invented
}

// Grants counts accounts by role; access answers.
type Grants interface {
	CountRole(ctx context.Context, r db.Reader, role authority.Role, area, day string) (map[string]int, error)
}

// Rooms are the packages above the spine of casework.
type Rooms struct {
	Settle     *settle.Service
	Reporter   *reporter.Service
	CaseFiles  *file.Service
	Duplicates *duplicate.Service
	Clock      *clockverb.Service
	Alerts     *alert.Service
	Joint      *joint.Service
	Rating     *rating.Service
	Follow     *follow.Service
	Stats      *stats.Service
	Worklist   *worklist.Service
}
