package exchange

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/hbollon/go-edlib"

	"linli/internal/platform/fold"
)

// Roles of a word in the label of a field, column "kind" of words.csv.
const (
	kindNeutral  = "neutral"  // says nothing: 本社区, 目前, of
	kindWeak     = "weak"     // counts only where nothing else says what is meant: 社区, 居委会
	kindSubject  = "subject"  // what is asked about
	kindGroup    = "group"    // persons of one kind; "persons" beside it says nothing more
	kindWho      = "who"      // the holder of a post; what follows without a subject is about them
	kindPerson   = "person"   // residents in general
	kindFlow     = "flow"     // what is counted by period: cases
	kindMeasure  = "measure"  // what is counted of a flow: received, closed
	kindPeriod   = "period"   // this month, last year: counts for a flow alone
	kindAspect   = "aspect"   // what is asked of the subject: number, name, telephone
	kindModifier = "modifier" // always counts
	kindUnit     = "unit"     // of a number, in brackets or beside the field; the column "aspect" is what it says
	kindSelf     = "self"     // what the platform keeps with each answer, or a remark
)

// word is one row of words.csv.
type word struct {
	token, kind string
	aspect      string // of a subject without one, or what a unit says
}

// lexicon reads labels. A label that says the same in other words has the same tokens.
type lexicon struct {
	words  map[string]word // by wording, folded
	tokens map[string]word // by token
	units  map[string]word
	latin  []string // single Latin words, for misspellings
	most   int      // length in characters of the longest Chinese wording
}

//go:embed words.csv
var wordsCSV string

// words is the lexicon that ships with the program.
var words = sync.OnceValue(func() *lexicon {
	rows, err := csv.NewReader(strings.NewReader(wordsCSV)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("exchange: embedded words: %v", err))
	}
	l := &lexicon{words: map[string]word{}, tokens: map[string]word{}, units: map[string]word{}}
	for _, r := range rows[1:] {
		w := word{token: r[0], kind: r[1], aspect: r[2]}
		if w.token != "" {
			l.tokens[w.token] = w
		}
		for _, wording := range strings.Split(r[3], "|") {
			l.add(tidy(wording), w)
		}
	}
	slices.Sort(l.latin)
	return l
})

func (l *lexicon) add(wording string, w word) {
	if w.kind == kindUnit {
		l.units[wording] = w
		return
	}
	if was, twice := l.words[wording]; twice && was != w {
		panic(fmt.Sprintf("exchange: embedded words: %q stands for %q and %q", wording, was.token, w.token))
	}
	l.words[wording] = w
	if wording[0] < unicode.MaxASCII {
		if !strings.Contains(wording, " ") {
			l.latin = append(l.latin, wording)
		}
		return
	}
	l.most = max(l.most, fold.Count(wording))
}

var (
	numbering = regexp.MustCompile(`^(\(?[0-9一二三四五六七八九十]{1,3}\)?[、.:)]\s*|其中[:,]?\s*|[*#]+\s*)`)
	spaced    = regexp.MustCompile(`(\p{Han}) +`)
	brackets  = regexp.MustCompile(`[(\[【「]([^()\[\]【】「」]*)[)\]】」]`)
	dates     = regexp.MustCompile(`(截至|截止到?|至)?(19|20)[0-9]{2}(年度?|[-./])([0-9]{1,2}(月|[-./])?)?([0-9]{1,2}日?)?(末|底|初)?`)
	forms     = strings.NewReplacer("周岁", "岁", "及以上", "以上", "(含)以上", "以上", "(含)", "", "’", "'", "“", "", "”", "", "\"", "", "平方公尺", "平方米")
	ages      = strings.NewReplacer("80岁", "八十岁", "60岁", "六十岁", "65岁", "六十五岁")
	aged      = regexp.MustCompile(`(aged )?(60|65|80)( years)?( of age| old)?( and | or |\+ ?)?(over|above|older|up)?`)
	agedWords = map[string]string{"60": "sixty and over", "65": "sixty-five and over", "80": "eighty and over"}
)

// tidy folds a wording: width, case, blanks, and forms of writing that mean the same.
func tidy(s string) string {
	s = ages.Replace(forms.Replace(spaced.ReplaceAllString(fold.Words(s), "$1")))
	return aged.ReplaceAllStringFunc(s, func(found string) string {
		if part := aged.FindStringSubmatch(found); part[6] != "" || strings.Contains(part[5], "+") {
			return agedWords[part[2]] + " "
		}
		return found
	})
}

