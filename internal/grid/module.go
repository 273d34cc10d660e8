package grid

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/module"
	"linli/internal/wiring"
)

// Module is the grid.
func Module() wiring.Module {
	return wiring.Module{Name: "grid", Texts: Texts, Rules: Rules, Start: start}
}

func start(ctx context.Context, d *wiring.Deps) (module.Module, error) {
	s, err := New(ctx, d.Casework, d.Registry, d.Rules)
	if err != nil {
		return module.Module{}, err
	}
	s.Communities, s.Worklist, s.Follow, s.Files = d.Communities, d.Worklist, d.Follow, d.CaseFiles
	d.Casework.Add(casework.Room{Sections: []casework.Section{{Name: sectionIncident, Empty: (*IncidentView)(nil), Texts: texts}}})
	indicators(d.Stats)
	d.Registry.Follow(s.follower())
	return s.manifest(), nil
}
