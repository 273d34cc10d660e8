package tell

import (
	"net/http"

	"linli/internal/platform/module"
)

var bySMS = map[string]string{"channel": "sms"}

// wrong is what a refused input means: a refusal that comes after authority.
var wrong = map[int]string{http.StatusUnprocessableEntity: module.Shown}

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /session/tell":            module.ReachAll,
	"POST /session/tell/{channel}": module.ReachAll.By(module.Probe{Names: bySMS, Body: module.Body{"to": "1"}, Also: wrong}),
	"POST /session/tell/{channel}/confirm": module.ReachAll.By(module.Probe{
		Names: bySMS, Body: module.Body{"code": "0"}, Also: wrong}),
	"DELETE /session/tell/{channel}": module.ReachAll.By(module.Probe{
		Names: bySMS, Also: map[int]string{http.StatusNotFound: module.Shown}}),
	"GET /access/alarms":            module.ReachAll,
	"POST /access/alarms/{id}/note": module.ReachAll.By(module.Probe{Of: "alarm"}),
}
