package registry

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// history is what the register was, in memory beside the Tree that says what it is. It is as
// large as the changes are many.
type history struct {
	codes  map[string][]period // by code, the oldest first
	lives  map[string]*life    // by area id: those that ever changed
	closed map[string]closed   // by area id
	cut    map[string]string   // id of a part → id of what it was cut out of
	at     map[string]int      // area id → position, of those above that are open
}

// period is a code or name that an area bore until a day, not included.
type period struct {
	area  string // id
	value string
	kind  string // of a name
	until string
}

// life is an area's past, the oldest first.
type life struct {
	codes, names []period
	last         string // day of the last change
}

// closed is an area that is no more.
type closed struct {
	Area
	on   string
	into string // id of what took over, or ""
}

func newHistory() *history {
	return &history{codes: map[string][]period{}, lives: map[string]*life{},
		closed: map[string]closed{}, cut: map[string]string{}, at: map[string]int{}}
}

func (h *history) life(id string) *life {
	l := h.lives[id]
	if l == nil {
		l = &life{}
		h.lives[id] = l
	}
	return l
}

func (h *history) changed(id, on string) {
	if l := h.life(id); on > l.last {
		l.last = on
	}
}

// settle finds where the areas of the history stand now.
func (h *history) settle(t *Tree) {
	if len(h.lives) == 0 {
		return
	}
	for i, id := range t.ids {
		if _, told := h.lives[id.String()]; told {
			h.at[id.String()] = i
		}
	}
}

// codeOn is the code of an area on a day, given the present one.
func (h *history) codeOn(id, now, day string) string {
	if l := h.lives[id]; l != nil {
		for _, p := range l.codes {
			if day < p.until {
				return p.value
			}
		}
	}
	return now
}

// nameOn is the name and kind of an area on a day, given the present ones.
func (h *history) nameOn(id, now, kind, day string) (string, string) {
	if l := h.lives[id]; l != nil {
		for _, p := range l.names {
			if day < p.until {
				return p.value, p.kind
			}
		}
	}
	return now, kind
}

// heir is the open area that an id's place belongs to now.
func (t *Tree) heir(id string) (Area, bool) {
	for range 100 { // a chain of successors; no circle can arise, as only open areas take over
		if i, open := t.past.at[id]; open {
			return t.At(i), true
		}
		c, was := t.past.closed[id]
		if !was || c.into == "" {
			return Area{}, false
		}
		id = c.into
	}
	return Area{}, false
}

// Former is what a code meant that nothing bears any more.
type Former struct {
	Code     string `json:"code"`
	Name     string `json:"name" doc:"At that time"`
	Until    string `json:"until" doc:"First day on which it no longer held"`
	ClosedOn string `json:"closedOn,omitempty" doc:"Of a place that is no more: first day on which it was not"`
}

// Former tells what a code meant last, when nothing bears it now, and the area that its place
// belongs to today (Code is empty when there is none).
func (t *Tree) Former(code string) (Former, Area, bool) {
	if _, open := t.Find(code); open {
		return Former{}, Area{}, false
	}
	periods := t.past.codes[code]
	if len(periods) == 0 {
		return Former{}, Area{}, false
	}
	p := slices.MaxFunc(periods, func(a, b period) int { return strings.Compare(a.until, b.until) })
	f := Former{Code: code, Until: p.until}
	heir, _ := t.heir(p.area)
	name := heir.Name
	if c, was := t.past.closed[p.area]; was {
		name = c.Name
		if c.Code == code {
			f.ClosedOn = c.on
		}
	} else if i, open := t.past.at[p.area]; open {
		name = t.name.at(i)
	}
	f.Name, _ = t.past.nameOn(p.area, name, "", DayBefore(p.until))
	return f, heir, true
}

// Current is the area that bears a code now or, when none does, the one that its last bearer's
// place belongs to.
func (t *Tree) Current(code string) (Area, bool) {
	if a, ok := t.Area(code); ok {
		return a, true
	}
	_, heir, ok := t.Former(code)
	return heir, ok && heir.Code != ""
}

// Current is the area that bears a code now or, when none does, the one that the place of its
// last bearer belongs to.
func (s *Service) Current(code string) (Area, bool) { return s.Tree().Current(code) }

// CurrentOf is the open area that an id's place belongs to now.
func (s *Service) CurrentOf(id string) (Area, bool) {
	t := s.Tree()
	if i, open := t.positions()[id]; open {
		return t.At(i), true
	}
	return t.heir(id)
}

// DayBefore is the day before a day; days compare as texts.
func DayBefore(day string) string {
	d, err := time.ParseInLocation(time.DateOnly, day, clock.City)
	if err != nil {
		return day
	}
	return clock.Day(d.AddDate(0, 0, -1))
}

// On is the register as it was on a day (YYYY-MM-DD): every area that was open then, with the code
// and name it had. Exact for all that was recorded with its date; areas that were in the register
// from its first import on appear on their opening day.
func (s *Service) On(ctx context.Context, day string) (*Tree, error) {
	t := s.Tree()
	if day == "" || day >= Today(ctx) {
		return t, nil
	}
	if kept := s.days.Load(); kept != nil && kept.now == t && kept.day == day {
		return kept.then, nil
	}
	then, err := t.on(day)
	if err == nil {
		s.days.Store(&dayTree{now: t, day: day, then: then})
	}
	return then, err
}

