// Package reporter answers for what cases hold of who reported them: one field shown for a purpose to whoever has the duty,
// their copy, and its deletion. What rooms hold beside the case, they register.
package reporter

import (
	"context"

	"linli/internal/casework"
	"linli/internal/people"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/registry"
)

// Service shows and deletes what cases hold of their reporters.
type Service struct {
	Cases *casework.Service

	holders []Holder
}

// Holder is what a room holds of a reporter beside the case.
type Holder struct {
	// Held adds it to their copy; nil for nothing.
	Held func(ctx context.Context, r db.Reader, m *casework.Matter, c *casework.Case, v *people.HeldCase) error
	// Contents are the digests of stored contents that its rows name, discarded after the write that erases them; nil for none.
	Contents func(ctx context.Context, r db.Reader, c *casework.Case) ([]string, error)
	// Erase are statements that delete it on their request, by shard and case.
	Erase []string
}

// Hold registers what a room holds, once at start.
func (s *Service) Hold(h Holder) { s.holders = append(s.holders, h) }

// Start connects the reporters with the cases, once.
func (s *Service) Start() { s.Cases.Add(casework.Room{Describe: s.describe}) }

// describe tells on a page whether its reader may see the reporter's data.
func (s *Service) describe(ctx context.Context, _ db.Reader, p *casework.Described) error {
	p.MayUnmask = s.mayUnmask(authority.From(ctx), p.Case)
	return nil
}

// Module is what the room brings.
func (s *Service) Module() module.Module {
	return module.Module{
		Name: "casework/reporter",
		Reach: map[string]module.Reach{"POST /casework/cases/{id}/reporter/unmask": module.ReachHidden.By(module.Probe{
			Of: "case", In: "working", Body: module.Body{"field": "phone", "purpose": "contact"}})},
		Permissions: []authority.Permission{{Name: PermUnmask, Roles: registry.Handlers}},
		Routes:      s.routes,
	}
}
