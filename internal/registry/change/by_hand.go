package change

import (
	"context"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/geo"
	"linli/internal/platform/idcode"
	"linli/internal/registry"
	"linli/internal/registry/outline"
)

// NewChange is one change of the structure that a person asks for.
type NewChange struct {
	Kind   string // ChangeOpen … ChangeClose
	Area   string // code of the area; of the one above for ChangeOpen
	To     string // recode, move, open: new code, or "" for a free one; merge: code of what takes over
	Parent string // move: code of the new area above
	Name   string // rename, open: the name; recode, move: a new one, or "" for the old
	Grid   string // open of a grid: its kind
	Parts  []NewPart
	On     string // first day, today when empty
	Reason string
	Seen   int64 // revision of the register that the person saw; 0 not to ask
}

// NewPart is a part to be cut out of a community. The rest keeps its code, name and identity.
type NewPart struct {
	Name    string
	Code    string    // or "" for a free one
	Grids   []string  // codes of grids that go to the part, with their cases
	Outline geo.Shape // cases whose place lies inside go to the part; empty: none do
	Source  string    // of the outline
}

// Effect is what a change does.
type Effect struct {
	Revision int64                    `json:"revision" doc:"Of the register that this was worked out from"`
	Changes  []registry.Change        `json:"changes" doc:"Of areas, the one asked for and those that follow; at most 200 are listed"`
	Areas    int                      `json:"areas" doc:"Number of changes of areas"`
	Parts    []CutPart                `json:"parts" doc:"Of a split: the parts with the codes that they get"`
	Findings []outline.OutlineFinding `json:"findings" doc:"Of a split: what is wrong or noteworthy with the outlines of its parts"`
	Following
}

// CutPart is a part to be cut out of a community, before it is done.
type CutPart struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Outline any    `json:"outline" nullable:"true" doc:"GeoJSON in CGCS2000; null when the part has none"`
}

// Following is what a reorganisation does beyond the areas themselves.
type Following struct {
	Follows   []Followed `json:"follows"`
	Dissolved int        `json:"dissolved" doc:"Bodies that end because the place that takes over has one of the kind"`
	Wider     int        `json:"wider" doc:"Grants over places that are merged: they will reach over the whole of the place that takes over"`
}

// Followed counts what goes along with a change.
type Followed struct {
	What  string `json:"what" doc:"Worded by registry.follows.<what>"`
	Count int    `json:"count"`
}

// Bounds of a change by hand.
const (
	maxReason  = 300
	maxParts   = 20
	maxEffects = 200
)

// Preview tells what a change would do and changes nothing. Errors as Change.
func (s *Service) Preview(ctx context.Context, n NewChange) (Effect, error) {
	t := s.Register.Tree()
	r, top, err := s.prepare(ctx, s.Register.Log.DB, t, &n)
	if err != nil {
		return Effect{}, err
	}
	if err := authority.Require(ctx, PermissionChange, top); err != nil {
		return Effect{}, err
	}
	e, err := s.effect(ctx, s.Register.Log.DB, t, r, &n)
	e.Findings = s.checkParts(n)
	return e, err
}

// Change makes one change of the structure and lets everything follow, in one write. It takes
// PermissionChange over the smallest area that holds what is touched. Errors: Invalid naming wrong
// fields; Conflict when the result cannot be; Stale when the register has changed since Seen.
func (s *Service) Change(ctx context.Context, n NewChange) (Effect, error) {
	var out Effect
	found := s.checkParts(n)
	if err := outline.RefusedOutlines(found); err != nil {
		return out, err
	}
	err := s.write(ctx, func(tx *audit.Tx) error {
		t, revision, err := s.changing(ctx, tx)
		if err != nil {
			return err
		}
		if n.Seen != 0 && n.Seen != t.Revision() {
			return errs.ErrStale
		}
		r, top, err := s.prepare(ctx, tx, t, &n)
		if err != nil {
			return err
		}
		if err := tx.Require(PermissionChange, top); err != nil {
			return err
		}
		if out, err = s.effect(ctx, tx, t, r, &n); err != nil {
			return err
		}
		if err := s.apply(ctx, tx, t, r, revision, "console", func(int) {}); err != nil {
			return err
		}
		if err := putParts(ctx, tx, r, n); err != nil {
			return err
		}
		tx.Record(audit.Entry{Action: PermissionChange, Area: top, Subject: "registry.area", SubjectID: n.Area, Detail: map[string]any{
			"kind": n.Kind, "from": n.Area, "to": n.To, "parent": n.Parent, "name": n.Name, "on": n.On, "reason": n.Reason, "areas": out.Areas}})
		tx.After(s.Register.RefreshAfter)
		return nil
	})
	out.Findings = found
	return out, err
}

