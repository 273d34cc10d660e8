package account

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"PUT /session/password":                           module.ReachAll,
	"GET /setup":                                      module.ReachToken,
	"POST /setup":                                     module.ReachToken,
	"GET /access/roles":                               module.ReachAll,
	"GET /access/accounts":                            module.ReachAll,
	"POST /access/accounts":                           module.ReachAll,
	"GET /access/accounts/{id}":                       module.ReachAll,
	"PUT /access/accounts/{id}":                       module.ReachAll,
	"POST /access/accounts/{id}/password":             module.ReachAll,
	"POST /access/accounts/{id}/grants":               module.ReachAll,
	"DELETE /access/accounts/{id}/grants/{grant}":     module.ReachAll,
	"POST /access/accounts/{id}/unlock":               module.ReachAll,
	"GET /access/accounts/{id}/sessions":              module.ReachAll,
	"DELETE /access/accounts/{id}/sessions/{session}": module.ReachAll,
}
