package registry

import (
	"cmp"
	"slices"
	"strings"
)

// formerHits finds the places of today that once bore a code or name that answers the query, the
// best first: an exact code or name, one that begins with the query, one that holds it.
func (t *Tree) formerHits(q string, level, limit int) []Area {
	q = FoldName(q)
	if q == "" || len(t.past.lives) == 0 {
		return nil
	}
	type hit struct {
		rank int
		a    Area
	}
	best := map[string]hit{}
	consider := func(id string, rank int) {
		a, ok := t.heir(id)
		if old, seen := best[a.Code]; !ok || level != 0 && a.Level != level || seen && old.rank <= rank {
			return
		}
		best[a.Code] = hit{rank, a}
	}
	rank := rankFormer(q)
	for id, l := range t.past.lives {
		for _, p := range l.codes {
			if r, ok := rankCode(p.value, q); ok {
				consider(id, r)
			}
		}
		for _, p := range l.names {
			if r, ok := rank(p.value); ok {
				consider(id, r)
			}
		}
	}
	for id, c := range t.past.closed {
		if r, ok := rankCode(c.Code, q); ok {
			consider(id, r)
		}
		if r, ok := rank(c.Name); ok {
			consider(id, r)
		}
	}
	hits := make([]hit, 0, len(best))
	for _, h := range best {
		hits = append(hits, h)
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.a.Level, b.a.Level), cmp.Compare(a.a.Code, b.a.Code))
	})
	out := make([]Area, 0, limit)
	for _, h := range hits[:min(limit, len(hits))] {
		out = append(out, h.a)
	}
	return out
}

func rankCode(code, q string) (int, bool) {
	switch {
	case !IsDigits(q):
		return 0, false
	case code == q, len(q) == levelLength[LevelCommunity] && len(code) < len(q) && strings.HasPrefix(q, code) &&
		strings.Trim(q[len(code):], "0") == "":
		return rankExact, true
	}
	return rankPrefix, strings.HasPrefix(code, q)
}

// rankFormer judges names by characters, or by how they are spelt when the query is Latin.
func rankFormer(q string) func(name string) (int, bool) {
	if isLatin(q) {
		return func(name string) (int, bool) {
			full, first := Spelling(FoldName(name))
			short, _ := Spelling(Core(FoldName(name)))
			switch {
			case full == q || short == q:
				return rankCore, true
			case strings.HasPrefix(full, q) || strings.HasPrefix(first, q):
				return rankPrefix, true
			}
			return 0, false
		}
	}
	short := Core(q)
	return func(name string) (int, bool) {
		name = FoldName(name)
		return rankName(name, q, short), strings.Contains(name, short)
	}
}

// closedHits lists places that are no more, and that nothing took over, whose name or code
// answers the query: for faces that show the past, never for a choice.
func (t *Tree) closedHits(q string, limit int) []Former {
	q = FoldName(q)
	out := []Former{}
	if q == "" {
		return out
	}
	rank := rankFormer(q)
	for id, c := range t.past.closed {
		if _, went := t.heir(id); went {
			continue
		}
		_, byCode := rankCode(c.Code, q)
		if _, byName := rank(c.Name); byCode || byName {
			out = append(out, Former{Code: c.Code, Name: c.Name, Until: c.on, ClosedOn: c.on})
		}
	}
	slices.SortFunc(out, func(a, b Former) int { return strings.Compare(a.Code, b.Code) })
	return out[:min(limit, len(out))]
}
