package design

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"linli/internal/hall"
	"linli/internal/platform/clock"
	"linli/internal/platform/module"
)

// designReach is what the routes of designing answer: they know no areas, only who may design for the city.
func designReach(s *Service) map[string]module.Reach {
	probe := func(state hall.EditionState, body map[string]any, query string) module.Reach {
		return module.Reach{Outside: module.Shown, Probe: &module.Probe{Body: body, Query: query, Make: probed(s, state)}}
	}
	content := probeContent("probe")
	version := map[string]any{"version": "{version}"}
	return map[string]module.Reach{
		"GET /hall/editions":                        probe(hall.DraftEdition, nil, ""),
		"POST /hall/items":                          probe(hall.DraftEdition, map[string]any{"content": probeContent("{fresh}")}, ""),
		"GET /hall/items/{code}/editions":           probe(hall.DraftEdition, nil, ""),
		"GET /hall/items/{code}/editions/{edition}": probe(hall.DraftEdition, nil, ""),
		"GET /hall/items/{code}/differences":        probe(hall.DraftEdition, nil, "before=1&after=1"),
		"POST /hall/items/{code}/draft":             probe(hall.ReleasedEdition, map[string]any{}, ""),
		"PUT /hall/items/{code}/draft": probe(hall.DraftEdition, map[string]any{"content": content,
			"version": "{version}"}, ""),
		"DELETE /hall/items/{code}/draft": probe(hall.DraftEdition, nil, "version={version}"),
		"POST /hall/items/{code}/draft/publish": probe(hall.DraftEdition, map[string]any{"version": "{version}",
			"from": "{today}"}, ""),
		"POST /hall/items/{code}/editions/{edition}/withdraw": probe(hall.ReleasedEdition, with(version, "reason", "probe"), ""),
		"POST /hall/preview": probe(hall.DraftEdition, map[string]any{"content": content, "lang": "zh"}, ""),
		"POST /hall/trial":   probe(hall.DraftEdition, map[string]any{"content": content, "area": "{area}"}, ""),
	}
}

func with(m map[string]any, name string, value any) map[string]any {
	out := map[string]any{name: value}
	for k, v := range m {
		out[k] = v
	}
	return out
}

// probeContent is what ships first, under another code and without questions, as JSON.
func probeContent(code string) map[string]any {
	var out map[string]any
	raw, err := json.Marshal(hall.Items()[0].Content)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		panic(err) // what ships is JSON
	}
	out["code"], out["form"] = code, []any{}
	return out
}

// letters spells a random code that no item has.
func letters() string {
	id := uuid.New()
	out := []byte("probe_")
	for _, b := range id[:10] {
		out = append(out, 'a'+b%26)
	}
	return string(out)
}

// probed makes an item whose newest edition is in a state: a draft, or one that comes into force tomorrow.
func probed(s *Service, state hall.EditionState) func(context.Context, string) (map[string]string, error) {
	return func(ctx context.Context, _ string) (map[string]string, error) {
		c := hall.Items()[0].Content
		c.Code = letters()
		e, err := s.Create(ctx, c)
		day := clock.Now(ctx)
		if err == nil && state == hall.ReleasedEdition {
			e, err = s.Publish(ctx, c.Code, e.Version, clock.Day(day.AddDate(0, 0, 1)))
		}
		return map[string]string{"code": c.Code, "edition": fmt.Sprint(e.Number), "version": fmt.Sprint(e.Version), "today": clock.Day(day),
			"fresh": letters()}, err
	}
}
