package form

import (
	"cmp"
	"slices"

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
	Choices  Kind = "choices" // the values of some options, in the order of the options
	Textarea Kind = "textarea"
	Area     Kind = "area"  // the code of an area of Level
	Table    Kind = "table" // from Min to Max rows of Columns
	File     Kind = "file"  // the ids of up to Max files; what they may be is the storage's to say
)

// Greatest length of an answer in characters, and how many fields and options a form has.
const (
	MaxText     = 200
	MaxTextarea = 2000
	MaxFields   = 40
	MaxOptions  = 40
)

// shape is how answers of a kind are made.
type shape int

const (
	one  shape = iota // one value
	many              // a list of values
	rows              // rows of columns
)

// kind is what is peculiar to the answers of one kind. Everything that depends on a kind reads it here.
type kind struct {
	control string // of the portal; "" for what its pages do not ask
	length  int    // bound of one value, in characters
	shape   shape
	most    int  // bound of how many values or rows it has, in Max; 0 for one value
	column  bool // may be a column of a table
	options bool // has options
	ranged  bool // has Min and Max as numbers
	masked  bool // is personal by nature
	worded  bool // Max bounds its length
	fold    func(f *Field, value string, c *Context) string
	fits    func(f *Field, value string, c *Context) (key string, args []any)
	sound   func(f *Field) string // key of what is wrong with the definition, or ""
}

// kinds is the definition of every kind, in the order in which a designer offers them.
var kinds = map[Kind]kind{
	Text:     {control: page.Text, length: MaxText, column: true, worded: true},
	Textarea: {control: page.Textarea, length: MaxTextarea, worded: true},
	Number:   {control: page.Number, length: MaxText, column: true, ranged: true, fold: compact, fits: fitsNumber},
	Date:     {control: page.Date, length: MaxText, column: true, fold: foldDay, fits: fitsDay, sound: soundDays},
	Choice:   {control: page.Radios, length: MaxText, column: true, options: true, fold: foldCode, fits: fitsOption(Choice)},
	Choices:  {control: page.Checks, length: MaxText, shape: many, options: true, fold: foldCode, fits: fitsOption(Choices)},
	Phone: {control: page.Phone, length: MaxText, column: true, masked: true, fold: foldCode,
		fits: parses(Phone, func(s string, _ *Context) error { _, err := idcode.ParsePhone(s); return err })},
	IDNumber: {control: page.Text, length: MaxText, column: true, masked: true, fold: upper,
		fits: parses(IDNumber, func(s string, c *Context) error { _, err := idcode.ParseResident(s, c.Today); return err })},
	Area:  {control: page.Text, length: MaxText, column: true, fold: foldArea, fits: fitsArea, sound: soundLevel},
	Table: {length: MaxText, shape: rows, most: MaxRows},
	File:  {length: MaxText, shape: many, most: MaxFiles, fold: foldCode, fits: fitsFile},
}

// Plain are the kinds of one value or of some options, in the order in which a designer offers them: what pages of
// the portal and the hall's intake can ask.
var Plain = []Kind{Text, Textarea, Number, Date, Choice, Choices, Phone, IDNumber, Area}

// Kinds lists all of them, likewise.
var Kinds = append(slices.Clone(Plain), Table, File)

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

// Several tells whether an answer of this kind has several values, or rows.
func (k Kind) Several() bool { return kinds[k].shape != one }

// Masked tells whether an answer is shown in part, and whole only for a purpose. A table is where a column is.
func (f *Field) Masked() bool {
	return f.Personal || kinds[f.Kind].masked || slices.ContainsFunc(f.Columns, func(c Column) bool { return (*Field)(&c).Masked() })
}

// Most is how many values or rows an answer may have; 1 where it has one value.
func (f *Field) Most() int {
	switch k := kinds[f.Kind]; {
	case k.options && k.shape == many:
		return len(f.Options)
	case k.most > 0:
		return cmp.Or(f.Max, k.most)
	}
	return 1
}

// Length is the greatest length of one value in characters.
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
