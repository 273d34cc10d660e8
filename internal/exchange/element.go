package exchange

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/form"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// ElementType is what values of an element are.
type ElementType string

// Types of elements.
const (
	TypeText   ElementType = "text"
	TypeNumber ElementType = "number" // with Unit
	TypeDate   ElementType = "date"   // YYYY-MM-DD
	TypeChoice ElementType = "choice" // one of Codes
	TypeArea   ElementType = "area"   // code of an area
	TypePerson ElementType = "person" // a reference to persons, never in clear
)

var elementTypes = []ElementType{TypeText, TypeNumber, TypeDate, TypeChoice, TypeArea, TypePerson}

// Sharing is the attribute of 国令809 art. 14.
type Sharing string

const (
	Unconditional Sharing = "unconditional" // 无条件共享
	Conditional   Sharing = "conditional"   // 有条件共享: Conditions say scope and use (art. 15)
	NotShared     Sharing = "none"          // 不予共享: Law names the law, regulation or decision (art. 14–15)
)

// Words of a catalogue entry (国令809 art. 13).
var (
	sharings      = []Sharing{Unconditional, Conditional, NotShared}
	modes         = []string{"query", "api", "batch", "file"}                                         // 共享方式 (art. 22)
	formats       = []string{"number", "text", "date", "code", "table", "document"}                   // 数据格式
	refreshes     = []string{"realtime", "daily", "monthly", "quarterly", "yearly", "irregular"}      // 更新频率
	sensitivities = []string{"public", "internal", "personal", "sensitive"}                           // 分类
	grades        = []string{"general", "important"}                                                  // 分级
	elementGroups = []string{"area", "body", "member", "facility", "people", "grid", "case", "other"} // headings of lists
)

// Element is a data element (数据元素) with the entry of the catalogue that it belongs to.
type Element struct {
	Code     string        `json:"code" maxLength:"64" doc:"Lower-case words joined by points and underscores; never changes"`
	Group    string        `json:"group" enum:"area,body,member,facility,people,grid,case,other"`
	Name     text.Pair     `json:"name"`
	Synonyms []string      `json:"synonyms" maxItems:"40" doc:"Other wordings, of either language, each at most 60 characters"`
	Type     ElementType   `json:"type" enum:"text,number,date,choice,area,person"`
	Unit     text.Pair     `json:"unit" doc:"Of a number"`
	Codes    []form.Option `json:"codes" maxItems:"40" doc:"Of a choice"`

	Owner      text.Pair `json:"owner" doc:"Department that answers for it"`
	Department string    `json:"department" maxLength:"40" doc:"Code of that department in the register, or empty"`
	Source     text.Pair `json:"source" doc:"Authoritative source"`

	Catalogue   text.Pair `json:"catalogue" doc:"Name of the catalogue entry"`
	Format      string    `json:"format" enum:"number,text,date,code,table,document"`
	Refresh     string    `json:"refresh" enum:"realtime,daily,monthly,quarterly,yearly,irregular"`
	Sharing     Sharing   `json:"sharing" enum:"unconditional,conditional,none"`
	Mode        string    `json:"mode" enum:"query,api,batch,file" doc:"How it is shared"`
	Conditions  text.Pair `json:"conditions" doc:"Scope and use of a conditional one"`
	Law         string    `json:"law" maxLength:"200" doc:"Why it is not shared: law, regulation or decision, with article"`
	Sensitivity string    `json:"sensitivity" enum:"public,internal,personal,sensitive"`
	Grade       string    `json:"grade" enum:"general,important"`
	Purposes    text.Pair `json:"purposes" doc:"What it may be used for"`

	Enabled bool  `json:"enabled" doc:"Offered to new forms"`
	Version int64 `json:"version"`
}

//go:embed elements.json
var elementsJSON []byte

// Elements are those that ship with the program. The database keeps what the city changes.
func Elements() []Element {
	var elements []Element
	d := json.NewDecoder(bytes.NewReader(elementsJSON))
	d.DisallowUnknownFields()
	if err := d.Decode(&elements); err != nil {
		panic(fmt.Sprintf("exchange: embedded elements: %v", err))
	}
	for i := range elements {
		e := &elements[i]
		e.Enabled, e.Version = true, 1
		if e.Synonyms == nil {
			e.Synonyms = []string{}
		}
		if e.Codes == nil {
			e.Codes = []form.Option{}
		}
	}
	return elements
}

