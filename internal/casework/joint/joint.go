// Package joint holds joint handling (主办、协办) and objections (派单异议): the responsible unit, or the dispatcher, asks
// other units for their part, each by a time; and a unit sends back what was sent to it by mistake. A module puts their
// rows into its lifecycle.
//
// Tables: casework_part and casework_objection, sharded by county of birth.
package joint

import (
	"embed"

	"linli/internal/casework"
	"linli/internal/casework/reporter"
	"linli/internal/casework/settle"
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/registry"
)

// Service keeps parts and objections.
type Service struct {
	Cases    *casework.Service
	Settle   *settle.Service
	Reporter *reporter.Service
}

// Start connects joint handling with the cases, once.
func (s *Service) Start() {
	s.Cases.Add(casework.Room{
		Effects: map[flow.Verb]casework.Effect{
			casework.VerbObject:     object,
			casework.VerbJoin:       s.join,
			casework.VerbContribute: s.endPart,
			casework.VerbRelease:    s.endPart,
		},
		Observe:  partsFollow,
		Guards:   readJoint,
		Work:     readHelping,
		Admit:    helps,
		Sections: []casework.Section{partSection},
		Describe: s.describeParts,
		Relocate: casework.Relocation{After: followBodies},
	})
	s.Settle.Follow(settle.Settler{Waiting: s.waiting, Settle: s.settleParts})
	s.Reporter.Hold(reporter.Holder{
		Erase: []string{`UPDATE casework_part SET ask = '', answer = '' WHERE shard = $1 AND case_id = $2`}})
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
		Name:        "casework/joint",
		Reach:       reach,
		Tables:      map[string]module.Growth{"casework_objection": module.Sharded, "casework_part": module.Sharded},
		Permissions: []authority.Permission{{Name: permPart, Roles: registry.Handlers}},
		Texts:       Texts,
		Rules:       Rules(),
		Routes:      s.routes,
	}
}
