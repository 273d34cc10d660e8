package matter

import (
	"slices"
	"strings"

	"linli/internal/council/meeting"
	"linli/internal/platform/rule"
)

// Reservation is a subject that the law of a day leaves to an assembly.
type Reservation struct {
	Code      string `json:"code"`
	Direct    bool   `json:"direct" doc:"The representatives may decide it without being delegated"`
	Delegable bool   `json:"delegable" doc:"The assembly may leave it to the representatives"`
	Basis     string `json:"basis"`
	Article   string `json:"article"`
	Note      string `json:"note"`

	key string
}

const prefixReserved = "council.matter.reserved."

// reservations are the subjects that are reserved in a kind of community on a day, in the order of their codes.
func reservations(book *rule.Cache, kind, day string) []Reservation {
	prefix := prefixReserved + kind + "."
	out := []Reservation{}
	for _, v := range book.All() {
		code, ok := strings.CutPrefix(v.Key, prefix)
		if !ok || v.ValidFrom > day || v.ValidTo != "" && v.ValidTo < day {
			continue
		}
		out = append(out, Reservation{Code: code, Basis: v.Basis, Article: v.Article, Note: v.Note, key: v.Key,
			Direct: strings.Contains(v.Value, "representatives"), Delegable: strings.Contains(v.Value, "delegable")})
	}
	slices.SortFunc(out, func(a, b Reservation) int { return strings.Compare(a.Code, b.Code) })
	return slices.CompactFunc(out, func(a, b Reservation) bool { return a.Code == b.Code })
}

// reservedOn is the reservation of a subject on a day; the zero one for a subject that is not reserved.
func reservedOn(book *rule.Cache, kind, code, day string) Reservation {
	for _, r := range reservations(book, kind, day) {
		if r.Code == code {
			return r
		}
	}
	return Reservation{}
}

// mayDecide tells whether a body decides a subject. What is reserved only the assembly decides, or the representatives where the law or
// the assembly lets them; what was referred, one of the two; of the rest the committee too.
func (r *Reservation) mayDecide(body string, referred, delegated bool) bool {
	switch body {
	case meeting.Assembly:
		return true
	case meeting.Representatives:
		return r.key == "" || r.Direct || r.Delegable && delegated
	case meeting.Committee:
		return r.key == "" && !referred
	}
	return false
}

// MayDecide tells whether a body may decide a subject in a kind of community on a day; referred, where a deliberation left it to an
// assembly; delegated, where the assembly has left such subjects to the representatives.
func (s *Service) MayDecide(kind, code, day, body string, referred, delegated bool) bool {
	r := reservedOn(s.Rules, kind, code, day)
	return r.mayDecide(body, referred, delegated)
}
