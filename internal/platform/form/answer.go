package form

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
)

// Areas is what fields of the kind [Area] are answered with.
type Areas interface {
	// AreaLevel is the level of the area with a code; 0 where there is none today.
	AreaLevel(code string) int
	// NamedAreas are the codes of the areas of a level that have exactly this name or code.
	NamedAreas(name string, level int) []string
}

// Context is what an answer is judged by beside its field.
type Context struct {
	Today string // YYYY-MM-DD
	Areas Areas  // nil in a form without areas

	// File tells whether a file of this id belongs to what is being answered; nil in a form without files.
	File func(id string) bool
}

// Check refuses answers that do not fit the form and names every wrong one at once, in the order of the form, at
// "answers.<key>", a cell of a table at "answers.<key>[<row>].<column>" with rows from 0. An answer of blanks only
// counts as none. An answer to a question that the form does not have is refused once, at "answers", and not repeated.
//
// The keys are form.answer.required, .too_long (max), .characters, .idnumber, .phone, .date, .day_range (from,
// to), .number (min, max), .decimal (min, max, digits), .choice, .choices, .area, .area_several, .file, .many (max),
// .rows (min, max), .column, .shape and .unknown.
//
// Answers are folded as their kind asks for (full-width digits, dates however they are written, choices into the order
// of the options, empty rows left out) and kept so; those to fields that are not asked are deleted.
func Check(fields []Field, answers Answers, c Context) error {
	refused := errs.ErrInvalid
	known, asked := 0, map[string]bool{}
	total := len(answers)
	for _, f := range fields {
		answer, given := answers[f.Key]
		if given {
			known++
			answer = f.Fold(answer, &c)
			answers[f.Key] = answer
		}
		if asked[f.Key] = f.Only == nil || asked[f.Only.Field] && f.Only.Holds(answers[f.Only.Field]); !asked[f.Key] {
			delete(answers, f.Key)
			continue
		}
		f.judge(answer, &c, func(at, key string, args []any) {
			refused = refused.At("answers."+f.Key+at, "form.answer."+key, args...)
		})
	}
	if known < total {
		refused = refused.At("answers", "form.answer.unknown")
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// Fold brings an answer into the one form of its kind; what does not fit it is left to [Check].
func (f *Field) Fold(answer Answer, c *Context) Answer {
	switch kinds[f.Kind].shape {
	case many:
		if len(answer.Rows) > 0 {
			return answer
		}
		return Answer{Many: f.foldMany(answer, c)}
	case rows:
		if answer.One != "" || len(answer.Many) > 0 {
			return answer
		}
		return Answer{Rows: f.foldRows(answer.Rows, c)}
	}
	if len(answer.Many)+len(answer.Rows) > 0 {
		return answer
	}
	return One(f.fold(answer.One, c))
}

func (f *Field) fold(value string, c *Context) string {
	if k := kinds[f.Kind]; k.fold != nil {
		return k.fold(f, value, c)
	}
	return value
}

// foldMany folds each value, once; what is chosen stands in the order of the options. Values in one text stand apart by
// blanks or commas.
func (f *Field) foldMany(answer Answer, c *Context) []string {
	given := answer.values()
	if answer.One != "" {
		given = strings.Fields(strings.ReplaceAll(f.fold(answer.One, c), ",", " "))
	}
	out := []string{}
	for _, v := range given {
		if v = f.fold(v, c); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	place := func(value string) int {
		return slices.IndexFunc(f.Options, func(o Option) bool { return o.Value == value })
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(place(a), place(b)) })
	return out
}

func (f *Field) foldRows(given []Row, c *Context) []Row {
	out := []Row{}
	for _, row := range given {
		if !row.filled() {
			continue
		}
		folded := maps.Clone(row)
		for i := range f.Columns {
			column := f.column(i)
			if cell := strings.TrimSpace(row[column.Key]); cell != "" {
				folded[column.Key] = column.fold(cell, c)
			} else {
				delete(folded, column.Key)
			}
		}
		out = append(out, folded)
	}
	return out
}

// refuse is told what is wrong with an answer: where in it ("" or "[<row>].<column>"), the key and its arguments. The
// label of the input is added to the arguments.
type refuse func(at, key string, args []any)

// judge tells all that is wrong with a folded answer.
func (f *Field) judge(answer Answer, c *Context, refuse refuse) {
	wrong := func(key string, args ...any) { refuse("", key, append(args, errs.Label, f.Label)) }
	switch k := kinds[f.Kind]; {
	case answer.shape() != k.shape && !answer.Empty():
		wrong("shape")
	case k.shape == one:
		if key, args := f.fault(answer.One, c); key != "" {
			wrong(key, args...)
		}
	case answer.Empty():
		if f.Required || f.Kind == Table && f.Min > 0 {
			wrong("required")
		}
	case k.shape == rows:
		f.judgeRows(answer.Rows, c, wrong, refuse)
	default:
		f.judgeMany(answer.Many, c, wrong)
	}
}

func (a Answer) shape() shape {
	switch {
	case len(a.Rows) > 0:
		return rows
	case len(a.Many) > 0:
		return many
	}
	return one
}

func (f *Field) judgeMany(values []string, c *Context, wrong func(key string, args ...any)) {
	for _, v := range values {
		if key, args := f.fault(v, c); key != "" {
			wrong(key, args...)
			return
		}
	}
	if most := f.Most(); len(values) > most {
		wrong("many", "max", most)
	}
}

func (f *Field) judgeRows(given []Row, c *Context, wrong func(key string, args ...any), refuse refuse) {
	if most := f.Most(); len(given) < f.Min || len(given) > most {
		wrong("rows", "min", f.Min, "max", most)
		return
	}
	for n, row := range given {
		known := 0
		for i := range f.Columns {
			column := f.column(i)
			cell, has := row[column.Key]
			if has {
				known++
			}
			if key, args := column.fault(cell, c); key != "" {
				refuse(fmt.Sprintf("[%d].%s", n, column.Key), key, append(args, errs.Label, column.Label))
			}
		}
		if known < len(row) {
			wrong("column")
			return
		}
	}
}

// fault is the key of what is wrong with one value, with arguments for its sentence, or "".
func (f *Field) fault(value string, c *Context) (key string, args []any) {
	if !utf8.ValidString(value) || strings.ContainsFunc(value, f.unkept) {
		return "characters", nil
	}
	value = strings.TrimSpace(value)
	if value == "" {
		if f.Required {
			return "required", nil
		}
		return "", nil
	}
	if bound := f.Length(); !fold.Within(value, bound) {
		return "too_long", []any{"max", bound}
	}
	if k := kinds[f.Kind]; k.fits != nil {
		return k.fits(f, value, c)
	}
	return "", nil
}

// unkept tells whether a character may not stand in an answer: control characters, but for line
// breaks and tabs in a textarea. PostgreSQL cannot keep the zero character at all.
func (f *Field) unkept(r rune) bool {
	if f.Kind == Textarea && (r == '\n' || r == '\r' || r == '\t') {
		return false
	}
	return unicode.IsControl(r)
}

func parses(k Kind, parse func(string, *Context) error) func(*Field, string, *Context) (string, []any) {
	return func(_ *Field, answer string, c *Context) (string, []any) {
		if parse(answer, c) != nil {
			return string(k), nil
		}
		return "", nil
	}
}

func upper(_ *Field, answer string, _ *Context) string { return strings.ToUpper(fold.Compact(answer)) }

// lastDay ends the days that any form takes.
const lastDay = "2099-12-31"

// Days are the first and last day that a date takes.
func (f *Field) Days(today string) (from, to string) {
	from, to = cmp.Or(f.From, idcode.FirstBirth), cmp.Or(f.To, lastDay)
	if from == Today {
		from = today
	}
	if to == Today {
		to = today
	}
	return from, to
}

func fitsDay(f *Field, answer string, c *Context) (string, []any) {
	if day, ok := fold.Day(answer); !ok || day != answer {
		return string(Date), nil
	}
	if from, to := f.Days(c.Today); answer < from || answer > to {
		return "day_range", []any{"from", from, "to", to}
	}
	return "", nil
}

var decimal = regexp.MustCompile(`^-?\d{1,12}(\.\d{1,4})?$`)

func fitsNumber(f *Field, answer string, _ *Context) (string, []any) {
	if f.Decimals == 0 {
		if n, err := strconv.Atoi(answer); err == nil && n >= f.Min && n <= f.Max {
			return "", nil
		}
		return string(Number), []any{"min", f.Min, "max", f.Max}
	}
	_, behind, _ := strings.Cut(answer, ".")
	n, ok := new(big.Rat).SetString(answer)
	if ok && decimal.MatchString(answer) && len(behind) <= f.Decimals &&
		n.Cmp(big.NewRat(int64(f.Min), 1)) >= 0 && n.Cmp(big.NewRat(int64(f.Max), 1)) <= 0 {
		return "", nil
	}
	return "decimal", []any{"min", f.Min, "max", f.Max, "digits", f.Decimals}
}

// Has tells whether an option has that value.
func (f *Field) Has(value string) bool {
	return slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == value })
}

