package admission

import (
	"context"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
)

// EntryDifference is one entry that two editions have otherwise.
type EntryDifference struct {
	Code   string   `json:"code"`
	Change string   `json:"change" enum:"added,removed,changed"`
	Before *Entry   `json:"before,omitempty"`
	After  *Entry   `json:"after,omitempty"`
	Fields []string `json:"fields" doc:"Columns that are read otherwise, of a changed entry"`
}

// EntryDifferences lists what the second of two editions removes, adds and changes, in its order; what is removed comes last.
func EntryDifferences(before, after []Entry) []EntryDifference {
	out, old := []EntryDifference{}, map[string]*Entry{}
	for i := range before {
		old[before[i].Code] = &before[i]
	}
	for i := range after {
		b, a := old[after[i].Code], &after[i]
		delete(old, a.Code)
		if b == nil {
			out = append(out, EntryDifference{Code: a.Code, Change: "added", After: a, Fields: []string{}})
			continue
		}
		d := EntryDifference{Code: a.Code, Change: "changed", Before: b, After: a, Fields: []string{}}
		for _, c := range columns {
			if c.cell(a) != c.cell(b) {
				d.Fields = append(d.Fields, c.name)
			}
		}
		if len(d.Fields) > 0 {
			out = append(out, d)
		}
	}
	for i := range before {
		if b := &before[i]; old[b.Code] != nil {
			out = append(out, EntryDifference{Code: b.Code, Change: "removed", Before: b, Fields: []string{}})
		}
	}
	return out
}

// Compare tells what an edition changes against another of the area and kind, or against what was in force there before
// it: of a draft, what is today. Error: NotFound.
func (s *Service) Compare(ctx context.Context, id, against string) ([]EntryDifference, error) {
	l, err := s.visible(ctx, id)
	if err != nil {
		return nil, err
	}
	after, err := entriesOf(ctx, s.Log.DB, []List{l}, "")
	if err != nil {
		return nil, err
	}
	var before []Entry
	if against != "" {
		other, err := s.visible(ctx, against)
		if err == nil && (other.Area != l.Area || other.Kind != l.Kind) {
			err = errs.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		if before, err = entriesOf(ctx, s.Log.DB, []List{other}, ""); err != nil {
			return nil, err
		}
		return EntryDifferences(before, after), nil
	}
	day := clock.Day(clock.Now(ctx))
	if first, err := time.Parse(time.DateOnly, l.From); err == nil {
		day = first.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	if before, err = s.begun(ctx, s.Log.DB, l.Area, day, l.Kind); err != nil {
		return nil, err
	}
	return EntryDifferences(before, after), nil
}
