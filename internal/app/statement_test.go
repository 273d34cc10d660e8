package app_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

// parameter is one of a call's query, as the API's document describes it.
type parameter struct {
	Name   string
	In     string
	Schema struct {
		Type    string
		Enum    []any
		Minimum *float64
		Maximum *float64
		Pattern string
	}
}

// value is another value of the same shape each time: what is chosen from a list, an area's level and the
// size of a page stand for the same query. Areas alternate with the walks, because a query depends on whether the caller's
// areas hold the one asked for.
func (p *parameter) value(shape, free *rand.Rand, pass uint64) string {
	between := func(r *rand.Rand, from, to int) string { return fmt.Sprint(from + r.IntN(to-from+1)) }
	switch s := &p.Schema; {
	case len(s.Enum) > 0:
		return fmt.Sprint(s.Enum[shape.IntN(len(s.Enum))])
	case p.Name == "limit":
		size := [][2]int{{1, 5}, {6, 20}, {21, 50}, {51, 100}}[shape.IntN(4)]
		return between(free, size[0], size[1])
	case s.Type == "boolean":
		return fmt.Sprint(shape.IntN(2) == 0)
	case s.Type == "integer":
		least, most := 1, 1_000_000
		if s.Minimum != nil {
			least = max(least, int(*s.Minimum))
		}
		if s.Maximum != nil {
			most = min(most, int(*s.Maximum))
		}
		if most < 10 { // an area's level
			return between(shape, least, most)
		}
		return between(free, least, most)
	case p.Name == "area":
		return []string{apptest.Community, apptest.Neighbour}[pass%2]
	case p.Name == "month":
		return "2026-0" + between(free, 1, 9)
	case p.Name == "from": // never after "to"
		return "2026-01-1" + between(free, 0, 4)
	case p.Name == "to":
		return "2026-01-1" + between(free, 5, 9)
	case p.Name == "day", strings.HasSuffix(p.Name, "Day"):
		return "2026-01-1" + between(free, 0, 9)
	case p.Name == "number":
		return "2026-1" + between(free, 0, 9)
	}
	return strings.Repeat(string(rune('一'+free.IntN(5000))), 2)
}

// Every list asked with many values keeps few statements: other values make no other texts.
func TestQueriesHaveFewTexts(t *testing.T) {
	t.Parallel()
	apptest.Each(t, fewTexts)
}

func fewTexts(t *testing.T, w *apptest.World) {
	raw, err := w.App.Document()
	if err != nil {
		t.Fatal(err)
	}
	var api struct {
		Paths map[string]map[string]struct{ Parameters []parameter }
	}
	if err := json.Unmarshal(raw, &api); err != nil {
		t.Fatal(err)
	}
	grid := w.As("grid")
	for i := range 30 {
		grid.OpenCase(map[string]any{"category": "0101", "description": fmt.Sprint("垃圾 ", i), "area": apptest.Community,
			"place": map[string]any{"text": "东门"}, "channel": "field"}).Want(201)
	}
	callers := []*apptest.Caller{w.As("city"), w.As("dispatcher"), w.As("clerk"), w.As("admin"), w.As("auditor")}
	calls, refused := 0, 0
	walk := func(pass uint64) {
		free := rand.New(rand.NewPCG(pass, pass))
		for _, path := range slices.Sorted(maps.Keys(api.Paths)) {
			list, asked := api.Paths[path]["get"]
			if !asked || strings.Contains(path, "{") {
				continue
			}
			for i := range 60 {
				shape := rand.New(rand.NewPCG(uint64(i/len(callers)), 7))
				q := url.Values{}
				for _, p := range list.Parameters {
					if p.In == "query" && p.Name != "cursor" && shape.IntN(2) == 0 {
						q.Set(p.Name, p.value(shape, free, pass))
					}
				}
				got := callers[i%len(callers)].Do("GET", strings.TrimPrefix(path, "/api/v1")+"?"+q.Encode(), nil)
				if calls++; got.Status >= 500 {
					t.Fatalf("%s?%s: %d %s", path, q.Encode(), got.Status, got.Raw)
				}
				if got.Status >= 400 {
					refused++
				}
			}
		}
	}
	walk(1)
	w.Exec(`UPDATE access_session SET expires_at = expires_at - 120000`) // sessions are renewed once a minute: here, not later by chance
	walk(2)
	known := w.App.DB.Texts()
	for pass := uint64(3); pass < 6; pass++ {
		walk(pass)
	}
	t.Logf("%d texts for %d calls, %d of them since the second walk; %d were refused", w.App.DB.Texts(),
		calls, w.App.DB.Texts()-known, refused)
	if more := w.App.DB.Texts() - known; more > 0 {
		t.Errorf("other values made %d more texts", more)
	}
	if kept := w.App.DB.Statements(); kept > 512 || w.App.DB.Texts() > 512 {
		t.Errorf("%d statements are kept of %d texts: more than stay prepared", kept, w.App.DB.Texts())
	}
	if refused > calls*3/4 {
		t.Errorf("%d of %d calls were refused: the walk does not reach the lists", refused, calls)
	}
}
