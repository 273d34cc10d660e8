// Package worklist finds cases: the lists that a worker opens, what waits in each, search by words, saved views, tables to
// take along, one step on many cases, and open cases that may tell what is about to be reported. It keeps the words
// by which cases are found, and changes no case but through the spine's steps.
//
// Tables: casework_search, sharded by county of birth; casework_view.
package worklist

import (
	"context"
	"embed"
	"sync"
	"time"

	"linli/internal/casework"
	"linli/internal/casework/alert"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/registry"
)

// Service finds cases.
type Service struct {
	Cases  *casework.Service
	Alerts *alert.Service

	todos []TodoSource

	cut sync.Map // names of a subject → named
}

// Start connects the lists with the cases, once.
func (s *Service) Start() {
	s.Cases.Add(casework.Room{
		Observe:   s.wordsFollow,
		Prechecks: map[flow.Verb]casework.Precheck{casework.VerbMergeOwn: s.checkJoinOwn},
		Opening:   casework.Opening{Check: s.checkMain},
		Relocate: casework.Relocation{After: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			if err := followViews(ctx, tx, m); err != nil {
				return err
			}
			return outdate(ctx, tx, m)
		}},
	})
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var rules []byte

// Rules returns the rules that ship with the room.
func Rules() []rule.Value { return rule.Shipped(rules) }

// Module is what the room brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:   "casework/worklist",
		Reach:  reach,
		Tables: map[string]module.Growth{"casework_search": module.Sharded, "casework_view": module.Reference},
		Permissions: []authority.Permission{
			{Name: permTodo, Roles: staff},
			{Name: permKeep},
			{Name: permExport, Roles: append([]authority.Role{registry.RoleDispatcher}, registry.Officers...)},
			{Name: permShare, Roles: registry.Officers},
		},
		Texts:  Texts,
		Rules:  Rules(),
		Routes: s.routes,
		Jobs:   []module.Job{{Name: "casework.search", Every: 10 * time.Second, Do: s.RefreshWords}},
	}
}
