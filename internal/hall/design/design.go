// Package design writes the texts of the hall's services: drafts, what differs between editions, their publication from a
// day on, how a form looks, and a trial of an application by a text that need not be published.
//
// Tables: hall_edition and hall_item are the hall's, whose catalogue reads what is released.
package design

import (
	"embed"

	"linli/internal/hall"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
)

// Service designs items.
type Service struct {
	Hall *hall.Service

	site *page.Site // renders previews; nil where no portal is served
}

//go:embed templates/*.html
var templates embed.FS

// New makes the room of a hall and returns its manifest.
func New(h *hall.Service) module.Module {
	s := &Service{Hall: h}
	return module.Module{Name: "hall/design", Reach: designReach(s), Routes: s.routes, Templates: templates, Pages: s.pages, Service: s}
}

// pages keeps the portal for the previews; the room has no page of its own.
func (s *Service) pages(site *page.Site) {
	if s.site == nil {
		s.site = site
	}
}
