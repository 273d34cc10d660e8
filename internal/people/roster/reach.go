package roster

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /people/roster": module.ReachListed.By(module.Probe{Of: "roster", List: "id"}),
	"POST /people/roster": module.ReachRefused.By(module.Probe{
		Query: "area={area}", Sent: &module.Sent{Name: "roster.csv", Content: "name,phone\nprobe,13900000003\n"}}),
	"GET /people/roster/{id}":        module.ReachHidden.By(module.Probe{Of: "roster"}),
	"POST /people/roster/{id}/start": module.ReachHidden.By(module.Probe{Of: "roster"}),
}
