package worklist

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
)

// The words of a case are kept in FTS5 on SQLite and in a tsvector on PostgreSQL. Both are asked
// for texts that have all of several words, the newest first. A case's mark is its place in that
// order: the millisecond in which it was reported and a running number within it. FTS5 walks
// down its marks by itself. PostgreSQL would read every answer to sort them, so each case bears,
// besides, words for the stretches of time in which it lies, and the newest stretch that holds
// enough answers is the last that is read.

// markBits are the low bits of a mark, for the running number within a millisecond.
const markBits = 10

// spans are the stretches, each 2^n milliseconds: 4.7 hours, 3 days, 25 days, 99 days, 1.1 years.
// A case names the eighth of each in which it lies.
var spans = []int{24, 28, 31, 33, 35}

const eighth = 3

func spanWord(i int, ms int64) string { return fmt.Sprintf("◷%d%x", i, ms>>(spans[i]-eighth)) }

// mark is the next place free in the millisecond that begins at $3.
const mark = `COALESCE((SELECT MAX(mark) + 1 FROM casework_search WHERE mark >= $3 AND mark < $4), $3)`

// putWords keeps the words of a case, in place of those kept before.
func putWords(ctx context.Context, tx *audit.Tx, dialect db.Dialect, c *casework.Case, words []string) error {
	base := c.ReportedAt << markBits
	if dialect == db.Postgres {
		for i := range spans {
			words = append(words, spanWord(i, c.ReportedAt))
		}
		return tx.Send(ctx, `INSERT INTO casework_search (shard, case_id, mark, stale, words)
			SELECT $1::text, $2::text, `+strings.ReplaceAll(mark, "$3", "$3::bigint")+`, 0, array_to_tsvector(string_to_array($5, ' '))
			ON CONFLICT (shard, case_id) DO UPDATE SET stale = 0, words = excluded.words`, c.Shard, c.ID, base, base+1<<markBits, strings.Join(words, " "))
	}
	w, err := db.Share(tx.Tx, "casework.words", func() (*wording, error) { return &wording{}, nil })
	if err == nil {
		*w = append(*w, worded{c.Shard, c.ID, base, strings.Join(words, " ")})
	}
	return err
}

// wording is what FTS5 is given at the end of a commit: it writes its index anew whenever another
// statement stands between two texts.
type wording []worded

type worded struct {
	shard, id string
	base      int64
	words     string
}

// Flush keeps the words: first the places of all cases, then their texts.
func (w *wording) Flush(ctx context.Context, tx *db.Tx) error {
	marks := make([]int64, len(*w))
	for i, c := range *w {
		var err error
		marks[i], err = db.Value[int64](ctx, tx, `INSERT INTO casework_search (shard, case_id, mark, stale) SELECT $1, $2, `+mark+`, 0 WHERE true
			ON CONFLICT (shard, case_id) DO UPDATE SET stale = 0 RETURNING mark`, c.shard, c.id, c.base, c.base+1<<markBits)
		if err != nil {
			return err
		}
	}
	for i, c := range *w {
		if _, err := tx.Exec(ctx, `INSERT OR REPLACE INTO casework_words (rowid, words) VALUES ($1, $2)`, marks[i], c.words); err != nil {
			return err
		}
	}
	return nil
}

// hit is a case that has the words that were asked for.
type hit struct {
	shard, id string
	mark      int64
}

func scanHit(s db.Scanner) (h hit, err error) {
	err = s.Scan(&h.shard, &h.id, &h.mark)
	return h, err
}

// topMark is beyond every mark.
const topMark = int64(1) << 62

// hits lists the newest cases below a mark that have, of every group of words, at least one. Since
// bounds the instant of reporting; 0 does not.
func hits(ctx context.Context, d *db.DB, asked [][]string, below, since int64, limit int) ([]hit, error) {
	if d.Dialect == db.SQLite {
		return db.All(ctx, d, scanHit, `SELECT s.shard, s.case_id, s.mark FROM casework_words w CROSS JOIN casework_search s ON s.mark = w.rowid
			WHERE w.casework_words MATCH $1 AND w.rowid < $2 AND w.rowid >= $3 ORDER BY w.rowid DESC LIMIT $4`,
			matchText(asked), below, since<<markBits, limit)
	}
	if below == topMark {
		newest, err := db.Value[int64](ctx, d, `SELECT COALESCE(MAX(mark), 0) FROM casework_search`)
		if err != nil {
			return nil, err
		}
		below = newest + 1
	}
	var out []hit
	top := (below - 1) >> markBits
	for i, next := 0, below; i <= len(spans) && len(out) < limit && next > since<<markBits; i++ {
		from, stretch := since<<markBits, asked
		if i < len(spans) {
			oldest := top - 1<<spans[i]
			from = max(from, oldest<<markBits)
			var eighths []string
			for ms := oldest; ms>>(spans[i]-eighth) <= top>>(spans[i]-eighth); ms += 1 << (spans[i] - eighth) {
				eighths = append(eighths, spanWord(i, ms))
			}
			stretch = append([][]string{eighths}, asked...)
		}
		more, err := db.All(ctx, d, scanHit, `SELECT shard, case_id, mark FROM casework_search
			WHERE words @@ $1::tsquery AND mark < $2 AND mark >= $3 ORDER BY mark + 0 DESC LIMIT $4`,
			d.Planned(queryText(stretch), next, from, limit-len(out))...)
		if err != nil {
			return nil, err
		}
		out, next = append(out, more...), from
	}
	return out, nil
}

// matchText is what is asked as FTS5 reads it.
func matchText(asked [][]string) string { return join(asked, " AND ", " OR ", `"`) }

// queryText is what is asked as PostgreSQL reads it.
func queryText(asked [][]string) string { return join(asked, " & ", " | ", "'") }

func join(asked [][]string, and, or, quote string) string {
	all := make([]string, len(asked))
	for i, group := range asked {
		any := make([]string, len(group))
		for j, w := range group {
			any[j] = quote + strings.ReplaceAll(w, quote, quote+quote) + quote
		}
		all[i] = "(" + strings.Join(any, or) + ")"
	}
	return strings.Join(all, and)
}
