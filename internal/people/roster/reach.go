package roster

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /people/roster":             module.ReachListed,
	"POST /people/roster":            module.ReachRefused,
	"GET /people/roster/{id}":        module.ReachHidden,
	"POST /people/roster/{id}/start": module.ReachHidden,
}
