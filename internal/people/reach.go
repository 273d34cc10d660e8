package people

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /people/persons":                     module.ReachListed,
	"POST /people/search":                     module.ReachListed,
	"GET /people/export":                      module.ReachRefused,
	"POST /people/persons":                    module.ReachRefused,
	"GET /people/persons/{id}":                module.ReachHidden,
	"PUT /people/persons/{id}":                module.ReachHidden,
	"POST /people/persons/{id}/move":          module.ReachHidden,
	"GET /people/persons/{id}/looks":          module.ReachHidden,
	"POST /people/persons/{id}/unmask":        module.ReachHidden,
	"GET /people/requests":                    module.ReachListed,
	"POST /people/requests":                   module.ReachHidden,
	"POST /people/requests/{id}/answer":       module.ReachHidden,
	"POST /people/requests/{id}/copy":         module.ReachHidden,
	"POST /people/requests/{id}/files/{file}": module.ReachHidden,
	"GET /people/roster":                      module.ReachListed,
	"POST /people/roster":                     module.ReachRefused,
	"GET /people/roster/{id}":                 module.ReachHidden,
	"POST /people/roster/{id}/start":          module.ReachHidden,
}
