package idcode

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Numbers of persons stand among words in every form: full-width, with blanks, dots and dashes between
// the digits, with the country's code. A text is cut into groups of digits and what stands between
// them; groups that only such signs part are read together.

// group is a maximal row of digits, as byte offsets and in plain digits.
type group struct {
	from, to int
	digits   string
	joined   bool // only signs that part digits stand between it and the group before
}

// found is a number of a person: the text's bytes that spell it, and how it is shown.
type found struct {
	from, to int
	masked   string
}

// mostGap is how many signs may part two groups of one number.
const mostGap = 3

// idMarks are spans that are no numbers of persons whatever digits they hold: ids and digests of the
// program, numbers of cases, instants with a clock.
var idMarks = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32,}|20[0-9]{6}-[0-9]{6}-[0-9]{5}`)

var (
	mobileRow   = regexp.MustCompile(`^(?:(?:00)?86|0)?(1[3-9][0-9]{9})$`)
	landlineRow = regexp.MustCompile(`^(?:(?:00)?86)?(0?[1-9][0-9]{1,2})([2-9][0-9]{6,7})$`)
	caseRow     = regexp.MustCompile(`^20[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{13}$`)
)

// MaskNumbers hides the identity numbers, telephone numbers and bank cards that stand in a text, as
// 3405************1X, 138****5678 and 6222*************90. Digits that go on beyond such a number, as
// those of a case, an area or an instant do, are left alone.
func MaskNumbers(text string) string {
	return replaced(text, numbersIn(text))
}

// MaskText is MaskNumbers for the free words of people: every other row of eleven digits and more is
// hidden, too, because nobody writes one that concerns nobody.
func MaskText(text string) string {
	text = MaskNumbers(text)
	var rows []found
	for _, g := range groupsOf(text) {
		if len(g.digits) >= 11 {
			rows = append(rows, found{g.from, g.to, MaskID(g.digits)})
		}
	}
	return replaced(text, rows)
}

// HideNumbers hides whole every row of seven digits and more, however it is set. It is for a reader who
// could tell a person by the digits that a mask leaves.
func HideNumbers(text string) string {
	groups := groupsOf(text)
	var rows []found
	for i := 0; i < len(groups); {
		n, j := len(groups[i].digits), i+1
		for j < len(groups) && groups[j].joined {
			n += len(groups[j].digits)
			j++
		}
		if n >= 7 {
			at := found{groups[i].from, groups[j-1].to, "***"}
			if r, size := utf8.DecodeRuneInString(text[at.to:]); isX(r) {
				at.to += size
			}
			rows = append(rows, at)
		}
		i = j
	}
	return replaced(text, rows)
}

// HoldsPersonal tells whether an identity number, a mobile number or a bank card stands in a text. Landlines are those of offices:
// they may be published.
func HoldsPersonal(text string) bool {
	for _, f := range numbersIn(text) {
		row := ""
		for _, g := range groupsOf(text[f.from:f.to]) {
			row += g.digits
		}
		if mobileRow.MatchString(row) || !landlineRow.MatchString(row) {
			return true
		}
	}
	return false
}

func replaced(text string, rows []found) string {
	if len(rows) == 0 {
		return text
	}
	var b strings.Builder
	done := 0
	for _, r := range rows {
		b.WriteString(text[done:r.from])
		b.WriteString(r.masked)
		done = r.to
	}
	return b.String() + text[done:]
}

// numbersIn finds the numbers of persons in a text, in order.
func numbersIn(text string) []found {
	groups := groupsOf(text)
	taken := make([]bool, len(groups))
	var out []found
	for _, kind := range []func(string, []group) (found, bool){identityIn, cardIn, mobileIn, landlineIn} {
		for i := range groups {
			best, last := found{}, -1 // the longest that begins here
			for j, n := i, 0; j < len(groups) && !taken[j] && (j == i || groups[j].joined); j++ {
				if n += len(groups[j].digits); n > 19 {
					break
				}
				if f, ok := kind(text, groups[i:j+1]); ok && apart(text, &f) {
					best, last = f, j
				}
			}
			for k := i; k <= last; k++ {
				taken[k] = true
			}
			if last >= 0 {
				out = append(out, best)
			}
		}
	}
	for i := range out { // few: sorted by insertion
		for j := i; j > 0 && out[j].from < out[j-1].from; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

func rowOf(groups []group) string {
	var b strings.Builder
	for _, g := range groups {
		b.WriteString(g.digits)
	}
	return b.String()
}

func span(groups []group, masked string) found {
	return found{groups[0].from, groups[len(groups)-1].to, masked}
}

// identityIn finds an identity number of eighteen characters with a day of birth that can be.
func identityIn(text string, groups []group) (found, bool) {
	row, f := rowOf(groups), span(groups, "")
	if len(row) == 17 {
		rest := strings.TrimLeftFunc(text[f.to:], isGap)
		if r, size := utf8.DecodeRuneInString(rest); isX(r) && len(text[f.to:])-len(rest) <= mostGap {
			row, f.to = row+"X", len(text)-len(rest)+size
		}
	}
	if len(row) != 18 {
		return f, false
	}
	born, err := time.Parse("20060102", row[6:14])
	f.masked = MaskID(row)
	return f, err == nil && born.Year() >= 1800 && born.Year() < 2100
}

// cardIn finds a bank card: 16 to 19 digits in one row or in even groups, or with a right check digit.
func cardIn(_ string, groups []group) (found, bool) {
	row := rowOf(groups)
	if len(row) < 16 || len(row) > 19 || caseRow.MatchString(row) {
		return found{}, false
	}
	even := true
	for i, g := range groups {
		even = even && (len(g.digits) == len(groups[0].digits) || i == len(groups)-1 && len(g.digits) < len(groups[0].digits))
	}
	return span(groups, MaskID(row)), even || luhn(row)
}

func mobileIn(_ string, groups []group) (found, bool) {
	m := mobileRow.FindStringSubmatch(rowOf(groups))
	if m == nil {
		return found{}, false
	}
	return span(groups, MaskPhone(m[1])), true
}

func landlineIn(_ string, groups []group) (found, bool) {
	row := rowOf(groups)
	m := landlineRow.FindStringSubmatch(row)
	if m == nil || row[0] != '0' && !strings.HasPrefix(row, "86") {
		return found{}, false
	}
	area := "0" + strings.TrimLeft(m[1], "0")
	return span(groups, area+"-****"+m[2][len(m[2])-4:]), true
}

// luhn tells whether the last digit checks the others (ISO/IEC 7812-1).
func luhn(row string) bool {
	sum := 0
	for i := range len(row) {
		d := int(row[len(row)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// apart tells whether a number stands by itself, and takes in the plus sign before it. Letters before it
// that can be of no hexadecimal number are words, as in tel139….
func apart(text string, f *found) bool {
	after, _ := utf8.DecodeRuneInString(text[f.to:])
	if isLetter(after) {
		return false
	}
	before := text[:f.from]
	word := before[len(strings.TrimRightFunc(before, isLetter)):]
	if word != "" && strings.Trim(word, "abcdefABCDEF") == "" {
		return false
	}
	for _, plus := range []string{"+", "＋"} {
		if strings.HasSuffix(before, plus) {
			f.from -= len(plus)
			break
		}
	}
	return true
}

// groupsOf cuts a text into its groups of digits, without those of ids.
func groupsOf(text string) []group {
	var out []group
	marks := idMarks.FindAllStringIndex(text, -1)
	gap := mostGap + 1 // signs since the last group; too many where something else stood between
	for at := 0; at < len(text); {
		if len(marks) > 0 && at == marks[0][0] {
			at, gap, marks = marks[0][1], mostGap+1, marks[1:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		d := digit(r)
		if d < 0 {
			if gap++; !isGap(r) {
				gap = mostGap + 1
			}
			at += size
			continue
		}
		g := group{from: at, joined: gap <= mostGap}
		for d >= 0 {
			g.digits += string(rune('0' + d))
			at += size
			r, size = utf8.DecodeRuneInString(text[at:])
			d = digit(r)
		}
		g.to, gap = at, 0
		out = append(out, g)
	}
	return out
}

// digit is the value of a decimal digit of any script or width, or -1.
func digit(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r < 0x80 || !unicode.Is(unicode.Nd, r):
		return -1
	}
	for zero := r; ; zero-- { // the ten digits of a script stand in order from its zero
		if zero < r-9 || !unicode.Is(unicode.Nd, zero-1) || r-zero == 9 {
			return int(r - zero)
		}
	}
}

// isGap tells whether a sign only parts the digits of a number.
func isGap(r rune) bool {
	return r != '\n' && r != '\r' && (unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)) || strings.ContainsRune(".．·・•‧-‐‑‒–—―－_＿()（）", r)
}

func isX(r rune) bool { return r == 'X' || r == 'x' || r == 'Ｘ' || r == 'ｘ' }

func isLetter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
