package calendar

import (
	"strings"

	"linli/internal/platform/module"
)

var ofYear = map[string]string{"year": "2026"}

// decree is the arrangement of that year as it stands: to load it changes nothing.
func decree() map[string]any {
	lines := []string{"date,kind,notice"}
	for _, d := range SpecialDays() {
		if strings.HasPrefix(d.Date, ofYear["year"]) {
			lines = append(lines, d.Date+","+string(d.Kind)+","+d.Notice)
		}
	}
	return module.Body{"csv": strings.Join(lines, "\n") + "\n"}
}

// reach is what each route answers about an area outside the caller's authority.
var reach = map[string]module.Reach{
	"GET /calendar/years/{year}":          module.ReachAll.By(module.Probe{Names: ofYear}),
	"POST /calendar/years/{year}/preview": module.ReachAll.By(module.Probe{Names: ofYear, Body: decree()}), // the city's one calendar
	"PUT /calendar/years/{year}":          module.ReachAll.By(module.Probe{Names: ofYear, Body: decree()}),
}