// reading is what a label says.
type reading struct {
	plain   string   // folded, without numbering and marks, to compare wordings as they stand
	tokens  []string // sorted, each once; a stretch that is in no word is a token of its own, with "?" before it
	who     string   // token of the post that it names, or ""
	self    bool     // the platform itself keeps it with each answer, or it is a remark
	implied bool     // subject, aspect or period were supplied
	bare    bool     // it names no subject at all
}

// key is the same for two labels that say the same.
func (r *reading) key() string { return strings.Join(r.tokens, "+") }

// known tells whether every part of it is in a word.
func (r *reading) known() bool {
	return !slices.ContainsFunc(r.tokens, func(t string) bool { return strings.HasPrefix(t, "?") })
}

// read tells what a label says. Unit is that of a number, or ""; before is the post that the field before it names.
func (l *lexicon) read(label, unit, before string) reading {
	s := tidy(label)
	for next := numbering.ReplaceAllString(s, ""); next != s; next = numbering.ReplaceAllString(s, "") {
		s = next
	}
	r := reading{plain: strings.TrimRight(strings.ReplaceAll(s, " ", ""), ":?？。*")}
	units := []string{tidy(unit)}
	s = brackets.ReplaceAllStringFunc(s, func(b string) string {
		inside := strings.TrimPrefix(strings.Trim(b, "()[]【】「」 "), "单位:")
		if _, ok := l.units[inside]; ok {
			units = append(units, inside)
			return " "
		}
		if n := fold.Count(inside); n > 0 && n <= 2 && inside[0] >= utf8.RuneSelf { // 居（村）委会 is one word
			return inside
		}
		return "|" + inside + "|"
	})
	if w, ok := l.words[strings.Trim(strings.ReplaceAll(s, "|", ""), " :")]; ok && w.kind == kindSelf {
		return reading{plain: r.plain, self: true, tokens: []string{w.token}}
	}
	parts := l.cut(dates.ReplaceAllString(s, "|"))
	for _, u := range units {
		if w, ok := l.units[u]; ok && w.token != "month_unit" && !has(parts, kindFlow) {
			parts = append(parts, l.unitParts(w)...)
		}
	}
	l.settle(&r, parts, before)
	return r
}

// unitParts are the words that a unit stands for: persons, households, an area; a number of pieces says nothing.
func (l *lexicon) unitParts(w word) []word {
	switch w.aspect {
	case "person", "household":
		return []word{l.tokens[w.aspect]}
	case "floor_area":
		return []word{l.tokens[w.aspect]}
	}
	return nil
}

func has(parts []word, kinds ...string) bool {
	return slices.ContainsFunc(parts, func(w word) bool { return slices.Contains(kinds, w.kind) })
}

// settle turns the words of a label into tokens: it drops what says nothing beside the rest, and supplies what is
// left out because everybody knows it.
func (l *lexicon) settle(r *reading, parts []word, before string) {
	unknown := slices.ContainsFunc(parts, func(w word) bool { return w.kind == "" })
	subject := has(parts, kindSubject, kindGroup, kindWho, kindFlow, kindPerson, kindSelf) || unknown
	flow := has(parts, kindFlow)
	group := has(parts, kindGroup, kindWho) || slices.ContainsFunc(parts, func(w word) bool { return w.token == "household" })
	weak := has(parts, kindWeak)
	aspect, fallback := has(parts, kindAspect), ""
	parts = inOffice(parts)
	var out []string
	for _, w := range parts {
		switch {
		case w.kind == kindNeutral, w.kind == kindWeak && subject, w.kind == kindPerson && group,
			(w.kind == kindMeasure || w.kind == kindPeriod) && !flow:
			continue
		case w.kind == kindWho:
			r.who = w.token
		case w.kind == kindSelf:
			r.self = len(parts) == 1
		}
		if w.aspect != "" && w.kind != kindAspect && fallback == "" {
			fallback = w.aspect
		}
		out = append(out, w.token)
	}
	switch {
	case len(out) == 0:
	case !subject && !weak && aspect:
		r.implied, r.bare = true, true
		persons := slices.ContainsFunc(parts, func(w word) bool { return w.token == "name" && w.aspect == "person" })
		if before == "" && persons { // 姓名: of whom?
			before = "person"
		}
		if before != "" && (slices.Contains(out, "name") || slices.Contains(out, "phone")) {
			out, r.who = append(out, before), before
		} else {
			out = append(out, "community")
		}
	case flow:
		if !has(parts, kindMeasure) {
			out, r.implied = append(out, "received"), true
		}
		if !has(parts, kindPeriod) {
			out, r.implied = append(out, "year"), true
		}
	}
	if !aspect && len(out) > 0 && fallback != "" {
		out = append(out, fallback)
	}
	if slices.Contains(out, "exists") && slices.Contains(out, "count") { // whether there is one and how many there are is not the same
		less := "count"
		if strings.HasPrefix(r.plain, "howmany") {
			less = "exists"
		}
		out = slices.DeleteFunc(out, func(t string) bool { return t == less })
	}
	slices.Sort(out)
	r.tokens = slices.Compact(out)
}

