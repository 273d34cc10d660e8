package registry

import (
	"regexp"
	"slices"

	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
)

// Bounds of bodies and members.
const (
	maxBodyName = 60 // characters
	maxAddress  = 120
	maxPerson   = 50
	maxPost     = 30
	maxHours    = 14
	maxMembers  = 200 // of one body
)

var (
	phonePattern = regexp.MustCompile(`^[0-9+() -]{0,30}$`)
	clockPattern = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

	errBody   = errs.New(errs.Invalid, "registry.body.invalid")
	errMember = errs.New(errs.Invalid, "registry.member.invalid")
)

// bodyLevels says at which levels of area a kind of body stands.
var bodyLevels = map[string][]int{
	BodyParty: {LevelCommunity}, BodyCommittee: {LevelCommunity}, BodyStation: {LevelCommunity},
	BodyOffice: {LevelCommunity}, BodyCouncil: {LevelCommunity}, BodySupervisory: {LevelCommunity},
	BodySubdistrict: {LevelStreet}, BodyDepartment: {LevelCity, LevelCounty, LevelStreet},
}

// fold brings what is typed of a body into its one form.
func (b *Body) fold() {
	b.Name, b.Address, b.Phone = fold.Line(b.Name), fold.Line(b.Address), fold.Code(b.Phone)
	for i := range b.Members {
		b.Members[i].fold()
	}
}

// fold brings what is typed of a member into its one form.
func (m *Member) fold() {
	m.Name, m.Post, m.Phone = fold.Line(m.Name), fold.Line(m.Post), fold.Code(m.Phone)
	m.TermFrom, m.TermTo = fold.KeepDay(m.TermFrom), fold.KeepDay(m.TermTo)
}

// checkBody refuses a body that does not fit its area or is not fully described.
func checkBody(b Body, a Area) error {
	e := errBody
	if !slices.Contains(bodyLevels[b.Kind], a.Level) {
		e = e.At("kind", "registry.field.body_kind")
	}
	if (b.Kind == BodyDepartment) != slices.Contains(Departments, b.Department) || b.Kind != BodyDepartment && b.Department != "" {
		e = e.At("department", "registry.field.department")
	}
	if !IsName(b.Name, maxBodyName) {
		e = e.At("name", "registry.field.text", "limit", maxBodyName)
	}
	if b.Address != "" && !IsName(b.Address, maxAddress) {
		e = e.At("address", "registry.field.text", "limit", maxAddress)
	}
	e = checkContact(e, b.Phone, "hours", b.Hours)
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

// checkMember refuses a member whose name, post, term or hours cannot be.
func checkMember(m Member) error {
	e := errMember
	if !IsName(m.Name, maxPerson) {
		e = e.At("name", "registry.field.text", "limit", maxPerson)
	}
	if !IsName(m.Post, maxPost) {
		e = e.At("post", "registry.field.text", "limit", maxPost)
	}
	if !IsDay(m.TermFrom) {
		e = e.At("termFrom", "registry.field.day")
	}
	if m.TermTo != "" && (!IsDay(m.TermTo) || m.TermTo < m.TermFrom) {
		e = e.At("termTo", "registry.field.term")
	}
	if len(m.Account) > 36 {
		e = e.At("account", "registry.field.text", "limit", 36)
	}
	e = checkContact(e, m.Phone, "duty", m.Duty)
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

func checkContact(e *errs.Error, phone, location string, hours []Hours) *errs.Error {
	if !phonePattern.MatchString(phone) {
		e = e.At("phone", "registry.field.phone")
	}
	if !areHours(hours) {
		e = e.At(location, "registry.field.hours")
	}
	return e
}

// IsDay tells whether a text is a day, YYYY-MM-DD.
func IsDay(s string) bool {
	day, ok := fold.Day(s)
	return ok && day == s
}

// areHours tells whether every stretch has days, begins before it ends, and overlaps no other on
// the same day.
func areHours(hours []Hours) bool {
	if len(hours) > maxHours {
		return false
	}
	for i, h := range hours {
		if len(h.Days) == 0 || len(h.Days) > 7 || !clockPattern.MatchString(h.From) ||
			!clockPattern.MatchString(h.To) && h.To != "24:00" || h.From >= h.To {
			return false
		}
		for n, day := range h.Days {
			if day < 1 || day > 7 || slices.Contains(h.Days[:n], day) {
				return false
			}
			for _, o := range hours[:i] {
				if slices.Contains(o.Days, day) && h.From < o.To && o.From < h.To {
					return false
				}
			}
		}
	}
	return true
}
