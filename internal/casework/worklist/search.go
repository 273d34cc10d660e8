package worklist

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"linli/internal/casework"
	"linli/internal/casework/joint"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/gram"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// What is found by words: title and place of a case, what its module adds, and the name of its
// subject in both languages, which is looked up when it is asked for. Names and telephone numbers of persons are not: those are sealed.
// Each case bears besides the words of the areas in which it lies, of the unit in whose hands it is, of
// those that help and of the cell of its point, so that whoever searches reads in the index no further than they may.

const permKeep = "casework.search.keep" // the platform itself

// Signs before the words that are no text. No word of a text holds one.
const (
	areaSign    = "§"
	unitSign    = "¶"
	helpSign    = "∥" // before a unit that was asked for a part
	kindSign    = "※"
	subjectSign = "◆"
	channelSign = "→"
	cellSign    = "◎"
	lowWord     = "▽"
)

// signed is a sign before a code or id, as one word: neither index cuts it, nor takes a part of it
// for a text's.
func signed(sign, value string) string { return sign + strings.ToLower(joints.Replace(value)) }

var joints = strings.NewReplacer("-", "", "_", "", ".", "", " ", "")

// keepWords keeps the words by which a case is found: where it stands, and those of its text.
func (s *Service) keepWords(ctx context.Context, tx *audit.Tx, c *casework.Case, text []string) error {
	return putWords(ctx, tx, s.Cases.Log.DB.Dialect, c, append(scopeWords(c), text...))
}

func scopeWords(c *casework.Case) []string {
	words := []string{signed(kindSign, c.Kind), signed(subjectSign, c.Subject), signed(channelSign, c.Channel)}
	for _, n := range casework.AreaDigits {
		if len(c.Area) >= n {
			words = append(words, signed(areaSign, c.Area[:n]))
		}
	}
	if c.Unit != "" {
		words = append(words, signed(unitSign, c.Unit))
	}
	if c.RatedLow() {
		words = append(words, lowWord)
	}
	if cell := cellOf(&c.Place); cell != "" {
		words = append(words, cell)
	}
	return words
}

// subjectsNamed are the words of the subjects in whose name, in either language, a stretch of a
// query stands.
func (s *Service) subjectsNamed(asked gram.Stretch) []string {
	var out []string
	for _, m := range s.Cases.Matters {
		if m.Subjects == nil {
			continue
		}
		for _, subject := range m.Subjects() {
			if s.wordsOf(m.SubjectName(subject, text.Chinese), m.SubjectName(subject, text.English)).answer(asked) {
				out = append(out, signed(subjectSign, subject))
			}
		}
	}
	slices.Sort(out)
	return out
}

// named is a name as it is searched.
type named struct {
	plain string
	words map[string]bool
}

func (n *named) answer(asked gram.Stretch) bool {
	return strings.Contains(n.plain, asked.Exact) && !slices.ContainsFunc(asked.Words, func(w string) bool { return !n.words[w] })
}

// wordsOf cuts the names of a subject once: every search asks all of them.
func (s *Service) wordsOf(names ...string) *named {
	key := strings.Join(names, "\n")
	if kept, ok := s.cut.Load(key); ok {
		return kept.(*named)
	}
	n := &named{gram.Plain(names...), map[string]bool{}}
	for _, w := range gram.Of(names...) {
		n.words[w] = true
	}
	s.cut.Store(key, n)
	return n
}

// rewords keeps anew the words of a case whose unit, area or helping units have changed.
func (s *Service) rewords(ctx context.Context, tx *audit.Tx, c *casework.Case) error {
	var more string
	if m := s.Cases.Matters[c.Kind]; m.Words != nil {
		told, err := m.Words(ctx, tx, c)
		if err != nil {
			return err
		}
		more = told[c.ID]
	}
	parts, err := joint.ListParts(ctx, tx, c)
	if err != nil {
		return err
	}
	text := gram.Of(c.Title, c.Place.Text, more)
	for _, p := range parts {
		text = append(text, signed(helpSign, p.Unit))
	}
	return s.keepWords(ctx, tx, c, text)
}

