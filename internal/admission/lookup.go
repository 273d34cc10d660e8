package admission

import (
	"context"
	"slices"

	"linli/internal/platform/db"
	"linli/internal/registry"
)

// Entry is the entry of a code that is in force for an area on a day (YYYY-MM-DD): of the county's list of its kind, else
// of the city's, else what ships; of street duties, of the street's list first. Whether it lets something in is told by its
// Kind.
func (s *Service) Entry(ctx context.Context, r db.Reader, area, code, day string) (Entry, bool, error) {
	lists, err := s.applying(ctx, r, area, day, Kinds)
	if err != nil {
		return Entry{}, false, err
	}
	found, err := entriesOf(ctx, r, lists, code)
	if err != nil {
		return Entry{}, false, err
	}
	for _, e := range append(found, baseOf(lists, Kinds)...) {
		if e.Code == code && e.InForce(day) {
			return e, true, nil
		}
	}
	return Entry{}, false, nil
}

// Entries are those in force for an area on a day, of these kinds or of all, in the order of Kinds and of the lists.
func (s *Service) Entries(ctx context.Context, r db.Reader, area, day string, kinds ...Kind) ([]Entry, error) {
	if len(kinds) == 0 {
		kinds = Kinds
	}
	lists, err := s.applying(ctx, r, area, day, kinds)
	if err != nil {
		return nil, err
	}
	all, err := entriesOf(ctx, r, lists, "")
	if err != nil {
		return nil, err
	}
	all = append(all, baseOf(lists, kinds)...)
	all = slices.DeleteFunc(all, func(e Entry) bool { return !e.InForce(day) })
	slices.SortStableFunc(all, func(a, b Entry) int { return slices.Index(Kinds, a.Kind) - slices.Index(Kinds, b.Kind) })
	return all, nil
}

// levels are those whose lists of a kind apply to what lies below them.
func levels(k Kind) []int {
	if k == Street {
		return []int{registry.LevelCity, registry.LevelCounty, registry.LevelStreet}
	}
	return []int{registry.LevelCity, registry.LevelCounty}
}

// applying is the list in force for an area on a day, by kind: the lowest area's. A kind that nobody has published is left
// out.
func (s *Service) applying(ctx context.Context, r db.Reader, area, day string, kinds []Kind) (map[Kind]List, error) {
	var over []string
	for _, a := range s.Registry.Path(area) {
		if a.Level >= registry.LevelCity && a.Level <= registry.LevelStreet {
			over = append(over, a.Code)
		}
	}
	found, err := listsInForce(ctx, r, over, day)
	if err != nil {
		return nil, err
	}
	out := map[Kind]List{}
	for _, l := range found {
		if !slices.Contains(kinds, l.Kind) || !slices.Contains(levels(l.Kind), registry.LevelOf(l.Area)) {
			continue
		}
		if best, there := out[l.Kind]; !there || len(best.Area) < len(l.Area) {
			out[l.Kind] = l
		}
	}
	return out, nil
}

// baseOf is what ships of the kinds that no list takes the place of.
func baseOf(lists map[Kind]List, kinds []Kind) []Entry {
	var out []Entry
	for _, k := range kinds {
		if _, published := lists[k]; !published {
			out = append(out, Base()[k]...)
		}
	}
	return out
}
