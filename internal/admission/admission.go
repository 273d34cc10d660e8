// Package admission keeps the lists of what a community must do, helps with and need not do (准入清单): what is the
// committee's own duty, what it helps with or reports, what may never be asked of it, and which evaluations,
// certificates, signs, forms and systems are let in. A list belongs to a county, to the city, or, for the duties of a
// street, to a street; it is edited as a draft, proposed, and published from a day on by somebody else.
//
// What ships (base.csv: duties that statutes name, certificates that must not be issued, typical prohibitions) holds where
// neither county nor city has published a list of the kind: statutes need no publication.
//
// Rooms: application (what departments ask to be admitted, and the gate), agreement (yearly agreements over both lists).
// Tables: admission_list, admission_entry (reference). Lifecycle: admission.list.
package admission

import (
	"regexp"
	"slices"
	"strings"

	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/text"
)

// Text is a sentence in Chinese and, where it is given, in English.
type Text = text.Pair

// Kind is what a list is of; its words stand under "admission.kind.<kind>".
type Kind string

// The kinds.
const (
	Own         Kind = "own"         // 依法履行: the committee's own duties
	Assist      Kind = "assist"      // 协助办理: the department stays responsible
	Report      Kind = "report"      // 报告义务: what the committee must report
	Negative    Kind = "negative"    // 负面清单: may never be asked of a community
	Evaluation  Kind = "evaluation"  // 达标评比: inspections and competitions that are let in
	Certificate Kind = "certificate" // 证明: certificates that must not be issued
	Sign        Kind = "sign"        // 挂牌: signs that may hang
	Form        Kind = "form"        // 报表台账: forms and registers that are let in
	System      Kind = "system"      // 信息系统: systems that are let in
	Street      Kind = "street"      // 街道履职清单: the street's own duties, which it may not hand on
)

// Kinds lists them in the order in which they are shown.
var Kinds = []Kind{Own, Assist, Report, Negative, Certificate, Evaluation, Sign, Form, System, Street}

// Known tells whether a kind is declared.
func (k Kind) Known() bool { return slices.Contains(Kinds, k) }

// Duties are the kinds of what a community answers without an admission.
var Duties = []Kind{Own, Assist, Report}

// Prohibitions are the kinds that add up over the levels: a county adds to what the city and the law prohibit, and takes nothing away.
// Of every other kind the list of the lowest area takes the place of those above.
var Prohibitions = []Kind{Negative, Certificate}

// addsUp tells whether the lists of a kind add up over the levels.
func (k Kind) addsUp() bool { return slices.Contains(Prohibitions, k) }

// Barred are the kinds by which a request is judged before anything else: duties of the street first.
var Barred = []Kind{Street, Negative, Certificate}

// Entry is one row of a list (清单事项).
type Entry struct {
	Code           string   `json:"code" maxLength:"20" doc:"Unique among the lists of an area, e.g. H01"`
	Kind           Kind     `json:"kind,omitempty" enum:"own,assist,report,negative,certificate,evaluation,sign,form,system,street" doc:"That of its list"`
	Text           Text     `json:"text"`
	Terms          []string `json:"terms,omitempty" maxItems:"20" doc:"Words by which a text in Chinese is found to speak of it"`
	Department     string   `json:"department,omitempty" maxLength:"40" doc:"Code of the lead department, where the register has one"`
	DepartmentName Text     `json:"departmentName,omitempty" doc:"Lead department in words"`
	Law            Text     `json:"law"`
	Article        Text     `json:"article,omitempty"`
	From           string   `json:"from" maxLength:"10" doc:"First day, YYYY-MM-DD"`
	Until          string   `json:"until,omitempty" maxLength:"10" doc:"Last day, or empty"`
	Certainty      string   `json:"certainty" enum:"V,S,U" doc:"V read in the text of the law, S second-hand, U not verified: set by the city"`
	Note           Text     `json:"note,omitempty"`

	Area    string `json:"area,omitempty" doc:"Whose list it stands in; empty for what ships"`
	Edition int    `json:"edition,omitempty" doc:"Number of the edition of that list; 0 for what ships"`
}