var elementCode = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$`)

// Bounds of an element, in characters.
const (
	maxElementText = 200
	maxSynonym     = 60
	maxSynonyms    = 40
)

// tidy brings an element into the form in which it is kept.
func (e *Element) tidy() {
	for _, p := range []*text.Pair{&e.Name, &e.Unit, &e.Owner, &e.Source, &e.Catalogue, &e.Conditions, &e.Purposes} {
		p.Zh, p.En = fold.Line(p.Zh), fold.Line(p.En)
	}
	e.Law = fold.Line(e.Law)
	kept := []string{}
	for _, s := range e.Synonyms {
		if s = fold.Line(s); s != "" && !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	e.Synonyms = kept
	if e.Codes == nil {
		e.Codes = []form.Option{}
	}
}

// Validate refuses an element that is incomplete or contradicts itself, naming every field: Invalid.
func (e *Element) Validate() error {
	refused := errs.ErrInvalid
	wrong := func(field, key string, args ...any) { refused = refused.At(field, key, args...) }
	if !elementCode.MatchString(e.Code) || len(e.Code) > 64 {
		wrong("code", "exchange.element.code")
	}
	pair := func(field string, p text.Pair, required bool) {
		switch {
		case required && !p.Complete(), (p.Zh == "") != (p.En == ""):
			wrong(field, "exchange.element.both")
		case !fold.Within(p.Zh, maxElementText) || !fold.Within(p.En, maxElementText*2):
			wrong(field, "field.too_long", "max", maxElementText)
		}
	}
	pair("name", e.Name, true)
	pair("owner", e.Owner, true)
	pair("source", e.Source, true)
	pair("catalogue", e.Catalogue, true)
	pair("purposes", e.Purposes, true)
	pair("unit", e.Unit, false)
	pair("conditions", e.Conditions, false)
	e.choices(wrong)
	if (e.Type == TypeChoice) != (len(e.Codes) > 0) || !distinctCodes(e.Codes) {
		wrong("codes", "exchange.element.codes")
	}
	if e.Type != TypeNumber && e.Unit.Zh != "" {
		wrong("unit", "exchange.element.unit")
	}
	if e.Type == TypePerson && e.Sensitivity != "personal" && e.Sensitivity != "sensitive" {
		wrong("sensitivity", "exchange.element.personal")
	}
	if e.Sharing == Conditional && e.Conditions.Zh == "" {
		refused = refused.At("conditions", "exchange.element.conditions").By(ruleSharing)
	}
	if (e.Sharing == NotShared) != (e.Law != "") {
		refused = refused.At("law", "exchange.element.law").By(ruleSharing)
	}
	if len(e.Synonyms) > maxSynonyms || slices.ContainsFunc(e.Synonyms, func(s string) bool { return !fold.Within(s, maxSynonym) }) {
		wrong("synonyms", "field.too_long", "max", maxSynonym)
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// choices judges the fields that are one of some words.
func (e *Element) choices(wrong func(field, key string, args ...any)) {
	for _, c := range []struct {
		field string
		ok    bool
	}{
		{"group", slices.Contains(elementGroups, e.Group)}, {"type", slices.Contains(elementTypes, e.Type)},
		{"sharing", slices.Contains(sharings, e.Sharing)}, {"mode", slices.Contains(modes, e.Mode)},
		{"format", slices.Contains(formats, e.Format)}, {"refresh", slices.Contains(refreshes, e.Refresh)},
		{"sensitivity", slices.Contains(sensitivities, e.Sensitivity)}, {"grade", slices.Contains(grades, e.Grade)},
		{"department", e.Department == "" || slices.Contains(registry.Departments, e.Department)},
	} {
		if !c.ok {
			wrong(c.field, "field.choice")
		}
	}
}

func distinctCodes(codes []form.Option) bool {
	seen := map[string]bool{}
	for _, o := range codes {
		if seen[o.Value] || !form.Identifier.MatchString(o.Value) || !o.Label.Complete() {
			return false
		}
		seen[o.Value] = true
	}
	return len(codes) <= form.MaxOptions
}

// wordings are all ways in which a field may ask for the element.
func (e *Element) wordings() []string {
	return slices.DeleteFunc(append([]string{e.Name.Zh, e.Name.En}, e.Synonyms...), func(s string) bool { return strings.TrimSpace(s) == "" })
}
