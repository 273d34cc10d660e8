package worklist

import (
	"context"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/errs"
	"linli/internal/platform/gram"
)

// The index knows words, not where they stand, and no single Chinese character. Whether a longer
// stretch of a query stands in a case as it was asked, or a single character at all, is read in the
// text of the cases that the index names, as many as a page looks at.

// sought is a stretch of a query with the words of the subjects in whose name it stands.
type sought struct {
	gram.Stretch
	subjects []string
}

// sought cuts a query. Error: Invalid "casework.search.short" when nothing is left of it.
func (s *Service) sought(query string) ([]sought, error) {
	var out []sought
	for _, stretch := range gram.Asked(query) {
		out = append(out, sought{stretch, s.subjectsNamed(stretch)})
	}
	if query != "" && len(out) == 0 {
		return nil, errs.ErrInvalid.At("q", "casework.search.short")
	}
	return out, nil
}

// in tells whether the stretch stands in the name of a case's subject or in a plain text of it.
func (o *sought) in(c *casework.Case, plain string) bool {
	return strings.Contains(plain, o.Exact) || slices.Contains(o.subjects, signed(subjectSign, c.Subject))
}

// leaveOut drops from the cases those in whose text not every stretch stands. What a module adds is
// read of those alone that title and place do not settle.
func (s *Service) leaveOut(ctx context.Context, cases map[string]casework.Case, asked []sought) error {
	asked = slices.DeleteFunc(slices.Clone(asked), func(o sought) bool { return o.Exact == "" })
	if len(asked) == 0 {
		return nil
	}
	lacking := func(c *casework.Case, plain string) bool {
		return slices.ContainsFunc(asked, func(o sought) bool { return !o.in(c, plain) })
	}
	open := map[string][]*casework.Case{} // by kind
	for id, c := range cases {
		if !lacking(&c, gram.Plain(c.Title, c.Place.Text)) {
			continue
		}
		delete(cases, id)
		open[c.Kind] = append(open[c.Kind], &c)
	}
	for kind, unsettled := range open {
		more := s.Cases.Matters[kind].Words
		if more == nil {
			continue
		}
		words, err := more(ctx, s.Cases.Log.DB, unsettled...)
		if err != nil {
			return err
		}
		for _, c := range unsettled {
			if !lacking(c, gram.Plain(c.Title, c.Place.Text, words[c.ID])) {
				cases[c.ID] = *c
			}
		}
	}
	return nil
}

// kindWords are the words of which every case has one.
func (s *Service) kindWords() []string {
	var words []string
	for kind := range s.Cases.Matters {
		words = append(words, signed(kindSign, kind))
	}
	slices.Sort(words)
	return words
}
