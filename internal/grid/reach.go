package grid

import (
	"net/url"

	"linli/internal/casework"
	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

var ofStep = map[string]string{"step": "what"}

// probeIncident is a report of one.
func probeIncident() map[string]any {
	return module.Body{"category": "0101", "description": "probe", "area": "{area}", "place": module.Body{"text": "probe"},
		"clientKey": "incident-{once}", "channel": "portal", "reporter": module.Body{"name": "probe", "phone": "19900004321"}}
}

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /grid/categories": module.ReachAll,
	"POST /grid/categories": module.ReachAll.By(module.Probe{
		Also: map[int]string{422: module.Shown}, // it was added by a caller before
		Body: module.Body{"code": "90", "kind": "event", "name": module.Body{"zh": "probe", "en": "Other"}, "enabled": true}}),
	"GET /grid/categories/{code}": module.ReachAll.By(module.Probe{Names: map[string]string{"code": "0101"}}),
	"PUT /grid/categories/{code}": module.ReachAll.By(module.Probe{
		Names: map[string]string{"code": "01"},
		First: &module.Call{Method: "GET", Path: "/grid/categories/01", Name: "version", Value: "version"},
		Body:  module.Body{"name": module.Body{"zh": "probe", "en": "Tidiness"}, "enabled": true, "version": "{version}"}}),
	"POST /grid/incidents": {Outside: module.Refused, Needs: "grid.incident.report", Probe: &module.Probe{Body: probeIncident()}},
	// what everybody may know of an open incident nearby
	"POST /grid/incidents/alike": module.ReachAll.By(module.Probe{
		Body: module.Body{"category": "0101", "description": "probe", "area": "{area}", "place": module.Body{"text": ""}}}),
	"GET /grid/rechecks": module.ReachListed.By(module.Probe{
		Of: KindIncident, In: string(stateClosed), With: []string{"recheck"}, Query: "limit=100", List: "id"}),
	"GET /grid/rechecks/board": module.ReachRefused.By(module.Probe{Query: "area={area}"}),
}

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /report":        module.PageOn.By(module.Probe{Query: "area={area}"}),
	"GET /report/{step}": module.OpenPage(&module.Probe{Names: ofStep}),
	"POST /report/{step}": module.PageOn.By(module.Probe{
		Names: ofStep, Fields: url.Values{"category": {"0101"}, "description": {"probe"}}}),
}

// stepProbes are how the steps of an incident are called, beside those of the rooms. {main} is another incident of the place.
var stepProbes = map[flow.Verb]module.Probe{
	verbDismiss:          {Body: module.Body{"note": "probe"}},
	verbDispatch:         {In: string(stateEstablished), Body: module.Body{"unit": "{station}"}},
	verbFeedBack:         {Body: module.Body{"note": "probe"}},
	verbRework:           {In: string(stateFedBack), Body: module.Body{"note": "probe"}},
	verbConfirm:          {In: string(stateClosed), With: []string{"recheck"}},
	verbReopen:           {In: string(stateClosed), With: []string{"recheck"}, Body: module.Body{"note": "probe"}},
	casework.VerbMerge:   {In: string(stateReported), With: []string{"main"}, Body: module.Body{"note": "probe", "case": "{main}"}},
	casework.VerbUnmerge: {With: []string{"main"}, Body: module.Body{"note": "probe", "case": "{main}"}},
}
