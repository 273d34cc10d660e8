package community

import (
	"net/url"

	"linli/internal/platform/module"
)

var ofArea = map[string]string{"code": "{area}"}

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /registry/areas/{code}/coverage":   module.ReachAll.By(module.Probe{Names: ofArea}),
	"GET /registry/areas/{code}/facilities": module.ReachAll.By(module.Probe{Names: ofArea}),
	"PUT /registry/areas/{code}/facilities": module.ReachRefused.By(module.Probe{
		Of: "facilities", Names: ofArea,
		Body: module.Body{"pilot": "", "checkedOn": "", "source": "probe", "version": "{version}"}}),
	"GET /registry/figures": module.ReachAll.By(module.Probe{Query: "area={area}"}),
}

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /communities":              module.OpenPage(&module.Probe{Query: "q={area}"}),
	"GET /communities/map.svg":      module.OpenPage(&module.Probe{Query: "area={area}"}),
	"POST /communities/at":          module.PageOn.By(module.Probe{Fields: url.Values{"lng": {"{lng}"}, "lat": {"34.71"}}}),
	"GET /communities/{code}":       module.OpenPage(&module.Probe{Names: ofArea}),
	"POST /communities/{code}/mine": module.PageOn.By(module.Probe{Names: ofArea}),
}
