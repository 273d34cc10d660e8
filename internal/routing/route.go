package routing

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/registry"
)

// Route says which body becomes responsible for cases of some subjects, in an area, at some times.
// The most specific of those that hold wins, in the order of [RouteOrder]; two that are equally
// specific and could hold at once are refused when the second is written.
type Route struct {
	ID        string
	Kind      string // Matter.Kind
	Subject   string // a subject's code, a class's, or "" for any
	Area      string // and everything below it
	ValidFrom string // first day
	ValidTo   string // last day, or "" while it holds
	Days      string // RouteWork, RouteOff, or "" for all days
	HourFrom  string // HH:MM in city time, or "" for all day
	HourTo    string // past midnight when not after HourFrom
	Body      string // id of the body, or "" where a department is named
	// Department is a department's code resolved at Level above each case's place, or
	// registry.BodyStation for the community's own.
	Department string
	Level      int
	Note       string
	Enabled    bool
	ChangedAt  int64
	ChangedBy  string // account
	Version    int64
}

// Kinds of days that a route may be bound to, by the State Council's calendar.
const (
	RouteWork = "work"
	RouteOff  = "off"
)

// RouteOrder is what makes one route more specific than another, the first difference deciding:
// the subject itself before its class before any; the lower area before the higher; bound to
// hours before all day; bound to a kind of day before every day; until a day before without end.
var RouteOrder = []string{"subject", "area", "hours", "days", "period"}

// rank is how specific a route is, in the order of RouteOrder; exact tells a subject from a class.
func (r *Route) rank(exact bool) [5]int {
	one := func(set bool) int {
		if set {
			return 1
		}
		return 0
	}
	subject := one(r.Subject != "") + one(r.Subject != "" && exact)
	return [5]int{subject, len(r.Area), one(r.HourFrom != ""), one(r.Days != ""), one(r.ValidTo != "")}
}

// Reasons why a route is not taken; each is worded by casework.route.passed.<reason>.
const (
	passedOff      = "off"            // switched off
	passedEarly    = "early"          // does not hold yet
	passedOver     = "over"           // holds no longer
	passedHours    = "hours"          // another hour
	passedDays     = "days"           // another kind of day
	passedYear     = "year"           // whether the day is worked is not decreed yet
	passedMissing  = "unit_missing"   // the area has no such body
	passedElsehere = "unit_elsewhere" // the body works for another area
	passedGeneral  = "general"        // a more specific one holds
)

// at tells why a route does not hold at an instant, or "". Workday answers for the instant's day.
func (r *Route) at(t time.Time, workday func(day string) (bool, error)) string {
	day, hour := clock.Day(t), t.In(clock.City).Format("15:04")
	switch {
	case !r.Enabled:
		return passedOff
	case day < r.ValidFrom:
		return passedEarly
	case r.ValidTo != "" && day > r.ValidTo:
		return passedOver
	case r.HourFrom != "" && !inHours(r.HourFrom, r.HourTo, hour):
		return passedHours
	case r.Days == "":
		return ""
	}
	works, err := workday(day)
	switch {
	case err != nil:
		return passedYear
	case works != (r.Days == RouteWork):
		return passedDays
	}
	return ""
}

// inHours tells whether from ≤ hour < to on a clock that runs past midnight when to ≤ from.
func inHours(from, to, hour string) bool {
	if from < to {
		return from <= hour && hour < to
	}
	return hour >= from || hour < to
}

// clashes tells whether two routes are equally specific and could hold at one instant.
func (r *Route) clashes(o *Route) bool {
	same := r.Kind == o.Kind && r.Subject == o.Subject && r.Area == o.Area && r.rank(true) == o.rank(true)
	days := r.ValidFrom <= orNever(o.ValidTo) && o.ValidFrom <= orNever(r.ValidTo)
	hours := r.HourFrom == "" || inHours(r.HourFrom, r.HourTo, o.HourFrom) || inHours(o.HourFrom, o.HourTo, r.HourFrom)
	return r.ID != o.ID && r.Enabled && o.Enabled && same && days && hours && r.Days == o.Days
}

func orNever(day string) string {
	if day == "" {
		return "9999-12-31"
	}
	return day
}

var routeHour = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// check refuses a route whose own fields are wrong, naming every one.
func (r *Route) check() error {
	wrong := errs.ErrInvalid
	r.ValidFrom, r.ValidTo = fold.KeepDay(r.ValidFrom), fold.KeepDay(r.ValidTo)
	day := func(field, value string, required bool) {
		if _, ok := fold.Day(value); !ok && (required || value != "") {
			wrong = wrong.At(field, "field.date")
		}
	}
	day("validFrom", r.ValidFrom, true)
	day("validTo", r.ValidTo, false)
	if r.ValidTo != "" && r.ValidTo < r.ValidFrom {
		wrong = wrong.At("validTo", "casework.route.ends_first")
	}
	if !slices.Contains([]string{"", RouteWork, RouteOff}, r.Days) {
		wrong = wrong.At("days", "field.choice")
	}
	if hours := r.HourFrom + r.HourTo; hours != "" &&
		(!routeHour.MatchString(r.HourFrom) || !routeHour.MatchString(r.HourTo) || r.HourFrom == r.HourTo) {
		wrong = wrong.At("hourFrom", "casework.route.hours")
	}
	if !fold.Within(r.Note, 200) {
		wrong = wrong.At("note", "field.too_long", "max", 200)
	}
	if !r.targeted() {
		wrong = wrong.At("department", "casework.route.target")
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	return nil
}

// targeted tells whether a route names one body, or one department at a level that has some.
func (r *Route) targeted() bool {
	switch {
	case r.Body != "":
		return r.Department == "" && r.Level == 0
	case r.Department == registry.BodyStation:
		return r.Level == registry.LevelCommunity
	}
	return slices.Contains(registry.Departments, r.Department) && r.Level >= registry.LevelCity && r.Level <= registry.LevelStreet
}

const communityDigits = 12

// WorksFor tells whether a body of one area works for a place: it sits above it, or in its
// community.
func WorksFor(place, body string) bool {
	community := place[:min(len(place), communityDigits)]
	return strings.HasPrefix(place, body) || len(community) == communityDigits && strings.HasPrefix(body, community)
}
