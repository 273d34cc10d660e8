package demo

import (
	"context"

	"linli/internal/registry"
	communities "linli/internal/registry/community"
)

// pilots are the communities that the report names.
var pilots = []string{"320703001007", "320703001009", "320706017014"}

const (
	pilotName      = "“互联网+”智慧社区试点"
	facilitySource = "演示数据：设施为虚构；试点见市政协调研报告"
)

// loadFacilities makes up what every community has, nine in ten with a hall; of some nobody has
// told yet.
func (l *load) loadFacilities(ctx context.Context) error {
	all := map[string]communities.Facilities{}
	for i, c := range l.Registry.Below(cityCode, registry.LevelCommunity) {
		r := l.dice("facilities", i)
		has := func(percent float64) *bool {
			yes := chance(r, percent)
			return &yes
		}
		size := 120 + 10*r.IntN(120)
		f := communities.Facilities{Premises: &size, Hall: has(91), Clinic: has(97), HRSS: has(99), Source: facilitySource,
			CheckedOn: registerDay}
		if !chance(r, 8) {
			f.Elderly = has(62)
		}
		all[c.Code] = f
	}
	yes := true
	for _, code := range pilots {
		f, ok := all[code]
		if !ok {
			continue
		}
		f.Pilot, f.Hall = pilotName, &yes
		all[code] = f
	}
	return l.Communities.LoadFacilities(ctx, all)
}
