package change

import (
	"linli/internal/registry"
	"slices"
	"strings"
)

// matcher finds for every old place that the rows speak of the row that is the same place. It goes
// from the top down, as where a place lies says much about which it is, and at each level from
// what is certain to what is a guess:
//
//	the same code and name                                               (nothing to tell)
//	the same code, the name but for 村/社区/街道/乡/镇                    certain: unit
//	the code that follows from its parent's, the name likewise           certain: follows
//	the same parent, the only such name on both sides, another code      likely: renumbered
//	the code it had or would follow to, the name alike (misspelt)        likely: spelling
//	the code it had, most of the places below the same                   likely: below
//	the same parent, the only name that sounds so                        likely: sounds
//	the same county (a street: the city), the only such name             likely: moved
//
// What is left over is asked of a person: the same code with quite another name, a place that the
// rows no longer hold, a name that fits in several places. A decision comes before everything.
type matcher struct {
	*shape
	parents    map[string]bool // codes that rows lie below
	levels     map[string]bool // levels of cities that rows list
	supplement bool

	level int
	olds  []int // positions of this level that wait
	news  []int // rows of this level that wait
	cores map[int]string
}

// match fills the shape. Rows are complete below every parent that they list something of, unless
// supplement says that they only add.
func (s *shape) match(supplement bool) {
	m := &matcher{shape: s, parents: map[string]bool{}, levels: map[string]bool{}, supplement: supplement}
	news := make([][]int, registry.LevelGrid+1)
	for i, r := range s.rows {
		m.parents[r.parent] = true
		m.levels[levelIn(r.code)] = true
		pos, ok := s.t.Find(r.code)
		if ok && s.t.NameAt(pos) == r.name && s.free(pos) && s.freeRow(i) {
			s.join(pos, i, evidence{Certain, "unit", "", ""})
		} else if s.freeRow(i) {
			news[r.level] = append(news[r.level], i)
		}
	}
	byLevel := make([][]int, registry.LevelGrid+1)
	for pos := range s.covered {
		level := s.t.LevelAt(pos)
		byLevel[level] = append(byLevel[level], pos)
	}
	for m.level = registry.LevelProvince; m.level <= registry.LevelGrid; m.level++ {
		m.olds, m.news, m.cores = nil, news[m.level], map[int]string{}
		for _, pos := range byLevel[m.level] {
			if s.covered[pos] = m.covers(pos); s.covered[pos] && s.free(pos) {
				m.olds = append(m.olds, pos)
			}
		}
		m.run()
	}
}

// levelIn names a level of areas inside a city.
func levelIn(code string) string {
	return cityOf(code) + "/" + string(rune('0'+registry.LevelOf(code)))
}

// covers tells whether rows speak of an old place: it is listed, or left out although others under
// the same parent are listed. Of what lay below a place that has ended they speak when they list
// that level of the city at all. A city's file says nothing of other cities.
func (m *matcher) covers(pos int) bool {
	code := m.t.CodeAt(pos)
	if _, given := m.at[code]; given {
		return true
	}
	if m.supplement {
		return false
	}
	parent := code[:registry.CodeLength(m.level-1)]
	if m.level <= registry.LevelCity {
		_, given := m.at[parent]
		return given
	}
	p, ok := m.t.Find(parent)
	if !ok {
		return m.parents[parent]
	}
	if _, ends := m.into[p]; !ends {
		if above := m.newCode(p); above != "" {
			return m.parents[above]
		}
	}
	return m.levels[levelIn(code)]
}

// free tells whether nothing has been found out about an old place.
func (s *shape) free(pos int) bool {
	_, joined := s.rowOf[pos]
	_, ends := s.into[pos]
	return !joined && !ends && !s.kept[pos] && len(s.parts[pos]) == 0
}

// freeRow tells whether nothing has been found out about a row.
func (s *shape) freeRow(row int) bool {
	_, joined := s.posOf[row]
	_, cut := s.cutFrom[row]
	_, told := s.rowHow[row]
	return !joined && !cut && !told
}

func (m *matcher) core(pos int) string {
	c, ok := m.cores[pos]
	if !ok {
		c = matchCore(m.t.NameAt(pos), m.level)
		m.cores[pos] = c
	}
	return c
}

func (m *matcher) rowCore(row int) string { return matchCore(m.rows[row].name, m.level) }

// newCode is the code that a place above goes on with, "" while nobody knows.
func (s *shape) newCode(pos int) string {
	if row, ok := s.rowOf[pos]; ok {
		return s.rows[row].code
	}
	if to, ends := s.into[pos]; ends {
		return to
	}
	code := s.t.CodeAt(pos)
	if s.covered[pos] && !s.kept[pos] {
		return ""
	}
	level := s.t.LevelAt(pos)
	p, ok := s.t.Find(code[:registry.CodeLength(level-1)])
	if !ok {
		return code
	}
	if above := s.newCode(p); above != "" {
		return above + code[registry.CodeLength(level-1):]
	}
	return ""
}

