package body

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /registry/areas/{code}/bodies":  module.ReachAll,
	"GET /registry/areas/{code}/gaps":    module.ReachRefused,
	"GET /registry/bodies":               module.ReachAll,
	"POST /registry/areas/{code}/bodies": module.ReachRefused,
	"PUT /registry/bodies/{id}":          module.ReachRefused,
	"POST /registry/bodies/{id}/members": module.ReachRefused,
	"PUT /registry/members/{id}":         module.ReachRefused,
	"PUT /registry/members/{id}/account": module.ReachRefused,
	"DELETE /registry/members/{id}":      module.ReachRefused,
}
