// Package review reads a community's convention (市民公约, 村规民约, 居民公约, 自治章程, group rules) clause by clause
// and finds what its adopters have no power to set, with the law of a day and a lawful wording. It is pure: text in,
// findings out. A finding is a proposal; a person decides it (package pact).
//
// A clause is read by who acts, what sets off a consequence, what the consequence is and whom or what it strikes:
// rules.tsv holds the rules over these parts, lexicon.tsv their words, law.csv the citations, codes.tsv the kinds.
package review

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Severities of a finding.
const (
	Illegal = "illegal" // the clause takes or sets what a convention cannot; it must be changed
	Look    = "look"    // borderline: a person has to look at it
)

// Kinds of conventions.
const (
	Villagers = "villagers" // 村规民约
	Residents = "residents" // 居民公约
	Citizens  = "citizens"  // 市民公约
	Charter   = "charter"   // 村民自治章程, 居民自治章程
	Group     = "group"     // rules of a villagers' group
)

// Kinds lists the kinds of conventions in the order of the documents.
func Kinds() []string { return []string{Villagers, Residents, Citizens, Charter, Group} }

// Bounds of a text.
const (
	MaxRunes   = 200_000 // of a whole convention
	MaxClauses = 1_000
)

// Options says as what a text is read.
type Options struct {
	Kind string    // one of Kinds; Villagers when empty
	On   time.Time // day whose law counts; the newest when zero
	Name string    // the community's own name without 村 or 社区; names of others are found where it is given or the title tells it
	// Village is true where a charter or a group's rules are those of a village; for Villagers it is implied.
	Village bool
}

// Span is a run of characters of a clause's text, counted in runes: from the first to before the last.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Finding is what one clause, or the text as a whole, is found with.
type Finding struct {
	Clause   int      `json:"clause" doc:"Place of the clause in the list of clauses, from 0; -1 for the text as a whole"`
	Number   string   `json:"number" doc:"The clause's own number in digits, its running number where it has none; 0 for the preamble and the whole"`
	Code     string   `json:"code"`
	Severity string   `json:"severity" enum:"illegal,look"`
	Words    []string `json:"words" doc:"The words found, as they stand in the clause"`
	Spans    []Span   `json:"spans" doc:"Where they stand in the clause's text, in characters"`
	Law      string   `json:"law" doc:"Key of the citation; its rows are dated"`
	Citation string   `json:"citation" doc:"Law and article in force on the day"`
}

// Report is a reviewed text.
type Report struct {
	Clauses  []Clause  `json:"clauses"`
	Findings []Finding `json:"findings"`
}

// Illegal counts the findings that are illegal.
func (r Report) Illegal() (n int) {
	for _, f := range r.Findings {
		if f.Severity == Illegal {
			n++
		}
	}
	return n
}

// latest is a day on which the newest law holds.
var latest = time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)

// leading are words of a heading, or of a clause that ends in a colon, below which breaches are dealt with.
var leading = regexp.MustCompile(`违约|处罚|惩|罚则|处理|违反|违规|责任追究`)

// Check splits a text and reviews its clauses and the whole.
func Check(text string, o Options) Report { return CheckClauses(Split(text), o) }

// CheckClauses reviews clauses that are already apart: those of Split, or the rows of a draft.
func CheckClauses(clauses []Clause, o Options) Report {
	if o.Kind == "" {
		o.Kind = Villagers
	}
	if o.On.IsZero() {
		o.On = latest
	}
	o.Village = o.Village || o.Kind == Villagers
	out := Report{Clauses: clauses, Findings: []Finding{}}
	led := false
	for i, c := range clauses {
		if c.Kind == Heading || c.Kind == Title {
			led = leading.MatchString(c.Text)
			continue
		}
		read := readClause(fold(c.Text), led, o)
		led = led || leading.MatchString(c.Text) && strings.HasSuffix(c.Text, "：")
		for _, f := range read {
			f.Clause, f.Number = i, c.Number
			out.Findings = append(out.Findings, f)
		}
	}
	out.Findings = append(out.Findings, whole(clauses, o)...)
	slices.SortStableFunc(out.Findings, func(a, b Finding) int { return cmp.Compare(a.Clause, b.Clause) })
	for i := range out.Findings {
		f := &out.Findings[i]
		f.Law = branch(f.Law, o.Village)
		f.Citation = Cite(f.Law, o.On)
	}
	return out
}
