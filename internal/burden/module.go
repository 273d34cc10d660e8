package burden

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"

	"linli/internal/platform/clock"
	"linli/internal/platform/module"
	"linli/internal/wiring"
)

// Module is the ledger of burden.
func Module() wiring.Module {
	return wiring.Module{Name: "burden", Texts: Texts, Rules: Rules, Start: start}
}

func start(_ context.Context, d *wiring.Deps) (module.Module, error) {
	s := &Service{Log: d.Log, Registry: d.Registry, Rules: d.Rules, People: d.People, Words: d.Texts}
	d.Registry.Follow(s.follower())
	d.Ledger, d.Casework.Ledger = s, s
	d.Indicators = append(d.Indicators, s)
	d.Facts = append(d.Facts, facts{s})
	return s.manifest(), nil
}

// manifest is what the module brings.
func (s *Service) manifest() module.Module {
	return module.Module{
		Name: "burden",
		Tables: map[string]module.Growth{"burden_event": module.Sharded, "burden_count": module.Sharded, "burden_day": module.Sharded,
			"burden_base": module.Reference, "burden_inventory": module.Sharded},
		Permissions: permissions,
		Service:     s,
		Routes:      s.routes,
		Templates:   templates,
		Pages:       s.pages,
		Jobs:        []module.Job{{Name: "burden.count", Every: countEvery, Do: s.Count}},
		Demo:        s.demo,
		Reach:       s.reach(),
		PageReach:   map[string]module.PageReach{"GET /burden": module.OpenPage(&module.Probe{Query: "area={area}"})},
	}
}

// reach is what each route answers outside the caller's areas, and how the test of the matrix calls it.
func (s *Service) reach() map[string]module.Reach {
	thing := func(removed bool, body map[string]any) module.Reach {
		return module.Reach{Outside: module.Hidden, Probe: &module.Probe{Body: body, Make: s.made(removed)}}
	}
	content := map[string]any{"kind": "sign", "name": "probe"}
	changed := map[string]any{"kind": "sign", "name": "probe", "version": "{version}"}
	period := &module.Probe{Query: "area={area}&from=2026-01&to=2026-02"}
	return map[string]module.Reach{
		"GET /burden/board":       {Outside: module.Refused, Probe: period},
		"GET /burden/board/table": {Outside: module.Refused, Probe: period},
		"GET /burden/events":      {Outside: module.Refused, Probe: &module.Probe{Query: "area={area}"}},
		"GET /burden/comparison":  {Outside: module.Refused, Probe: &module.Probe{Query: "area={area}&day=2026-01-05"}},
		"GET /burden/pass":        {Outside: module.Refused, Probe: &module.Probe{Query: "area={area}&pass=probe"}},
		"GET /burden/standings":   {Outside: module.Refused, Probe: &module.Probe{Query: "area={area}"}},
		"GET /burden/inventory": {Outside: module.Nothing,
			Probe: &module.Probe{List: "id", Query: "area={area}&limit=100", Make: s.made(false)}},
		"POST /burden/inventory": {Outside: module.Refused,
			Probe: &module.Probe{Body: map[string]any{"area": "{area}", "kind": content["kind"], "name": content["name"]}}},
		"PUT /burden/inventory/{id}":          thing(false, changed),
		"POST /burden/inventory/{id}/remove":  thing(false, map[string]any{"on": "{today}", "note": "probe", "version": "{version}"}),
		"POST /burden/inventory/{id}/restore": thing(true, map[string]any{"version": "{version}"}),
	}
}

// made makes a sign for a community, and removes it.
func (s *Service) made(removed bool) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, area string) (map[string]string, error) {
		today := clock.Day(clock.Now(ctx))
		t, err := s.Add(ctx, area, Content{Kind: kindSign, Name: "probe"})
		if err == nil && removed {
			t, err = s.Remove(ctx, t.ID, t.Version, today, "probe")
		}
		return map[string]string{"id": t.ID, "version": fmt.Sprint(t.Version), "today": today}, err
	}
}

//go:embed demo.json
var demoInventory []byte

// demo enters the inventory of demo.json and counts what rates go by. What was asked of communities comes with the modules
// that ask.
func (s *Service) demo(ctx context.Context, city module.Demo) error {
	var all []struct {
		By, Area    string
		RemovedDays int
		Removal     string
		Content
	}
	if err := json.Unmarshal(demoInventory, &all); err != nil {
		return err
	}
	for _, d := range all {
		by, err := city.As(ctx, d.By, city.Now.AddDate(0, 0, -d.RemovedDays-1))
		if err != nil {
			return err
		}
		t, err := s.Add(by, d.Area, d.Content)
		if err == nil && d.Removal != "" {
			gone := city.Now.AddDate(0, 0, -d.RemovedDays)
			if by, err = city.As(ctx, d.By, gone); err == nil {
				_, err = s.Remove(by, t.ID, t.Version, clock.Day(gone), d.Removal)
			}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", d.Name, err)
		}
	}
	return s.Count(clock.With(ctx, city.Now))
}