// checkParts judges the outlines of the parts of a split.
func (s *Service) checkParts(n NewChange) []outline.OutlineFinding {
	cuts := make([]outline.Cut, len(n.Parts))
	for i, p := range n.Parts {
		cuts[i] = outline.Cut{Code: p.Code, Name: p.Name, Outline: p.Outline}
	}
	return s.Outlines.CheckCuts(n.Area, cuts)
}

// write is an audited write that may find the register behind.
func (s *Service) write(ctx context.Context, do func(*audit.Tx) error) error {
	return s.Register.Retry(ctx, func() error { return s.Register.Log.Do(ctx, do) })
}

// changing is the register that a write is about to change, and the revision that the change makes. From
// then on no other write changes it. Error: ErrBehind.
func (s *Service) changing(ctx context.Context, tx *audit.Tx) (*registry.Tree, int64, error) {
	revision, err := registry.BumpRevision(ctx, tx, registry.RevisionArea)
	if err != nil {
		return nil, 0, err
	}
	t := s.Register.Tree()
	if t.Revision() != revision-1 {
		return nil, 0, registry.ErrBehind
	}
	return t, revision, nil
}

// prepare works out a change, and the smallest area that holds what it touches.
func (s *Service) prepare(ctx context.Context, r db.Reader, t *registry.Tree, n *NewChange) (*reshape, string, error) {
	if err := n.check(ctx); err != nil {
		return nil, "", err
	}
	sh, err := ask(t, n)
	if err != nil {
		return nil, "", err
	}
	out, err := sh.build()
	if err != nil {
		return nil, "", err
	}
	for i, p := range n.Parts {
		if !p.Outline.Empty() {
			out.parts = append(out.parts, registry.Part{From: n.Area, To: n.Parts[i].Code, Holds: p.Outline.Contains})
		}
	}
	if out.empty() {
		return nil, "", errs.New(errs.Invalid, "registry.change.nothing")
	}
	rows := []areaRow{{code: n.Area}}
	for _, c := range out.changes {
		for _, code := range []string{c.From.Code, c.To.Code} {
			if code != "" {
				rows = append(rows, areaRow{code: code})
			}
		}
	}
	if err := checkDays(t, out, registry.Today(ctx)); err != nil {
		return nil, "", err
	}
	return out, commonArea(rows), s.checkEmpty(ctx, r, out)
}

