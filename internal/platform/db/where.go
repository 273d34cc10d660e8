package db

import (
	"fmt"
	"strings"
)

// Args collects the arguments of a statement while its text is written, numbered as they come.
type Args struct{ List []any }

// Arg adds an argument and gives its place, e.g. "$3".
func (a *Args) Arg(v any) string {
	a.List = append(a.List, v)
	return fmt.Sprintf("$%d", len(a.List))
}

// Term writes a condition whose %s stand for the arguments.
func (a *Args) Term(format string, args ...any) string {
	places := make([]any, len(args))
	for i, v := range args {
		places[i] = a.Arg(v)
	}
	return fmt.Sprintf(format, places...)
}

// In adds a list of arguments and gives it as a condition names it: IN and what this returns.
func (a *Args) In(values []string) (list string) {
	list, a.List = In(a.List, values)
	return list
}

// Where collects the conditions of a statement, which all must hold.
type Where struct {
	Args
	terms []string
}

// And adds a condition whose %s stand for the arguments.
func (w *Where) And(format string, args ...any) { w.terms = append(w.terms, w.Term(format, args...)) }

// Any adds the condition that one of several, written by [Args.Term], holds; of none it never does.
func (w *Where) Any(terms ...string) {
	if len(terms) == 0 {
		terms = []string{"1 = 0"}
	}
	w.terms = append(w.terms, "("+strings.Join(terms, " OR ")+")")
}

// String is " WHERE …", or "" without a condition.
func (w *Where) String() string {
	if len(w.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.terms, " AND ")
}
