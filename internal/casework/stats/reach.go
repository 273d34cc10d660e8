package stats

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /casework/board":            module.ReachRefused.By(module.Probe{Query: "area={area}"}),
	"GET /casework/indicators":       module.ReachRefused.By(module.Probe{Query: "area={area}&from=2026-01&to=2026-11"}),
	"GET /casework/indicators/table": module.ReachRefused.By(module.Probe{Query: "area={area}&from=2026-01&to=2026-11"}),
}
