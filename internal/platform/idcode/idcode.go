// Package idcode reads, checks and masks the coded identifiers of mainland China: resident identity
// numbers (GB 11643), unified social credit codes (GB 32100 with GB 11714), statistical area codes
// and telephone numbers. It knows the form of a code, never whether it was issued.
package idcode

import (
	"strings"

	"linli/internal/platform/fold"
)

// Scheme names a kind of identifier.
type Scheme string

const (
	SchemeResident Scheme = "resident"
	SchemeCredit   Scheme = "credit"
	SchemeArea     Scheme = "area"
	SchemePhone    Scheme = "phone"
)

// Fault is the stable key suffix of what is wrong with an identifier.
type Fault string

const (
	FaultLength       Fault = "length"       // too many or too few characters
	FaultCharacter    Fault = "character"    // a character that may not stand where it stands
	FaultDate         Fault = "date"         // a date of birth that does not exist
	FaultArea         Fault = "area"         // an area part that no area can have
	FaultOrganisation Fault = "organisation" // the check character of the organisation code
	FaultCheck        Fault = "check"        // the check character of the whole
)

// Error says why an identifier is refused. It never repeats the identifier, which is personal data.
type Error struct {
	Scheme Scheme
	Fault  Fault
}

func (e *Error) Error() string { return "idcode: " + string(e.Scheme) + ": " + string(e.Fault) }

// Key is the stable key suffix, such as "resident.check".
func (e *Error) Key() string { return string(e.Scheme) + "." + string(e.Fault) }

// maxInput bounds what is looked at before the length is judged, in bytes: 18 full-width digits, each
// with a mark that is not seen, are 108.
const maxInput = 256

// tidy folds a code, takes blanks away and makes letters upper case.
func tidy(s string) string {
	if len(s) > maxInput {
		return s
	}
	return strings.ToUpper(fold.Compact(s))
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// number is the value of a string of a few digits.
func number(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
