package request

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /people/requests": module.ReachListed.By(module.Probe{
		Of: "request", List: "id", More: []string{"state=done", "state=refused"}}),
	"POST /people/requests": module.ReachHidden.By(module.Probe{
		Of: "person", With: []string{"no request"}, Body: module.Body{"personId": "{id}", "kind": "restrict"}}),
	"POST /people/requests/{id}/answer": module.ReachHidden.By(module.Probe{
		Of: "request", Body: module.Body{"done": true, "answer": "probe", "version": 1}}),
	"POST /people/requests/{id}/copy":         module.ReachHidden.By(module.Probe{Of: "request"}),
	"POST /people/requests/{id}/files/{file}": module.ReachHidden.By(module.Probe{Of: "request", With: []string{"case"}}),
}
