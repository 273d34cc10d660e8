package review

import (
	_ "embed"
	"encoding/csv"
	"regexp"
	"strings"
	"time"
)

//go:embed law.csv
var lawText string

//go:embed codes.tsv
var codesText string

//go:embed repealed.tsv
var repealedText string

// Law is a citation during one time. Certainty is V where the text was read, S second-hand, U not verified.
type Law struct{ Key, ValidFrom, ValidTo, Basis, Article, Certainty string }

// Laws are all citations.
var laws = func() (out []Law) {
	all, err := csv.NewReader(strings.NewReader(lawText)).ReadAll()
	if err != nil {
		panic("citations of conventions: " + err.Error())
	}
	for _, c := range all[1:] {
		out = append(out, Law{c[0], c[1], c[2], c[3], c[4], c[5]})
	}
	return out
}()

// Cite names law and article of a key on a day; "" where none was in force.
func Cite(key string, on time.Time) string {
	day := on.Format(time.DateOnly)
	for _, l := range laws {
		if l.Key == key && l.ValidFrom <= day && (l.ValidTo == "" || day <= l.ValidTo) {
			if strings.Contains(l.Basis, "《") {
				return l.Basis + l.Article
			}
			return "《" + l.Basis + "》" + l.Article
		}
	}
	return ""
}

// branches are the citations that differ between villages (.v) and urban communities (.r).
var branches = map[string]bool{"bound": true, "election": true, "adopt": true}

// branch completes a citation's key by the kind of community.
func branch(key string, village bool) string {
	switch key {
	case "file", "supreme", "quorum":
		key = "adopt"
	}
	switch {
	case !branches[key]:
		return key
	case village:
		return key + ".v"
	}
	return key + ".r"
}

// Code is a kind of finding, in both languages.
type Code struct{ Code, NameZh, NameEn, SuggestZh, SuggestEn string }

// codes by their code.
var codes, codeOrder = func() (map[string]Code, []string) {
	out, order := map[string]Code{}, []string{}
	for _, c := range rows(codesText) {
		out[c[0]] = Code{c[0], c[1], c[2], c[3], c[4]}
		order = append(order, c[0])
	}
	return out, order
}()

// Codes lists the kinds of findings.
func Codes() []Code {
	out := make([]Code, 0, len(codeOrder))
	for _, c := range codeOrder {
		out = append(out, codes[c])
	}
	return out
}

// CodeOf is the kind of a code; its fields are empty for an unknown one.
func CodeOf(code string) Code { return codes[code] }

// Suggest is a lawful wording for a code, in Chinese or English.
func Suggest(code string, english bool) string {
	if english {
		return codes[code].SuggestEn
	}
	return codes[code].SuggestZh
}

type repealedLaw struct {
	name          *regexp.Regexp
	from, instead string
}

var repealed = func() (out []repealedLaw) {
	for _, c := range rows(repealedText) {
		out = append(out, repealedLaw{regexp.MustCompile(`(?:《|<<|〈)?(?:中华人民共和国|中国|[^，。；《》]{0,3}省)?` + c[0] + `(?:》|〉)?`), c[1], c[2]})
	}
	return out
}()
