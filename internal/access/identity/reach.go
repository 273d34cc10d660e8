package identity

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /session/identity": {Outside: module.Hidden, Secret: "identity", Probe: &module.Probe{Fresh: true}},
	"GET /session/identity/back": {Outside: module.Hidden, Secret: "identity", Probe: &module.Probe{
		Fresh: true, Query: "state=x&code=y"}},
}
