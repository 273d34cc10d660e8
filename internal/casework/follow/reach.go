package follow

import (
	"net/http"
	"net/url"

	"linli/internal/platform/module"
)

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"POST /casework/follow":              module.ReachCode.By(module.Probe{Body: module.Body{"code": "{secret}"}}),
	"POST /casework/follow/files/{file}": module.ReachCode.By(module.Probe{Body: module.Body{"code": "{secret}"}}),
	"POST /casework/follow/{verb}": module.ReachCode.By(module.Probe{
		Of: "case", In: "ended", Names: map[string]string{"verb": "rate"}, Body: module.Body{"code": "{secret}", "level": 4}}),
}

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /track": {Visitor: module.Shown, Own: module.SentOn, Another: module.None},
	"POST /track": {Visitor: module.Hidden, Own: module.SentOn, Another: module.Hidden, Probe: &module.Probe{
		Fresh: true, Fields: url.Values{"code": {"{secret}"}},
		Also: map[int]string{http.StatusUnprocessableEntity: module.Hidden}}},
	"GET /track/case": {Visitor: module.SentOn, Own: module.Shown, Another: module.None, Probe: &module.Probe{
		List: "number"}},
	"GET /track/case/files/{file}":           {Visitor: module.Hidden, Own: module.Shown, Another: module.Hidden},
	"GET /track/case/files/{file}/thumbnail": {Visitor: module.Hidden, Own: module.Shown, Another: module.Hidden},
	"GET /track/case/photos/{file}":          {Visitor: module.SentOn, Own: module.Shown, Another: module.Hidden},
	"GET /track/case/person": {Visitor: module.SentOn, Own: module.Shown, Another: module.None, Probe: &module.Probe{
		Shows: []string{"{number}", "{reporterMasked}"}}},
	"POST /track/case/person": {Visitor: module.SentOn, Own: module.SentOn, Another: module.None, Probe: &module.Probe{
		Of: "case of no deletion", Fields: url.Values{"kind": {"delete"}}}},
	"POST /track/case/person/show": {Visitor: module.SentOn, Own: module.Shown, Another: module.None, Probe: &module.Probe{
		Shows: []string{"{reporterPhone}"}}},
	"GET /track/case/withdraw": {Visitor: module.SentOn, Own: module.Shown, Another: module.None, Probe: &module.Probe{
		Of: "case to withdraw", Fresh: true, First: &module.Call{Method: "POST", Path: "/track",
			Fields: url.Values{"code": {"{secret}"}}}}},
	"POST /track/case/tell": {Visitor: module.SentOn, Own: module.SentOn, Another: module.None, Probe: &module.Probe{
		Fields: url.Values{"channel": {"sms"}, "on": {"0"}}}},
	"POST /track/case/{verb}": {Visitor: module.SentOn, Own: module.SentOn, Another: module.None, Probe: &module.Probe{
		Of: "case", In: "ended", Names: map[string]string{"verb": "rate"}, Fields: url.Values{"level": {"4"}}}},
	"POST /track/leave": module.PageOn.By(module.Probe{Fresh: true}),
	"GET /track/done":   {Visitor: module.SentOn, Own: module.SentOn, Another: module.None},
}
