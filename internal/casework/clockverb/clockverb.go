// Package clockverb holds the verbs that change how long a case may take and leave it in its state: it is suspended and
// resumed, extended once, supervised from above and answered for. A module puts their rows into its lifecycle.
//
// Tables: casework_suspension, casework_extension and casework_supervision, sharded by county of birth.
package clockverb

import (
	"context"
	"embed"
	"time"

	"linli/internal/casework"
	"linli/internal/casework/alert"
	"linli/internal/casework/settle"
	"linli/internal/platform/authority"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/registry"
)

// Service keeps suspensions, extensions and supervisions.
type Service struct {
	Cases  *casework.Service
	Alerts *alert.Service
	Settle *settle.Service
}

// Start connects the verbs with the cases, once.
func (s *Service) Start() {
	s.Cases.Add(casework.Room{
		Effects: map[flow.Verb]casework.Effect{
			casework.VerbSuspend:   s.suspend,
			casework.VerbResume:    s.resume,
			casework.VerbExtend:    s.extend,
			casework.VerbSupervise: s.supervise,
			casework.VerbAnswer:    s.answer,
		},
		Observe:  s.suspensionFollows,
		Guards:   readClockVerbs,
		Sections: sections,
		Describe: s.describeClockVerbs,
	})
	s.Settle.Pauses = listPauses
	s.Settle.Follow(settle.Settler{Waiting: s.waiting, Settle: s.settleSupervisions})
	s.Alerts.Remind(s.remind)
	s.Alerts.Remind(s.raiseUnanswered)
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
		Name: "casework/clockverb",
		Tables: map[string]module.Growth{"casework_suspension": module.Sharded, "casework_extension": module.Sharded,
			"casework_supervision": module.Sharded},
		Permissions: []authority.Permission{
			{Name: permSupervise, Roles: registry.Officers},
			{Name: permAnswer, Roles: registry.Handlers},
		},
		Texts: Texts,
		Rules: Rules(),
		Jobs: []module.Job{{Name: "casework.back", Every: 5 * time.Minute,
			Do: func(ctx context.Context) error { _, err := s.BringBack(ctx); return err }}},
	}
}
