package audit

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /audit/entries": module.ReachRefused.By(module.Probe{Query: "area={area}"}),
	"GET /audit/export":  module.ReachRefused.By(module.Probe{Query: "area={area}"}),
	"GET /audit/head":    module.ReachAll,
	"GET /audit/state":   module.ReachAll,
	"POST /audit/verify": module.ReachAll.By(module.Probe{Body: module.Body{}}),
}
