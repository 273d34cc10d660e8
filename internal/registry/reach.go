package registry

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /registry/areas":                 module.ReachAll,
	"GET /registry/areas/{code}":          module.ReachAll,
	"GET /registry/areas/{code}/outline":  module.ReachAll,
	"GET /registry/areas/{code}/outlines": module.ReachAll,
	"GET /registry/areas/{code}/history":  module.ReachAll,
	"GET /registry/search":                module.ReachAll,
	"GET /registry/locate":                module.ReachAll,
}
