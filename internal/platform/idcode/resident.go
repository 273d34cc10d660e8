package idcode

import "time"

// Sex as an identity number tells it.
type Sex string

const (
	Male   Sex = "male"
	Female Sex = "female"
)

// Resident is what an identity number of 18 characters tells.
type Resident struct {
	Number string // normalised: no blanks, capital X
	Area   string // six digits: where the holder was first registered, possibly abolished since
	Birth  string // YYYY-MM-DD
	Sex    Sex
}

// firstBirth is the earliest year of birth that a number can carry; the first numbers were given in 1984.
const firstBirth = 1850

// FirstBirth is the earliest day of birth of anybody whom a form, a roster or a number may tell of.
const FirstBirth = "1850-01-01"

var residentWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const residentChecks = "10X98765432"

// ParseResident reads an identity number (GB 11643), folded as fold.Compact does and with a small x
// allowed. Its date of birth lies from [FirstBirth] to today (YYYY-MM-DD in city time).
//
// The area may be historical, so only its province is checked; 81, 82 and 83 are the residence
// permits of Hong Kong, Macao and Taiwan residents, and 9 followed by a province is the permanent
// residence card of foreigners. The number of 15 digits lost its validity in 2013 and is refused.
//
// Errors are [*Error] with, in this order: length, character, area, date, check.
func ParseResident(s, today string) (Resident, error) {
	s = tidy(s)
	if len(s) != 18 {
		return Resident{}, &Error{SchemeResident, FaultLength}
	}
	if !digits(s[:17]) || !digits(s[17:]) && s[17] != 'X' {
		return Resident{}, &Error{SchemeResident, FaultCharacter}
	}
	if !residentArea(s[:6]) {
		return Resident{}, &Error{SchemeResident, FaultArea}
	}
	birth := s[6:10] + "-" + s[10:12] + "-" + s[12:14]
	day, err := time.Parse(time.DateOnly, birth)
	if err != nil || day.Year() < firstBirth || birth > today {
		return Resident{}, &Error{SchemeResident, FaultDate}
	}
	if residentCheck(s[:17]) != s[17] {
		return Resident{}, &Error{SchemeResident, FaultCheck}
	}
	sex := Female
	if s[16]%2 == 1 {
		sex = Male
	}
	return Resident{Number: s, Area: s[:6], Birth: birth, Sex: sex}, nil
}

// residentCheck is the check character of the first 17 digits.
func residentCheck(s string) byte {
	sum := 0
	for i, w := range residentWeights {
		sum += int(s[i]-'0') * w
	}
	return residentChecks[sum%11]
}

func residentArea(area string) bool {
	if area[0] == '9' {
		return isProvince(area[1:3])
	}
	return isProvince(area[:2]) || area[:2] == "83"
}

// isProvince reports whether two digits are a province of GB/T 2260.
func isProvince(code string) bool {
	switch code {
	case "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37",
		"41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65",
		"71", "81", "82":
		return true
	}
	return false
}
