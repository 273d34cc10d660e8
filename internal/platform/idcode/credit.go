package idcode

import "strings"

// Credit is what a unified social credit code tells.
type Credit struct {
	Code         string // normalised: no blanks, capital letters
	Registrar    string // one character: 1 establishment office, 5 civil affairs, 9 market regulation …
	Class        string // Registrar and the class of body under it: 51 social association, 52 private non-enterprise unit, 53 foundation …
	Area         string // six digits: area of the registrar
	Organisation string // nine characters: organisation code (GB 11714) with its own check character
}

// creditAlphabet leaves out I, O, S, V and Z, which are easily misread; a character's place is its value.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// organisationAlphabet is that of GB 11714: a character's place is its value.
const organisationAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

var organisationWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}

// ParseCredit reads a unified social credit code (GB 32100) of 18 characters, blanks around it and
// small letters allowed. Errors are [*Error] with, in this order: length, character, area (not a
// province), organisation (check character of places 9 to 17), check.
func ParseCredit(s string) (Credit, error) {
	s = tidy(s)
	if len(s) != 18 {
		return Credit{}, &Error{SchemeCredit, FaultLength}
	}
	for i := range len(s) {
		if strings.IndexByte(creditAlphabet, s[i]) < 0 {
			return Credit{}, &Error{SchemeCredit, FaultCharacter}
		}
	}
	if !digits(s[2:8]) {
		return Credit{}, &Error{SchemeCredit, FaultCharacter}
	}
	// 10 is the central registrars, who register for the whole country.
	if !isProvince(s[2:4]) && s[2:4] != "10" {
		return Credit{}, &Error{SchemeCredit, FaultArea}
	}
	if organisationCheck(s[8:16]) != s[16] {
		return Credit{}, &Error{SchemeCredit, FaultOrganisation}
	}
	if creditCheck(s[:17]) != s[17] {
		return Credit{}, &Error{SchemeCredit, FaultCheck}
	}
	return Credit{Code: s, Registrar: s[:1], Class: s[:2], Area: s[2:8], Organisation: s[8:17]}, nil
}

// creditCheck is the check character of 17 characters of the alphabet: weights are the powers of 3 modulo 31.
func creditCheck(s string) byte {
	sum, weight := 0, 1
	for i := range len(s) {
		sum += strings.IndexByte(creditAlphabet, s[i]) * weight
		weight = weight * 3 % 31
	}
	return creditAlphabet[(31-sum%31)%31]
}

// organisationCheck is the check character of the first 8 characters of an organisation code.
func organisationCheck(s string) byte {
	sum := 0
	for i, w := range organisationWeights {
		sum += strings.IndexByte(organisationAlphabet, s[i]) * w
	}
	switch c := 11 - sum%11; c {
	case 10:
		return 'X'
	case 11:
		return '0'
	default:
		return byte('0' + c)
	}
}
