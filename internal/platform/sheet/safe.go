package sheet

import (
	"regexp"
	"strings"
)

// measure is a number, perhaps signed and with a unit behind it: -0.3, +5%, -0.3 米. No spreadsheet reads
// a formula in it.
var measure = regexp.MustCompile(`^[+-]?[0-9]+([.,][0-9]+)*([eE][+-]?[0-9]+)?[ \x{3000}]?(%|\p{L}*)$`)

// Executes tells whether a spreadsheet would take the text of a CSV cell for a formula: one that begins
// like a formula, perhaps behind blanks or signs that are not seen, and is no number.
func Executes(cell string) bool {
	seen := strings.TrimLeft(cell, " \t\r\n\u00a0\u3000\u200b\ufeff")
	if seen == "" || measure.MatchString(strings.TrimSpace(seen)) {
		return false
	}
	return strings.ContainsRune("=+-@|%＝＋－＠", []rune(seen)[0]) || seen != cell && strings.ContainsRune("\t\r\n", rune(cell[0]))
}

// Safe is the text of a CSV cell that no spreadsheet executes: behind an apostrophe where it would be.
// A text that looks as if it had one gets one more, so that Plain gives back every text.
func Safe(cell string) string {
	if Executes(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// Plain is the text that Safe was given.
func Plain(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && Executes(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
}
