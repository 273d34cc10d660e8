package form

import (
	"github.com/danielgtaylor/huma/v2"

	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
	"linli/internal/platform/page"
)

// Kind says what an answer must look like.
type Kind string

const (
	Text     Kind = "text"     // one line
	IDNumber Kind = "idnumber" // GB 11643
	Phone    Kind = "phone"
	Date     Kind = "date"    // YYYY-MM-DD
	Number   Kind = "number"  // from Min to Max, with Decimals digits after the point
	Choice   Kind = "choice"  // the value of one option
	Choices  Kind = "choices" // the values of some options, apart by blanks, in the order of the options
	Textarea Kind = "textarea"
	Area     Kind = "area" // the code of an area of Level
)

// Greatest length of an answer in characters, and how many fields and options a form has.
const (
	MaxText     = 200
	MaxTextarea = 2000
	MaxFields   = 40
	MaxOptions  = 40
)

// kind is what is peculiar to the answers of one kind. Everything that depends on a kind reads it here.
type kind struct {
	control string // of the portal
	length  int    // bound of an answer, in characters
	options bool   // has options
	ranged  bool   // has Min and Max as numbers
	masked  bool   // is personal by nature
	worded  bool   // Max bounds its length
	fold    func(f *Field, answer string, c *Context) string
	fits    func(f *Field, answer string, c *Context) (key string, args []any)
	sound   func(f *Field) string // key of what is wrong with the definition, or ""
}

// kinds is the definition of every kind, in the order in which a designer offers them.
var kinds = map[Kind]kind{
	Text:     {control: page.Text, length: MaxText, worded: true},
	Textarea: {control: page.Textarea, length: MaxTextarea, worded: true},
	Number:   {control: page.Number, length: MaxText, ranged: true, fold: compact, fits: fitsNumber},
	Date:     {control: page.Date, length: MaxText, fold: foldDay, fits: fitsDay, sound: soundDays},
	Choice:   {control: page.Radios, length: MaxText, options: true, fold: foldCode, fits: fitsChoice},
	Choices:  {control: page.Checks, length: MaxTextarea * 2, options: true, fold: foldChoices, fits: fitsChoices},
	Phone: {control: page.Phone, length: MaxText, masked: true, fold: foldCode,
		fits: parses(Phone, func(s string, _ *Context) error { _, err := idcode.ParsePhone(s); return err })},
	IDNumber: {control: page.Text, length: MaxText, masked: true, fold: upper,
		fits: parses(IDNumber, func(s string, c *Context) error { _, err := idcode.ParseResident(s, c.Today); return err })},
	Area: {control: page.Text, length: MaxText, fold: foldArea, fits: fitsArea, sound: soundLevel},
}

// Kinds lists them in the order in which a designer offers them.
var Kinds = []Kind{Text, Textarea, Number, Date, Choice, Choices, Phone, IDNumber, Area}

// Schema is the kind in the API's document.
func (Kind) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, k := range Kinds {
		s.Enum = append(s.Enum, string(k))
	}
	return s
}

// Chooses tells whether answers of this kind are taken from options: conditions look at these alone.
func (k Kind) Chooses() bool { return kinds[k].options }

// Masked tells whether an answer is shown in part, and whole only for a purpose.
func (f *Field) Masked() bool { return f.Personal || kinds[f.Kind].masked }

// Length is the greatest length of an answer in characters.
func (f *Field) Length() int {
	k := kinds[f.Kind]
	if k.worded && f.Max > 0 {
		return f.Max
	}
	return k.length
}

func compact(_ *Field, answer string, _ *Context) string  { return fold.Compact(answer) }
func foldCode(_ *Field, answer string, _ *Context) string { return fold.Code(answer) }
func foldDay(_ *Field, answer string, _ *Context) string  { return fold.KeepDay(answer) }
