package exchange

import (
	"slices"
	"strings"

	"linli/internal/platform/form"
	"linli/internal/platform/gram"
	"linli/internal/registry"
)

// How a field was found to ask for an element.
const (
	byCode  = "code"  // the designer names it
	byName  = "name"  // the label is a wording of it, as it stands
	byWords = "words" // the label says the same in other words
	bySound = "sound" // the label sounds like a wording of it: a slip of the keyboard
	byCodes = "codes" // its options are the element's code list
	byNear  = "near"  // the label shares words with it
)

// confidences are in percent; what lies below the rule exchange.held.confidence is shown and not counted.
var confidences = map[string]int{byCode: 100, byName: 98, byWords: 95, byCodes: 90, bySound: 85}

const (
	impliedConfidence = 88 // subject, aspect or period were supplied: 联系电话 alone is the community's
	looseConfidence   = 92 // a stretch that no word knows is the same in both
	rangeConfidence   = 85 // the value is held, and has to be fitted into the field's options
	nearLeast         = 50 // from which a near element is shown
	nearMost          = 70
)

// Match is the element that a field asks for.
type Match struct {
	Element    *Element
	Bound      bool // Linli holds the value
	Confidence int  // percent
	How        string
}

// Matcher finds what fields ask for. It is made once for a set of elements and is then only read.
type Matcher struct {
	elements []Element
	bound    map[string]bool
	byCode   map[string]int
	byPlain  map[string]int
	byKey    map[string]int
	bySound  map[string]int
	readings []elementReading
}

type elementReading struct {
	element int
	reading
}

// NewMatcher reads the wordings of the elements that are offered. Of two with the same wording the one that is bound wins.
func NewMatcher(elements []Element, bound map[string]bool) *Matcher {
	m := &Matcher{elements: elements, bound: bound, byCode: map[string]int{}, byPlain: map[string]int{}, byKey: map[string]int{},
		bySound: map[string]int{}}
	put := func(to map[string]int, key string, at int) {
		if was, taken := to[key]; key != "" && (!taken || !bound[elements[was].Code] && bound[elements[at].Code]) {
			to[key] = at
		}
	}
	for i := range elements {
		e := &elements[i]
		if !e.Enabled {
			continue
		}
		m.byCode[e.Code] = i
		for _, wording := range e.wordings() {
			r := words().read(wording, "", "")
			put(m.byPlain, r.plain, i)
			put(m.byKey, r.key(), i)
			put(m.bySound, sound(r.plain), i)
			m.readings = append(m.readings, elementReading{i, r})
		}
	}
	return m
}

// sound is how a Chinese wording of four characters or more is spoken; "" for others.
func sound(plain string) string {
	if len([]rune(plain)) < 4 || plain[0] < 0x80 {
		return ""
	}
	return registry.Spell(plain)
}

// labelOf is what a field asks, in Chinese where it says so.
func labelOf(f *Field) string {
	if strings.TrimSpace(f.Label.Zh) != "" {
		return f.Label.Zh
	}
	return f.Label.En
}

func (m *Matcher) read(f *Field, before string) reading {
	unit := f.Unit.Zh
	if unit == "" {
		unit = f.Unit.En
	}
	return words().read(labelOf(f), unit, before)
}

// find is the best match of a field, and whether there is one. Before is the post that the field before it names.
func (m *Matcher) find(f *Field, r *reading) (Match, bool) {
	if at, ok := m.byCode[f.Element]; ok {
		return m.match(at, byCode), true
	}
	best, found := Match{}, false
	try := func(at int, how string, confidence int) {
		if unfit(f.Kind, m.elements[at].Type) {
			return
		}
		v := m.match(at, how)
		v.Confidence = min(v.Confidence, confidence)
		if !found || v.Confidence > best.Confidence {
			best, found = v, true
		}
	}
	whole := 100
	switch {
	case len(r.tokens) == 0 || r.self:
		return best, false
	case r.implied:
		whole = impliedConfidence
	case !r.known():
		whole = looseConfidence
	}
	if f.Kind.Chooses() && len(f.Options) > 0 {
		if at := m.byOptions(f, r); at >= 0 {
			try(at, byCodes, whole)
		} else {
			whole = min(whole, rangeConfidence)
		}
	}
	if at, ok := m.byPlain[r.plain]; ok && !r.bare {
		try(at, byName, whole)
	}
	if at, ok := m.byKey[r.key()]; ok {
		try(at, byWords, whole)
	}
	if at, ok := m.bySound[sound(r.plain)]; ok && !r.known() {
		try(at, bySound, whole)
	}
	if !found {
		if at, likeness := m.near(r); likeness >= nearLeast {
			best, found = m.match(at, byNear), true
			best.Confidence = min(likeness, nearMost)
		}
	}
	return best, found
}