// check judges what can be judged without the register.
func (n *NewChange) check(ctx context.Context) error {
	wrong := errs.New(errs.Invalid, "registry.change.invalid")
	n.Name, n.Reason, n.On = fold.Line(n.Name), strings.TrimSpace(n.Reason), fold.KeepDay(n.On)
	if n.On == "" {
		n.On = registry.Today(ctx)
	}
	if !registry.IsDay(n.On) {
		wrong = wrong.At("on", "registry.field.day")
	}
	if n.Reason == "" || !fold.Within(n.Reason, maxReason) {
		wrong = wrong.At("reason", "registry.field.text", "limit", maxReason)
	}
	named := n.Kind == registry.ChangeRename || n.Kind == registry.ChangeOpen
	if (named || n.Name != "") && !registry.IsName(n.Name, maxAreaName) {
		wrong = wrong.At("name", "registry.field.text", "limit", maxAreaName)
	}
	if n.Kind == registry.ChangeSplit && (len(n.Parts) == 0 || len(n.Parts) > maxParts) {
		wrong = wrong.At("parts", "registry.change.parts", "limit", maxParts)
	}
	for i := range n.Parts {
		n.Parts[i].Name = fold.Line(n.Parts[i].Name)
		if !registry.IsName(n.Parts[i].Name, maxAreaName) {
			wrong = wrong.At("parts", "registry.field.text", "limit", maxAreaName)
		}
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	return nil
}

// ask turns a change by hand into a shape; codes left out are filled in.
func ask(t *registry.Tree, n *NewChange) (*shape, error) {
	pos, ok := t.Find(n.Area)
	if !ok {
		return nil, registry.ErrAreaMissing(n.Area)
	}
	a := t.At(pos)
	e := evidence{Decided, "by_hand", n.On, n.Reason}
	rows := &asked{t: t, n: n, a: a}
	if err := rows.rows(); err != nil {
		return nil, err
	}
	s := newShape(t, rows.list, n.On)
	s.how[pos] = e
	switch n.Kind {
	case registry.ChangeRename, registry.ChangeRecode, registry.ChangeMove:
		s.join(pos, 0, e)
	case registry.ChangeMerge:
		if n.To == n.Area {
			return nil, errs.New(errs.Invalid, "registry.change.invalid").At("to", "registry.change.itself")
		}
		s.into[pos] = n.To
	case registry.ChangeClose:
		s.into[pos] = ""
	case registry.ChangeOpen:
		delete(s.how, pos)
		s.rowHow[0] = e
	case registry.ChangeSplit:
		for i := range n.Parts {
			s.cutFrom[i] = pos
			s.parts[pos] = append(s.parts[pos], i)
		}
		for i, grid := range rows.grids {
			s.join(grid, len(n.Parts)+i, e)
		}
	default:
		return nil, errs.New(errs.Invalid, "registry.change.invalid").At("kind", "field.choice")
	}
	return s, nil
}

// asked gathers the rows of a change by hand.
type asked struct {
	t     *registry.Tree
	n     *NewChange
	a     registry.Area
	list  []areaRow
	grids []int
}

func (k *asked) rows() error {
	n := k.n
	switch n.Kind {
	case registry.ChangeRename:
		k.list = []areaRow{{code: k.a.Code, name: n.Name, kind: k.a.Kind, parent: k.a.Parent, level: k.a.Level}}
	case registry.ChangeRecode, registry.ChangeMove:
		name := n.Name
		if name == "" {
			name = k.a.Name
		}
		parent := k.a.Parent
		if n.Kind == registry.ChangeMove {
			parent = n.Parent
			if above, ok := k.t.Area(parent); !ok || above.Level != k.a.Level-1 || strings.HasPrefix(parent, k.a.Code) {
				return errs.New(errs.Invalid, "registry.change.invalid").At("parent", "registry.change.parent")
			}
		}
		return k.add(&n.To, parent, name, k.a.Kind, k.a.Code[len(k.a.Parent):], n.Kind == registry.ChangeMove)
	case registry.ChangeOpen:
		if k.a.Level >= registry.LevelGrid {
			return errs.New(errs.Invalid, "registry.change.invalid").At("area", "registry.change.parent")
		}
		kind := ""
		if k.a.Level == registry.LevelCommunity {
			if kind = n.Grid; kind != registry.KindGridDedicated {
				kind = registry.KindGridGeneral
			}
		}
		return k.add(&n.To, k.a.Code, n.Name, kind, "001", n.To == "")
	case registry.ChangeSplit:
		return k.split()
	}
	return nil
}

// add appends a row under a code, or under a free one like the tail when none is given and that
// may be.
func (k *asked) add(code *string, parent, name, kind, tail string, fill bool) error {
	wrong := errs.New(errs.Invalid, "registry.change.invalid").At("to", "registry.change.code", "parent", parent)
	if *code == "" && fill {
		found := false
		if *code, found = k.free(parent, tail); !found {
			return errs.New(errs.Conflict, "registry.change.full").With("area", parent)
		}
	}
	parsed, err := idcode.ParseArea(*code)
	if err != nil || parsed.Code != *code || parsed.Parent() != parent {
		return wrong
	}
	if _, taken := k.t.Find(*code); taken {
		return errs.New(errs.Conflict, "registry.change.code_taken").With("code", *code)
	}
	if int(parsed.Level) < registry.LevelGrid {
		kind = string(parsed.Kind)
	}
	k.list = append(k.list, areaRow{code: *code, name: name, kind: kind, parent: parent, level: int(parsed.Level)})
	return nil
}

func (k *asked) free(parent, tail string) (string, bool) {
	b := &builder{shape: newShape(k.t, k.list, ""), used: map[string]bool{}}
	from, to := k.t.Stretch(parent)
	for i := from; i < to; i++ {
		b.used[k.t.CodeAt(i)] = true
	}
	if !b.taken(parent + tail) {
		return parent + tail, true
	}
	return b.freeCode(parent, tail)
}

func (k *asked) split() error {
	if k.a.Level != registry.LevelCommunity {
		return errs.New(errs.Invalid, "registry.change.invalid").At("area", "registry.area.not_community")
	}
	for i := range k.n.Parts {
		p := &k.n.Parts[i]
		if err := k.add(&p.Code, k.a.Parent, p.Name, k.a.Kind, k.a.Code[len(k.a.Parent):], true); err != nil {
			return err
		}
	}
	for i := range k.n.Parts {
		p := &k.n.Parts[i]
		for _, code := range p.Grids {
			pos, ok := k.t.Find(code)
			g := registry.Area{}
			if ok {
				g = k.t.At(pos)
			}
			if g.Parent != k.a.Code || g.Level != registry.LevelGrid || slices.Contains(k.grids, pos) {
				return errs.New(errs.Invalid, "registry.change.invalid").At("parts", "registry.change.grid", "code", registry.Clip(code))
			}
			k.grids = append(k.grids, pos)
			k.list = append(k.list, areaRow{code: p.Code + code[len(k.a.Code):], name: g.Name, kind: g.Kind,
				parent: p.Code, level: registry.LevelGrid})
		}
	}
	return nil
}

// putParts stores the outlines by which a community was split.
func putParts(ctx context.Context, tx *audit.Tx, r *reshape, n NewChange) error {
	for _, p := range n.Parts {
		if p.Outline.Empty() {
			continue
		}
		raw, err := p.Outline.MarshalJSON()
		if err != nil {
			return err
		}
		if err := registry.PutOutline(ctx, tx, registry.Outline{Area: p.Code, Source: p.Source}, string(raw)); err != nil {
			return err
		}
	}
	if len(r.parts) == 0 {
		return nil
	}
	_, err := registry.BumpRevision(ctx, tx, registry.RevisionOutline)
	return err
}

// effect tells what a reorganisation does.
func (s *Service) effect(ctx context.Context, r db.Reader, t *registry.Tree, out *reshape, n *NewChange) (e Effect, err error) {
	e = Effect{Revision: t.Revision(), Areas: len(out.changes),
		Changes: append([]registry.Change{}, out.changes[:min(maxEffects, len(out.changes))]...)}
	e.Parts = []CutPart{}
	for _, p := range n.Parts {
		part := CutPart{Code: p.Code, Name: p.Name}
		if !p.Outline.Empty() {
			part.Outline = p.Outline
		}
		e.Parts = append(e.Parts, part)
	}
	e.Following, err = s.follows(ctx, r, out)
	return e, err
}

// follows counts what goes along with a reorganisation, what reaches further by it, and the
// bodies that end by it.
func (s *Service) follows(ctx context.Context, r db.Reader, out *reshape) (Following, error) {
	all := Following{Follows: []Followed{}}
	var moved, merged []string
	for _, p := range out.pairs {
		moved = append(moved, p.From)
	}
	for _, p := range out.parts {
		moved = append(moved, p.From)
	}
	for _, c := range out.closed {
		if c.into != "" {
			merged = append(merged, c.was.Code)
		}
	}
	moved, merged = authority.Outermost(moved), authority.Outermost(merged)
	for _, f := range append(append([]registry.Follower{}, s.Register.Followers()...), registry.Follower{What: "bodies", Count: countBodies}) {
		n, err := countAll(ctx, r, f, moved)
		if err != nil {
			return all, err
		}
		all.Follows = append(all.Follows, Followed{f.What, n})
		if f.Widens {
			if n, err = countAll(ctx, r, f, merged); err != nil {
				return all, err
			}
			all.Wider += n
		}
	}
	var err error
	all.Dissolved, err = s.countDissolved(ctx, r, out)
	return all, err
}

func countAll(ctx context.Context, r db.Reader, f registry.Follower, areas []string) (sum int, err error) {
	for _, area := range areas {
		n, err := f.Count(ctx, r, area)
		if err != nil {
			return sum, err
		}
		sum += n
	}
	return sum, nil
}

func (s *Service) countDissolved(ctx context.Context, r db.Reader, out *reshape) (n int, err error) {
	for _, c := range out.closed {
		bodies, err := registry.ListBodies(ctx, r, c.was.Code)
		if err != nil {
			return n, err
		}
		for _, b := range bodies {
			if c.into == "" {
				n++
				continue
			}
			if _, err := registry.FindBodyOf(ctx, r, out.before(c.into), b.Kind, b.Department); err == nil {
				n++
			} else if !db.IsNone(err) {
				return n, err
			}
		}
	}
	return n, nil
}

func countBodies(ctx context.Context, r db.Reader, area string) (int, error) {
	return db.Value[int](ctx, r, `SELECT COUNT(*) FROM registry_body WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
}
