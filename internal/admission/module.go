package admission

import (
	"context"
	"io/fs"

	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/wiring"
)

// Room is a room of the module: its own texts and rules, and how it is made once the lists stand. It registers with the
// deps as a module does.
type Room struct {
	Texts fs.FS               // nil for none
	Rules func() []rule.Value // nil for none
	Start func(context.Context, *Service, *wiring.Deps) (module.Module, error)
}

// Module is admission with its rooms, which start in the order given.
func Module(rooms ...Room) wiring.Module {
	m := wiring.Module{Name: "admission", Texts: Texts}
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
		s := &Service{Log: d.Log, Registry: d.Registry, Rules: d.Rules, Texts: d.Texts, Sandbox: d.Files.Sandbox}
		d.Registry.Follow(s.follower())
		d.Worklist.Bring(s.todo)
		d.Indicators = append(d.Indicators, paid{})
		d.Facts = append(d.Facts, facts{s})
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

// manifest is what the lists bring.
func (s *Service) manifest() module.Module {
	return module.Module{
		Name:        "admission",
		Tables:      map[string]module.Growth{"admission_list": module.Reference, "admission_entry": module.Reference},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{module.FlowOf(lifecycle)},
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Search:      &module.Search{Heading: "admission.portal.heading", Find: s.search},
		Demo:        s.demo,
		Reach:       s.reach(),
		PageReach: map[string]module.PageReach{
			"GET /communities/{code}/lists": module.OpenPage(&module.Probe{Names: map[string]string{"code": "{area}"}})},
	}
}