func (m *Matcher) match(at int, how string) Match {
	e := &m.elements[at]
	return Match{Element: e, Bound: m.bound[e.Code], Confidence: confidences[how], How: how}
}

// unfit tells whether values of an element can never answer a field of a kind.
func unfit(k form.Kind, t ElementType) bool {
	switch k {
	case "", form.Text, form.Textarea, form.Choice, form.Choices:
		return false
	case form.Number:
		return t != TypeNumber
	case form.Date:
		return t != TypeDate
	case form.Phone:
		return t != TypeText
	case form.Area:
		return t != TypeArea && t != TypeText
	}
	return true // identity numbers, tables and files
}

// byOptions is the element of which the field's options are the code list and with which its label shares a word, or -1. Yes and
// no are no code list.
func (m *Matcher) byOptions(f *Field, r *reading) int {
	for i := range m.elements {
		e := &m.elements[i]
		if e.Enabled && e.Type == TypeChoice && sameCodes(e.Codes, f.Options) && !isYesNo(e.Codes) && m.shares(i, r) {
			return i
		}
	}
	return -1
}

func (m *Matcher) shares(element int, r *reading) bool {
	return slices.ContainsFunc(m.readings, func(er elementReading) bool {
		return er.element == element && slices.ContainsFunc(er.tokens, func(t string) bool { return slices.Contains(r.tokens, t) })
	})
}

func isYesNo(codes []form.Option) bool {
	return len(codes) == 2 && slices.ContainsFunc(codes, func(o form.Option) bool { return o.Value == "yes" })
}

// sameCodes compares two code lists by values, or by what they say.
func sameCodes(a, b []form.Option) bool {
	of := func(list []form.Option, what func(form.Option) string) []string {
		var out []string
		for _, o := range list {
			out = append(out, tidy(what(o)))
		}
		slices.Sort(out)
		return out
	}
	for _, what := range []func(form.Option) string{
		func(o form.Option) string { return o.Value },
		func(o form.Option) string { return o.Label.Zh },
		func(o form.Option) string { return o.Label.En },
	} {
		x, y := of(a, what), of(b, what)
		if len(x) > 1 && x[0] != "" && slices.Equal(x, y) {
			return true
		}
	}
	return false
}

// near is the element whose wordings share most with a label, and how much in percent.
func (m *Matcher) near(r *reading) (int, int) {
	at, most := -1, 0
	for i := range m.readings {
		likeness := likeness(r, &m.readings[i].reading)
		if likeness > most {
			at, most = m.readings[i].element, likeness
		}
	}
	return at, most
}

// likeness of two labels in percent: the share of words that both have; stretches that no word knows count by the pairs of
// characters that they share.
func likeness(a, b *reading) int {
	if !slices.ContainsFunc(a.tokens, func(t string) bool { return words().tokens[t].kind != kindAspect && slices.Contains(b.tokens, t) }) {
		return 0
	}
	both := 0.0
	for _, t := range a.tokens {
		if slices.Contains(b.tokens, t) {
			both++
			continue
		}
		if loose, ok := strings.CutPrefix(t, "?"); ok {
			most := 0.0
			for _, u := range b.tokens {
				if other, ok := strings.CutPrefix(u, "?"); ok {
					most = max(most, gram.Overlap(gram.Of(loose), gram.Of(other)))
				}
			}
			both += most
		}
	}
	return int(200 * both / float64(len(a.tokens)+len(b.tokens)))
}

// sameQuestion tells how surely two fields of two forms ask the same, in percent.
func sameQuestion(a, b *Field, ra, rb *reading) int {
	switch {
	case a.Element != "" && a.Element == b.Element:
		return 100
	case len(ra.tokens) == 0 || ra.self || rb.self:
		return 0
	case ra.plain == rb.plain:
		return 98
	case ra.key() == rb.key():
		return 95
	}
	return 0
}
