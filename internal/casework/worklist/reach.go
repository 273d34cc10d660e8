package worklist

import "linli/internal/platform/module"

// everyView looks in each view of an area, of none, and by a number.
func everyView() (out []string) {
	for _, view := range []string{"open", "overdue", "soon", "unit", "mine", "pending"} {
		for _, more := range []string{"", "&area={area}", "&q={number}"} {
			out = append(out, "limit=100&view="+view+more)
		}
	}
	return out
}

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /casework/cases": module.ReachListed.By(module.Probe{
		Of: "case", In: "working", Query: "view=all&limit=100", List: "id", More: everyView()}),
	"GET /casework/inbox": module.ReachListed.By(module.Probe{
		Of: "case", In: "working", Query: "area={area}", Counts: []string{"unit", "overdue", "soon", "mine"}}),
	"GET /casework/export": module.ReachRefused.By(module.Probe{
		Of: "case", In: "working", Query: "view=all&format=csv&area={area}", List: "number"}),
	"POST /casework/bulk": module.ReachListed.By(module.Probe{
		Of: "case", In: "working", Body: module.Body{"verb": "establish", "cases": []any{module.Body{"id": "{id}"}}},
		List: "number"}),
	"GET /casework/views": module.ReachAll,
	"GET /casework/todo":  module.ReachAll, // one's own
	// one's own; to share one takes permission over the area
	"POST /casework/views": module.ReachAll.By(module.Probe{
		Body: module.Body{"name": "probe-{once}", "query": module.Body{"view": "open"}}}),
	"DELETE /casework/views/{id}": module.ReachAll.By(module.Probe{
		First: &module.Call{Method: "POST", Path: "/casework/views",
			Body: module.Body{"name": "probe-{once}", "query": module.Body{}}, Name: "id", Value: "id"}}),
}
