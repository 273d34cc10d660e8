package grid

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /grid/categories":        module.ReachAll,
	"POST /grid/categories":       module.ReachAll,
	"GET /grid/categories/{code}": module.ReachAll,
	"PUT /grid/categories/{code}": module.ReachAll,
	"POST /grid/incidents":        {Outside: module.Refused, Needs: "grid.incident.report"},
	"POST /grid/incidents/alike":  module.ReachAll, // what everybody may know of an open incident nearby
	"GET /grid/rechecks":          module.ReachListed,
	"GET /grid/rechecks/board":    module.ReachRefused,
}

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /report":         module.PageOn,
	"GET /report/{step}":  module.OpenPage(nil),
	"POST /report/{step}": module.PageOn,
}