// dayTree keeps the last day that was asked for.
type dayTree struct {
	now, then *Tree
	day       string
}

func (t *Tree) on(day string) (*Tree, error) {
	var areas []Area
	add := func(a Area) {
		a.Code = t.past.codeOn(a.ID, a.Code, day)
		name, kind := t.past.nameOn(a.ID, a.Name, a.Kind, day)
		if name != a.Name {
			a.Pinyin, a.Initials = Spelling(name)
		}
		a.Name, a.Kind = name, kind
		areas = append(areas, a)
	}
	for i := range t.keys {
		if a := t.At(i); a.OpenedOn <= day {
			add(a)
		}
	}
	for _, c := range t.past.closed {
		if c.OpenedOn <= day && day < c.on {
			add(c.Area)
		}
	}
	slices.SortFunc(areas, func(a, b Area) int {
		x, _ := AreaKey(a.Code)
		y, _ := AreaKey(b.Code)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	b := newTreeBuilder(t.revision, len(areas))
	for i, a := range areas {
		if i > 0 && areas[i-1].Code == a.Code {
			continue // two days that contradict each other; the first is as good as the second
		}
		if err := b.add(a); err != nil {
			return nil, err
		}
	}
	then := b.tree()
	then.past, then.day = t.past, day
	return then, nil
}

// PlaceOn is the code that the place of an area (by id) had in the register of a day, made by On:
// its own, or that of what it was cut out of later, or of what had taken it over by then, or of
// the next place above that was there. False when none of them was.
func (s *Service) PlaceOn(then *Tree, id string) (string, bool) {
	now, at := s.Tree(), then.positions()
	for range 100 {
		if i, there := at[id]; there {
			return codeOf(then.keys[i]), true
		}
		c, ended := now.past.closed[id]
		from, cut := now.past.cut[id]
		switch {
		case ended && c.on <= then.day:
			id = c.into
		case cut:
			id = from
		case ended:
			id = c.into
		default:
			i, open := now.positions()[id]
			if !open {
				return "", false
			}
			above, ok := now.Find(now.At(i).Parent)
			if !ok {
				return "", false
			}
			id = now.ids[above].String()
		}
	}
	return "", false
}

// ByID is the area of an id that is open.
func (t *Tree) ByID(id string) (Area, bool) {
	i, ok := t.positions()[id]
	if !ok {
		return Area{}, false
	}
	return t.At(i), true
}

// positions finds areas by id, made once when first asked for.
func (t *Tree) positions() map[string]int {
	t.byID.Do(func() {
		t.ofID = make(map[string]int, len(t.ids))
		for i, id := range t.ids {
			t.ofID[id.String()] = i
		}
	})
	return t.ofID
}

// Changes lists the history of an area and of what it took over or was cut out of, newest first;
// of every area inside when below is true. Code may be a former one.
func (s *Service) Changes(ctx context.Context, code string, below bool, limit int) ([]Change, error) {
	t := s.Tree()
	a, ok := t.Current(code)
	if !ok {
		if _, _, was := t.Former(code); !was {
			return nil, ErrAreaMissing(code)
		}
	}
	if below {
		return listChangesBelow(ctx, s.Log.DB, a.Code, authority.PrefixEnd(a.Code), limit)
	}
	ids := []string{a.ID}
	for _, p := range t.past.codes[code] {
		ids = append(ids, p.area)
	}
	slices.Sort(ids)
	return listChangesOf(ctx, s.Log.DB, slices.Compact(ids), limit)
}

// LastChange is the day before which an area cannot be changed any more.
func (t *Tree) LastChange(a Area) string {
	if l := t.past.lives[a.ID]; l != nil && l.last > a.OpenedOn {
		return l.last
	}
	return a.OpenedOn
}

// Resolve is the present code of the place that a code means or once meant; the code itself when
// none is known.
func (s *Service) Resolve(code string) string {
	if a, ok := s.Current(code); ok {
		return a.Code
	}
	return code
}

// ErrBehind says that a write found the register changed since it was read into memory. Nothing is read
// again inside a write, for which all others wait: see [Service.Retry].
var ErrBehind = errors.New("the register has changed since it was read")

// CurrentIn is Current as a write sees it: right even while the register is being changed by the
// write before it, or by another process. Error: ErrBehind.
func (s *Service) CurrentIn(ctx context.Context, tx *audit.Tx, code string) (Area, bool, error) {
	t, err := s.treeIn(ctx, tx)
	if err != nil {
		return Area{}, false, err
	}
	a, ok := t.Current(code)
	return a, ok, nil
}

// treeIn is the register as a write sees it. Error: ErrBehind.
func (s *Service) treeIn(ctx context.Context, r db.Reader) (*Tree, error) {
	revision, err := ReadRevision(ctx, r, RevisionArea)
	if err != nil {
		return nil, err
	}
	if t := s.Tree(); t.revision == revision {
		return t, nil
	}
	return nil, ErrBehind
}

// retries bounds how often a write gives up because the register has changed once more.
const retries = 20

// Retry does a write that asks CurrentIn; one that finds its register behind is done again after the
// register was read outside of it, once for all who wait. Error: Stale when it changes again and again.
func (s *Service) Retry(ctx context.Context, write func() error) error {
	for range retries {
		err := write()
		if !errors.Is(err, ErrBehind) {
			return err
		}
		if err := s.Refresh(ctx); err != nil {
			return err
		}
	}
	return errs.ErrStale
}
