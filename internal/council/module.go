package council

import (
	"context"
	"io/fs"

	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/wiring"
)

// Room is a room of the module: its own texts and rules, and how it is made once the spine stands.
type Room struct {
	Texts fs.FS               // nil for none
	Rules func() []rule.Value // nil for none
	Start func(context.Context, *Service, *wiring.Deps) (module.Module, error)
}

// Module is self-government with its rooms, which start in the order given.
func Module(rooms ...Room) wiring.Module {
	m := wiring.Module{Name: "council", Texts: Texts}
	for _, r := range rooms {
		if r.Texts != nil {
			m.RoomTexts = append(m.RoomTexts, r.Texts)
		}
	}
	m.Rules = func() []rule.Value {
		all := Rules()
		for _, r := range rooms {
			if r.Rules != nil {
				all = append(all, r.Rules()...)
			}
		}
		return all
	}
	m.Start = func(ctx context.Context, d *wiring.Deps) (module.Module, error) {
		s := &Service{Log: d.Log, Registry: d.Registry, Texts: d.Texts}
		out := s.manifest()
		for _, r := range rooms {
			room, err := r.Start(ctx, s, d)
			if err != nil {
				return out, err
			}
			out.Rooms = append(out.Rooms, room)
		}
		return out, nil
	}
	return m
}

func (s *Service) manifest() module.Module {
	return module.Module{
		Name:        "council",
		Tables:      map[string]module.Growth{"council_local": module.Reference},
		Permissions: permissions,
		Service:     s,
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Reach: map[string]module.Reach{
			"GET /council/thresholds": module.ReachAll,
			"POST /council/decide": module.ReachAll.By(module.Probe{Body: module.Body{"matter": "nomination.joint", "kind": "residents",
				"mode": "voters", "on": "2026-03-01", "yes": 10}}),
			"PUT /council/local": module.ReachRefused.By(module.Probe{Body: module.Body{"kind": "", "name": nameProvince, "value": "sichuan",
				"validFrom": "2100-01-01", "basis": "probe", "reason": "probe"}}),
		},
		PageReach: map[string]module.PageReach{"GET /thresholds": module.OpenPage(nil)},
	}
}
