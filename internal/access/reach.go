package access

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"POST /session":                                   module.ReachAll,
	"GET /session":                                    module.ReachAll,
	"DELETE /session":                                 module.ReachAll,
	"PUT /session/password":                           module.ReachAll,
	"POST /session/second":                            {Outside: module.SignIn, Secret: "password"},
	"POST /session/passkey/ask":                       module.ReachAll,
	"POST /session/passkey":                           {Outside: module.SignIn, Secret: "passkey"},
	"GET /session/identity":                           {Outside: module.Hidden, Secret: "identity"},
	"GET /session/identity/back":                      {Outside: module.Hidden, Secret: "identity"},
	"GET /session/places":                             module.ReachAll,
	"DELETE /session/places/{id}":                     module.ReachAll,
	"GET /session/factors":                            module.ReachAll,
	"GET /session/tell":                               module.ReachAll,
	"POST /session/tell/{channel}":                    module.ReachAll,
	"POST /session/tell/{channel}/confirm":            module.ReachAll,
	"DELETE /session/tell/{channel}":                  module.ReachAll,
	"POST /session/factors/{id}/remove":               module.ReachAll,
	"POST /session/totp":                              module.ReachAll,
	"POST /session/totp/confirm":                      module.ReachAll,
	"POST /session/recovery":                          module.ReachAll,
	"POST /session/passkeys/offer":                    module.ReachAll,
	"POST /session/passkeys":                          module.ReachAll,
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
	"GET /access/alarms":                              module.ReachAll,
	"POST /access/alarms/{id}/note":                   module.ReachAll,
	"DELETE /access/accounts/{id}/factors":            module.ReachAll,
	"GET /access/accounts/{id}/sessions":              module.ReachAll,
	"DELETE /access/accounts/{id}/sessions/{session}": module.ReachAll,
}

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /me":             {Visitor: module.Nothing, Own: module.Shown, Another: module.Nothing},
	"POST /me":            module.PageOn,
	"GET /me/code":        module.PageOn,
	"POST /me/code":       module.PageOn,
	"POST /me/cases/{id}": {Visitor: module.SentOn, Own: module.SentOn, Another: module.Hidden},
	"POST /me/leave":      module.PageOn,
}
