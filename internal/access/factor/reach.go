package factor

import (
	"net/http"

	"linli/internal/platform/module"
)

// wrong is what a refused input means: a refusal that comes after authority.
var wrong = map[int]string{http.StatusUnprocessableEntity: module.Shown}

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"POST /session/second": {Outside: module.SignIn, Secret: "password", Probe: &module.Probe{
		Ends: true, Body: module.Body{"code": "000000"}}},
	"POST /session/passkey/ask": module.ReachAll.By(module.Probe{Ends: true}),
	"POST /session/passkey": {Outside: module.SignIn, Secret: "passkey", Probe: &module.Probe{
		Ends: true, Body: module.Body{"credential": module.Body{}}}},
	"GET /session/factors": module.ReachAll,
	"POST /session/factors/{id}/remove": module.ReachAll.By(module.Probe{
		First: &module.Call{Method: "POST", Path: "/session/totp", Name: "id", Value: "id"},
		Body:  module.Body{"password": "{password}"}}),
	"POST /session/totp":                   module.ReachAll,
	"POST /session/totp/confirm":           module.ReachAll.By(module.Probe{Body: module.Body{"code": "000000"}, Also: wrong}),
	"POST /session/recovery":               module.ReachAll.By(module.Probe{Body: module.Body{"password": "{password}"}}),
	"POST /session/passkeys/offer":         module.ReachAll,
	"POST /session/passkeys":               module.ReachAll.By(module.Probe{Body: module.Body{"credential": module.Body{}}, Also: wrong}),
	"DELETE /access/accounts/{id}/factors": module.ReachAll.By(module.Probe{Of: "account"}),
}
