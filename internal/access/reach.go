package access

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"POST /session":       module.ReachAll.By(module.Probe{Ends: true, Body: module.Body{"login": "{login}", "password": "{password}"}}),
	"GET /session":        module.ReachAll,
	"DELETE /session":     module.ReachAll.By(module.Probe{Ends: true}),
	"GET /session/places": module.ReachAll,
	"DELETE /session/places/{id}": module.ReachAll.By(module.Probe{
		Ends: true, First: &module.Call{Method: "GET", Path: "/session/places", Name: "id", Value: "id"}}),
}
