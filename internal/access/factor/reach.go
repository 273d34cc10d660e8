package factor

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"POST /session/second":                 {Outside: module.SignIn, Secret: "password"},
	"POST /session/passkey/ask":            module.ReachAll,
	"POST /session/passkey":                {Outside: module.SignIn, Secret: "passkey"},
	"GET /session/factors":                 module.ReachAll,
	"POST /session/factors/{id}/remove":    module.ReachAll,
	"POST /session/totp":                   module.ReachAll,
	"POST /session/totp/confirm":           module.ReachAll,
	"POST /session/recovery":               module.ReachAll,
	"POST /session/passkeys/offer":         module.ReachAll,
	"POST /session/passkeys":               module.ReachAll,
	"DELETE /access/accounts/{id}/factors": module.ReachAll,
}
