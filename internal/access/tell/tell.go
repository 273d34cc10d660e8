// Package tell reaches staff outside the platform: an account confirms a number or mail address by a code and is told
// there of its alerts. What may be an attack on accounts is kept as an alarm, and security administrators are told of it.
//
// Tables (reference): access_tell, access_alarm.
package tell

import (
	"embed"
	"time"

	"linli/internal/access"
	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/module"
	"linli/internal/platform/notify"
	"linli/internal/registry"
)

// Service tells staff.
type Service struct {
	Access *access.Service
	Outbox *notify.Outbox // in which they are told
	Words  casework.Words
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

// Module is what the room brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:        "access/tell",
		Reach:       reach,
		Tables:      map[string]module.Growth{"access_tell": module.Reference, "access_alarm": module.Reference},
		Permissions: []authority.Permission{{Name: permAlarm, Roles: []authority.Role{registry.RoleSecurityAdministrator}}},
		Texts:       Texts,
		Routes:      s.routes,
		Jobs:        []module.Job{{Name: "access.tell.keys", Every: 10 * time.Minute, Do: s.resealTells}},
	}
}
