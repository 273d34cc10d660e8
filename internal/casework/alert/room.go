// Package alert warns whoever holds a post: of deadlines near and past, and of what other rooms raise. Alerts reach a post
// in the console, and who has asked for it by message.
//
// Tables: casework_alert, casework_alert_read and casework_alert_told, sharded by county of birth.
package alert

import (
	"context"
	"embed"
	"time"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
)

// Service raises and lowers alerts.
type Service struct {
	Cases       *casework.Service
	Subscribers Subscribers

	reminders []func(context.Context) (int, error)
}

// Start connects alerts with the cases, once.
func (s *Service) Start() {
	s.Cases.Add(casework.Room{
		Observe:  s.alertsFollow,
		Sections: []casework.Section{{Name: SectionAlerts, Doc: "Empty for the reporter", Empty: []CaseAlert{}}},
		Describe: s.describeAlerts,
		Relocate: casework.Relocation{After: s.relocateAlerts},
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
		Name:  "casework/alert",
		Reach: reach,
		Tables: map[string]module.Growth{"casework_alert": module.Sharded, "casework_alert_read": module.Sharded,
			"casework_alert_told": module.Sharded},
		Permissions: []authority.Permission{{Name: permAlert}}, // the platform itself
		Texts:       Texts,
		Rules:       Rules(),
		Routes:      s.alertRoutes,
		Jobs: []module.Job{
			{Name: "casework.alerts", Every: time.Minute, Do: func(ctx context.Context) error { _, err := s.RaiseAlerts(ctx); return err }},
			{Name: "casework.alerts.tell", Every: time.Minute, Do: func(ctx context.Context) error { _, err := s.TellAlerts(ctx); return err }},
		},
	}
}
