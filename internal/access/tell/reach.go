package tell

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /session/tell":                    module.ReachAll,
	"POST /session/tell/{channel}":         module.ReachAll,
	"POST /session/tell/{channel}/confirm": module.ReachAll,
	"DELETE /session/tell/{channel}":       module.ReachAll,
	"GET /access/alarms":                   module.ReachAll,
	"POST /access/alarms/{id}/note":        module.ReachAll,
}
