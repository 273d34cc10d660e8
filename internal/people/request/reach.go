package request

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /people/requests":                    module.ReachListed,
	"POST /people/requests":                   module.ReachHidden,
	"POST /people/requests/{id}/answer":       module.ReachHidden,
	"POST /people/requests/{id}/copy":         module.ReachHidden,
	"POST /people/requests/{id}/files/{file}": module.ReachHidden,
}