func fitsOption(k Kind) func(*Field, string, *Context) (string, []any) {
	return func(f *Field, value string, _ *Context) (string, []any) {
		if !f.Has(value) {
			return string(k), nil
		}
		return "", nil
	}
}

func fitsFile(_ *Field, value string, c *Context) (string, []any) {
	if c.File == nil || !c.File(value) {
		return string(File), nil
	}
	return "", nil
}

// foldArea turns the name of an area into its code, where one area alone has it.
func foldArea(f *Field, answer string, c *Context) string {
	answer = fold.Code(answer)
	if answer == "" || c.Areas == nil || c.Areas.AreaLevel(answer) == f.Level {
		return answer
	}
	if codes := c.Areas.NamedAreas(answer, f.Level); len(codes) == 1 {
		return codes[0]
	}
	return answer
}

func fitsArea(f *Field, answer string, c *Context) (string, []any) {
	switch {
	case c.Areas == nil:
		return string(Area), nil
	case c.Areas.AreaLevel(answer) == f.Level:
		return "", nil
	case len(c.Areas.NamedAreas(answer, f.Level)) > 1:
		return "area_several", nil
	}
	return string(Area), nil
}

// Fits tells whether a folded answer is right for the field as it stands.
func (f *Field) Fits(answer Answer, c *Context) bool {
	fits := true
	f.judge(answer, c, func(string, string, []any) { fits = false })
	return fits
}
