package change

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"POST /registry/changes":                module.ReachRefused,
	"POST /registry/changes/preview":        module.ReachRefused,
	"GET /registry/imports":                 module.ReachListed,
	"POST /registry/imports":                module.ReachRefused,
	"GET /registry/imports/{id}":            module.ReachHidden,
	"DELETE /registry/imports/{id}":         module.ReachHidden,
	"PUT /registry/imports/{id}/decisions":  module.ReachHidden,
	"POST /registry/imports/{id}/decisions": module.ReachHidden,
	"GET /registry/imports/{id}/decisions":  module.ReachHidden,
	"POST /registry/imports/{id}/start":     module.ReachHidden,
}
