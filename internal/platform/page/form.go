package page

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/httpx"
	"linli/internal/platform/text"
)

const (
	formBytes = 512 << 10 // a form without files
	sentBytes = 300 << 20 // a form with files: what is over their own bounds is read and dropped
	textBytes = 256 << 10 // all words of a form together
	fieldMax  = 10_000    // characters of one field
	fieldsMax = 400
)

// Form is what a visitor sent. Its words are valid UTF-8 without control characters.
type Form struct{ values url.Values }

// Get is the first value of a field.
func (f *Form) Get(name string) string { return f.values.Get(name) }

// Code is the first value of a field that holds a number, a code, a choice or what is searched for, folded.
func (f *Form) Code(name string) string { return fold.Code(f.values.Get(name)) }

// Codes lists the values of such a field.
func (f *Form) Codes(name string) []string {
	out := slices.Clone(f.values[name])
	for i := range out {
		out[i] = fold.Code(out[i])
	}
	return out
}

// Has tells whether the field was sent, e.g. which button was pressed.
func (f *Form) Has(name string) bool { return f.values.Has(name) }

// All lists the values of a field.
func (f *Form) All(name string) []string { return f.values[name] }

// Set gives a field a value that was not sent.
func (f *Form) Set(name string, values ...string) { f.values[name] = values }

// Uploads takes the files of a form.
type Uploads interface {
	// Arrive takes one file while the form is read; input is the name of the field that it was chosen in.
	Arrive(input, name string, content io.Reader) error
	// Done is called once, after the form was read to its end or with the error that ended it.
	Done(err error) error
}

// Form reads what was sent. Each file goes to uploads as it arrives; the first refusal of a file
// is returned together with all the words, so that a page can show them again. Nil uploads take
// no files.
func (q *Request) Form(uploads Uploads) (*Form, error) {
	f, err := q.form(uploads)
	if uploads != nil {
		err = uploads.Done(err)
	}
	return f, err
}

func (q *Request) form(uploads Uploads) (*Form, error) {
	f, bound := &Form{values: url.Values{}}, int64(formBytes)
	if uploads != nil {
		bound = sentBytes
	}
	q.r.Body = http.MaxBytesReader(q.w, q.r.Body, bound)
	kind, params, err := mime.ParseMediaType(q.r.Header.Get("Content-Type"))
	if err != nil {
		return f, errs.New(errs.Malformed, "malformed")
	}
	switch kind {
	case "multipart/form-data":
		err = f.parts(multipart.NewReader(q.r.Body, params["boundary"]), uploads)
	case "application/x-www-form-urlencoded":
		err = f.words(q.r.Body)
	default:
		err = errs.New(errs.Malformed, "malformed")
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		err = errs.ErrTooLarge
	case errors.Is(err, httpx.ErrSlow):
		err = httpx.ErrSlow
	}
	return f, err
}

func (f *Form) words(body io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(body, textBytes+1))
	if err != nil {
		return err
	}
	if len(raw) > textBytes {
		return errs.ErrTooLarge
	}
	values, err := url.ParseQuery(string(raw))
	if err != nil || len(values) > fieldsMax {
		return errs.New(errs.Malformed, "malformed")
	}
	for k, vs := range values {
		for _, v := range vs {
			f.values.Add(k, clean(v, fieldMax))
		}
	}
	return nil
}

// parts reads to the end even when a file is refused: an answer that comes while the browser
// still sends would not be seen.
func (f *Form) parts(body *multipart.Reader, uploads Uploads) error {
	left, refused := int64(textBytes), error(nil)
	for count := 0; ; count++ {
		p, err := body.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return refused
		case err != nil:
			return broken(err)
		case count > fieldsMax:
			return errs.New(errs.Malformed, "malformed")
		case !text.Valid(p.FormName()) || !text.Valid(p.FileName()):
			return errs.ErrText
		case p.FileName() != "":
			if uploads != nil && refused == nil {
				refused = uploads.Arrive(p.FormName(), fold.FileName(clean(p.FileName(), fieldMax), 200), p)
			}
			if _, err := io.Copy(io.Discard, p); err != nil {
				return broken(err)
			}
			continue
		case p.Header.Get("Content-Type") != "":
			continue // a file input that was left empty
		}
		raw, err := io.ReadAll(io.LimitReader(p, left+1))
		if err != nil {
			return broken(err)
		}
		if left -= int64(len(raw)); left < 0 {
			return errs.ErrTooLarge
		}
		if !text.Valid(string(raw)) {
			return errs.ErrText
		}
		f.values.Add(p.FormName(), clean(string(raw), fieldMax))
	}
}

func broken(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return errs.New(errs.Malformed, "malformed").Because(err)
}

// clean makes foreign words fit to keep: valid UTF-8, plain line ends, no control characters,
// no blanks around, at most max characters.
func clean(s string, max int) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !unicode.IsControl(r) {
			return r
		}
		return -1
	}, s))
	return fold.Cut(s, max)
}

// Kinds of field.
const (
	Text     = "text"
	Textarea = "textarea"
	Select   = "select"
	Radios   = "radios"
	Checks   = "checks" // any number of Options; Value holds them apart by blanks
	Mail     = "email"
	Date     = "date"
	Number   = "number"
	Phone    = "tel"
	Files    = "file"
)

// Field is one question of a form as the part "page/field" shows it.
type Field struct {
	Name, Label, Hint, Kind string
	Value                   string
	Options                 []Option
	Required                bool
	Max                     int // characters of a text; 0 is without a bound
	Autocomplete, InputMode string
	Accept                  string // media types of files
	Step                    string // of a number; "any" takes decimals
	Error                   string
	When                    *When // nil: it is always asked
}

// When is a choice on the same page that decides whether a field is asked. With a script the field comes and
// goes with the choice; without one Said tells when to fill it in, and the server judges.
type When struct {
	Field   string // name of the choice
	Is, Not string // values apart by blanks, of which one or none must be chosen; one of both is given
	Said    string
}

// Option is one answer to choose. Group, where given, is the heading it stands under.
type Option struct{ Value, Label, Hint, Group string }

// Holds tells whether an option of Checks is chosen.
func (f Field) Holds(value string) bool { return slices.Contains(strings.Fields(f.Value), value) }

// Grouped lists the options heading by heading, in order of first appearance.
func (f Field) Grouped() []OptionGroup {
	var out []OptionGroup
	for _, o := range f.Options {
		i := slices.IndexFunc(out, func(g OptionGroup) bool { return g.Label == o.Group })
		if i < 0 {
			out = append(out, OptionGroup{Label: o.Group})
			i = len(out) - 1
		}
		out[i].Options = append(out[i].Options, o)
	}
	return out
}

// OptionGroup is a heading with the options below it.
type OptionGroup struct {
	Label   string
	Options []Option
}

// Fill gives each field its kept value and what is wrong with it.
func (q *Request) Fill(fields []Field, value func(name string) string) []Field {
	out := slices.Clone(fields)
	for i := range out {
		if value != nil && out[i].Kind != Files {
			out[i].Value = value(out[i].Name)
			if out[i].Kind != Text && out[i].Kind != Textarea {
				out[i].Value = fold.Code(out[i].Value)
			}
		}
		out[i].Error = q.refusal.For(out[i].Name)
		q.Name(out[i].Name, out[i].Label)
	}
	return out
}

// Name tells the refusal on top which label the field of that name has.
func (q *Request) Name(field, label string) {
	if q.refusal == nil {
		return
	}
	for i := range q.refusal.Wrong {
		if w := &q.refusal.Wrong[i]; w.Field == field {
			w.Label = label
		}
	}
}
