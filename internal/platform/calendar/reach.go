package calendar

import "linli/internal/platform/module"

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /calendar/years/{year}":          module.ReachAll,
	"POST /calendar/years/{year}/preview": module.ReachAll, // the city's one calendar
	"PUT /calendar/years/{year}":          module.ReachAll,
}
