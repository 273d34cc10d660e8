package change

import (
	"cmp"
	"linli/internal/registry"
	"slices"
	"strings"
)

const mostCandidates = 4

// questions lists the old places of which nothing is known after matching, from the top down; a
// place below an open question waits for its answer. Those below a place that was closed with
// nothing left, by a decision, end with it and are no question.
func (s *shape) questions() []Question {
	var out []Question
	waiting := map[int]int{} // position → its question
	for pos := range s.covered {
		if !s.covered[pos] || !s.free(pos) {
			continue
		}
		level := s.t.LevelAt(pos)
		code := s.t.CodeAt(pos)
		if p, ok := s.t.Find(code[:registry.CodeLength(level-1)]); ok {
			if q, open := waiting[p]; open {
				waiting[pos] = q
				out[q].Below++
				continue
			}
			if _, given := s.at[code]; s.kept[p] && !given {
				s.kept[pos] = true
				continue
			}
			if to, ends := s.into[p]; ends && to == "" {
				s.into[pos] = ""
				continue
			}
		}
		waiting[pos] = len(out)
		out = append(out, s.question(pos))
	}
	return out
}

func (s *shape) question(pos int) Question {
	code, level := s.t.CodeAt(pos), s.t.LevelAt(pos)
	q := Question{From: named(code, s.t.NameAt(pos))}
	named := func(row int) registry.Named { return named(s.rows[row].code, s.rows[row].name) }
	if row, ok := s.at[code]; ok && s.freeRow(row) {
		q.Action, q.To, q.Why = registry.ChangeRename, named(row), "same_code"
	}
	core := matchCore(q.From.Name, level)
	var same, near []int
	for i, within := s.firstRow(cityOf(code)), cityOf(code); i < len(s.rows) && strings.HasPrefix(s.rows[i].code, within); i++ {
		r := s.rows[i]
		if r.level != level || r.code == q.To.Code {
			continue
		}
		other := matchCore(r.name, level)
		switch {
		case other == core && s.freeRow(i):
			same = append(same, i)
		case level > registry.LevelCounty && s.nextTo(pos, r) && (shares(core, other) || alike(core, other)):
			near = append(near, i)
		}
	}
	switch {
	case q.Action != "":
	case len(same) > 0:
		q.Action, q.To, q.Why = registry.ChangeMove, named(same[0]), "same_name"
		same = same[1:]
	case len(near) > 1 && s.partsOf(core, near, level):
		q.Action, q.Why = registry.ChangeSplit, "parts"
	default:
		if to, ok := s.heirBelow(pos); ok {
			q.Action, q.To, q.Why = registry.ChangeMerge, to, "below_moved"
		} else if len(near) > 0 {
			q.Action, q.To, q.Why = registry.ChangeMerge, named(near[0]), "near_name"
			near = near[1:]
		} else {
			q.Action, q.Why = registry.ChangeClose, "absent"
			near = s.unknownBeside(pos)
		}
	}
	for _, row := range append(same, near...) {
		if len(q.Candidates) < mostCandidates {
			q.Candidates = append(q.Candidates, named(row))
		}
	}
	return q
}

// unknownBeside lists rows below the same parent that nothing old is known to be.
func (s *shape) unknownBeside(pos int) (rows []int) {
	code := s.t.CodeAt(pos)
	parent := code[:registry.CodeLength(s.t.LevelAt(pos)-1)]
	for i := s.firstRow(parent); i < len(s.rows) && strings.HasPrefix(s.rows[i].code, parent); i++ {
		if s.rows[i].level == s.t.LevelAt(pos) && s.freeRow(i) {
			rows = append(rows, i)
		}
	}
	return rows
}

// firstRow is the first row whose code is not before this one; rows stand in the order of codes.
func (s *shape) firstRow(code string) int {
	key, _ := registry.AreaKey(code)
	i, _ := slices.BinarySearchFunc(s.rows, key, func(r areaRow, k uint64) int {
		own, _ := registry.AreaKey(r.code)
		return cmp.Compare(own, k)
	})
	return i
}

// nextTo tells whether a row lies below the same parent as a position.
func (s *shape) nextTo(pos int, r areaRow) bool {
	code := s.t.CodeAt(pos)
	parent := code[:registry.CodeLength(s.t.LevelAt(pos)-1)]
	if p, ok := s.t.Find(parent); ok {
		parent = s.newCode(p)
	}
	return parent != "" && r.parent == parent
}

// partsOf tells whether rows that nothing is known of carry the name and a word for a part of it:
// 芹 became 南芹 and 北芹.
func (s *shape) partsOf(core string, rows []int, level int) bool {
	n := 0
	for _, i := range rows {
		if other := matchCore(s.rows[i].name, level); s.freeRow(i) && strings.Contains(other, core) {
			n++
		}
	}
	return n > 1
}

// heirBelow is the place to which most of the places below a position have gone.
func (s *shape) heirBelow(pos int) (registry.Named, bool) {
	from, to := s.t.Stretch(s.t.CodeAt(pos))
	level := s.t.LevelAt(pos)
	gone, all := map[string]int{}, 0
	for i := from; i < to; i++ {
		if s.t.LevelAt(i) != level+1 {
			continue
		}
		all++
		if row, ok := s.rowOf[i]; ok {
			gone[s.rows[row].parent]++
		}
	}
	best := ""
	for code, n := range gone {
		if n > gone[best] || n == gone[best] && code < best {
			best = code
		}
	}
	if best == "" || gone[best]*2 < all {
		return registry.Named{}, false
	}
	return named(best, s.nameOf(best)), true
}

func (s *shape) nameOf(code string) string {
	if row, ok := s.at[code]; ok {
		return s.rows[row].name
	}
	if i, ok := s.t.Find(code); ok {
		return s.t.NameAt(i)
	}
	return ""
}

// suspend leaves a place with an open question as it is, so that a dry run can tell the rest. A
// row under its code waits with it.
func (s *shape) suspend(q Question) {
	from, to := s.t.Stretch(q.From.Code)
	for pos := from; pos < to; pos++ {
		if s.covered[pos] && s.free(pos) {
			s.suspended[pos] = true
			if row, ok := s.at[s.t.CodeAt(pos)]; ok && s.freeRow(row) {
				s.heldRows[row] = true
			}
		}
	}
}
