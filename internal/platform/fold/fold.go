// Package fold brings what people type or paste into the one form in which it is compared, parsed and
// kept: numbers, codes, dates, names and search words. Every face, import and command folds here, so a
// full-width digit or an invisible direction mark never decides whether something is found.
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Code folds a number or code: compatibility forms (full-width letters and digits, circled digits)
// become plain ones, digits of any script ASCII, dashes of any width a hyphen, blanks of any width one
// space with none around; invisible characters go. Case is kept. Idempotent.
func Code(s string) string {
	if isPlain(s) {
		return s
	}
	return composed(strings.Join(strings.Fields(strings.Map(codeRune, norm.NFKC.String(s))), " "))
}

// Compact is Code without any blank: for codes that have none, such as identity numbers.
func Compact(s string) string { return composed(strings.ReplaceAll(Code(s), " ", "")) }

// Digits is Compact without hyphens, for numbers that people group as they like.
func Digits(s string) string { return composed(strings.ReplaceAll(Compact(s), "-", "")) }

// Words folds what is searched for: as Code, in small letters.
func Words(s string) string { return composed(strings.ToLower(Code(s))) }

// composed joins again the letters and marks that stand side by side since something between them was
// taken away: "A", a zero-width space and "\u0308" are one letter, however they were written.
func composed(s string) string { return norm.NFKC.String(s) }

// Line folds a name, an address or another text of one line: it keeps the letters as they are written,
// takes away direction marks, soft hyphens and other characters that are not seen, and makes blanks
// of any width and line breaks one space, with none around. Joiners stay: emoji and some scripts need them.
func Line(s string) string {
	if isPlain(s) {
		return s
	}
	return strings.Join(strings.Fields(strings.Map(lineRune, s)), " ")
}

// isPlain tells that nothing is to be folded: printable ASCII without blanks around or side by side.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return s[i] == ' ' && i > 0 && i < len(s)-1 && s[i-1] != ' ' && isPlain(s[i+1:])
		}
	}
	return true
}

// invisible are letters and marks that have no form of their own although they are no format characters.
var invisible = map[rune]bool{'\u034f': true, '\u115f': true, '\u1160': true, '\u17b4': true,
	'\u17b5': true, '\u3164': true, '\uffa0': true}

func codeRune(r rune) rune {
	switch {
	case r < unicode.MaxASCII && !unicode.IsControl(r):
		return r
	case unicode.IsSpace(r), r == '\u2800': // with tabs, line breaks and the blank of Braille
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r), invisible[r]:
		return -1
	case unicode.Is(unicode.Pd, r), r == '\u2212':
		return '-'
	case unicode.IsDigit(r):
		return digit(r)
	}
	return r
}

// digit is the ASCII form of a decimal digit: those of a script stand side by side, from zero.
func digit(r rune) rune {
	for zero := r; zero > r-10; zero-- {
		if !unicode.IsDigit(zero - 1) {
			return '0' + (r - zero)
		}
	}
	return '0' + (r-'\U0001D7CE')%10 // mathematical digits: several sets in one range; NFKC folds them before
}

func lineRune(r rune) rune {
	switch {
	case r == '\u200c' || r == '\u200d':
		return r
	case unicode.IsSpace(r), r == '\u2800':
		return ' '
	case unicode.IsControl(r), hides(r):
		return -1
	}
	return r
}

// hides tells of characters that change how others are shown without being seen: direction marks,
// zero-width blanks, soft hyphens, byte order marks, annotation anchors. Tags (U+E0000…) stay: flags are made of them.
func hides(r rune) bool { return unicode.Is(unicode.Cf, r) && r < 0xE0000 }
