package people

import (
	"context"
	"encoding/json"
	"net/mail"
	"slices"
	"strings"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
)

// Person is a resident. Only Name may be relied on to be filled.
type Person struct {
	ID      string `json:"-"`
	Name    string `json:"name,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Number  string `json:"number,omitempty"` // GB 11643 identity number
	Address string `json:"address,omitempty"`
	Email   string `json:"email,omitempty"`

	Erased bool `json:"-"` // deleted on request; set by Find
}

// Masked is a person as faces show one.
type Masked struct {
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Number  string `json:"idNumber"`
	Address string `json:"address"`
	Email   string `json:"email"`
}

// Mask hides what identifies: 张*三, 138****5678, 3207************3X; of an address the end.
func (p Person) Mask() Masked {
	return Masked{idcode.MaskName(p.Name), idcode.MaskPhone(p.Phone), idcode.MaskID(p.Number),
		maskAddress(p.Address), idcode.MaskMail(p.Email)}
}

func maskAddress(s string) string {
	if n := fold.Count(s); n <= 6 {
		return strings.Repeat("*", n)
	}
	return fold.Cut(s, 6) + "***"
}

// Empty tells whether nothing is known: an anonymous report.
func (p Person) Empty() bool { return p.Name == "" && p.Phone == "" && p.Number == "" && p.Email == "" }

// Check folds a person's data into its one form and refuses what cannot be any, naming each
// wrong field below location.
func (p *Person) Check(ctx context.Context, location string) error {
	p.Name, p.Address, p.Phone, p.Number = fold.Line(p.Name), fold.Line(p.Address), fold.Code(p.Phone), strings.ToUpper(fold.Compact(p.Number))
	if location != "" {
		location += "."
	}
	wrong := errs.ErrInvalid
	if !fold.Within(p.Name, 50) {
		wrong = wrong.At(location+"name", "field.too_long", "max", 50)
	}
	if !fold.Within(p.Address, 200) {
		wrong = wrong.At(location+"address", "field.too_long", "max", 200)
	}
	if p.Phone != "" {
		phone, err := idcode.ParsePhone(p.Phone)
		if err != nil {
			wrong = wrong.At(location+"phone", "field.phone")
		}
		p.Phone = phone.Number
	}
	p.Email = fold.Compact(p.Email)
	if p.Email != "" {
		// Simple addresses alone: no display name, no comments, nothing that breaks a header.
		if a, err := mail.ParseAddress(p.Email); err != nil || a.Address != p.Email || len(p.Email) > 120 {
			wrong = wrong.At(location+"email", "field.email")
		}
	}
	if p.Number != "" {
		resident, err := idcode.ParseResident(p.Number, clock.Day(clock.Now(ctx)))
		if err != nil {
			wrong = wrong.At(location+"idNumber", "field.idnumber")
		}
		p.Number = resident.Number
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	return nil
}

// State says what may be done with what is held of a person.
type State string

const (
	Active     State = "active"
	Restricted State = "restricted" // kept and not used (PIPL article 47)
	Erased     State = "erased"     // deleted; the row stays for what refers to it
)

// Tag says something about a resident that services go by, with where it is known from and
// since when.
type Tag struct {
	Tag    string `json:"tag" enum:"old,disabled,low_income,extreme_poverty,lives_alone,left_behind,bereaved,veteran,serious_illness"`
	Source string `json:"source" minLength:"1" maxLength:"60" doc:"Where it is known from, e.g. a register or a visit"`
	Since  string `json:"since" maxLength:"10" doc:"YYYY-MM-DD"`
}

// Tags are what a resident may be marked with.
var Tags = []string{"old", "disabled", "low_income", "extreme_poverty", "lives_alone", "left_behind",
	"bereaved", "veteran", "serious_illness"}

// Check folds a tag and refuses one that is unknown, says no source, or begins after today (YYYY-MM-DD). Location is that
// of the tag in what was sent.
func (t *Tag) Check(location string, today string) error {
	t.Source, t.Since = fold.Line(t.Source), fold.KeepDay(t.Since)
	switch day, ok := fold.Day(t.Since); {
	case !slices.Contains(Tags, t.Tag):
		return errs.ErrInvalid.At(location+"tag", "field.choice")
	case t.Source == "" || !fold.Within(t.Source, 60):
		return errs.ErrInvalid.At(location+"source", "field.required")
	case !ok || day > today || day < idcode.FirstBirth:
		return errs.ErrInvalid.At(location+"since", "field.date")
	}
	return nil
}

// Fields of a person that are masked and can be shown one at a time.
var Fields = []string{"name", "phone", "idNumber", "address", "email"}

// field is one field's plain value.
func (p *Person) field(name string) string {
	switch name {
	case "name":
		return p.Name
	case "phone":
		return p.Phone
	case "idNumber":
		return p.Number
	case "address":
		return p.Address
	case "email":
		return p.Email
	}
	return ""
}

// record is what the audit log keeps of a person: masked.
func (p Person) record() map[string]any {
	m := p.Mask()
	return map[string]any{"name": m.Name, "phone": m.Phone, "idNumber": m.Number, "address": m.Address, "email": m.Email}
}

func (p Person) document() []byte {
	raw, err := json.Marshal(p)
	if err != nil {
		panic(err) // texts
	}
	return raw
}
