package change

import (
	"cmp"
	"slices"
	"strconv"

	"linli/internal/platform/errs"
	"linli/internal/platform/idcode"
	"linli/internal/registry"
)

// shape is a register on its way from one structure to another: for every old area whether it
// goes on and where, for every new row whether it is an old place. An import fills it by matching,
// the console by what a person asks for; build works out what follows.
type shape struct {
	t       *registry.Tree
	rows    []areaRow
	at      map[string]int // code → row
	rowOf   map[int]int    // position → row that is the same place
	posOf   map[int]int    // row → position
	covered []bool         // positions that rows speak of: what they leave out has ended
	kept    map[int]bool   // positions that stay although left out
	into    map[int]string // positions that end → code of what takes over, or ""
	parts   map[int][]int  // positions that are split → rows cut out
	cutFrom map[int]int    // row → position that it was cut out of
	how     map[int]evidence
	rowHow  map[int]evidence
	on      string // effective day unless evidence says another

	suspended map[int]bool // positions that wait for an answer; only a dry run has them
	heldRows  map[int]bool // rows under their codes
}

type evidence struct {
	confidence, why string
	on, reason      string
}

func newShape(t *registry.Tree, rows []areaRow, on string) *shape {
	s := &shape{t: t, rows: rows, on: on, at: make(map[string]int, len(rows)), rowOf: map[int]int{}, posOf: map[int]int{},
		covered: make([]bool, t.Size()), kept: map[int]bool{}, into: map[int]string{}, parts: map[int][]int{},
		cutFrom: map[int]int{}, how: map[int]evidence{}, rowHow: map[int]evidence{},
		suspended: map[int]bool{}, heldRows: map[int]bool{}}
	for i, r := range rows {
		s.at[r.code] = i
	}
	return s
}

func (s *shape) join(pos, row int, e evidence) {
	s.rowOf[pos], s.posOf[row], s.how[pos] = row, pos, e
}

// placed is an area that goes on with another code, name or kind.
type placed struct{ was, now registry.Area }

// closing is an area that ends.
type closing struct {
	was  registry.Area
	into string // code after of what takes over, or ""
	on   string
}

// reshape is all that a reorganisation changes.
type reshape struct {
	changes   []registry.Change
	proposals []Proposal
	places    []placed
	opened    []registry.Area // without id; OpenedOn is set
	closed    []closing
	pairs     registry.Pairs // codes
	parts     []registry.Part
}

func (r *reshape) empty() bool { return len(r.changes) == 0 }

// builder works out a shape's consequences.
type builder struct {
	*shape
	final    []string // code after of each position, "" of what ends
	used     map[string]bool
	waiting  [][]int // positions by level whose parent gave its place up: they need a free number
	deferred map[int]bool
	out      *reshape
}

// build works out what follows for every area: a place below one that has moved moves along, one
// below a place that merged gets a free number there.
func (s *shape) build() (*reshape, error) {
	b := &builder{shape: s, final: make([]string, s.t.Size()), used: map[string]bool{}, waiting: make([][]int, registry.LevelGrid+1),
		deferred: map[int]bool{}, out: &reshape{}}
	for pos := range b.final {
		if err := b.place(pos); err != nil {
			return nil, err
		}
	}
	for _, level := range b.waiting {
		for _, own := range []bool{true, false} { // whoever can keeps its last digits
			for _, pos := range level {
				if err := b.number(pos, own); err != nil {
					return nil, err
				}
			}
		}
	}
	if len(b.suspended) == 0 {
		if err := b.check(); err != nil {
			return nil, err
		}
	}
	for pos := range b.final {
		if err := b.compare(pos); err != nil {
			return nil, err
		}
	}
	for i := range s.rows {
		b.open(i)
	}
	return b.out, nil
}

func (b *builder) parentOf(pos int) (int, bool) {
	code := b.t.CodeAt(pos)
	return b.t.Find(code[:registry.CodeLength(b.t.LevelAt(pos)-1)])
}

// place settles the code of a position whose parent is settled: parents come first in the tree.
func (b *builder) place(pos int) error {
	code := b.t.CodeAt(pos)
	if row, ok := b.rowOf[pos]; ok {
		b.take(pos, b.rows[row].code)
		return nil
	}
	if _, ends := b.into[pos]; ends {
		return nil
	}
	p, hasParent := b.parentOf(pos)
	switch {
	case b.suspended[pos]:
	case hasParent && b.suspended[p]:
		b.suspended[pos] = true
	case !hasParent:
		b.take(pos, code)
	case b.deferred[p]:
		b.wait(pos)
	case b.final[p] != "":
		b.take(pos, b.final[p]+code[registry.CodeLength(b.t.LevelAt(pos)-1):])
	case b.into[p] != "":
		b.wait(pos)
	default: // the place above has ended with nothing left
		b.into[pos] = ""
		b.how[pos] = b.how[p]
	}
	return nil
}

