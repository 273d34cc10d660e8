package exchange

import (
	"linli/internal/platform/form"
	"linli/internal/platform/text"
)

// Field is one question of a form for communities: what it asks, and where its answer is known from.
type Field struct {
	form.Field
	Element string `json:"element,omitempty" maxLength:"64" doc:"Code of the data element that it is bound to; empty: declared new"`
	Reason  string `json:"reason,omitempty" maxLength:"2000" doc:"Of a new field: why it is needed"`
	Differs string `json:"differs,omitempty" maxLength:"2000" doc:"Why it is not the element that the check takes it for"`
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
	Duplicate string    `json:"duplicate" maxLength:"2000" doc:"Why it is needed beside a running form that asks nearly the same"`
}

// Form is a form for communities with what became of it.
type Form struct {
	ID    string
	Area  string // of the department
	Body  string // id of the department's body
	State string
	Content
	Version int64
}