// offices are the bodies that a post is in: beside its holder they say nothing more.
var offices = map[string][]string{"secretary": {"party", "party_branch", "committee"},
	"director": {"committee"}, "station_chief": {"station"},
	"chief_supervisor": {"supervisory"}, "convener": {"council"}, "office_chief": {"office"}}

// inOffice leaves out the body of a post. Another body makes it another post: the director of a station is not that of
// the committee.
func inOffice(parts []word) []word {
	at := slices.IndexFunc(parts, func(w word) bool { return w.kind == kindWho })
	if at < 0 {
		return parts
	}
	out := []word{}
	for _, w := range parts {
		body := slices.ContainsFunc(slices.Collect(maps.Values(offices)), func(o []string) bool { return slices.Contains(o, w.token) })
		switch {
		case slices.Contains(offices[parts[at].token], w.token):
			continue
		case body:
			w.kind = kindSubject
		}
		out = append(out, w)
	}
	return out
}

// cut divides a folded label into words, the longest first; a word without kind is a stretch that is in none.
func (l *lexicon) cut(s string) []word {
	var out []word
	runes := []rune(s)
	loose := []rune{}
	flush := func() {
		if len(loose) > 0 {
			out, loose = append(out, word{token: "?" + string(loose)}), nil
		}
	}
	for i := 0; i < len(runes); {
		if n, w, ok := l.at(runes[i:]); ok {
			flush()
			out, i = append(out, w), i+n
			continue
		}
		switch c := runes[i]; {
		case c < unicode.MaxASCII && (unicode.IsLetter(c) || unicode.IsDigit(c)):
			flush()
			n := latinLength(runes[i:])
			w, ok := l.misspelt(string(runes[i : i+n]))
			if !ok {
				w = word{token: "?" + string(runes[i:i+n])}
			}
			out, i = append(out, w), i+n
		case unicode.IsLetter(c), unicode.IsDigit(c):
			loose, i = append(loose, c), i+1
		default: // a mark divides
			flush()
			i++
		}
	}
	flush()
	return out
}

// at is the longest word at the beginning of a text, with its length in characters.
func (l *lexicon) at(s []rune) (int, word, bool) {
	if s[0] >= unicode.MaxASCII {
		for n := min(l.most, len(s)); n > 0; n-- {
			if w, ok := l.words[string(s[:n])]; ok {
				return n, w, true
			}
		}
		return 0, word{}, false
	}
	n := latinLength(s)
	ends := []int{}
	for at := n; n > 0; { // of the first word, of two, of three …
		ends = append(ends, at)
		next := at
		for next < len(s) && s[next] == ' ' {
			next++
		}
		more := 0
		if next > at && next < len(s) {
			more = latinLength(s[next:])
		}
		if more == 0 || len(ends) == 7 {
			break
		}
		at = next + more
	}
	for _, end := range slices.Backward(ends) {
		wording := strings.TrimSuffix(strings.TrimSuffix(string(s[:end]), "'s"), "'")
		for _, form := range []string{wording, strings.TrimSuffix(wording, "s"), strings.TrimSuffix(wording, "es")} {
			if w, ok := l.words[form]; ok {
				return end, w, true
			}
		}
	}
	return 0, word{}, false
}

// latinLength is the length of the Latin word or number at the beginning of a text.
func latinLength(s []rune) int {
	for i, c := range s {
		if c >= unicode.MaxASCII || !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '\'' && (c != '-' || i == 0) {
			return i
		}
	}
	return len(s)
}

// Least length of a Latin word in which one slip, or two, are read over.
const (
	oneSlip  = 6
	twoSlips = 9
)

// misspelt is the only word that a Latin word is, but for a slip.
func (l *lexicon) misspelt(s string) (word, bool) {
	if len(s) < oneSlip || strings.ContainsAny(s, "0123456789") {
		return word{}, false
	}
	slips := 1
	if len(s) >= twoSlips {
		slips = 2
	}
	var found []string
	for _, candidate := range l.latin {
		if len(candidate) >= oneSlip && edlib.OSADamerauLevenshteinDistance(s, candidate) <= slips {
			found = append(found, candidate)
		}
	}
	if len(found) == 0 {
		return word{}, false
	}
	w := l.words[found[0]]
	for _, f := range found {
		if l.words[f] != w {
			return word{}, false
		}
	}
	return w, true
}
