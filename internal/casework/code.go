package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"linli/internal/platform/fold"
)

// A follow code such as 320706-7K3M-9QPT-X2VD lets its holder see and answer one case without
// an account. The six digits say in which county to look; the twelve characters are 60 bits
// that only the holder of the platform's root key can make, so nobody can guess them and the
// database, which keeps a hash, does not know them.
const (
	CodeLength   = 18                                 // without hyphens
	codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // Crockford: no I L O U
)

// CodeOf is the follow code of a case, with hyphens.
func (s *Service) CodeOf(c *Case) string {
	sum := s.People.Ring.Digest("follow code", c.ID)
	var b strings.Builder
	b.WriteString(c.Shard)
	var bits uint64
	for _, x := range sum[:8] {
		bits = bits<<8 | uint64(x)
	}
	for i := range 12 {
		if i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(codeAlphabet[bits>>(59-5*i)&31])
	}
	return b.String()
}

// ParseCode reads a code as people type it: as fold.Digits folds it, in any case, O for 0, I and L for 1.
func ParseCode(s string) (shard, code string, ok bool) {
	if len(s) > 400 {
		return "", "", false
	}
	s = strings.ToUpper(fold.Digits(s))
	var clean strings.Builder
	for _, r := range s {
		switch {
		case r == 'O':
			clean.WriteByte('0')
		case r == 'I' || r == 'L':
			clean.WriteByte('1')
		case strings.ContainsRune(codeAlphabet, r):
			clean.WriteRune(r)
		default:
			return "", "", false
		}
	}
	t := clean.String()
	if len(t) != CodeLength {
		return "", "", false
	}
	return t[:6], t[:6] + "-" + t[6:10] + "-" + t[10:14] + "-" + t[14:], true
}

// CodeHash is what is stored of a code: keyed, so that whoever holds the database alone cannot try
// codes against it.
func (s *Service) CodeHash(code string) string {
	return hex.EncodeToString(s.People.Ring.Digest("follow code hash", code))
}

// FormerHash is what was stored of codes before their hash was keyed.
func FormerHash(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

// Parts of a case number, 20260302-320703-00001: day, county, and how manieth of both. The last part
// grows beyond its digits when they are used up.
const (
	numberDay    = 8
	numberCounty = numberDay + CountyDigits
	numberTail   = 5
	TailAt       = len("20260302-320703-") + 1 // of substr in SQL
)

// ParseNumber is a case number in its one form however it is typed: folded, with or without hyphens.
// What is no whole number is given back folded.
func ParseNumber(s string) string {
	digits := fold.Digits(s)
	if len(digits) < numberCounty+numberTail || strings.Trim(digits, "0123456789") != "" {
		return fold.Compact(s)
	}
	return hyphenated(digits)
}

// hyphenated puts the hyphens of a case number into the digits of its beginning.
func hyphenated(digits string) string {
	switch {
	case len(digits) <= numberDay:
		return digits
	case len(digits) <= numberCounty:
		return digits[:numberDay] + "-" + digits[numberDay:]
	}
	return digits[:numberDay] + "-" + digits[numberDay:numberCounty] + "-" + digits[numberCounty:]
}

// AskedNumber tells the beginning of a case number from its last five digits, and both from words: a
// beginning is of four digits and more and begins with a year of this century. Five digits that begin with
// no year from 2020 on, perhaps behind a county's code, are the last.
func AskedNumber(q string) (beginning, tail string) {
	digits := fold.Digits(q)
	switch {
	case digits == "" || strings.Trim(digits, "0123456789") != "":
		return "", ""
	case len(digits) == numberTail && digits < "20200", len(digits) == CountyDigits+numberTail &&
		digits[:2] != "20" && strings.Contains(q, "-"):
		return "", digits[len(digits)-numberTail:]
	case len(digits) >= 4 && strings.HasPrefix(digits, "20"):
		return hyphenated(digits), ""
	}
	return "", ""
}

func numberOf(day, shard string, n int) string {
	return fmt.Sprintf("%s-%s-%05d", strings.ReplaceAll(day, "-", ""), shard, n)
}
