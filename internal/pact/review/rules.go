package review

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:embed lexicon.tsv
var lexiconText string

//go:embed rules.tsv
var rulesText string

// reading is one rule: what is found, how heavily, and in what circumstances.
type reading struct {
	code, severity, law string
	guards              map[string]string
	pattern             *regexp.Regexp
	unless              *regexp.Regexp // makes it lawful where it stands in the same sentence
	inside              *regexp.Regexp // makes it lawful where it stands in the match itself
}

var lexicon, readings = parseRules(lexiconText, rulesText)

// word is a concept of the lexicon as a pattern.
func concept(name string) *regexp.Regexp { return regexp.MustCompile(`(?:` + lexicon[name] + `)`) }

var (
	stateWords    = concept("STATE")
	villageWords  = concept("VILLAGE")
	triggerWords  = concept("TRIGGER")
	negWords      = concept("NEG")
	cutWords      = concept("CUT")
	doneWords     = concept("DONE")
	lawWords      = concept("LAW")
	freeWords     = concept("FREE")
	rewardWords   = concept("REWARD")
	plainWords    = concept("PLAIN")
	contractWords = concept("CONTRACT")
	moneyWords    = concept("MONEY")
)

// parseRules reads concepts and rules; a mistake in them is a fault of the program.
func parseRules(words, rules string) (map[string]string, []reading) {
	lex := map[string]string{}
	expand := func(s string) string {
		for range 5 {
			if !strings.Contains(s, "<") {
				break
			}
			for name, body := range lex {
				s = strings.ReplaceAll(s, "<"+name+">", "(?:"+body+")")
			}
		}
		return strings.NewReplacer("~~", "[^。；！？]{0,26}", "~", "[^，。；！？：]{0,10}").Replace(s)
	}
	for n, c := range rows(words) {
		if len(c) != 2 {
			panic(fmt.Sprintf("lexicon entry %d: name and pattern are needed", n+1))
		}
		if lex[c[0]] != "" {
			lex[c[0]] += "|"
		}
		lex[c[0]] += expand(c[1])
	}
	var out []reading
	for n, c := range rows(rules) {
		if len(c) < 5 {
			panic(fmt.Sprintf("rule %d: code, severity, law, guards and pattern are needed", n+1))
		}
		r := reading{code: c[0], severity: c[1], law: c[2], guards: map[string]string{}, pattern: regexp.MustCompile(expand(c[4]))}
		for g := range strings.FieldsSeq(c[3]) {
			r.guards[g] = g
		}
		if len(c) > 5 && c[5] != "" {
			r.unless = regexp.MustCompile(expand(c[5]))
		}
		if r.guards["tight"] != "" {
			r.inside, r.unless = r.unless, nil
		}
		if len(c) > 6 && c[6] != "" {
			r.inside = regexp.MustCompile(expand(c[6]))
		}
		out = append(out, r)
	}
	return lex, out
}

// rows are the lines of a table without comments, by columns.
func rows(raw string) (out [][]string) {
	for line := range strings.SplitSeq(raw, "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	return out
}

// readClause applies every rule to a clause. Of one code and severity the words add up; where a code is illegal, what is only
// borderline of it is left out.
func readClause(f folded, led bool, o Options) []Finding {
	text := string(f.runes)
	c := newCircumstances(text)
	c.led = led
	var out []Finding
	for _, r := range readings {
		for _, m := range r.pattern.FindAllStringIndex(text, -1) {
			severity := c.judge(r, m[0], m[1], o)
			if severity == "" || m[0] == m[1] {
				continue
			}
			from := utf8.RuneCountInString(text[:m[0]])
			span := f.span(from, from+utf8.RuneCountInString(text[m[0]:m[1]]))
			out = add(out, Finding{Code: r.code, Severity: severity, Law: r.law, Spans: []Span{span}, Words: []string{f.word(span)}})
		}
	}
	return distinct(out)
}

// distinct leaves out a fee whose words are those of a fine.
func distinct(all []Finding) []Finding {
	for _, f := range all {
		if f.Code == "FINE" && f.Severity == Illegal {
			return slices.DeleteFunc(all, func(g Finding) bool {
				return g.Code == "FEE" && !slices.ContainsFunc(g.Spans, func(s Span) bool {
					return !slices.ContainsFunc(f.Spans, func(o Span) bool { return s.From < o.To && o.From < s.To })
				})
			})
		}
	}
	return all
}

// add puts a finding beside those of its clause.
func add(all []Finding, f Finding) []Finding {
	for i := range all {
		have := &all[i]
		if have.Code != f.Code {
			continue
		}
		switch {
		case have.Severity == f.Severity:
			for j, s := range have.Spans {
				if s.From < f.Spans[0].To && f.Spans[0].From < s.To {
					if f.Spans[0].To-f.Spans[0].From > s.To-s.From {
						have.Spans[j], have.Words[j] = f.Spans[0], f.Words[0]
					}
					return all
				}
			}
			have.Spans, have.Words = append(have.Spans, f.Spans...), append(have.Words, f.Words...)
		case f.Severity == Illegal:
			*have = f
		}
		return all
	}
	return append(all, f)
}