// staleMost bounds how many cases one write words anew.
const staleMost = 100

// RefreshWords words anew the cases whose areas or units a reorganisation has moved, and those
// that are older than the search itself.
func (s *Service) RefreshWords(ctx context.Context) error {
	for {
		done := 0
		err := s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
			if err := tx.Require(permKeep, ""); err != nil {
				return err
			}
			stale, err := db.All(ctx, tx, scanHit, `SELECT shard, case_id, mark FROM casework_search WHERE stale = 1 ORDER BY mark DESC LIMIT 100`)
			if err != nil {
				return err
			}
			for _, h := range stale {
				c, err := casework.FindCase(ctx, tx, h.id)
				if err != nil {
					return err
				}
				if err := s.rewords(ctx, tx, &c); err != nil {
					return err
				}
			}
			if done = len(stale); done == 0 {
				return errs.ErrNotFound
			}
			tx.Record(audit.Entry{Action: permKeep, Subject: "casework.search", Detail: map[string]any{"cases": done}})
			return nil
		})
		switch {
		case errs.Of(err).Kind == errs.NotFound && err != nil:
			return nil
		case err != nil:
			return err
		case done < staleMost:
			return nil
		}
	}
}

// OutdateWords has the words of every case kept anew by RefreshWords: for rows that go to another engine,
// whose index they do not bring along.
func (s *Service) OutdateWords(ctx context.Context) error {
	return s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permKeep, ""); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE casework_search SET stale = 1`)
		tx.Record(audit.Entry{Action: permKeep, Subject: "casework.search", Detail: map[string]any{"outdated": n}})
		return err
	})
}

// outdate says that the words of cases that a reorganisation has moved are to be kept anew.
func outdate(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
	const mark = `UPDATE casework_search SET stale = 1 WHERE (shard, case_id) IN (SELECT shard, id FROM casework_case WHERE `
	areas := []string{}
	for _, p := range m.Areas {
		areas = append(areas, p.To)
	}
	for _, p := range m.Parts {
		areas = append(areas, p.To)
	}
	for _, area := range authority.Outermost(areas) {
		if _, err := tx.Exec(ctx, mark+`area >= $1 AND area < $2)`, area, authority.PrefixEnd(area)); err != nil {
			return err
		}
	}
	for _, p := range m.Bodies {
		if _, err := tx.Exec(ctx, mark+`unit_id = $1 UNION SELECT shard, case_id FROM casework_part WHERE unit_id = $1)`, p.To); err != nil {
			return err
		}
	}
	return nil
}

// reachWords are the words without which no case may be read by who asks, as [listing.scope] has it.
func reachWords(a *authority.Actor, f Filter) [][]string {
	areas := func(codes []string) []string {
		var words []string
		for _, code := range codes {
			if code == "" {
				return nil
			}
			words = append(words, signed(areaSign, code))
		}
		return words
	}
	var out [][]string
	overseen, own := f.areas(a)
	switch {
	case f.View == ViewMine || f.View == ViewWaiting:
		out = append(out, areas(own))
	case f.View == ViewUnit || f.View == ViewHelping || len(overseen) == 0:
		var units []string
		for _, body := range a.Bodies() {
			if f.View != ViewHelping {
				units = append(units, signed(unitSign, body))
			}
			if f.View != ViewUnit {
				units = append(units, signed(helpSign, body))
			}
		}
		out = append(out, units, areas(own))
	default:
		out = append(out, areas(overseen))
	}
	for _, w := range []struct{ sign, value string }{{kindSign, f.Kind}, {subjectSign, f.Subject},
		{channelSign, f.Channel}, {unitSign, f.Unit}} {
		if w.value != "" {
			out = append(out, []string{signed(w.sign, w.value)})
		}
	}
	if f.Low {
		out = append(out, []string{lowWord})
	}
	return out
}

// Bounds of a search: how many cases that have the words are looked at for one page, and at once.
const (
	lookedMost = 2000
	lookedAt   = 200
)

// found is a page of the list's cases that have all that is asked for, the newest first whatever the
// view. A page may hold fewer than asked for while more follow: what the filter or the text itself
// leaves out is looked at, too, and that is bounded.
func (s *Service) found(ctx context.Context, l *listing, f Filter, limit int) ([]casework.Case, string, error) {
	want, err := s.sought(f.Words)
	if err != nil {
		return nil, "", err
	}
	below := topMark
	if f.Cursor != "" {
		at, err := casework.ReadCursor(f.Cursor)
		if err != nil || at.ID != foundCursor {
			return nil, "", errs.New(errs.Malformed, "cursor")
		}
		below = at.At
	}
	var asked [][]string
	for _, group := range reachWords(authority.From(ctx), f) {
		if len(group) > 0 {
			asked = append(asked, group)
		}
	}
	for _, one := range want {
		for _, w := range one.Words {
			asked = append(asked, append([]string{w}, one.subjects...))
		}
	}
	if len(asked) == 0 { // a single character, asked by who may see everything
		asked = append(asked, s.kindWords())
	}
	out := []casework.Case{}
	for looked, batch := 0, limit+1; looked < lookedMost; batch = lookedAt {
		candidates, err := hits(ctx, s.Cases.Log.DB, asked, below, f.since(), batch)
		if err != nil {
			return nil, "", err
		}
		fitting, err := l.of(ctx, s.Cases.Log.DB, candidates)
		if err != nil {
			return nil, "", err
		}
		if f.View == ViewWaiting {
			if err := s.leaveBlocked(ctx, fitting); err != nil {
				return nil, "", err
			}
		}
		if err := s.leaveOut(ctx, fitting, want); err != nil {
			return nil, "", err
		}
		for _, h := range candidates {
			if len(out) == limit {
				return out, markCursor(below), nil
			}
			if c, ok := fitting[h.id]; ok {
				out = append(out, c)
			}
			below = h.mark
		}
		if len(candidates) < batch {
			return out, "", nil
		}
		looked += len(candidates)
	}
	return out, markCursor(below), nil
}

// of are those of the candidates that the list holds, by id.
func (l *listing) of(ctx context.Context, r db.Reader, candidates []hit) (map[string]casework.Case, error) {
	out := make(map[string]casework.Case, len(candidates))
	if len(candidates) == 0 || len(l.branches) == 0 {
		return out, nil
	}
	size := pageDefault + 1 // as many every time: one statement is prepared, not one for each number
	if len(candidates) > size {
		size = max(lookedAt, len(candidates))
	}
	args, pairs := append([]any{}, l.List...), make([]string, size)
	for i := range pairs { // at most lookedAt, or what a page of an export needs
		h := candidates[min(i, len(candidates)-1)]
		args = append(args, h.shard, h.id)
		pairs[i] = fmt.Sprintf("($%d,$%d)", len(args)-1, len(args))
	}
	terms := slices.Concat([]string{"(shard, id) IN (VALUES " + strings.Join(pairs, ",") + ")", "(" + strings.Join(l.branches, " OR ") + ")"},
		l.terms, l.loose)
	query := casework.SelectCase + " WHERE " + strings.Join(terms, " AND ")
	if l.helps() { // of what is helped with alone, the arguments of the list's own branches are left over
		query, args = used(query, args)
	}
	cases, err := db.All(ctx, r, casework.ScanCase, query, args...)
	for _, c := range cases {
		out[c.ID] = c
	}
	return out, err
}

// foundCursor stands in a cursor of a search for the id.
const foundCursor = "mark"

func markCursor(mark int64) string { return (casework.Cursor{At: mark, ID: foundCursor}).Text() }
