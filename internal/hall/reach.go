package hall

import (
	"net/url"

	"linli/internal/platform/flow"
	"linli/internal/platform/module"
)

var (
	ofCard = map[string]string{"code": "senior_card"}
	ofStep = map[string]string{"code": "senior_card", "step": "applicant"}
)

// probeApplication is one for the item of ofCard.
func probeApplication() map[string]any {
	return module.Body{"item": "senior_card", "area": "{area}", "clientKey": "application-{once}", "channel": "portal",
		"applicant": module.Body{"name": "probe", "phone": "19900001234", "idNumber": "11010519491231002X", "address": "probe 1"},
		"answers":   module.Body{"birth_date": "1956-03-05", "fetch": "window", "contact_phone": "19900005555"}}
}

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /hall/items":        module.ReachAll,
	"GET /hall/items/{code}": module.ReachAll.By(module.Probe{Names: ofCard}),
	"PUT /hall/items/{code}": module.ReachAll.By(module.Probe{
		Names: ofCard, First: &module.Call{Method: "GET", Path: "/hall/items/senior_card", Name: "version", Value: "version"},
		Body: module.Body{"promised": module.Body{"amount": 3, "unit": "workday"}, "enabled": true, "version": "{version}"}}),
	"POST /hall/applications": {Outside: module.Refused, Needs: "hall.application.submit", Probe: &module.Probe{
		Body: probeApplication()}},
	"POST /hall/applications/{id}/answers/{question}/unmask": module.ReachHidden.By(module.Probe{
		Of: KindApplication, In: string(stateAccepted), Names: map[string]string{"question": "contact_phone"},
		Body: module.Body{"purpose": "contact"}}),
}

// pageReach is what each page answers to a visitor and to a resident who has shown a follow code.
var pageReach = map[string]module.PageReach{
	"GET /hall":                     module.OpenPage(nil),
	"GET /hall/{code}":              module.OpenPage(&module.Probe{Names: ofCard}),
	"GET /hall/{code}/apply":        module.PageOn.By(module.Probe{Names: ofCard}),
	"GET /hall/{code}/apply/{step}": module.OpenPage(&module.Probe{Names: ofStep}),
	"POST /hall/{code}/apply/{step}": module.PageOn.By(module.Probe{
		Names: ofStep, Fields: url.Values{"name": {"probe"}, "phone": {"19900001234"}, "idNumber": {"11010519491231002X"}}}),
}

// stepProbes are how the steps of an application are called, beside those of the rooms.
var stepProbes = map[flow.Verb]module.Probe{
	verbReturn:   {Body: module.Body{"lines": []any{"probe"}}},
	verbRefuse:   {In: string(stateSubmitted), Body: module.Body{"note": "probe"}},
	verbReview:   {In: string(stateAccepted), Body: module.Body{"choice": choicePass}},
	verbDeny:     {In: string(stateReviewed), Body: module.Body{"note": "probe"}},
	verbDeliver:  {In: string(stateApproved)},
	verbRedirect: {Body: module.Body{"unit": "{station}", "note": "probe"}},
}
