package alert

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /casework/alerts":       module.ReachAll, // what came to one's own posts
	"POST /casework/alerts/read": module.ReachAll.By(module.Probe{Body: module.Body{}}),
}
