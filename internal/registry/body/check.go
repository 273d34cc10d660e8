package body

import (
	"regexp"
	"slices"

	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/registry"
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
	registry.BodyParty:       {registry.LevelCommunity},
	registry.BodyCommittee:   {registry.LevelCommunity},
	registry.BodyStation:     {registry.LevelCommunity},
	registry.BodyOffice:      {registry.LevelCommunity},
	registry.BodyCouncil:     {registry.LevelCommunity},
	registry.BodySupervisory: {registry.LevelCommunity},
	registry.BodySubdistrict: {registry.LevelStreet},
	registry.BodyDepartment:  {registry.LevelCity, registry.LevelCounty, registry.LevelStreet},
}

// foldBody brings what is typed of a body into its one form.
func foldBody(b *registry.Body) {
	b.Name, b.Address, b.Phone = fold.Line(b.Name), fold.Line(b.Address), fold.Code(b.Phone)
	for i := range b.Members {
		foldMember(&b.Members[i])
	}
}

// foldMember brings what is typed of a member into its one form.
func foldMember(m *registry.Member) {
	m.Name, m.Post, m.Phone = fold.Line(m.Name), fold.Line(m.Post), fold.Code(m.Phone)
	m.TermFrom, m.TermTo = fold.KeepDay(m.TermFrom), fold.KeepDay(m.TermTo)
}

// checkBody refuses a body that does not fit its area or is not fully described.
func checkBody(b registry.Body, a registry.Area) error {
	e := errBody
	if !slices.Contains(bodyLevels[b.Kind], a.Level) {
		e = e.At("kind", "registry.field.body_kind")
	}
	isDepartment := b.Kind == registry.BodyDepartment
	if isDepartment != slices.Contains(registry.Departments, b.Department) || !isDepartment && b.Department != "" {
		e = e.At("department", "registry.field.department")
	}
	if !registry.IsName(b.Name, maxBodyName) {
		e = e.At("name", "registry.field.text", "limit", maxBodyName)
	}
	if b.Address != "" && !registry.IsName(b.Address, maxAddress) {
		e = e.At("address", "registry.field.text", "limit", maxAddress)
	}
	e = checkContact(e, b.Phone, "hours", b.Hours)
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

// checkMember refuses a member whose name, post, term or hours cannot be.
func checkMember(m registry.Member) error {
	e := errMember
	if !registry.IsName(m.Name, maxPerson) {
		e = e.At("name", "registry.field.text", "limit", maxPerson)
	}
	if !registry.IsName(m.Post, maxPost) {
		e = e.At("post", "registry.field.text", "limit", maxPost)
	}
	if !registry.IsDay(m.TermFrom) {
		e = e.At("termFrom", "registry.field.day")
	}
	if m.TermTo != "" && (!registry.IsDay(m.TermTo) || m.TermTo < m.TermFrom) {
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

func checkContact(e *errs.Error, phone, location string, hours []registry.Hours) *errs.Error {
	if !phonePattern.MatchString(phone) {
		e = e.At("phone", "registry.field.phone")
	}
	if !areHours(hours) {
		e = e.At(location, "registry.field.hours")
	}
	return e
}

// areHours tells whether every stretch has days, begins before it ends, and overlaps no other on
// the same day.
func areHours(hours []registry.Hours) bool {
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
