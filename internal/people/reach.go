package people

import (
	"net/http"

	"linli/internal/platform/module"
)

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /people/persons": module.ReachListed.By(module.Probe{
		Of: "person", Query: "limit=100", List: "id",
		More: []string{"limit=100&tag=old", "limit=100&area={area}", "limit=100&tag=old&area={area}"}}),
	"POST /people/search": module.ReachListed.By(module.Probe{
		Of: "person", Body: module.Body{"q": "{personPhone}", "purpose": "service"}, List: "id"}),
	"GET /people/export":       module.ReachRefused.By(module.Probe{Query: "area={area}", Shows: []string{"\n{area},{personMasked}"}}),
	"POST /people/persons":     module.ReachRefused.By(module.Probe{Body: module.Body{"area": "{area}", "name": "probe-{once}"}}),
	"GET /people/persons/{id}": module.ReachHidden.By(module.Probe{Of: "person"}),
	"PUT /people/persons/{id}": module.ReachHidden.By(module.Probe{
		Of: "person", Body: module.Body{"address": "probe-{once}", "version": "{version}"}}),
	"POST /people/persons/{id}/move": module.ReachHidden.By(module.Probe{
		Of: "person", Body: module.Body{"area": "1", "version": 1},
		Also: map[int]string{http.StatusUnprocessableEntity: module.Shown}}),
	"GET /people/persons/{id}/looks": module.ReachHidden.By(module.Probe{Of: "person"}),
	"POST /people/persons/{id}/unmask": module.ReachHidden.By(module.Probe{
		Of: "person", Body: module.Body{"field": "phone", "purpose": "contact"}}),
}
