package community

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /registry/areas/{code}/coverage":   module.ReachAll,
	"GET /registry/areas/{code}/facilities": module.ReachAll,
	"PUT /registry/areas/{code}/facilities": module.ReachRefused,
	"GET /registry/figures":                 module.ReachAll,
}

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /communities":              module.OpenPage(nil),
	"GET /communities/map.svg":      module.OpenPage(nil),
	"POST /communities/at":          module.PageOn,
	"GET /communities/{code}":       module.OpenPage(nil),
	"POST /communities/{code}/mine": module.PageOn,
}
