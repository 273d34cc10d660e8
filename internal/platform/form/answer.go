package form

import (
	"cmp"
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
}

// Check refuses answers that do not fit the form and names every wrong one at once, in the order of the
// form, at "answers.<key>". An answer of blanks only counts as none. An answer to a question that the form
// does not have is refused once, at "answers", and not repeated.
//
// The keys are form.answer.required, .too_long (max), .characters, .idnumber, .phone, .date, .day_range (from,
// to), .number (min, max), .decimal (min, max, digits), .choice, .choices, .area, .area_several and .unknown.
//
// Answers are folded as their kind asks for (full-width digits, dates however they are written) and kept so;
// those to fields that are not asked are deleted.
func Check(fields []Field, answers map[string]string, c Context) error {
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
		if key, args := f.fault(answer, &c); key != "" {
			refused = refused.At("answers."+f.Key, "form.answer."+key, append(args, errs.Label, f.Label)...)
		}
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
func (f *Field) Fold(answer string, c *Context) string {
	if k := kinds[f.Kind]; k.fold != nil {
		return k.fold(f, answer, c)
	}
	return answer
}

// fault is the key of what is wrong with an answer, with arguments for its sentence, or "".
func (f *Field) fault(answer string, c *Context) (key string, args []any) {
	if !utf8.ValidString(answer) || strings.ContainsFunc(answer, f.unkept) {
		return "characters", nil
	}
	answer = strings.TrimSpace(answer)
	if answer == "" {
		if f.Required {
			return "required", nil
		}
		return "", nil
	}
	if bound := f.Length(); !fold.Within(answer, bound) {
		return "too_long", []any{"max", bound}
	}
	if k := kinds[f.Kind]; k.fits != nil {
		return k.fits(f, answer, c)
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

func fitsChoice(f *Field, answer string, _ *Context) (string, []any) {
	if !f.Has(answer) {
		return string(Choice), nil
	}
	return "", nil
}

// foldChoices puts what is chosen into the order of the options, each once. An answer with a value that is no
// option stays as it is.
func foldChoices(f *Field, answer string, _ *Context) string {
	folded := fold.Code(strings.ReplaceAll(answer, ",", " "))
	chosen := strings.Fields(folded)
	var out []string
	for _, o := range f.Options {
		if slices.Contains(chosen, o.Value) {
			out = append(out, o.Value)
		}
	}
	if slices.ContainsFunc(chosen, func(v string) bool { return !slices.Contains(out, v) }) {
		return folded
	}
	return strings.Join(out, " ")
}

func fitsChoices(f *Field, answer string, _ *Context) (string, []any) {
	if slices.ContainsFunc(strings.Fields(answer), func(v string) bool { return !f.Has(v) }) {
		return string(Choices), nil
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
