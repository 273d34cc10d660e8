package worklist

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/db"
)

// Bounds of a page, and of how many cases of each branch are looked at for one whose filter no
// index answers.
const (
	pageDefault = 20
	pageMost    = 100
	looseMost   = 5000
)

// Page is one page of a list, with the cursors of the pages beside it, "" where there is none.
type Page struct {
	Cases []casework.Case
	Next  string
	Prev  string
}

// List is one page of a view: by deadline for the views of work, newest first for the views of
// record and for what is found by words. Errors: what [Service.listing] refuses; Malformed for a
// cursor of another list; Invalid for words that are too short.
func (s *Service) List(ctx context.Context, f Filter) (Page, error) {
	limit := f.Limit
	if limit < 1 || limit > pageMost {
		limit = pageDefault
	}
	return s.page(ctx, f, limit)
}

func (s *Service) page(ctx context.Context, f Filter, limit int) (Page, error) {
	f.Area = s.Cases.Registry.Resolve(f.Area) // a saved view may name a former code
	l, err := s.listing(ctx, f)
	if err != nil {
		return Page{}, err
	}
	if len(l.branches) == 0 && !l.helps() {
		return Page{Cases: []casework.Case{}}, nil
	}
	if f.indexed() {
		l.branches = append(l.branches, l.helpedBranches()...)
		cases, next, err := s.found(ctx, l, f, limit)
		return Page{Cases: cases, Next: next}, err
	}
	var at casework.Cursor
	if f.Cursor != "" {
		if at, err = casework.ReadCursor(f.Cursor); err != nil {
			return Page{}, err
		}
	}
	if f.View == ViewWaiting {
		return s.readWaiting(ctx, l, limit, at)
	}
	if !l.helps() {
		l.after(at)
		return l.read(ctx, s.Cases.Log.DB, limit, at)
	}
	other, err := l.readHelped(ctx, s.Cases.Log.DB, limit, at)
	if err != nil {
		return Page{}, err
	}
	var one Page
	if len(l.branches) > 0 {
		l.after(at)
		if one, err = l.read(ctx, s.Cases.Log.DB, limit, at); err != nil {
			return Page{}, err
		}
	}
	return l.both(one, other, limit, at)
}

// read reads the page at a cursor.
func (l *listing) read(ctx context.Context, r db.Reader, limit int, at casework.Cursor) (Page, error) {
	cases, err := db.All(ctx, r, casework.ScanCase, l.page(limit+1, at.Back), l.List...)
	if err != nil {
		return Page{}, err
	}
	var end casework.Cursor // beyond it nothing was looked at
	more := len(cases) > limit
	if more {
		cases = cases[:limit]
	} else if end, more, err = l.looked(ctx, r, at.Back); err != nil {
		return Page{}, err
	} else if more {
		cases = slices.DeleteFunc(cases, func(c casework.Case) bool { return l.beyond(cursorAt(&c, l.up), end, at.Back) })
	}
	if at.Back {
		slices.Reverse(cases)
	}
	p := Page{Cases: cases}
	first, last := end, end
	if len(cases) > 0 {
		first, last = cursorAt(&cases[0], l.up), cursorAt(&cases[len(cases)-1], l.up)
	}
	if end.ID != "" {
		if at.Back {
			first = end
		} else {
			last = end
		}
	}
	if at.ID != "" && len(cases) == 0 && end.ID == "" { // behind the last, or before the first
		first, last = at, at
	}
	if more && !at.Back || at.Back {
		last.Back = false
		p.Next = last.Text()
	}
	if more && at.Back || !at.Back && at.ID != "" {
		first.Back = true
		p.Prev = first.Text()
	}
	return p, nil
}

// looked is where a page with a loose filter stopped to look, if it stopped before the end.
func (l *listing) looked(ctx context.Context, r db.Reader, back bool) (casework.Cursor, bool, error) {
	var end casework.Cursor
	if len(l.loose) == 0 {
		return end, false, nil
	}
	for _, branch := range l.branches {
		query := fmt.Sprintf("SELECT %s, id FROM casework_case WHERE %s%s LIMIT 1 OFFSET %d",
			l.key, strings.Join(append([]string{branch}, l.terms...), " AND "), l.order(back), looseMost-1)
		query, args := used(query, l.List)
		stop, err := db.One(ctx, r, func(s db.Scanner) (k casework.Cursor, err error) {
			err = s.Scan(&k.At, &k.ID)
			return k, err
		}, query, args...)
		if db.IsNone(err) {
			continue
		}
		if err != nil {
			return end, false, err
		}
		if end.ID == "" || l.beyond(end, stop, back) {
			end = stop
		}
	}
	return end, end.ID != "", nil
}

var parameter = regexp.MustCompile(`\$[0-9]+`)

// used is a query with the arguments that it names, numbered anew.
func used(query string, args []any) (string, []any) {
	numbers, kept := map[string]string{}, []any{}
	query = parameter.ReplaceAllStringFunc(query, func(p string) string {
		if numbers[p] == "" {
			n, _ := strconv.Atoi(p[1:])
			kept = append(kept, args[n-1])
			numbers[p] = "$" + strconv.Itoa(len(kept))
		}
		return numbers[p]
	})
	return query, kept
}

// beyond tells whether a stands behind b in the order in which the list is read.
func (l *listing) beyond(a, b casework.Cursor, back bool) bool {
	less := a.At < b.At || a.At == b.At && a.ID < b.ID
	if l.up != back {
		return !less && a.ID != b.ID
	}
	return less
}
