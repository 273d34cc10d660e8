package outline

import "linli/internal/platform/module"

// probeOutline is the outline of an area as a file.
const probeOutline = `{"type":"Feature","properties":{"code":"{area}"},
	"geometry":{"type":"Polygon","coordinates":[[[119,34],[119.01,34],[119.01,34.01],[119,34]]]}}`

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /registry/areas/{code}/outline/findings": module.ReachRefused.By(module.Probe{Names: map[string]string{"code": "{area}"}}),
	"POST /registry/outlines": module.ReachRefused.By(module.Probe{
		Query: "dryRun=true&source=x", Sent: &module.Sent{Name: "outline.geojson", Content: probeOutline}}),
}
