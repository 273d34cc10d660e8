package joint

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /casework/parts": module.ReachListed.By(module.Probe{
		Of: "case of others", In: "working", With: []string{"part"}, Query: "limit=100", List: "id"}),
}
