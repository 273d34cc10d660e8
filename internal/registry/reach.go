package registry

import "linli/internal/platform/module"

var ofArea = map[string]string{"code": "{area}"}

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /registry/areas":                 module.ReachAll.By(module.Probe{Query: "parent=320703"}),
	"GET /registry/areas/{code}":          module.ReachAll.By(module.Probe{Names: ofArea}),
	"GET /registry/areas/{code}/outline":  module.ReachAll.By(module.Probe{Names: ofArea}),
	"GET /registry/areas/{code}/outlines": module.ReachAll.By(module.Probe{Names: ofArea}),
	"GET /registry/areas/{code}/history":  module.ReachAll.By(module.Probe{Names: ofArea}),
	"GET /registry/search":                module.ReachAll.By(module.Probe{Query: "q={area}"}),
	"GET /registry/locate":                module.ReachAll.By(module.Probe{Query: "lng={lng}&lat=34.71"}),
}
