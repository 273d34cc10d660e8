package account

import "linli/internal/platform/module"

// probePassword is none that is in use.
const probePassword = "Fresh-2026-word"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"PUT /session/password": module.ReachAll.By(module.Probe{
		Ends: true, First: &module.Call{Method: "PUT", Path: "/session/password",
			Body: module.Body{"current": "{password}", "new": probePassword}},
		Body: module.Body{"current": probePassword, "new": "{password}"}}),
	"GET /setup": module.ReachToken.By(module.Probe{Query: "token=none"}),
	"POST /setup": module.ReachToken.By(module.Probe{
		Fresh: true, Body: module.Body{"token": "none", "login": "setup-{once}", "name": "probe", "password": "{password}"}}),
	"GET /access/roles":    module.ReachAll,
	"GET /access/accounts": module.ReachAll,
	"POST /access/accounts": module.ReachAll.By(module.Probe{
		Body: module.Body{"login": "made-{once}", "name": "probe", "password": probePassword}}),
	"GET /access/accounts/{id}": module.ReachAll.By(module.Probe{Of: "account"}),
	"PUT /access/accounts/{id}": module.ReachAll.By(module.Probe{
		Of: "account", Body: module.Body{"name": "probe", "state": "active", "version": "{version}"}}),
	"POST /access/accounts/{id}/password": module.ReachAll.By(module.Probe{
		Of: "account", Body: module.Body{"password": probePassword}}),
	"POST /access/accounts/{id}/grants": module.ReachAll.By(module.Probe{
		Of: "account", Body: module.Body{"role": "window_worker", "area": "{area}"}}),
	"DELETE /access/accounts/{id}/grants/{grant}":     module.ReachAll.By(module.Probe{Of: "account", With: []string{"grant"}}),
	"POST /access/accounts/{id}/unlock":               module.ReachAll.By(module.Probe{Of: "account"}),
	"GET /access/accounts/{id}/sessions":              module.ReachAll.By(module.Probe{Of: "account"}),
	"DELETE /access/accounts/{id}/sessions/{session}": module.ReachAll.By(module.Probe{Of: "account", With: []string{"session"}}),
}
