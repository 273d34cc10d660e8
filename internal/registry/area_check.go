package registry

import (
	"iter"
	"strings"
	"unicode"

	"linli/internal/platform/fold"
)

// Named is an area in a report.
type Named struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// IsName tells whether a text is one line of at most so many characters, and not empty.
func IsName(s string, limit int) bool {
	return s != "" && fold.Within(s, limit) && !strings.ContainsFunc(s, unicode.IsControl)
}

// Clip shortens what a message repeats of a file.
func Clip(s string) string {
	return fold.Clip(s, 30)
}

// CommonArea is the smallest area whose code every code begins with, or "".
func CommonArea(codes iter.Seq[string]) string {
	common, first := "", true
	for code := range codes {
		if first {
			common, first = code, false
		}
		n := 0
		for n < len(common) && n < len(code) && common[n] == code[n] {
			n++
		}
		common = common[:n]
	}
	for level := LevelGrid; level >= LevelProvince; level-- {
		if levelLength[level] <= len(common) {
			return common[:levelLength[level]]
		}
	}
	return ""
}

// IsDay tells whether a text is a day, YYYY-MM-DD.
func IsDay(s string) bool {
	day, ok := fold.Day(s)
	return ok && day == s
}

// Above is the code of the area of a level on the way to a code, which lies at that level or below.
func Above(code string, level int) string { return code[:levelLength[level]] }
