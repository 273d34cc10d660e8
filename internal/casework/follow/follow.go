// Package follow lets whoever reported a case follow it: by its code, by its number for a telephone number that is proven,
// and by messages to which they consent. Its pages are those of the portal below /track. It changes a case by the
// steps of its reporter alone.
//
// Tables: casework_consent and casework_reader, sharded by county of birth.
package follow

import (
	"embed"

	"linli/internal/casework"
	"linli/internal/casework/file"
	"linli/internal/casework/reporter"
	"linli/internal/people/request"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
)

// Service shows cases to who reported them.
type Service struct {
	Cases    *casework.Service
	Files    *file.Service
	Requests *request.Service // of persons about their own data
	Reporter *reporter.Service

	// Proven is the telephone number that a visitor of the portal has proven to be theirs; the access module answers.
	Proven func(*page.Request) (phone string, found bool, err error)

	// Prove leads a visitor to prove a telephone number, which any mobile number may be, and then on to a page; access answers.
	Prove func(q *page.Request, next string) error
}

// Start connects messages and pages with the cases, once.
func (s *Service) Start() {
	s.Cases.Add(casework.Room{
		Opening:  casework.Opening{Check: s.checkWishes},
		Observe:  s.notify,
		Sections: []casework.Section{{Name: SectionTold, Doc: "How the reporter is told of it", Empty: ToldView{}}},
		Describe: s.describeTold,
	})
	s.Reporter.Hold(reporter.Holder{Erase: []string{
		`DELETE FROM casework_consent WHERE shard = $1 AND case_id = $2`,
		`DELETE FROM casework_reader WHERE shard = $1 AND case_id = $2`,
	}})
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
		Name:  "casework/follow",
		Reach: reach, PageReach: pageReach,
		Tables:    map[string]module.Growth{"casework_consent": module.Sharded, "casework_reader": module.Sharded},
		Texts:     Texts,
		Templates: templates,
		Routes:    s.routes,
		Pages:     s.pages,
	}
}
