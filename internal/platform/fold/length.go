package fold

import (
	"path"
	"strings"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Count is the length of a text in characters as people see them (extended grapheme clusters, UAX 29):
// a flag, a family or a letter with its marks is one.
func Count(s string) int {
	n := 0
	for g := graphemes.FromString(s); g.Next(); {
		n++
	}
	return n
}

// Ends are the first and the last character of a text of n characters; of one character last is "".
func Ends(s string) (first, last string, n int) {
	for g := graphemes.FromString(s); g.Next(); n++ {
		if last = g.Value(); n == 0 {
			first, last = last, ""
		}
	}
	return first, last, n
}

// bytesPer bounds how long one character may be on the average: no text of n characters is longer
// than n times this, or marks could be piled on one letter without end. A family of four is 25 bytes.
const bytesPer = 32

// Outer is the number of code points that a text of at most n characters never exceeds, as JSON Schema's
// maxLength counts.
func Outer(n int) int { return n * bytesPer }

// Within tells whether a text has at most n characters.
func Within(s string, n int) bool { return len(s) <= n || len(s) <= n*bytesPer && Count(s) <= n }

// Cut is the beginning of a text with at most n characters, none of them cut in two.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	count, end := 0, 0
	for g := graphemes.FromString(s); count < n && g.Next(); count++ {
		if g.End() > n*bytesPer {
			break
		}
		end = g.End()
	}
	return s[:end]
}

// Clip is Cut with … in the place of what is cut off.
func Clip(s string, n int) string {
	if Within(s, n) {
		return s
	}
	return strings.TrimSpace(Cut(s, n-1)) + "…"
}

// longestEnding is how long the ending of a file's name may be to be kept: .docx, .geojson, .tar.gz is cut to .gz.
const longestEnding = 12

// FileName is the last element of a file's name with at most n characters; what is too long loses its
// middle and keeps its ending. It is a name on every system: no separators, no characters that hide
// or reverse others; "file" where nothing is left of it.
func FileName(name string, n int) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = Line(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/<>:"|?*`, r) {
			return -1
		}
		return r
	}, name))
	if strings.Trim(name, ".") == "" {
		return "file"
	}
	if Within(name, n) {
		return name
	}
	ending := path.Ext(name)
	if len(ending) > longestEnding {
		ending = ""
	}
	return strings.TrimSpace(Cut(strings.TrimSuffix(name, ending), n-Count(ending))) + ending
}
