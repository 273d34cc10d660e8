package routing

import "linli/internal/platform/module"

// probeRoute is a route of the area's station, new or as a change.
func probeRoute(kept bool) map[string]any {
	out := module.Body{"kind": "{kind}", "subject": "{subject}", "area": "{area}", "validFrom": "2026-01-01",
		"department": "station", "level": 5, "enabled": true}
	if kept {
		out["version"] = 1
	}
	return out
}

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /casework/routes": module.ReachListed.By(module.Probe{Of: "route", Query: "limit=100", List: "id"}),
	"GET /casework/routes/clashes": module.ReachListed.By(module.Probe{
		Of: "route", With: []string{"clash"}, Query: "limit=100", List: "id"}),
	"POST /casework/routes":     module.ReachRefused.By(module.Probe{Of: "area without route", Body: probeRoute(false)}),
	"PUT /casework/routes/{id}": module.ReachRefused.By(module.Probe{Of: "route", Body: probeRoute(true)}),
	"GET /casework/routes/try":  module.ReachRefused.By(module.Probe{Query: "kind={kind}&subject={subject}&area={area}"}),
}
