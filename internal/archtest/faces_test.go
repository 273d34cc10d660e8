package archtest

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// platformFaces are the operations of the API that the platform itself serves, each with whose they are. They are for
// those who run the platform, not for a matter: the roles that hold them are given by app, and what is served is the
// mechanism's own state. What a module or a city's offices need of a mechanism, a module serves.
var platformFaces = map[string]string{
	"internal/platform/audit/audit_api.go":    "auditors: read, verify and export the log",
	"internal/platform/calendar/store_api.go": "administrators: load the working days of a year",
	"internal/platform/jobs/view.go":          "administrators: how jobs stand",
	"internal/platform/notify/api.go":         "administrators: what messages became of",
}

func TestFacesOfThePlatformAreListed(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, s := range program(t) {
		if !strings.HasPrefix(s.pkg, "internal/platform/") {
			continue
		}
		for _, call := range calls(s, "httpx", "Handle") {
			if found[s.path] = true; platformFaces[s.path] == "" {
				t.Errorf("%s: the platform serves an operation; serve it from a module, or list it in archtest with whose it is", s.line(call.Pos()))
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(platformFaces)) {
		if !found[path] {
			t.Errorf("%s is listed and serves nothing", path)
		}
	}
}
