package shipped

import (
	"context"
	"maps"
	"slices"

	"linli/internal/platform/db"
	"linli/internal/platform/difference"
	"linli/internal/platform/errs"
	"linli/internal/platform/revision"
)

// Difference is a thing of which the program ships a newer form than the one that a person has made of
// an earlier.
type Difference struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Gone  bool   `json:"gone" doc:"The program ships it no more"`
	Parts []Part `json:"parts" doc:"What is read otherwise; at most 100"`
}

// Part is one value that is read otherwise.
type Part struct {
	Path    string `json:"path" doc:"Where it stands, e.g. promised.amount"`
	Now     string `json:"now" doc:"As the city has it; empty where it has none"`
	Shipped string `json:"shipped" doc:"As the program ships it; empty where it ships none"`
}

// mostParts bounds the values of one difference.
const mostParts = 100

// Differences lists what a person has not judged yet, by name.
func (s *Set) Differences(ctx context.Context, r db.Reader) ([]Difference, error) {
	states, err := s.states(ctx, r)
	if err != nil {
		return nil, err
	}
	var out []Difference
	for _, name := range slices.Sorted(maps.Keys(states)) {
		if st := states[name]; st.differs() {
			out = append(out, Difference{Kind: s.Kind, Name: name, Gone: !st.ships, Parts: parts(st.now, st.form)})
		}
	}
	return out, nil
}

// Decide takes what ships in the place of what a person has made (take), or keeps theirs and lists this
// form no more. It tells the parts that changed. Error: NotFound when there is no difference.
func (s *Set) Decide(ctx context.Context, tx interface {
	db.Reader
	revision.Execer
}, name string, take bool) (Difference, error) {
	states, err := s.states(ctx, tx)
	if err != nil {
		return Difference{}, err
	}
	st := states[name]
	if st == nil || !st.differs() {
		return Difference{}, errs.ErrNotFound
	}
	d := Difference{Kind: s.Kind, Name: name, Gone: !st.ships, Parts: parts(st.now, st.form)}
	switch {
	case take:
		if err := s.take(ctx, tx, name, st); err != nil {
			return d, err
		}
		return d, revision.Bump(ctx, tx, s.Revision)
	case st.ships:
		return d, s.remember(ctx, tx, name, st.form)
	}
	return d, s.forget(ctx, tx, name)
}

// parts are the values in which two forms differ, at most mostParts. What is no JSON has none.
func parts(now, shipped string) []Part {
	out := []Part{}
	changes, _ := difference.Between(now, shipped)
	for _, c := range changes[:min(len(changes), mostParts)] {
		out = append(out, Part{c.Path, difference.Text(c.Before), difference.Text(c.After)})
	}
	return out
}