// parentAfter is the code that the place above goes on with.
func (m *matcher) parentAfter(pos int) string {
	code := m.t.CodeAt(pos)
	parent := code[:registry.CodeLength(m.level-1)]
	if p, ok := m.t.Find(parent); ok {
		return m.newCode(p)
	}
	return parent
}

// followed is the code that follows from the place above, "" where that is the old one.
func (m *matcher) followed(pos int) string {
	code := m.t.CodeAt(pos)
	above := m.parentAfter(pos)
	if above == "" || strings.HasPrefix(code, above) {
		return ""
	}
	return above + code[registry.CodeLength(m.level-1):]
}

func joinKey(parts ...string) string {
	if slices.Contains(parts, "") {
		return ""
	}
	return strings.Join(parts, "|")
}

func (m *matcher) run() {
	code := func(pos int) string { return m.t.CodeAt(pos) }
	rowCode := func(row int) string { return m.rows[row].code }
	always := func(int, int) bool { return true }
	m.pair("unit", Certain, func(p int) string { return joinKey(code(p), m.core(p)) },
		func(r int) string { return joinKey(rowCode(r), m.rowCore(r)) }, always)
	m.pair("follows", Certain, func(p int) string { return joinKey(m.followed(p), m.core(p)) },
		func(r int) string { return joinKey(rowCode(r), m.rowCore(r)) }, always)
	m.pair("renumbered", Likely, func(p int) string { return joinKey(m.parentAfter(p), m.core(p)) },
		func(r int) string { return joinKey(m.rows[r].parent, m.rowCore(r)) }, always)
	similar := func(p, r int) bool { return alike(m.core(p), m.rowCore(r)) }
	m.pair("spelling", Likely, m.followed, rowCode, similar)
	m.pair("spelling", Likely, code, rowCode, similar)
	if m.level < registry.LevelCommunity {
		m.pair("below", Likely, m.followed, rowCode, m.sameBelow)
		m.pair("below", Likely, code, rowCode, m.sameBelow)
	}
	m.pair("sounds", Likely, func(p int) string { return joinKey(m.parentAfter(p), sound(m.core(p))) },
		func(r int) string { return joinKey(m.rows[r].parent, sound(m.rowCore(r))) }, always)
	switch {
	case m.level < registry.LevelCommunity:
		m.pair("moved", Likely, func(p int) string { return joinKey(cityOf(code(p)), m.core(p)) },
			func(r int) string { return joinKey(cityOf(rowCode(r)), m.rowCore(r)) }, always)
	case m.level == registry.LevelCommunity:
		m.pair("moved", Likely, func(p int) string { return joinKey(m.countyAfter(p), registry.FoldName(m.t.NameAt(p))) },
			func(r int) string {
				return joinKey(m.rows[r].code[:registry.CodeLength(registry.LevelCounty)], registry.FoldName(m.rows[r].name))
			}, always)
	}
}

func cityOf(code string) string {
	return code[:min(len(code), registry.CodeLength(registry.LevelCity))]
}

// countyAfter is the county that a place's county goes on as.
func (m *matcher) countyAfter(pos int) string {
	code := m.t.CodeAt(pos)[:registry.CodeLength(registry.LevelCounty)]
	if p, ok := m.t.Find(code); ok {
		return m.newCode(p)
	}
	return code
}

// pair joins old and new places that share a key which no other waiting place on either side has.
func (m *matcher) pair(why, confidence string, ofOld, ofNew func(int) string, agree func(pos, row int) bool) {
	if len(m.olds) == 0 || len(m.news) == 0 {
		return
	}
	const several = -2
	unique := func(list []int, key func(int) string) map[string]int {
		found := make(map[string]int, len(list))
		for _, i := range list {
			k := key(i)
			if k == "" {
				continue
			}
			if _, twice := found[k]; twice {
				found[k] = several
			} else {
				found[k] = i
			}
		}
		return found
	}
	rows := unique(m.news, ofNew)
	for key, pos := range unique(m.olds, ofOld) {
		row, ok := rows[key]
		if ok && pos != several && row != several && agree(pos, row) {
			m.join(pos, row, evidence{confidence: confidence, why: why})
		}
	}
	m.olds = slices.DeleteFunc(m.olds, func(p int) bool { return !m.free(p) })
	m.news = slices.DeleteFunc(m.news, func(r int) bool { return !m.freeRow(r) })
}

// sameBelow tells whether at least half of the places right below an old place stand by name
// below a row, of three or more.
func (m *matcher) sameBelow(pos, row int) bool {
	same, all := m.commonBelow(pos, m.rows[row].code)
	return all >= 3 && same*2 >= all
}

func (m *matcher) commonBelow(pos int, code string) (same, all int) {
	level := m.level + 1
	names := map[string]bool{}
	for _, r := range m.rows[m.firstRow(code):] {
		if !strings.HasPrefix(r.code, code) {
			break
		}
		if r.level == level {
			names[matchCore(r.name, level)] = true
		}
	}
	for _, a := range m.t.Children(m.t.CodeAt(pos)) {
		all++
		if names[matchCore(a.Name, level)] {
			same++
		}
	}
	return same, all
}
