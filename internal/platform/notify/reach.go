package notify

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /notify/messages":             module.ReachAll,
	"GET /notify/channels":             module.ReachAll,
	"POST /notify/messages/{id}/retry": module.ReachAll.By(module.Probe{Of: "message", In: string(Refused)}),
}
