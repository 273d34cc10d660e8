package access

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"POST /session":               module.ReachAll,
	"GET /session":                module.ReachAll,
	"DELETE /session":             module.ReachAll,
	"GET /session/places":         module.ReachAll,
	"DELETE /session/places/{id}": module.ReachAll,
}
