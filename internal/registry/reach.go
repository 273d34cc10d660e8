package registry

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /registry/areas":                         module.ReachAll,
	"GET /registry/areas/{code}":                  module.ReachAll,
	"GET /registry/areas/{code}/outline":          module.ReachAll,
	"GET /registry/areas/{code}/outlines":         module.ReachAll,
	"GET /registry/areas/{code}/outline/findings": module.ReachRefused,
	"POST /registry/outlines":                     module.ReachRefused,
	"GET /registry/areas/{code}/bodies":           module.ReachAll,
	"GET /registry/areas/{code}/gaps":             module.ReachRefused,
	"GET /registry/areas/{code}/history":          module.ReachAll,
	"GET /registry/areas/{code}/coverage":         module.ReachAll,
	"GET /registry/areas/{code}/facilities":       module.ReachAll,
	"PUT /registry/areas/{code}/facilities":       module.ReachRefused,
	"POST /registry/changes":                      module.ReachRefused,
	"POST /registry/changes/preview":              module.ReachRefused,
	"GET /registry/imports":                       module.ReachListed,
	"POST /registry/imports":                      module.ReachRefused,
	"GET /registry/imports/{id}":                  module.ReachHidden,
	"DELETE /registry/imports/{id}":               module.ReachHidden,
	"PUT /registry/imports/{id}/decisions":        module.ReachHidden,
	"POST /registry/imports/{id}/decisions":       module.ReachHidden,
	"GET /registry/imports/{id}/decisions":        module.ReachHidden,
	"POST /registry/imports/{id}/start":           module.ReachHidden,
	"GET /registry/bodies":                        module.ReachAll,
	"GET /registry/search":                        module.ReachAll,
	"GET /registry/locate":                        module.ReachAll,
	"GET /registry/figures":                       module.ReachAll,
	"POST /registry/areas/{code}/bodies":          module.ReachRefused,
	"PUT /registry/bodies/{id}":                   module.ReachRefused,
	"POST /registry/bodies/{id}/members":          module.ReachRefused,
	"PUT /registry/members/{id}":                  module.ReachRefused,
	"PUT /registry/members/{id}/account":          module.ReachRefused,
	"DELETE /registry/members/{id}":               module.ReachRefused,
}

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /communities":              module.OpenPage(nil),
	"GET /communities/map.svg":      module.OpenPage(nil),
	"POST /communities/at":          module.PageOn,
	"GET /communities/{code}":       module.OpenPage(nil),
	"POST /communities/{code}/mine": module.PageOn,
}
