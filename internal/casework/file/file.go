// Package file keeps what is attached to cases: it takes uploads in before a step names them, attaches those that a
// step names, shows them as far as the reader may see the case, and sweeps away what nothing names any more.
//
// Tables: casework_file, sharded by county of birth; casework_upload.
package file

import (
	"context"
	"embed"
	"time"

	"linli/internal/casework"
	"linli/internal/casework/reporter"
	"linli/internal/platform/authority"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/platform/storage"
)

// Service keeps the files of cases.
type Service struct {
	Cases    *casework.Service
	Reporter *reporter.Service
	Store    *storage.Store // their content, by its digest
}

// Start connects files with the cases, once.
func (s *Service) Start() {
	s.Cases.Add(casework.Room{
		Observe:  attachNamed,
		Sections: []casework.Section{{Name: SectionFiles, Empty: []File{}, Texts: names}},
		Describe: describe,
	})
	s.Reporter.Hold(reporter.Holder{Held: held, Contents: contents,
		Erase: []string{`DELETE FROM casework_file WHERE shard = $1 AND case_id = $2`}})
}

const permClean = "casework.file.clean" // the platform itself

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
		Name:        "casework/file",
		Reach:       reach,
		Tables:      map[string]module.Growth{"casework_file": module.Sharded, "casework_upload": module.Reference},
		Permissions: []authority.Permission{{Name: permClean}},
		Texts:       Texts,
		Rules:       Rules(),
		Routes:      s.routes,
		Jobs: []module.Job{
			{Name: "casework.uploads", Every: time.Hour, Do: s.ForgetUploads},
			{Name: "casework.storage", Every: 24 * time.Hour,
				Do: func(ctx context.Context) error { _, err := s.SweepFiles(ctx); return err }},
			{Name: "casework.pictures", Every: time.Hour, Do: s.Redraw},
		},
	}
}
