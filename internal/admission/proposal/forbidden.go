package proposal

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"

	"linli/internal/platform/fold"
)

//go:embed forbidden.json
var wordingJSON []byte

// wordings is what is found by words in Chinese: what can never be admitted, and what else the check looks for.
type wordings struct {
	Cited      string          `json:"cited"`      // names of laws, whose words say nothing of what is asked: a law may be taught
	Certify    []string        `json:"certify"`    // words by which a certificate is asked
	Unadmitted string          `json:"unadmitted"` // beginning of an entry that bars only what has not been admitted
	Kinds      []forbiddenKind `json:"kinds"`

	cited *regexp.Regexp
}

// forbiddenKind is one kind of what can never be admitted, with the words by which it is found and those that only look so.
type forbiddenKind struct {
	Kind   string   `json:"kind"`
	Words  []string `json:"words"`
	Except []string `json:"except"` // longer words that hold one of Words and are harmless

	shown    map[string]string // the words as they are listed, by their plain form
	harmless []string          // Except as they are listed
}

// wording is read once; a mistake in it is a fault of the program.
var wording = sync.OnceValue(func() (out wordings) {
	if err := json.Unmarshal(wordingJSON, &out); err != nil {
		panic("admission: forbidden.json: " + err.Error())
	}
	out.cited = regexp.MustCompile(out.Cited)
	for i := range out.Kinds {
		k := &out.Kinds[i]
		k.shown = map[string]string{}
		for j, w := range k.Words {
			k.Words[j] = plain(w)
			k.shown[plain(w)] = w
		}
		k.harmless = slices.Clone(k.Except)
		for j := range k.Except {
			k.Except[j] = plain(k.Except[j])
		}
		slices.SortFunc(k.Words, func(a, b string) int { return len(b) - len(a) })
	}
	return out
})

// mostWords bounds the offending words that one finding names.
const mostWords = 5

// plain folds width and case and drops what hides between letters: spaces, marks, punctuation.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r >= 0x3400 && r <= 0x9fff:
			return r
		}
		return -1
	}, fold.Words(s))
}

// spoken is a text without names of laws and words that only look forbidden.
func spoken(text string) string {
	text = wording().cited.ReplaceAllString(text, ".")
	for _, k := range wording().Kinds {
		for _, w := range k.harmless {
			text = strings.ReplaceAll(text, w, ".")
		}
	}
	return text
}

// forbiddenIn finds the kinds that the texts ask for, with the offending words as they are listed, the longest first.
func forbiddenIn(texts ...string) map[string][]string {
	out := map[string][]string{}
	for _, t := range texts {
		folded := plain(spoken(t))
		for _, k := range wording().Kinds {
			rest := folded
			for _, e := range k.Except {
				rest = strings.ReplaceAll(rest, e, "|")
			}
			for _, w := range k.Words {
				if len(out[k.Kind]) < mostWords && strings.Contains(rest, w) && !slices.Contains(out[k.Kind], k.shown[w]) {
					out[k.Kind] = append(out[k.Kind], k.shown[w])
					rest = strings.ReplaceAll(rest, w, "|")
				}
			}
		}
	}
	for kind, words := range out {
		if len(words) == 0 {
			delete(out, kind)
		}
	}
	return out
}
