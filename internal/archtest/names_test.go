package archtest

import (
	"go/token"
	"regexp"
	"strings"
	"testing"
)

// The spine, the units below it and the composition know the kinds of case only as modules bring them: none of
// their files but the list of modules names hall, grid, or a kind of theirs.
func TestNothingBelowNamesAModule(t *testing.T) {
	t.Parallel()
	kind := regexp.MustCompile(`^(application|incident)$|enum:"[^"]*\b(application|incident)\b|^(hall|grid)\.`)
	for _, s := range program(t) {
		if s.path == "internal/app/modules.go" || strings.HasSuffix(s.pkg, "test") {
			continue
		}
		below := false
		for _, unit := range []string{"app", "wiring", "casework", "routing", "people", "registry", "platform", "portal", "access"} {
			below = below || within(s.pkg, "internal/"+unit)
		}
		if !below {
			continue
		}
		for _, spec := range s.syntax.Imports {
			if path := strings.Trim(spec.Path.Value, `"`); path == modulePath+"/internal/hall" || path == modulePath+"/internal/grid" {
				t.Errorf("%s imports %s", s.line(spec.Pos()), path)
			}
		}
		s.literals(func(text string, at token.Pos) {
			if kind.MatchString(text) {
				t.Errorf("%s names what a module brings: %q", s.line(at), text)
			}
		})
	}
}
