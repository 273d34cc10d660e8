package fold

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dayShapes are the ways in which a day is written, year first: 2026-3-2, 2026/03/02, 2026.3.2,
// 2026年3月2日, 20260302, each perhaps with a time behind it that is left out.
var dayShapes = regexp.MustCompile(`^(\d{4})(?:-|/|\.|` + signs[0] + `) ?(\d{1,2})(?:-|/|\.|` + signs[1] + `) ?(\d{1,2}) ?(?:` + signs[2] +
	`|` + signs[3] + `)?(?:[T ].*)?$|^(\d{4})(\d{2})(\d{2})$`)

// signs stand behind year, month and day (written or spoken) in Chinese; the last is ten.
var signs = [...]string{string('年'), string('月'), string('日'), string('号'), string('十')}

// Day reads a day however it is written and gives it as YYYY-MM-DD. ok is false for what is no day of
// the calendar, and for day or month first: 3/2/2026 may be either.
func Day(s string) (day string, ok bool) {
	m := dayShapes.FindStringSubmatch(numerals(Code(s)))
	if m == nil {
		return "", false
	}
	if m[1] == "" {
		m = m[3:]
	}
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	date, _ := strconv.Atoi(m[3])
	t := time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC)
	if year < 1 || int(t.Month()) != month || t.Day() != date {
		return "", false
	}
	return t.Format(time.DateOnly), true
}

// KeepDay is Day, or the text as it is where it is none: for a check that names the field.
func KeepDay(s string) string {
	if day, ok := Day(s); ok {
		return day
	}
	return strings.TrimSpace(s)
}

var hanDigits = map[rune]int{'〇': 0, '零': 0, '一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9, '元': 1}

// numerals writes a day in Chinese numerals with digits: 二〇二六年三月二十日 as 2026年3月20日. What is no
// such day is given back as it is.
func numerals(s string) string {
	year, rest, ok := strings.Cut(s, signs[0])
	month, rest, ok2 := strings.Cut(rest, signs[1])
	if !ok || !ok2 {
		return s
	}
	date := strings.TrimSuffix(strings.TrimSuffix(rest, signs[2]), signs[3])
	var digits strings.Builder
	for _, r := range year {
		n, known := hanDigits[r]
		if !known {
			return s
		}
		digits.WriteString(strconv.Itoa(n))
	}
	m, d := below100(month), below100(date)
	if m == 0 || d == 0 {
		return s
	}
	return digits.String() + signs[0] + strconv.Itoa(m) + signs[1] + strconv.Itoa(d) + signs[2]
}

// below100 reads 一 to 九十九; 0 for anything else.
func below100(s string) int {
	tens, ones, ok := strings.Cut(s, signs[4])
	one := func(s string, none int) int {
		r := []rune(s)
		if len(r) == 0 {
			return none
		}
		n, known := hanDigits[r[0]]
		if len(r) > 1 || !known {
			return -100
		}
		return n
	}
	if !ok {
		return max(0, one(s, 0))
	}
	return max(0, one(tens, 1)*10+one(ones, 0))
}
