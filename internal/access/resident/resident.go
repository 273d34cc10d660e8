// Package resident lets residents in: a code is sent to their telephone, and who shows it sees the cases that were opened
// with that number, on the pages below /me.
//
// Tables: access_code (reference).
package resident

import (
	"embed"
	"time"

	"linli/internal/access"
	"linli/internal/casework/follow"
	"linli/internal/platform/module"
	"linli/internal/platform/notify"
)

// Service lets residents in.
type Service struct {
	Access *access.Service
	Follow *follow.Service // their cases
	Notify notify.Sender   // carries their codes
	Demo   func() bool     // whether codes may be read in the console
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed templates/*.html
var templates embed.FS

// Module is what the room brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name:      "access/resident",
		PageReach: pageReach,
		Tables:    map[string]module.Growth{"access_code": module.Reference},
		Texts:     Texts,
		Templates: templates,
		Pages:     s.pages,
		Jobs:      []module.Job{{Name: "access.codes", Every: time.Hour, Do: s.forgetCodes}},
	}
}
