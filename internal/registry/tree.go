package registry

import (
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Tree is an immutable snapshot of all areas in the order of their codes, in which a parent comes
// right before everything below it: whatever lies below an area is one stretch, found by two
// binary searches. Texts lie end to end, so a country's 665,000 areas need less than 100 MB and
// nothing for the collector to walk.
type Tree struct {
	revision int64

	keys     []uint64
	ids      []uuid.UUID
	kind     []uint8
	opened   []int32 // days since 1970
	version  []uint32
	name     column
	pinyin   column
	initials column

	byKind [][]int32 // positions of each kind, ascending
	folded []int32   // positions whose name reads otherwise when folded

	past *history // what was before
	day  string   // the day that it shows, or "" for the present
	byID sync.Once
	ofID map[string]int // see positions
}

// column keeps texts end to end, each between two line feeds.
type column struct {
	text string
	ends []uint32 // offset of the line feed after each
}

func (c *column) at(i int) string {
	from := uint32(1)
	if i > 0 {
		from = c.ends[i-1] + 1
	}
	return c.text[from:c.ends[i]]
}

// holding is the position of the text that an offset falls into.
func (c *column) holding(offset int) int {
	return sort.Search(len(c.ends), func(i int) bool { return int(c.ends[i]) >= offset })
}

// treeBuilder gathers areas in any order.
type treeBuilder struct {
	t                      *Tree
	name, pinyin, initials strings.Builder
}

func newTreeBuilder(revision int64, size int) *treeBuilder {
	b := &treeBuilder{t: &Tree{
		revision: revision, keys: make([]uint64, 0, size), ids: make([]uuid.UUID, 0, size),
		kind: make([]uint8, 0, size), opened: make([]int32, 0, size), version: make([]uint32, 0, size),
		byKind: make([][]int32, len(kinds)), past: newHistory(),
	}}
	for _, c := range []*column{&b.t.name, &b.t.pinyin, &b.t.initials} {
		c.ends = make([]uint32, 0, size)
	}
	b.name.Grow(size * 26)
	b.pinyin.Grow(size * 28)
	b.initials.Grow(size * 9)
	for _, w := range []*strings.Builder{&b.name, &b.pinyin, &b.initials} {
		w.WriteByte('\n')
	}
	return b
}

// add takes the next area; areas must come in the order of their codes.
func (b *treeBuilder) add(a Area) error {
	k, ok := AreaKey(a.Code)
	id, err := uuid.Parse(a.ID)
	day, errDay := time.Parse(time.DateOnly, a.OpenedOn)
	kind := kindNumber(a.Kind)
	if n := len(b.t.keys); !ok || err != nil || errDay != nil || kind < 0 || n > 0 && b.t.keys[n-1] >= k {
		return errTree.With("code", a.Code)
	}
	i := int32(len(b.t.keys))
	b.t.keys = append(b.t.keys, k)
	b.t.ids = append(b.t.ids, id)
	b.t.kind = append(b.t.kind, uint8(kind))
	b.t.opened = append(b.t.opened, int32(day.Unix()/86400))
	b.t.version = append(b.t.version, uint32(a.Version))
	b.t.byKind[kind] = append(b.t.byKind[kind], i)
	put(&b.name, &b.t.name, a.Name)
	put(&b.pinyin, &b.t.pinyin, a.Pinyin)
	put(&b.initials, &b.t.initials, a.Initials)
	if FoldName(a.Name) != a.Name {
		b.t.folded = append(b.t.folded, i)
	}
	return nil
}

// NewTree is a snapshot of areas that come in the order of their codes. Error: registry.area.broken for one that cannot be.
func NewTree(revision int64, areas []Area) (*Tree, error) {
	b := newTreeBuilder(revision, len(areas))
	for _, a := range areas {
		if err := b.add(a); err != nil {
			return nil, err
		}
	}
	return b.tree(), nil
}

func put(w *strings.Builder, c *column, s string) {
	w.WriteString(s)
	c.ends = append(c.ends, uint32(w.Len()))
	w.WriteByte('\n')
}

func (b *treeBuilder) tree() *Tree {
	b.t.name.text, b.t.pinyin.text, b.t.initials.text = b.name.String(), b.pinyin.String(), b.initials.String()
	return b.t
}

func kindNumber(kind string) int {
	for i, k := range kinds {
		if k == kind {
			return i
		}
	}
	return -1
}

// levelLength is the number of digits of a code at each level.
var levelLength = [...]int{LevelProvince: 2, LevelCity: 4, LevelCounty: 6, LevelStreet: 9, LevelCommunity: 12, LevelGrid: 15}

// CodeLength is the number of digits of a code at a level, 1 … 6.
func CodeLength(level int) int { return levelLength[level] }

// LevelOf is the level that a code's length tells, or 0.
func LevelOf(code string) int {
	for level := LevelProvince; level <= LevelGrid; level++ {
		if len(code) == levelLength[level] {
			return level
		}
	}
	return 0
}

// AreaKey is a number that sorts as codes do: fifteen digits, then the level.
func AreaKey(code string) (uint64, bool) {
	level := LevelOf(code)
	n, ok := padded(code)
	return n*8 + uint64(level), ok && level > 0
}

// padded reads up to fifteen digits as if zeros followed.
func padded(code string) (uint64, bool) {
	if len(code) > 15 {
		return 0, false
	}
	var n uint64
	for i := range 15 {
		n *= 10
		if i < len(code) {
			if code[i] < '0' || code[i] > '9' {
				return 0, false
			}
			n += uint64(code[i] - '0')
		}
	}
	return n, true
}

// codeOf undoes areaKey.
func codeOf(key uint64) string {
	var b [15]byte
	n := key / 8
	for i := 14; i >= 0; i-- {
		b[i] = '0' + byte(n%10)
		n /= 10
	}
	return string(b[:levelLength[key%8]])
}

// Find is the position of a code.
func (t *Tree) Find(code string) (int, bool) {
	k, ok := AreaKey(code)
	if !ok {
		return 0, false
	}
	i := sort.Search(len(t.keys), func(i int) bool { return t.keys[i] >= k })
	return i, i < len(t.keys) && t.keys[i] == k
}

// Stretch is the positions of all areas whose code begins with the digits, from ≤ i < to.
func (t *Tree) Stretch(prefix string) (from, to int) {
	n, ok := padded(prefix)
	if !ok {
		return 0, 0
	}
	step := uint64(1)
	for range 15 - len(prefix) {
		step *= 10
	}
	low, high := n*8, (n+step)*8
	// An area above, such as 4419 over 441900, shares the padded number but not the length.
	for l := LevelProvince; l <= LevelGrid; l++ {
		if levelLength[l] >= len(prefix) {
			low += uint64(l)
			break
		}
	}
	from = sort.Search(len(t.keys), func(i int) bool { return t.keys[i] >= low })
	to = sort.Search(len(t.keys), func(i int) bool { return t.keys[i] >= high })
	return from, to
}

// At is the area at a position, counted from 0 in the order of the codes.
func (t *Tree) At(i int) Area {
	code := codeOf(t.keys[i])
	level := int(t.keys[i] % 8)
	return Area{
		ID: t.ids[i].String(), Code: code, Name: t.name.at(i), Level: level, Kind: kinds[t.kind[i]],
		Parent: code[:levelLength[level-1]], Pinyin: t.pinyin.at(i), Initials: t.initials.at(i),
		OpenedOn: time.Unix(int64(t.opened[i])*86400, 0).UTC().Format(time.DateOnly), Version: int64(t.version[i]),
	}
}

// LevelAt is the level of the area at a position.
func (t *Tree) LevelAt(i int) int { return int(t.keys[i] % 8) }

// CodeAt is the code of the area at a position.
func (t *Tree) CodeAt(i int) string { return codeOf(t.keys[i]) }

// NameAt is its name.
func (t *Tree) NameAt(i int) string { return t.name.at(i) }

// IDAt is its id.
func (t *Tree) IDAt(i int) string { return t.ids[i].String() }

// Revision counts the changes of the register that the snapshot holds.
func (t *Tree) Revision() int64 { return t.revision }

// Size is the number of areas.
func (t *Tree) Size() int { return len(t.keys) }

// Area is the area of a code.
func (t *Tree) Area(code string) (Area, bool) {
	i, ok := t.Find(code)
	if !ok {
		return Area{}, false
	}
	return t.At(i), true
}

// Path is the areas from the city down to the code's own; nil when the code is not registered.
// A province's path is itself alone.
func (t *Tree) Path(code string) []Area {
	if _, ok := t.Find(code); !ok {
		return nil
	}
	top := LevelCity
	if len(code) == levelLength[LevelProvince] {
		top = LevelProvince
	}
	var path []Area
	for level := top; level <= LevelGrid && levelLength[level] <= len(code); level++ {
		if i, ok := t.Find(code[:levelLength[level]]); ok {
			path = append(path, t.At(i))
		}
	}
	return path
}

// Children lists the areas right below a code in order; of "" the topmost of the register.
func (t *Tree) Children(code string) []Area {
	from, to := t.Stretch(code)
	if from < to && codeOf(t.keys[from]) == code {
		from++
	}
	var out []Area
	for i := from; i < to; {
		a := t.At(i)
		out = append(out, a)
		_, i = t.Stretch(a.Code)
	}
	return out
}

// childCount is the number of areas right below a code.
func (t *Tree) childCount(code string) int {
	from, to := t.Stretch(code)
	n := -1 // the area itself
	for level := LevelOf(code); from < to; n++ {
		_, next := t.Stretch(codeOf(t.keys[from]))
		if t.LevelAt(from) == level {
			next = from + 1
		}
		from = next
	}
	return max(n, 0)
}

// Below lists the areas of one level inside a code in order; of "" those of the whole register.
func (t *Tree) Below(code string, level int) []Area {
	var out []Area
	from, to := t.Stretch(code)
	for i := from; i < to; i++ {
		if t.LevelAt(i) == level {
			out = append(out, t.At(i))
		}
	}
	return out
}

// CountBelow counts by kind what a code holds, itself included, without walking it.
func (t *Tree) CountBelow(code string) Count {
	from, to := t.Stretch(code)
	n := func(names ...string) (sum int) {
		for _, name := range names {
			p := t.byKind[kindNumber(name)]
			sum += sort.Search(len(p), func(i int) bool { return int(p[i]) >= to }) -
				sort.Search(len(p), func(i int) bool { return int(p[i]) >= from })
		}
		return sum
	}
	c := Count{
		Counties:  n(KindDistrict, KindCounty, KindZone),
		Streets:   n(KindSubdistrict, KindTown, KindTownship, KindQuasiStreet),
		Residents: n(KindResidents), Villagers: n(KindVillagers),
		Quasi: n(KindQuasiCommunity, KindQuasiVillage),
		Grids: n(KindGridGeneral, KindGridDedicated),
	}
	c.Communities = c.Residents + c.Villagers + c.Quasi
	return c
}

// City is the register's city; false when it holds none or, as a national register, several.
func (t *Tree) City() (Area, bool) {
	cities := t.byKind[kindNumber(KindCity)]
	if len(cities) != 1 {
		return Area{}, false
	}
	return t.At(int(cities[0])), true
}