func (b *builder) take(pos int, code string) {
	b.final[pos], b.used[code] = code, true
}

func (b *builder) wait(pos int) {
	b.deferred[pos] = true
	level := b.t.LevelAt(pos)
	b.waiting[level] = append(b.waiting[level], pos)
}

// number gives a place its parent's new prefix: with its own last digits where they are free, or
// in a second round with others.
func (b *builder) number(pos int, own bool) error {
	if b.final[pos] != "" {
		return nil
	}
	p, _ := b.parentOf(pos)
	parent := cmp.Or(b.final[p], b.into[p])
	tail := b.t.CodeAt(pos)[registry.CodeLength(b.t.LevelAt(pos)-1):]
	code := parent + tail
	if own && b.taken(code) {
		return nil
	}
	if !own {
		var ok bool
		if code, ok = b.freeCode(parent, tail); !ok {
			return errs.New(errs.Conflict, "registry.change.full").With("area", parent)
		}
	}
	b.take(pos, code)
	return nil
}

func (b *builder) taken(code string) bool {
	_, given := b.at[code]
	return given || b.used[code]
}

// freeCode is the first code below parent that nothing carries afterwards, of the kind that tail
// tells.
func (b *builder) freeCode(parent, tail string) (string, bool) {
	want, err := idcode.ParseArea(parent + tail)
	if err != nil {
		return "", false
	}
	for n := 1; n < 1000; n++ {
		next := strconv.Itoa(1000 + n)[1:]
		if len(tail) != 3 {
			break
		}
		if a, err := idcode.ParseArea(parent + next); err == nil && a.Kind == want.Kind && !b.taken(parent+next) {
			return parent + next, true
		}
	}
	return "", false
}

// check refuses a structure that cannot be: a code twice, a place below nothing, a successor that
// is not there or of another level.
func (b *builder) check() error {
	seen := make(map[string]bool, len(b.rows))
	add := func(code string) error {
		if seen[code] {
			return errs.New(errs.Conflict, "registry.change.code_taken").With("code", code)
		}
		seen[code] = true
		return nil
	}
	for _, code := range b.final {
		if code != "" {
			if err := add(code); err != nil {
				return err
			}
		}
	}
	for i, r := range b.rows {
		if _, old := b.posOf[i]; !old {
			if err := add(r.code); err != nil {
				return err
			}
		}
	}
	for code := range seen {
		level := registry.LevelOf(code)
		if level > registry.LevelCity && !seen[code[:registry.CodeLength(level-1)]] {
			return errs.New(errs.Conflict, "registry.change.orphan").With("code", code)
		}
	}
	for pos, to := range b.into {
		if to == "" {
			continue
		}
		if !seen[to] || registry.LevelOf(to) != b.t.LevelAt(pos) {
			return errs.New(errs.Conflict, "registry.change.successor").With("code", b.t.CodeAt(pos), "to", to)
		}
	}
	return nil
}

// compare records what became of a position.
func (b *builder) compare(pos int) error {
	if b.suspended[pos] {
		return nil
	}
	was := b.t.At(pos)
	e := b.evidence(pos)
	day := cmp.Or(e.on, b.on)
	if b.final[pos] == "" {
		b.close(pos, was, e, day)
		return nil
	}
	now := was
	now.Code = b.final[pos]
	now.Parent = now.Code[:registry.CodeLength(now.Level-1)]
	if row, ok := b.rowOf[pos]; ok {
		now.Name, now.Kind = b.rows[row].name, b.rows[row].kind
		if now.Kind == "" {
			now.Kind = was.Kind
		}
	} else if now.Level < registry.LevelGrid && now.Code != was.Code {
		if a, err := idcode.ParseArea(now.Code); err == nil {
			now.Kind = string(a.Kind)
		}
	}
	if now != was {
		now.Pinyin, now.Initials = registry.Spelling(now.Name)
		b.out.places = append(b.out.places, placed{was, now})
		b.tell(registry.Change{Kind: b.kindOf(pos, was, now), On: day, From: named(was.Code, was.Name), To: named(now.Code, now.Name),
			Reason: e.reason, AreaID: was.ID}, e)
		if now.Code != was.Code {
			b.out.pairs = append(b.out.pairs, registry.Pair{From: was.Code, To: now.Code})
		}
	}
	for _, row := range b.parts[pos] {
		b.cut(was, row, e, day)
	}
	return nil
}