// InForce tells whether the entry itself holds on a day; its list may not.
func (e *Entry) InForce(day string) bool { return e.From <= day && (e.Until == "" || day <= e.Until) }

// Citation is law and article in a language, Chinese where there is no English.
func (e *Entry) Citation(lang text.Lang) string {
	sep := ""
	if lang == text.English {
		sep = ", "
	}
	law, article := In(e.Law, lang), In(e.Article, lang)
	if article == "" {
		return law
	}
	return law + sep + article
}

// In is a text in a language, Chinese where there is no English.
func In(p Text, lang text.Lang) string {
	if t := p.In(lang); t != "" {
		return t
	}
	return p.Zh
}

// Bounds of a list, in characters where nothing else is said.
const (
	MaxEntries = 500
	maxText    = 200
	maxTextEn  = 500
	maxLaw     = 200
	maxNote    = 300
	maxTerms   = 20
	maxTerm    = 30
)

// forever stands for a last day that is not set.
const forever = "9999-12-31"

var code = regexp.MustCompile(`^[A-Z][A-Z0-9]*([.-][A-Z0-9]+)*$`)

// tidy brings an entry into the form in which it is kept.
func (e *Entry) tidy() {
	e.Code = strings.ToUpper(fold.Compact(e.Code))
	for _, p := range []*Text{&e.Text, &e.DepartmentName, &e.Law, &e.Article, &e.Note} {
		p.Zh, p.En = fold.Line(p.Zh), fold.Line(p.En)
	}
	terms := []string{}
	for _, t := range e.Terms {
		if t = fold.Compact(t); t != "" && !slices.Contains(terms, t) {
			terms = append(terms, t)
		}
	}
	e.Terms, e.Department = terms, fold.Compact(e.Department)
	e.From, e.Until = fold.KeepDay(e.From), fold.KeepDay(e.Until)
}

// check adds to a refusal what is wrong with an entry, at a location.
func (e *Entry) check(refused *errs.Error, at string) *errs.Error {
	bound := func(field, value string, most int, required bool) {
		if required && value == "" {
			refused = refused.At(at+"."+field, "field.required")
		} else if !fold.Within(value, most) {
			refused = refused.At(at+"."+field, "field.too_long", "max", most)
		}
	}
	if !code.MatchString(e.Code) || len(e.Code) > 20 {
		refused = refused.At(at+".code", "admission.entry.code")
	}
	bound("text.zh", e.Text.Zh, maxText, true)
	bound("text.en", e.Text.En, maxTextEn, false)
	bound("departmentName.zh", e.DepartmentName.Zh, maxLaw, false)
	bound("departmentName.en", e.DepartmentName.En, maxTextEn, false)
	bound("law.zh", e.Law.Zh, maxLaw, true)
	bound("law.en", e.Law.En, maxTextEn, false)
	bound("article.zh", e.Article.Zh, maxLaw, false)
	bound("article.en", e.Article.En, maxTextEn, false)
	bound("note.zh", e.Note.Zh, maxNote, false)
	bound("note.en", e.Note.En, maxTextEn, false)
	if len(e.Terms) > maxTerms || slices.ContainsFunc(e.Terms, func(t string) bool { return !fold.Within(t, maxTerm) }) {
		refused = refused.At(at+".terms", "field.too_long", "max", maxTerm)
	}
	if !slices.Contains([]string{"V", "S", "U"}, e.Certainty) {
		refused = refused.At(at+".certainty", "field.choice")
	}
	from, ok := fold.Day(e.From)
	if !ok {
		refused = refused.At(at+".from", "field.date")
	}
	if until, ok := fold.Day(e.Until); e.Until != "" && (!ok || until < from) {
		refused = refused.At(at+".until", "admission.entry.until")
	}
	return refused
}
