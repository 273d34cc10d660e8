package exchange

import (
	"slices"
	"strings"

	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/form"
	"linli/internal/platform/text"
)

// Field is one question of a form for communities: what it asks, and where its answer is known from.
type Field struct {
	form.Field
	Element string `json:"element,omitempty" maxLength:"64" doc:"Code of the data element that it is bound to; empty: declared new"`
	Reason  string `json:"reason,omitempty" maxLength:"300" doc:"Of a new field: why it is needed"`
	Differs string `json:"differs,omitempty" maxLength:"300" doc:"Why it is not the element that the check takes it for"`
}

// Content is what the writer of a form for communities (报表) sets.
type Content struct {
	Title     text.Pair `json:"title"`
	Purpose   text.Pair `json:"purpose" doc:"What the answers are used for"`
	Admission string    `json:"admission" maxLength:"40" doc:"Number of the admission that it rests on; needed when it is sent"`
	From      string    `json:"from" maxLength:"10" doc:"First day of the period that it asks about, YYYY-MM-DD, or empty"`
	Until     string    `json:"until" maxLength:"10" doc:"Last day of that period, or empty"`
	Days      int       `json:"days" minimum:"0" maximum:"365" doc:"Working days in which communities answer"`
	Fields    []Field   `json:"fields" maxItems:"41"`
	Duplicate string    `json:"duplicate" maxLength:"300" doc:"Why it is needed beside a running form that asks nearly the same"`
}

// Form is a form for communities with what became of it.
type Form struct {
	ID    string
	Area  string // of the department
	Body  string // id of the department's body
	State string
	Content
	Wanted, Held int // fields, as of the last check
	Writer       string
	WrittenAt    int64
	CheckedAt    int64 // 0 until it was checked
	Publisher    string
	PublishedAt  int64 // 0 until it was published
	EndedAt      int64 // withdrawn or discarded; else 0
	Note         string
	Version      int64

	report *Report // of the step that is judged
}

// Bounds of a form, in characters and working days.
const (
	maxTitle   = 60
	maxPurpose = 300
	maxReason  = 300
	maxDays    = 365
)

// tidy brings a content into the form in which it is kept.
func (c *Content) tidy() {
	for _, p := range []*text.Pair{&c.Title, &c.Purpose} {
		p.Zh, p.En = fold.Line(p.Zh), fold.Line(p.En)
	}
	c.Admission, c.Duplicate = fold.Code(c.Admission), fold.Line(c.Duplicate)
	c.From, c.Until = fold.KeepDay(c.From), fold.KeepDay(c.Until)
	if c.Fields == nil {
		c.Fields = []Field{}
	}
	for i := range c.Fields {
		f := &c.Fields[i]
		f.Element, f.Reason, f.Differs = fold.Compact(f.Element), fold.Line(f.Reason), fold.Line(f.Differs)
	}
}

// bounds refuses what is too long or no day: also a draft is kept only so. Invalid, naming every field.
func (c *Content) bounds() error {
	refused := errs.ErrInvalid
	within := func(field, value string, most int) {
		if !fold.Within(value, most) {
			refused = refused.At(field, "field.too_long", "max", most)
		}
	}
	within("title.zh", c.Title.Zh, maxTitle)
	within("title.en", c.Title.En, maxTitle*3)
	within("purpose.zh", c.Purpose.Zh, maxPurpose)
	within("purpose.en", c.Purpose.En, maxPurpose*3)
	within("duplicate", c.Duplicate, maxReason)
	for i := range c.Fields {
		within(at("fields", i, "reason"), c.Fields[i].Reason, maxReason)
		within(at("fields", i, "differs"), c.Fields[i].Differs, maxReason)
	}
	for field, day := range map[string]string{"from": c.From, "until": c.Until} {
		if d, ok := fold.Day(day); day != "" && (!ok || d != day) {
			refused = refused.At(field, "field.date")
		}
	}
	if c.From != "" && c.Until != "" && c.Until < c.From {
		refused = refused.At("until", "exchange.form.period")
	}
	if c.Days < 0 || c.Days > maxDays {
		refused = refused.At("days", "exchange.form.days", "max", maxDays)
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// whole refuses a form that cannot be checked yet: Invalid, naming every field.
func (c *Content) whole(known func(code string) bool) error {
	refused := errs.ErrInvalid
	for field, p := range map[string]text.Pair{"title": c.Title, "purpose": c.Purpose} {
		if !p.Complete() {
			refused = refused.At(field, "exchange.element.both")
		}
	}
	if c.Days < 1 {
		refused = refused.At("days", "exchange.form.days", "max", maxDays)
	}
	if len(c.Fields) == 0 {
		refused = refused.At("fields", "field.required")
	}
	plain := make([]form.Field, len(c.Fields))
	for i := range c.Fields {
		plain[i] = c.Fields[i].Field
		if code := c.Fields[i].Element; code != "" && !known(code) {
			refused = refused.At(at("fields", i, "element"), "exchange.form.element")
		}
	}
	for _, f := range form.Faults(plain, "fields") {
		refused.Fields = append(slices.Clip(refused.Fields), f)
	}
	slices.SortFunc(refused.Fields, func(a, b errs.Field) int { return strings.Compare(a.Location, b.Location) })
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}
