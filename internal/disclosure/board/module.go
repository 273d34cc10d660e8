// Package board is the public board (公开栏): what communities posted, by heads, what is due and late, each edition with its hash,
// its paper for the wall, feeds and the days due. It owns no tables.
package board

import (
	"context"

	"linli/internal/disclosure"
	"linli/internal/platform/module"
	"linli/internal/wiring"
)

// pages are those of the board.
type pages struct{ *disclosure.Service }

// Room is the board.
func Room() disclosure.Room {
	return disclosure.Room{Start: func(_ context.Context, of *disclosure.Service, _ *wiring.Deps) (module.Module, error) {
		s := &pages{of}
		return module.Module{Name: "disclosure/board", Templates: templates, Pages: s.pages, PageReach: s.pageReach(),
			Search: &module.Search{Heading: "disclosure.portal.heading", Find: s.search}}, nil
	}}
}

// pageReach is what each page answers.
func (s *pages) pageReach() map[string]module.PageReach {
	listed := &module.Probe{Query: "area={area}"}
	shown := &module.Probe{Make: s.Made(disclosure.StatePosted)}
	return map[string]module.PageReach{
		"GET /disclosures":                           module.OpenPage(listed),
		"GET /disclosures/feed":                      module.OpenPage(listed),
		"GET /disclosures/calendar.ics":              module.OpenPage(listed),
		"GET /disclosures/powers":                    module.OpenPage(listed),
		"GET /disclosures/duties/{id}":               module.OpenPage(&module.Probe{Make: s.MadeDuty}),
		"GET /disclosures/entries/{id}":              module.OpenPage(shown),
		"GET /disclosures/entries/{id}/document":     module.OpenPage(shown),
		"GET /disclosures/entries/{id}/print":        module.OpenPage(shown),
		"GET /disclosures/entries/{id}/table":        module.OpenPage(shown),
		"GET /disclosures/entries/{id}/files/{file}": module.OpenPage(shown),
	}
}
