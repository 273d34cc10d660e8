// Package duplicate merges cases that tell of one thing: the merged one waits with its main case, ends with it and is
// opened again with it. What may tell the same before it is reported, the room worklist finds.
//
// Tables: casework_merge, sharded by county of birth.
package duplicate

import (
	"embed"

	"linli/internal/casework"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
)

// Service merges cases.
type Service struct {
	Cases *casework.Service
}

// Start connects merging with the cases, once.
func (s *Service) Start() {
	s.Cases.Add(casework.Room{
		Effects: map[flow.Verb]casework.Effect{
			casework.VerbMerge:    s.intoMain,
			casework.VerbMergeOwn: s.intoMain,
			casework.VerbUnmerge:  s.outOfMain,
		},
		Observe:  s.mergedFollow,
		Opening:  casework.Opening{Add: s.joined},
		Merged:   mergedSteps,
		Sections: sections,
		Describe: s.describeMerge,
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
		Name:   "casework/duplicate",
		Tables: map[string]module.Growth{"casework_merge": module.Sharded},
		Texts:  Texts,
		Rules:  Rules(),
	}
}
