package people

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /people/persons":              module.ReachListed,
	"POST /people/search":              module.ReachListed,
	"GET /people/export":               module.ReachRefused,
	"POST /people/persons":             module.ReachRefused,
	"GET /people/persons/{id}":         module.ReachHidden,
	"PUT /people/persons/{id}":         module.ReachHidden,
	"POST /people/persons/{id}/move":   module.ReachHidden,
	"GET /people/persons/{id}/looks":   module.ReachHidden,
	"POST /people/persons/{id}/unmask": module.ReachHidden,
}
