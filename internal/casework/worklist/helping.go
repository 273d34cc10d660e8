package worklist

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// ViewHelping lists the cases on which a unit of the actor was asked for a part that is open.
const ViewHelping View = "helping"

// helped are the cases of a list on which the actor's units help and for which others are
// responsible. They are read in the list's order from an index of each unit's parts, which bear by
// when the case is due and when it was reported, and then judged like every case of the list.
type helped struct {
	bodies []string
	areas  []string
	open   bool // parts that are answered or released do not count
	others bool // cases of one's own unit are left out: the list has them already
}

// helping adds the cases on which the actor's units help: all of the view helping; and to the lists
// of open and of all cases those that who oversees no area would miss. What was helped with once is
// among all cases, what is asked for now among the open ones.
func (l *listing) helping(a *authority.Actor, f Filter) {
	overseen, own := f.areas(a)
	bodies := a.Bodies()
	if len(own) > 0 && len(bodies) > 0 && (f.View == ViewHelping || len(overseen) == 0 && (f.View == ViewAll || f.View == ViewOpen)) {
		l.helped = helped{bodies: bodies, areas: own, open: f.View != ViewAll, others: f.View != ViewHelping}
	}
}

// helps tells whether cases are among the list because a unit helps.
func (l *listing) helps() bool { return len(l.helped.bodies) > 0 }

// helpedBranches are the conditions on the cases that are helped with; they share no row.
func (l *listing) helpedBranches() []string {
	h := &l.helped
	_, args := db.In(nil, h.bodies)
	marks := strings.TrimSuffix(strings.Repeat("%s,", len(args)), ",")
	among := "(shard, id) IN (SELECT shard, case_id FROM casework_part WHERE unit_id IN (" + marks + ")"
	if h.open {
		among += " AND state = 'open'"
	}
	var out []string
	for _, area := range h.areas {
		branch := l.Term(among+") AND ", args...) + l.Within(area)
		if h.others {
			branch += l.Term(" AND unit_id NOT IN ("+marks+")", args...)
		}
		out = append(out, branch)
	}
	return out
}

// place is where a case stands in the order of a list.
type place struct {
	shard, id string
	at        int64
}

// query is the one for the parts of one unit, in the order of the index that it leads: those that
// are open by the deadline of their case, all by the time of its report.
func (h *helped) query(after, back bool, limit int) string {
	key, up, narrow := "reported_at", false, ""
	if h.open {
		key, up, narrow = "COALESCE(case_due_at, 9007199254740992)", true, " AND state = 'open'"
	}
	than, order := "<", "DESC"
	if up != back {
		than, order = ">", "ASC"
	}
	if after {
		narrow += ` AND (` + key + `, case_id) ` + than + ` ($2, $3)`
	}
	return `SELECT shard, case_id, ` + key + ` FROM casework_part WHERE unit_id = $1` + narrow +
		fmt.Sprintf(` ORDER BY %s %s, case_id %s LIMIT %d`, key, order, order, db.Few(limit))
}

// parts are the next places after a cursor at which parts of the units stand, the nearest first and
// each once, and whether more may follow.
func (h *helped) parts(ctx context.Context, r db.Reader, at casework.Cursor, limit int) ([]place, bool, error) {
	args := []any{""}
	if at.ID != "" {
		args = append(args, at.At, at.ID)
	}
	query := h.query(at.ID != "", at.Back, limit)
	var out []place
	for _, body := range h.bodies {
		args[0] = body
		some, err := db.All(ctx, r, func(s db.Scanner) (p place, err error) { return p, s.Scan(&p.shard, &p.id, &p.at) }, query, args...)
		if err != nil {
			return nil, false, err
		}
		out = append(out, some...)
	}
	slices.SortFunc(out, func(a, b place) int {
		if h.open == at.Back {
			a, b = b, a
		}
		return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.id, b.id))
	})
	more := len(out) >= limit
	return slices.Compact(out[:min(limit, len(out))]), more, nil // one may be asked of two units, or twice
}

// readHelped reads the cases that are helped with after a cursor. As in a search, many may be looked
// at for a page whose filter leaves most of them out, and that is bounded.
func (l *listing) readHelped(ctx context.Context, r db.Reader, limit int, at casework.Cursor) (Page, error) {
	of := *l
	of.List = slices.Clone(l.List)
	of.branches = of.helpedBranches()
	p, stands, next := Page{}, at, ""
	for looked, batch := 0, limit+1; ; batch = lookedAt {
		places, more, err := l.helped.parts(ctx, r, stands, batch)
		if err != nil {
			return p, err
		}
		candidates := make([]hit, len(places))
		for i, c := range places {
			candidates[i] = hit{shard: c.shard, id: c.id}
		}
		fitting, err := of.of(ctx, r, candidates)
		if err != nil {
			return p, err
		}
		for _, c := range places {
			if found, ok := fitting[c.id]; ok {
				if len(p.Cases) == limit {
					next = stands.Text()
					break
				}
				p.Cases = append(p.Cases, found)
			}
			stands = casework.Cursor{At: c.at, ID: c.id, Back: at.Back}
		}
		if looked += len(places); next == "" && more && looked >= lookedMost {
			next = stands.Text()
		}
		if next != "" || !more {
			break
		}
	}
	if at.Back {
		slices.Reverse(p.Cases)
		p.Prev = next
	} else {
		p.Next = next
	}
	return p, nil
}

// both are two pages of one list, read from the same cursor, as one. What lies beyond the point to
// which either was read belongs to the page after.
func (l *listing) both(one, other Page, limit int, at casework.Cursor) (Page, error) {
	var end casework.Cursor
	for _, p := range []Page{one, other} {
		far := p.Next
		if at.Back {
			far = p.Prev
		}
		if far == "" {
			continue
		}
		k, err := casework.ReadCursor(far)
		if err != nil {
			return Page{}, err
		}
		if end.ID == "" || l.beyond(end, k, at.Back) {
			end = k
		}
	}
	cases := slices.DeleteFunc(slices.Concat(one.Cases, other.Cases),
		func(c casework.Case) bool { return end.ID != "" && l.beyond(cursorAt(&c, l.up), end, at.Back) })
	slices.SortFunc(cases, func(a, b casework.Case) int {
		if l.beyond(cursorAt(&a, l.up), cursorAt(&b, l.up), at.Back) {
			return 1
		}
		return -1
	})
	if len(cases) > limit {
		cases = cases[:limit]
		end = cursorAt(&cases[limit-1], l.up)
	}
	return paged(cases, at, end, l.up), nil
}

// paged is a page of cases in the order in which they were read from a cursor, up to the point at
// which reading stopped; the zero cursor where nothing follows.
func paged(cases []casework.Case, at, end casework.Cursor, up bool) Page {
	near := at // where the page began
	if len(cases) > 0 {
		near = cursorAt(&cases[0], up)
	}
	if at.Back {
		slices.Reverse(cases)
	}
	text := func(k casework.Cursor, back bool) string {
		if k.ID == "" {
			return ""
		}
		k.Back = back
		return k.Text()
	}
	switch {
	case at.Back:
		return Page{Cases: cases, Next: text(near, false), Prev: text(end, true)}
	case at.ID == "":
		near = casework.Cursor{}
	}
	return Page{Cases: cases, Next: text(end, false), Prev: text(near, true)}
}
