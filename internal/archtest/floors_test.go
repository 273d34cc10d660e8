package archtest

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors are the storeys of the house. A package imports only what lies on a lower floor or in
// its own unit; units on one floor never import each other. A folder that no floor names is a module.
var floors = [][]string{
	{"migrations", "web", "api", "docs"}, // embedded files, no code
	{"platform"},
	{"registry"},
	{"people"},
	{"routing"},
	{"gate", "threshold"},
	{"casework"},
	{"wiring"},
	{"hall", "grid", "access", "portal"},
	{"cockpit", "demo"},
	{"app"},
	{"cmd"},
}

// modules is the floor of modules.
var modules = slices.IndexFunc(floors, func(units []string) bool { return slices.Contains(units, "hall") })

func floorOf(unit string) (int, bool) {
	for i, units := range floors {
		for _, u := range units {
			if u == unit {
				return i, true
			}
		}
	}
	return modules, !strings.Contains(unit, "/")
}

func TestImportsRunDownOnly(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		if s.unit() == "archtest" {
			continue
		}
		own, ok := floorOf(s.unit())
		if !ok {
			t.Errorf("%s: the unit %q stands on no floor; give it one in archtest", s.path, s.unit())
			continue
		}
		for _, spec := range s.syntax.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			pkg, inside := strings.CutPrefix(path, modulePath+"/")
			if !inside {
				continue
			}
			target := unitOf(pkg)
			floor, ok := floorOf(target)
			if !ok {
				t.Errorf("%s imports %s, which stands on no floor", s.line(spec.Pos()), path)
			} else if target != s.unit() && floor >= own {
				t.Errorf("%s: %s imports %s, which does not lie below it; state what is needed in ports.go and let app connect it",
					s.line(spec.Pos()), s.unit(), path)
			}
		}
	}
}

// rooms are the rooms of units that have some, each with those that it may enter beside its unit's spine.
// The spine enters none.
var rooms = map[string][]string{
	"internal/casework/settle":    {},
	"internal/casework/reporter":  {},
	"internal/casework/file":      {"internal/casework/reporter"},
	"internal/casework/duplicate": {},
	"internal/casework/clockverb": {"internal/casework/alert", "internal/casework/settle"},
	"internal/casework/alert":     {},
	"internal/casework/joint":     {"internal/casework/settle", "internal/casework/reporter"},
	"internal/casework/rating":    {"internal/casework/alert", "internal/casework/duplicate", "internal/casework/reporter"},
	"internal/casework/follow": {"internal/casework/clockverb", "internal/casework/duplicate", "internal/casework/file",
		"internal/casework/reporter"},
	"internal/casework/stats":        {"internal/casework/rating"},
	"internal/access/factor":         {},
	"internal/access/account":        {"internal/access/factor"},
	"internal/access/identity":       {},
	"internal/access/tell":           {},
	"internal/access/resident":       {},
	"internal/people/roster":         {},
	"internal/people/request":        {},
	"internal/assessment/survey":     {},
	"internal/hall/design":           {},
	"internal/exchange/form":         {},
	"internal/exchange/remind":       {},
	"internal/admission/proposal":    {},
	"internal/admission/application": {"internal/admission/proposal"},
	"internal/admission/agreement":   {},
	"internal/council/bundle":        {},
	"internal/council/meeting":       {},
	"internal/council/matter":        {"internal/council/meeting"},
	"internal/council/ballot":        {"internal/council/bundle"},
	"internal/council/election":      {"internal/council/ballot", "internal/council/bundle"},
	"internal/registry/body":         {},
	"internal/registry/community":    {},
	"internal/registry/outline":      {},
	"internal/registry/change":       {"internal/registry/outline"},
	"internal/casework/worklist":     {"internal/casework/alert", "internal/casework/joint"},
}

// A unit of several packages is a spine and rooms above it: the spine imports no room, a room imports only
// rooms that stand in its row.
func TestRoomsRunDownOnly(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		for _, spec := range s.syntax.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			pkg, inside := strings.CutPrefix(path, modulePath+"/")
			if _, room := rooms[pkg]; !inside || !room || unitOf(pkg) != s.unit() || pkg == s.pkg {
				continue
			}
			if !slices.Contains(rooms[s.pkg], pkg) {
				t.Errorf("%s: %s imports the room %s, which does not lie below it", s.line(spec.Pos()), s.pkg, pkg)
			}
		}
		if unit := "internal/" + s.unit(); s.pkg != unit && !strings.HasSuffix(s.pkg, "test") &&
			slices.Contains([]string{"casework", "registry", "people", "hall", "access", "admission", "exchange", "assessment", "council"},
				s.unit()) {
			if _, listed := rooms[s.pkg]; !listed {
				t.Errorf("%s: the room %s is not listed in archtest", s.path, s.pkg)
			}
		}
	}
}

// measures are the places that may read the machine's clock to measure how long something
// took. What happens in the city is dated by platform/clock, which a test or a load can set.
var measures = map[string]string{
	"internal/platform/clock/clock.go":  "the one source of time",
	"internal/platform/httpx/server.go": "how long a request took",
	"internal/platform/httpx/serve.go":  "how long a request's body takes to arrive",
}

func TestTimeComesFromTheClock(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		if s.unit() == "cmd" || measures[s.path] != "" {
			continue
		}
		for _, call := range calls(s, "time", "Now") {
			t.Errorf("%s: time.Now; ask platform/clock, so that a load and a test can set the hour", s.line(call.Pos()))
		}
	}
}

// Tests begin at an instant of their own (platform/clock/clocktest), so that no day of the year
// turns them red. One that asks the machine's clock leaves that instant. Faults measure real time.
func TestTestsAskTheClock(t *testing.T) {
	t.Parallel()
	for _, s := range goFiles(t, true, "cmd", "internal") {
		for _, name := range []string{"Now", "Since", "Until"} {
			for _, call := range calls(s, "time", name) {
				t.Errorf("%s: time.%s; ask platform/clock", s.line(call.Pos()), name)
			}
		}
	}
}
