// Package gram cuts Chinese and English text into the words by which it is found: every two
// neighbouring characters of which one is Chinese, and every Latin word or number with its
// beginnings. No dictionary is needed, and any two characters that stand side by side are found
// exactly. The words of a longer stretch may stand apart in a text: whether it stands there as it was
// asked is to be seen in the text itself.
package gram

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Bounds. What lies beyond is not looked at.
const (
	leastBegin = 2 // characters of the shortest

	mostText  = 4000 // characters of a text
	mostQuery = 60   // characters of a query
	mostBegin = 6    // characters of the longest beginning kept beside a whole word
	mostWord  = 40   // characters of a word
)

// personal is what telephone, identity and bank card numbers look like: eleven digits and more.
// They are nobody's way to find a case.
var personal = regexp.MustCompile(`[0-9][0-9Xx]{10,}`)

// Of are the words by which any of the texts is found, each once, in order of first use.
func Of(texts ...string) []string {
	c := collector{seen: map[string]bool{}}
	for _, t := range texts {
		for _, run := range runs(personal.ReplaceAllString(fold(t, mostText), " ")) {
			pairs(run, c.add)
			for _, w := range words(run) {
				for n := leastBegin; n <= min(len(w), mostBegin); n++ {
					c.add(string(w[:n]))
				}
				c.add(string(w))
			}
		}
	}
	return c.words
}

// Stretch is what stands between two blanks or signs of a query: a text answers a query when it has
// every stretch of it.
type Stretch struct {
	// Words must all be among those kept of the text; none for a single Chinese character, which no
	// word tells of.
	Words []string
	// Exact must stand in the text as it is, see Plain; "" where the words say enough.
	Exact string
}

// Asked are the stretches of a query; none when it has no letter, character or digit.
func Asked(query string) []Stretch {
	var out []Stretch
	for _, run := range runs(fold(query, mostQuery)) {
		c := collector{seen: map[string]bool{}}
		pairs(run, c.add)
		for _, w := range words(run) {
			c.add(string(w))
		}
		s := Stretch{Words: c.words}
		if len(c.words) != 1 {
			s.Exact = string(run)
		}
		out = append(out, s)
	}
	return out
}

// Plain is what Of reads of the texts, with one blank between what stood apart, so that a
// stretch is in it that stands in one of them.
func Plain(texts ...string) string {
	var b strings.Builder
	for _, t := range texts {
		for _, run := range runs(personal.ReplaceAllString(fold(t, mostText), " ")) {
			b.WriteString(string(run))
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// Overlap is the share of the smaller set of words that is in the larger, too: 0…1; 0 when either
// is empty.
func Overlap(a, b []string) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 0
	}
	in := make(map[string]bool, len(b))
	for _, w := range b {
		in[w] = true
	}
	n := 0
	for _, w := range a {
		if in[w] {
			n++
		}
	}
	return float64(n) / float64(len(a))
}

type collector struct {
	words []string
	seen  map[string]bool
}

func (c *collector) add(w string) {
	if !c.seen[w] {
		c.seen[w] = true
		c.words = append(c.words, w)
	}
}

// fold makes capitals, full-width and composed forms alike.
func fold(s string, most int) string {
	r := []rune(s)
	return strings.ToLower(norm.NFKC.String(string(r[:min(len(r), most)])))
}

// runs are the stretches of letters and digits between everything else.
func runs(s string) [][]rune {
	var out [][]rune
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }) {
		out = append(out, []rune(f))
	}
	return out
}

// dense tells whether a character belongs to a writing that puts no blanks between words.
func dense(r rune) bool { return r >= 0x2E80 && unicode.IsLetter(r) }

func pairs(run []rune, add func(string)) {
	for i := 0; i+1 < len(run); i++ {
		if dense(run[i]) || dense(run[i+1]) {
			add(string(run[i : i+2]))
		}
	}
}

// words are the stretches of a run that are not Chinese.
func words(run []rune) [][]rune {
	var out [][]rune
	from := -1
	for i, r := range append(run, '一') {
		switch {
		case !dense(r) && from < 0:
			from = i
		case dense(r) && from >= 0:
			w := run[from:i]
			out = append(out, w[:min(len(w), mostWord)])
			from = -1
		}
	}
	return out
}
