package registry

import (
	"strings"
	"unicode/utf8"

	"linli/internal/platform/fold"
)

// Bounds of a search.
const (
	searchDefault = 20
	searchMax     = 100
	searchRunes   = 60 // of the query; what is beyond is not looked at
)

// How well an area answers a query, the best first.
const (
	rankExact = iota
	rankCore  // the same but for an ending such as 社区居委会
	rankPrefix
	rankCorePrefix
	rankInside
	rankCoreInside
	ranks
)

// endings of names that say only what kind of place it is. The first that fits is taken off.
var endings = []string{
	"社区居民委员会", "社区村民委员会", "社区居委会", "社区村委会", "社区居委员", "社区党群服务中心",
	"村民委员会", "居民委员会", "村委会", "居委会", "社区", "街道办事处", "人民政府", "街道", "办事处",
	"自治县", "自治旗", "镇", "乡", "村", "区", "县", "市",
}

// Core is a folded name without its ending, e.g. 院前 of 院前社区居委会. Nothing is taken off
// that would leave nothing, nor a single-character ending that would leave a single character.
func Core(name string) string {
	for _, e := range endings {
		rest, found := strings.CutSuffix(name, e)
		if found && rest != "" && (len(e) > 3 || utf8.RuneCountInString(rest) > 1) {
			return rest
		}
	}
	return name
}

// hits keeps the first few areas of each rank and level.
type hits struct {
	t      *Tree
	level  int
	limit  int
	accept func(Area) bool // or nil
	seen   map[int]int     // position → best rank so far
	found  [ranks][LevelGrid + 1][]int
}

func (h *hits) add(i, rank int) {
	level := h.t.LevelAt(i)
	if h.level != 0 && level != h.level || len(h.found[rank][level]) >= h.limit {
		return
	}
	if best, ok := h.seen[i]; ok && best <= rank {
		return
	}
	if h.accept != nil && !h.accept(h.t.At(i)) {
		return
	}
	h.seen[i] = rank
	h.found[rank][level] = append(h.found[rank][level], i)
}

// best lists the areas found: better ranks first, then higher levels, then by code.
func (h *hits) best() []Area {
	out := []Area{}
	for rank := range h.found {
		for _, positions := range h.found[rank] {
			for _, i := range positions {
				if len(out) == h.limit {
					return out
				}
				if h.seen[i] == rank {
					out = append(out, h.t.At(i))
				}
			}
		}
	}
	return out
}

// Search finds areas by a part of their name, the beginning of their code, their pinyin or its
// initials. Full-width signs, capitals and blanks make no difference, nor endings such as
// 社区居委会. Exact answers come before those that begin with the query, and these before those
// that hold it. Several words narrow by the path: "海州 和平" finds 和平 inside 海州区. Level 0 is
// any level; limit is brought into 1…100, 0 being 20.
func (t *Tree) Search(q string, level, limit int) []Area {
	if limit <= 0 {
		limit = searchDefault
	}
	limit = min(limit, searchMax)
	q = fold.Cut(fold.Code(q), searchRunes)
	found := t.search(FoldName(q), level, limit, nil)
	words := strings.Fields(q)
	if len(found) > 0 || len(words) < 2 {
		return found
	}
	above := words[:len(words)-1]
	return t.search(FoldName(words[len(words)-1]), level, limit, func(a Area) bool { return t.inside(a, above) })
}

// inside tells whether each word stands in the name of an area above.
func (t *Tree) inside(a Area, words []string) bool {
	path := t.Path(a.Parent)
	for _, w := range words {
		held := false
		for _, p := range path {
			held = held || strings.Contains(FoldName(p.Name), FoldName(w))
		}
		if !held {
			return false
		}
	}
	return true
}

func (t *Tree) search(q string, level, limit int, accept func(Area) bool) []Area {
	if q == "" || strings.ContainsRune(q, '\n') {
		return []Area{}
	}
	h := &hits{t: t, level: level, limit: limit, accept: accept, seen: map[int]int{}}
	switch {
	case IsDigits(q):
		t.searchCode(h, q)
		t.searchName(h, q)
	case isLatin(q):
		t.searchSpelling(h, q)
		t.searchName(h, q)
	default:
		t.searchName(h, q)
	}
	return h.best()
}

func (t *Tree) searchCode(h *hits, q string) {
	// The statistics office prints every code with twelve digits.
	if len(q) == 12 && strings.HasSuffix(q, "000") {
		for _, n := range []int{9, 6, 4, 2} {
			if i, ok := t.Find(q[:n]); ok && strings.Trim(q[n:], "0") == "" {
				h.add(i, rankExact)
			}
		}
	}
	from, to := t.Stretch(q)
	for i := from; i < to; i++ {
		if codeOf(t.keys[i]) == q {
			h.add(i, rankExact)
		} else {
			h.add(i, rankPrefix)
		}
	}
}

func (t *Tree) searchName(h *hits, q string) {
	short := Core(q)
	t.name.each(short, func(i int) { h.add(i, rankName(t.name.at(i), q, short)) })
	for _, i := range t.folded {
		if name := FoldName(t.name.at(int(i))); strings.Contains(name, short) {
			h.add(int(i), rankName(name, q, short))
		}
	}
}

func rankName(name, q, short string) int {
	c := Core(name)
	switch {
	case name == q:
		return rankExact
	case c == q || c == short:
		return rankCore
	case strings.HasPrefix(name, q):
		return rankPrefix
	case strings.HasPrefix(name, short):
		return rankCorePrefix
	case strings.Contains(name, q):
		return rankInside
	}
	return rankCoreInside
}

func (t *Tree) searchSpelling(h *hits, q string) {
	t.pinyin.each("\n"+q, func(i int) {
		full, _ := Spelling(Core(FoldName(t.name.at(i))))
		switch {
		case t.pinyin.at(i) == q:
			h.add(i, rankExact)
		case full == q:
			h.add(i, rankCore)
		default:
			h.add(i, rankPrefix)
		}
	})
	t.initials.each("\n"+q, func(i int) {
		_, first := Spelling(Core(FoldName(t.name.at(i))))
		switch {
		case t.initials.at(i) == q || first == q:
			h.add(i, rankCore)
		default:
			h.add(i, rankCorePrefix)
		}
	})
	if len(q) >= 3 { // shorter ones stand inside nearly every name
		t.pinyin.each(q, func(i int) { h.add(i, rankInside) })
	}
}

// each calls found with the position of every text that holds the query once; a query that
// begins with a line feed stands for the beginning of a text.
func (c *column) each(q string, found func(i int)) {
	for from := 0; from < len(c.text); {
		at := strings.Index(c.text[from:], q)
		if at < 0 {
			return
		}
		at += from
		if q[0] == '\n' {
			at++
		}
		i := c.holding(at)
		if i >= len(c.ends) {
			return
		}
		found(i)
		from = int(c.ends[i])
	}
}

// IsDigits tells whether a text is digits alone.
func IsDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func isLatin(s string) bool {
	for i := range len(s) {
		if (s[i] < 'a' || s[i] > 'z') && (s[i] < '0' || s[i] > '9') && s[i] != '\'' {
			return false
		}
	}
	return true
}
