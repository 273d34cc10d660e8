package idcode

import (
	"strings"

	"linli/internal/platform/fold"
)

// PhoneKind tells a mobile from a landline number.
type PhoneKind string

const (
	Mobile   PhoneKind = "mobile"
	Landline PhoneKind = "landline"
)

// Phone is a mainland telephone number.
type Phone struct {
	Number string // normalised: 13812345678, or 0518-85412345 and -12 for an extension
	Kind   PhoneKind
}

// maxPhone bounds a folded telephone number as people write it, in bytes.
const maxPhone = 32

// ParsePhone reads a mainland mobile number (11 digits from 13 to 19) or a landline number with its
// area code and at most six digits of extension. Blanks, hyphens and brackets between the digits and
// +86, 86 or 0086 before them are allowed.
//
// Errors are [*Error] with length, character or area (an area code that no place has).
func ParsePhone(s string) (Phone, error) {
	if len(s) <= maxInput {
		s = fold.Code(s)
	}
	if len(s) > maxPhone {
		return Phone{}, &Error{SchemePhone, FaultLength}
	}
	main, extension, err := phoneDigits(s)
	if err != nil {
		return Phone{}, err
	}
	if len(main) == 11 && main[0] == '1' {
		if main[1] < '3' || extension != "" {
			return Phone{}, &Error{SchemePhone, FaultCharacter}
		}
		return Phone{Number: main, Kind: Mobile}, nil
	}
	return landline(main, extension)
}

// phoneDigits takes away what people write between the digits, and the country code.
func phoneDigits(s string) (main, extension string, err error) {
	abroad := strings.HasPrefix(s, "+")
	groups := strings.FieldsFunc(strings.TrimPrefix(s, "+"), func(r rune) bool {
		return r == ' ' || r == '-' || r == '(' || r == ')' || r == '（' || r == '）' || r == '—'
	})
	for _, g := range groups {
		if !digits(g) {
			return "", "", &Error{SchemePhone, FaultCharacter}
		}
	}
	// An extension is a last group of its own behind a whole landline number.
	if n := len(groups); n > 2 && len(groups[n-2]) >= 7 && len(groups[n-1]) <= 6 {
		extension, groups = groups[n-1], groups[:n-1]
	}
	main = strings.Join(groups, "")
	bare := strings.TrimPrefix(main, "00")
	if rest, found := strings.CutPrefix(bare, "86"); found && (abroad || bare != main || len(rest) == 11 && rest[0] == '1') {
		main = rest
		if main == "" || main[0] != '1' || len(main) != 11 {
			main = "0" + strings.TrimPrefix(main, "0")
		}
	} else if abroad {
		return "", "", &Error{SchemePhone, FaultArea}
	}
	return main, extension, nil
}

// landline reads 010 and 02x with eight digits, 03xx to 09xx with seven or eight.
func landline(main, extension string) (Phone, error) {
	if len(main) < 10 || len(main) > 12 {
		return Phone{}, &Error{SchemePhone, FaultLength}
	}
	if main[0] != '0' {
		return Phone{}, &Error{SchemePhone, FaultCharacter}
	}
	area := main[:4]
	switch {
	case main[1] == '0', main[1] == '1' && main[2] != '0':
		return Phone{}, &Error{SchemePhone, FaultArea}
	case main[1] == '1', main[1] == '2':
		area = main[:3]
	}
	local := main[len(area):]
	if len(local) != 8 && (len(local) != 7 || len(area) == 3) {
		return Phone{}, &Error{SchemePhone, FaultLength}
	}
	if local[0] < '2' {
		return Phone{}, &Error{SchemePhone, FaultCharacter}
	}
	number := area + "-" + local
	if extension != "" {
		number += "-" + extension
	}
	return Phone{Number: number, Kind: Landline}, nil
}
