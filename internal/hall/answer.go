package hall

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/idcode"
)

// Greatest length of an answer in characters.
const (
	MaxText     = 200
	MaxTextarea = 2000
)

// CheckAnswers refuses answers that do not fit the item's form and names every wrong one at once, in
// the order of the form, at "answers.<key>". An answer of blanks only counts as none. An answer
// to a question that the form does not have is refused once, at "answers", and not repeated.
//
// The keys are hall.answer.required, .too_long (max), .characters, .idnumber, .phone, .date,
// .day_range (from, to), .number (min, max), .choice and .unknown.
//
// Answers are folded as their kind asks for (full-width digits, dates however they are written) and kept
// so. Today bounds dates (YYYY-MM-DD).
func CheckAnswers(item *Item, answers map[string]string, today string) error {
	refused := errs.ErrInvalid
	known := 0
	for _, q := range item.Form {
		answer, given := answers[q.Key]
		if given {
			known++
			answer = q.fold(answer)
			answers[q.Key] = answer
		}
		if key, args := q.fault(answer, today); key != "" {
			refused = refused.At("answers."+q.Key, "hall.answer."+key, args...)
		}
	}
	if known < len(answers) {
		refused = refused.At("answers", "hall.answer.unknown")
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// fault is the key of what is wrong with an answer, with arguments for its sentence, or "".
func (q Question) fault(answer, today string) (key string, args []any) {
	if !utf8.ValidString(answer) || strings.ContainsFunc(answer, q.unkept) {
		return "characters", nil
	}
	answer = strings.TrimSpace(answer)
	if answer == "" {
		if q.Required {
			return "required", nil
		}
		return "", nil
	}
	if bound := q.length(); !fold.Within(answer, bound) {
		return "too_long", []any{"max", bound}
	}
	if q.fits(answer, today) {
		if from, to := q.days(today); q.Kind == Date && (answer < from || answer > to) {
			return "day_range", []any{"from", from, "to", to}
		}
		return "", nil
	}
	if q.Kind == Number {
		args = []any{"min", q.Min, "max", q.Max}
	}
	return string(q.Kind), args
}

// fold brings an answer into the one form of its kind; what does not fit it is left to fault.
func (q Question) fold(answer string) string {
	switch q.Kind {
	case IDNumber:
		return strings.ToUpper(fold.Compact(answer))
	case Phone, Choice:
		return fold.Code(answer)
	case Date:
		return fold.KeepDay(answer)
	case Number:
		return fold.Compact(answer)
	}
	return answer
}

// lastDay ends the days that any form takes.
const lastDay = "2099-12-31"

// days are the first and last day that a question takes.
func (q Question) days(today string) (from, to string) {
	from, to = cmp.Or(q.From, idcode.FirstBirth), cmp.Or(q.To, lastDay)
	if from == Today {
		from = today
	}
	if to == Today {
		to = today
	}
	return from, to
}

// fits tells whether an answer, not blank, has the form that its kind asks for.
func (q Question) fits(answer, today string) bool {
	var err error
	switch q.Kind {
	case IDNumber:
		_, err = idcode.ParseResident(answer, today)
	case Phone:
		_, err = idcode.ParsePhone(answer)
	case Date:
		day, ok := fold.Day(answer)
		return ok && day == answer
	case Number:
		n, wrong := strconv.Atoi(answer)
		return wrong == nil && n >= q.Min && n <= q.Max
	case Choice:
		return slices.ContainsFunc(q.Options, func(o Option) bool { return o.Value == answer })
	}
	return err == nil
}

// length is the greatest length of an answer in characters.
func (q Question) length() int {
	switch {
	case q.Kind == Textarea && q.Max > 0, q.Kind == Words && q.Max > 0:
		return q.Max
	case q.Kind == Textarea:
		return MaxTextarea
	}
	return MaxText
}

// unkept tells whether a character may not stand in an answer: control characters, but for line
// breaks and tabs in a textarea. PostgreSQL cannot keep the zero character at all.
func (q Question) unkept(r rune) bool {
	if q.Kind == Textarea && (r == '\n' || r == '\r' || r == '\t') {
		return false
	}
	return unicode.IsControl(r)
}