// evidence is what speaks for a position's change; the day and the reason of the nearest place
// above hold for what has none of its own.
func (b *builder) evidence(pos int) evidence {
	own := b.how[pos]
	if own.why == "" {
		own = evidence{confidence: Certain, why: "follows", on: own.on, reason: own.reason}
	}
	for p, ok := b.parentOf(pos); ok && own.on == ""; p, ok = b.parentOf(p) {
		own.on = b.how[p].on
		own.reason = cmp.Or(own.reason, b.how[p].reason)
	}
	return own
}

func (b *builder) kindOf(pos int, was, now registry.Area) string {
	if was.Code == now.Code {
		return registry.ChangeRename
	}
	p, ok := b.parentOf(pos)
	if ok && b.final[p] != now.Parent {
		return registry.ChangeMove
	}
	return registry.ChangeRecode
}

func (b *builder) close(pos int, was registry.Area, e evidence, day string) {
	to := b.into[pos]
	b.out.closed = append(b.out.closed, closing{was, to, day})
	for _, row := range b.parts[pos] {
		b.cut(was, row, e, day)
	}
	if to != "" {
		b.out.pairs = append(b.out.pairs, registry.Pair{From: was.Code, To: to})
	}
	if len(b.parts[pos]) > 0 {
		return
	}
	c := registry.Change{Kind: registry.ChangeClose, On: day, From: named(was.Code, was.Name), Reason: e.reason, AreaID: was.ID}
	if to != "" {
		c.Kind, c.To = registry.ChangeMerge, named(to, b.nameAfter(to))
	}
	b.tell(c, e)
}

func (b *builder) cut(was registry.Area, row int, e evidence, day string) {
	r := b.rows[row]
	b.tell(registry.Change{Kind: registry.ChangeSplit, On: day, From: named(was.Code, was.Name), To: named(r.code, r.name),
		Reason: e.reason, AreaID: was.ID}, e)
}

// nameAfter is the name that goes with a code afterwards.
func (b *builder) nameAfter(code string) string {
	if i, ok := b.at[code]; ok {
		return b.rows[i].name
	}
	for pos, c := range b.final {
		if c == code {
			return b.t.NameAt(pos)
		}
	}
	return ""
}

// open records a row that is no old place.
func (b *builder) open(i int) {
	if _, old := b.posOf[i]; old || b.heldRows[i] {
		return
	}
	r := b.rows[i]
	e := b.rowHow[i]
	day := cmp.Or(e.on, b.on)
	a := registry.Area{Code: r.code, Name: r.name, Level: r.level, Kind: r.kind, Parent: r.parent, OpenedOn: day}
	if a.Kind == "" {
		a.Kind = registry.KindGridGeneral
	}
	a.Pinyin, a.Initials = registry.Spelling(r.name)
	b.out.opened = append(b.out.opened, a)
	if pos, cut := b.cutFrom[i]; cut {
		b.out.opened[len(b.out.opened)-1].OpenedOn = cmp.Or(b.evidence(pos).on, b.on)
		return // told with the place it was cut out of
	}
	if e.why == "" {
		e = evidence{confidence: Certain, why: "new"}
	}
	b.tell(registry.Change{Kind: registry.ChangeOpen, On: day, To: named(r.code, r.name), Reason: e.reason}, e)
}

func (b *builder) tell(c registry.Change, e evidence) {
	b.out.changes = append(b.out.changes, c)
	b.out.proposals = append(b.out.proposals,
		Proposal{Kind: c.Kind, On: c.On, From: c.From, To: c.To, Confidence: cmp.Or(e.confidence, Certain), Why: e.why})
}

// touched lists the areas that a reorganisation changes, with the day from which.
func (r *reshape) touched() map[string]string {
	days := map[string]string{}
	for _, c := range r.changes {
		if c.AreaID != "" && (days[c.AreaID] == "" || c.On < days[c.AreaID]) {
			days[c.AreaID] = c.On
		}
	}
	return days
}

// sortOpened puts new areas into the order of their codes.
func (r *reshape) sortOpened() {
	slices.SortFunc(r.opened, func(a, b registry.Area) int {
		x, _ := registry.AreaKey(a.Code)
		y, _ := registry.AreaKey(b.Code)
		return cmp.Compare(x, y)
	})
}
