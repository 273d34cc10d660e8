package exchange

import (
	"context"
	"io/fs"

	"linli/internal/platform/fingerprint"
	"linli/internal/platform/module"
	"linli/internal/platform/revision"
	"linli/internal/platform/rule"
	"linli/internal/platform/shipped"
	"linli/internal/wiring"
)

// Room is a room of the module: its own texts and rules, and how it is made once elements and forms stand. It registers with
// the deps as a module does.
type Room struct {
	Texts fs.FS               // nil for none
	Rules func() []rule.Value // nil for none

	Sealed []fingerprint.Sealed // its tables with sealed columns

	Start func(context.Context, *Service, *wiring.Deps) (module.Module, error)
}

// Module are data elements and forms for communities, with the rooms, which start in the order given.
func Module(rooms ...Room) wiring.Module {
	m := wiring.Module{Name: "exchange", Texts: Texts}
	for _, r := range rooms {
		if r.Texts != nil {
			m.RoomTexts = append(m.RoomTexts, r.Texts)
		}
		m.Sealed = append(m.Sealed, r.Sealed...)
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
		s, set, err := New(ctx, d)
		if err != nil {
			return module.Module{}, err
		}
		out := s.manifest(set)
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

// New reads the elements, adding the shipped ones that the database lacks.
func New(ctx context.Context, d *wiring.Deps) (*Service, *shipped.Set, error) {
	s := &Service{Log: d.Log, Registry: d.Registry, Rules: d.Rules, Words: d.Texts, holders: map[string]Holder{}}
	s.Admissions = d.Admissions
	s.Held = &Held{Registry: d.Registry, Communities: d.Communities, Grants: d.Grants, Elements: s.Element}
	set := shippedElements()
	set.Changed = s.RefreshElements
	if _, err := set.Bring(ctx, d.Log.DB); err != nil {
		return nil, nil, err
	}
	d.Registry.Follow(s.follower())
	return s, set, s.RefreshElements(ctx)
}

// manifest is what the module brings.
func (s *Service) manifest(set *shipped.Set) module.Module {
	return module.Module{
		Name:        "exchange",
		Tables:      map[string]module.Growth{"exchange_element": module.Reference, "exchange_form": module.Reference},
		Permissions: permissions,
		Service:     s,
		Flows:       []module.Flow{module.FlowOf(lifecycle)},
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Kept:        []revision.Kept{{Name: revisionElement, Reload: s.RefreshElements}},
		Shipped:     []*shipped.Set{set},
		Demo:        s.demo,
		Reach:       s.reach(),
		PageReach:   s.pageReach(),
	}
}
