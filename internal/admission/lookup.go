package admission

import (
	"context"
	"slices"

	"linli/internal/platform/db"
	"linli/internal/registry"
)

// Entry is the entry of a code that is in force for an area on a day (YYYY-MM-DD): what is prohibited first; else of the county's list
// of its kind, else of the city's, else what ships; of street duties, of the street's list first. Whether it lets something in is told
// by its Kind.
func (s *Service) Entry(ctx context.Context, r db.Reader, area, code, day string) (Entry, bool, error) {
	all, err := s.inForce(ctx, r, area, day, code, Kinds)
	if err != nil {
		return Entry{}, false, err
	}
	slices.SortStableFunc(all, func(a, b Entry) int {
		rank := map[bool]int{false: 1}
		return rank[a.Kind.addsUp()] - rank[b.Kind.addsUp()]
	})
	i := slices.IndexFunc(all, func(e Entry) bool { return e.Code == code })
	if i < 0 {
		return Entry{}, false, nil
	}
	return all[i], true, nil
}

// Entries are those in force for an area on a day, of these kinds or of all, in the order of Kinds and of the lists; of what adds up
// that of the highest level first.
func (s *Service) Entries(ctx context.Context, r db.Reader, area, day string, kinds ...Kind) ([]Entry, error) {
	if len(kinds) == 0 {
		kinds = Kinds
	}
	all, err := s.inForce(ctx, r, area, day, "", kinds)
	slices.SortStableFunc(all, func(a, b Entry) int { return slices.Index(Kinds, a.Kind) - slices.Index(Kinds, b.Kind) })
	return all, err
}

// inForce are the entries in force, those of a code alone where one is given: what ships, then that of the city and of the county.
func (s *Service) inForce(ctx context.Context, r db.Reader, area, day, code string, kinds []Kind) ([]Entry, error) {
	lists, err := s.applying(ctx, r, area, day, kinds)
	if err != nil {
		return nil, err
	}
	published, err := entriesOf(ctx, r, lists, code)
	if err != nil {
		return nil, err
	}
	all := baseBeside(lists, published, kinds)
	for _, e := range published {
		same := func(o Entry) bool { return o.Kind == e.Kind && o.Code == e.Code && o.Text == e.Text }
		if !e.Kind.addsUp() || !slices.ContainsFunc(all, same) { // a county repeats what holds anyway
			all = append(all, e)
		}
	}
	return slices.DeleteFunc(all, func(e Entry) bool { return !e.InForce(day) || code != "" && e.Code != code }), nil
}

// begun are the entries with which an area's new edition of a kind begins: what is in force there, and of what adds up its own alone.
func (s *Service) begun(ctx context.Context, r db.Reader, area, day string, kind Kind) ([]Entry, error) {
	all, err := s.Entries(ctx, r, area, day, kind)
	if kind.addsUp() && registry.LevelOf(area) > registry.LevelCity {
		all = slices.DeleteFunc(all, func(e Entry) bool { return e.Area != area })
	}
	return all, err
}

// levels are those whose lists of a kind apply to what lies below them.
func levels(k Kind) []int {
	if k == Street {
		return []int{registry.LevelCity, registry.LevelCounty, registry.LevelStreet}
	}
	return []int{registry.LevelCity, registry.LevelCounty}
}

// applying are the lists in force for an area on a day, the highest area's first: of a kind that adds up all, of another the lowest
// area's.
func (s *Service) applying(ctx context.Context, r db.Reader, area, day string, kinds []Kind) ([]List, error) {
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
	found = slices.DeleteFunc(found, func(l List) bool {
		return !slices.Contains(kinds, l.Kind) || !slices.Contains(levels(l.Kind), registry.LevelOf(l.Area))
	})
	lowest := map[Kind]int{}
	for _, l := range found {
		lowest[l.Kind] = max(lowest[l.Kind], len(l.Area))
	}
	found = slices.DeleteFunc(found, func(l List) bool { return !l.Kind.addsUp() && len(l.Area) < lowest[l.Kind] })
	slices.SortStableFunc(found, func(a, b List) int { return len(a.Area) - len(b.Area) })
	return found, nil
}

// baseBeside is what ships of the kinds that no list takes the place of. The city's list takes the place of what ships with it; of what
// adds up, a prohibition that rests on a text (certainty V or S) stays beside it.
func baseBeside(lists []List, published []Entry, kinds []Kind) (out []Entry) {
	for _, k := range kinds {
		replaced := slices.ContainsFunc(lists, func(l List) bool {
			return l.Kind == k && (!k.addsUp() || registry.LevelOf(l.Area) == registry.LevelCity)
		})
		for _, e := range Base()[k] {
			reworded := slices.ContainsFunc(published, func(o Entry) bool {
				return o.Kind == k && o.Code == e.Code && registry.LevelOf(o.Area) == registry.LevelCity
			})
			if !replaced || k.addsUp() && !reworded && slices.Contains([]string{"V", "S"}, e.Certainty) {
				out = append(out, e)
			}
		}
	}
	return out
}
