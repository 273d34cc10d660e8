package assessment

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

//go:embed lexicon.tsv
var lexiconText string

// Tags of the lexicon; its head says what each is.
const (
	tagMeans    = "means"
	tagInput    = "input"
	tagCount    = "count"
	tagFeeling  = "feeling"
	tagResult   = "result"
	tagPeople   = "people"
	tagSuperior = "superior"
	tagDrop     = "drop"
	tagProof    = "proof"
	tagLink     = "link"
	tagAnd      = "and"
	tagMeasure  = "measure"
	tagPlain    = "plain"
	tagPart     = "part"
)

// entry is one line of the lexicon.
type entry struct {
	tag, kind string
	latin     bool
	pattern   *regexp.Regexp
}

// token is a place of a wording that an entry matches: runes from start to before end.
type token struct {
	*entry
	start, end int
}

var lexicon = parseLexicon(lexiconText)

// parseLexicon reads the lexicon; a mistake in it is a fault of the program.
func parseLexicon(raw string) (out []*entry) {
	for n, line := range strings.Split(raw, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		c := strings.Split(line, "\t")
		if len(c) != 3 {
			panic(fmt.Sprintf("lexicon line %d: tag, kind and pattern are needed", n+1))
		}
		e := &entry{tag: c[0], kind: c[1], latin: !strings.ContainsFunc(c[2], func(r rune) bool { return unicode.Is(unicode.Han, r) || mark(r) })}
		pattern := strings.ReplaceAll(c[2], "~", "[^|]{0,6}")
		if e.latin {
			pattern = `\b(?:` + pattern + `)\b`
		}
		e.pattern = regexp.MustCompile(pattern)
		e.pattern.Longest()
		out = append(out, e)
	}
	return out
}

// content are the tags of which a place of a wording bears one at most; the others may stand beside them.
var content = map[string]bool{tagMeans: true, tagInput: true, tagCount: true,
	tagFeeling: true, tagResult: true, tagPlain: true, tagDrop: true}

// scan finds the tokens of a wording in order. Of content tags the leftmost counts, of those that begin at
// one place the longest, of equals the one that stands first in the lexicon.
func scan(w wording) (tokens, beside []token) {
	text := string(w.runes)
	place := make([]int, len(text)+1) // rune index of each byte
	for n, i := 0, 0; i < len(text); n++ {
		size := len(string(w.runes[n]))
		for j := range size {
			place[i+j] = n
		}
		i += size
	}
	place[len(text)] = len(w.runes)
	var all []token
	for _, e := range lexicon {
		for _, m := range e.pattern.FindAllStringIndex(text, -1) {
			if m[0] == m[1] {
				continue
			}
			t := token{entry: e, start: place[m[0]], end: place[m[1]]}
			if content[e.tag] {
				all = append(all, t)
			} else {
				beside = append(beside, t)
			}
		}
	}
	return longest(all), beside
}

// longest picks from overlapping tokens.
func longest(all []token) (out []token) {
	for at := 0; ; {
		best := -1
		for i, t := range all {
			if t.start < at {
				continue
			}
			if best < 0 || t.start < all[best].start || t.start == all[best].start && t.end > all[best].end {
				best = i
			}
		}
		if best < 0 {
			return out
		}
		out, at = append(out, all[best]), all[best].end
	}
}
