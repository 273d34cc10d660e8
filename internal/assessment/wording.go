package assessment

import (
	_ "embed"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// wording is a phrase as it is compared: small letters, simplified characters, no blank or mark between
// characters, one blank between Latin words, and "|" where a clause ends. at holds for each of its runes the
// place of the rune of the phrase that it came from.
type wording struct {
	phrase []rune
	runes  []rune
	at     []int
}

//go:embed variants.txt
var variantText string

// simplified are traditional forms and variants that occur in the words of the lexicon, each with the form that it
// folds to.
var simplified = variants(variantText)

func variants(pairs string) map[rune]rune {
	m := map[rune]rune{}
	for _, pair := range strings.Fields(pairs) {
		r := []rune(pair)
		m[r[0]] = r[1]
	}
	return m
}

// clauseEnd tells whether a mark separates clauses or items of a list.
func clauseEnd(r rune) bool {
	return strings.ContainsRune("，,。;；:：?？!！、()（）[]【】/+&", r)
}

// mark is emoji that say a word by themselves.
func mark(r rune) bool { return r >= 0x1F300 && r <= 0x1FAFF || r == '❤' || r == '⭐' }

// read folds a phrase.
func read(phrase string) wording {
	w := wording{phrase: []rune(phrase)}
	gap := ' ' // 0 while no separator was seen since the last rune
	gapAt := 0
	for i, r := range w.phrase {
		for _, f := range norm.NFKC.String(string(r)) {
			f = unicode.ToLower(f)
			if s, ok := simplified[f]; ok {
				f = s
			}
			switch {
			case unicode.IsLetter(f), unicode.IsDigit(f), mark(f):
				w.join(gap, gapAt, f)
				w.runes, w.at, gap = append(w.runes, f), append(w.at, i), 0
			case unicode.In(f, unicode.Mn, unicode.Cf, unicode.Me):
			case clauseEnd(f):
				gap, gapAt = '|', i
			case gap == 0:
				gap, gapAt = ' ', i
			}
		}
	}
	return w.unspell()
}

// join writes what a separator means before the rune next: the end of a clause, or a blank between Latin words.
func (w *wording) join(gap rune, at int, next rune) {
	if gap == 0 || len(w.runes) == 0 {
		return
	}
	if gap == '|' || latin(w.runes[len(w.runes)-1]) && latin(next) {
		w.runes, w.at = append(w.runes, gap), append(w.at, at)
	}
}

func latin(r rune) bool { return r < 0x250 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// unspell takes away separators by which a word was pulled apart: a mark beside a single character (台、账),
// and blanks or marks between four or more single Latin letters (l e d g e r).
func (w wording) unspell() wording {
	keep := make([]bool, len(w.runes))
	edge := func(i int) bool { return i < 0 || i >= len(w.runes) || w.runes[i] == '|' || w.runes[i] == ' ' }
	single := func(i int) bool { return !edge(i) && edge(i-1) && edge(i+1) } // the rune at i stands alone
	for i, r := range w.runes {
		switch {
		case r != '|' && r != ' ':
			keep[i] = true
		case i > 0 && i+1 < len(w.runes) && latin(w.runes[i-1]) && latin(w.runes[i+1]):
			keep[i] = !w.spelled(i, single)
		default:
			keep[i] = !(single(i-1) || single(i+1))
		}
	}
	out := wording{phrase: w.phrase}
	for i, k := range keep {
		if k {
			out.runes, out.at = append(out.runes, w.runes[i]), append(out.at, w.at[i])
		}
	}
	return out
}

// spelled tells whether the separator at i stands in a run of four or more single letters.
func (w wording) spelled(i int, single func(int) bool) bool {
	n := 0
	for j := i - 1; j >= 0 && single(j) && latin(w.runes[j]); j -= 2 {
		n++
	}
	before := n
	for j := i + 1; j < len(w.runes) && single(j) && latin(w.runes[j]); j += 2 {
		n++
	}
	return n >= 4 && before > 0 && n > before
}

// original is what stands in the phrase from rune start to before rune end of the folded wording, with
// whatever was put in between.
func (w wording) original(start, end int) (text string, from, to int) {
	from, to = w.at[start], w.at[end-1]+1
	return string(w.phrase[from:to]), from, to
}
