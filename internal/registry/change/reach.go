package change

import "linli/internal/platform/module"

// renamed is a new name for an area.
var renamed = module.Body{"kind": "rename", "area": "{area}", "name": "probe-{once}", "reason": "probe"}

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"POST /registry/changes":         module.ReachRefused.By(module.Probe{Body: renamed}),
	"POST /registry/changes/preview": module.ReachRefused.By(module.Probe{Body: renamed}),
	"GET /registry/imports":          module.ReachListed.By(module.Probe{Of: "area import", List: "id"}),
	"POST /registry/imports": module.ReachRefused.By(module.Probe{
		Of: "area import", Query: "supplement=true",
		Sent: &module.Sent{Name: "list.csv", Content: "code,name,level,parent\n{area}077,probe,6,{area}\n"}}),
	"GET /registry/imports/{id}":    module.ReachHidden.By(module.Probe{Of: "area import"}),
	"DELETE /registry/imports/{id}": module.ReachHidden.By(module.Probe{Of: "area import"}),
	"PUT /registry/imports/{id}/decisions": module.ReachHidden.By(module.Probe{
		Of: "area import", Body: module.Body{"decisions": []any{}, "version": 1}}),
	"POST /registry/imports/{id}/decisions": module.ReachHidden.By(module.Probe{
		Of: "area import", Sent: &module.Sent{Name: "decisions.csv", Content: "action,from,to,effective,note\n"}}),
	"GET /registry/imports/{id}/decisions": module.ReachHidden.By(module.Probe{Of: "area import"}),
	"POST /registry/imports/{id}/start":    module.ReachHidden.By(module.Probe{Of: "area import"}),
}
