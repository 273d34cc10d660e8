package review

import (
	_ "embed"
	"strings"
	"unicode"
)

//go:embed variants.txt
var variantsText string

// variants maps traditional characters to simplified ones.
var variants = func() map[rune]rune {
	out := map[rune]rune{}
	for pair := range strings.FieldsSeq(variantsText) {
		r := []rune(pair)
		out[r[0]] = r[1]
	}
	return out
}()

// marks are signs of the Latin keyboard as Chinese texts mean them.
var marks = map[rune]rune{',': '，', ';': '；', ':': '：', '!': '！', '?': '？', '(': '（', ')': '）', '﹐': '，', '｡': '。', '．': '.'}

// folded is a text in one form of writing: half-width digits and letters, simplified characters, Chinese punctuation,
// no blanks. at tells of each rune where it stands in the original, in runes.
type folded struct {
	original, runes []rune
	at              []int
}

func fold(text string) folded {
	f := folded{original: []rune(text)}
	for i, r := range f.original {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		if v, ok := variants[r]; ok {
			r = v
		}
		if m, ok := marks[r]; ok {
			r = m
		}
		switch {
		case r == '\n':
			r = '。'
		case unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '*' || r == '·' && false:
			continue
		case r == '.' && len(f.runes) > 0 && unicode.Is(unicode.Han, f.runes[len(f.runes)-1]):
			r = '。'
		}
		f.runes, f.at = append(f.runes, r), append(f.at, i)
	}
	return f
}

// span is where runes from start to before end stand in the original.
func (f folded) span(start, end int) Span { return Span{From: f.at[start], To: f.at[end-1] + 1} }

// word is what stands there.
func (f folded) word(s Span) string { return string(f.original[s.From:s.To]) }
