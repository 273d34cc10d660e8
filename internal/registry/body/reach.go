package body

import "linli/internal/platform/module"

var ofArea = map[string]string{"code": "{area}"}

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /registry/areas/{code}/bodies": module.ReachAll.By(module.Probe{Names: ofArea}),
	"GET /registry/areas/{code}/gaps":   module.ReachRefused.By(module.Probe{Names: ofArea}),
	"GET /registry/bodies":              module.ReachAll.By(module.Probe{Query: "area={area}"}),
	"POST /registry/areas/{code}/bodies": module.ReachRefused.By(module.Probe{
		Of: "area without office", Names: ofArea, Body: module.Body{"kind": "office", "name": "probe"}}),
	"PUT /registry/bodies/{id}": module.ReachRefused.By(module.Probe{
		Of: "body", Body: module.Body{"name": "probe", "version": "{version}"}}),
	"POST /registry/bodies/{id}/members": module.ReachRefused.By(module.Probe{
		Of: "body", Body: module.Body{"name": "probe-{once}", "post": "member", "termFrom": "2026-01-01"}}),
	"PUT /registry/members/{id}": module.ReachRefused.By(module.Probe{
		Of: "member", Body: module.Body{"name": "probe", "post": "member", "termFrom": "2026-01-01", "version": 1}}),
	"PUT /registry/members/{id}/account": module.ReachRefused.By(module.Probe{
		Of: "member", Body: module.Body{"account": "", "version": 1}}),
	"DELETE /registry/members/{id}": module.ReachRefused.By(module.Probe{Of: "member", Query: "version=1"}),
}
