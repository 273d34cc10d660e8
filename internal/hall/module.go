package hall

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/fingerprint"
	"linli/internal/platform/module"
	"linli/internal/wiring"
)

// Room makes a room of the hall, once it stands, and returns its manifest.
type Room func(*Service) module.Module

// Module is the hall with its rooms.
func Module(rooms ...Room) wiring.Module {
	start := func(ctx context.Context, d *wiring.Deps) (module.Module, error) { return start(ctx, d, rooms) }
	return wiring.Module{Name: "hall", Texts: Texts, Rules: Rules, Start: start,
		Sealed: []fingerprint.Sealed{{Table: "hall_application", ID: "case_id"}}}
}

func start(ctx context.Context, d *wiring.Deps, rooms []Room) (module.Module, error) {
	s, err := New(ctx, d.Casework, d.Registry, d.Rules, d.Texts)
	if err != nil {
		return module.Module{}, err
	}
	s.Communities, s.Follow, s.Files, s.Reporter = d.Communities, d.Follow, d.CaseFiles, d.Reporter
	d.Casework.Add(casework.Room{Sections: []casework.Section{{Name: sectionApplication, Empty: (*ApplicationView)(nil), Texts: texts}}})
	d.Communities.Offers = s.Offers
	m := s.manifest()
	for _, room := range rooms {
		m.Rooms = append(m.Rooms, room(s))
	}
	return m, nil
}

// search lets the portal find services.
func (s *Service) search() *module.Search {
	return &module.Search{Heading: "hall.search.heading", None: "hall.search.none", All: "hall.search.all", AllHref: "/hall", Find: s.found}
}

// found are the services whose name or summary holds the words.
func (s *Service) found(_ context.Context, q module.Query) ([]module.Found, error) {
	var out []module.Found
	for _, item := range s.Find(q.Words) {
		if len(out) == q.Limit {
			break
		}
		v := s.Summary(&item, q.Lang)
		out = append(out, module.Found{Label: v.Name, Note: v.Summary, Href: "/hall/" + v.Code})
	}
	return out, nil
}
