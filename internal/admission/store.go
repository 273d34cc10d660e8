package admission

import (
	"context"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

const listColumns = `id, area, kind, edition, state, valid_from, valid_to, reason, writer_id, writer_name, written_at,
	proposer_id, proposer_name, proposed_at, publisher_name, published_at, remark, version`

func scanList(r db.Scanner) (l List, err error) {
	err = r.Scan(&l.ID, &l.Area, &l.Kind, &l.Edition, &l.State, &l.From, &l.Until, &l.Reason, &l.writer, &l.Writer, &l.WrittenAt,
		&l.proposer, &l.Proposer, &l.ProposedAt, &l.Publisher, &l.PublishedAt, &l.Remark, &l.Version)
	if l.Until == forever {
		l.Until = ""
	}
	return l, err
}

func (l *List) values() []any {
	until := l.Until
	if until == "" {
		until = forever
	}
	return []any{l.ID, l.Area, string(l.Kind), l.Edition, string(l.State), l.From, until, l.Reason, l.writer, l.Writer, l.WrittenAt,
		l.proposer, l.Proposer, l.ProposedAt, l.Publisher, l.PublishedAt, l.Remark, l.Version}
}

func insertList(ctx context.Context, tx *audit.Tx, l *List) error {
	_, err := tx.Exec(ctx, `INSERT INTO admission_list (`+listColumns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)`, l.values()...)
	return err
}

// updateList writes an edition by its version. Error: Stale.
func updateList(ctx context.Context, tx *audit.Tx, l *List) error {
	n, err := tx.Exec(ctx, `UPDATE admission_list SET area = $2, kind = $3, edition = $4, state = $5, valid_from = $6, valid_to = $7,
		reason = $8, writer_id = $9, writer_name = $10, written_at = $11, proposer_id = $12, proposer_name = $13, proposed_at = $14,
		publisher_name = $15, published_at = $16, remark = $17, version = version + 1 WHERE id = $1 AND version = $18`, l.values()...)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subject, ID: l.ID})
	}
	l.Version++
	return err
}

// findList is one edition without its entries. Error: NotFound.
func findList(ctx context.Context, r db.Reader, id string) (List, error) {
	l, err := db.One(ctx, r, scanList, `SELECT `+listColumns+` FROM admission_list WHERE id = $1`, id)
	if db.IsNone(err) {
		err = errs.ErrNotFound
	}
	return l, err
}

// listsInForce are the editions that hold on a day for any of the areas themselves.
func listsInForce(ctx context.Context, r db.Reader, areas []string, day string) ([]List, error) {
	in, args := db.In([]any{day}, areas)
	return db.All(ctx, r, scanList, `SELECT `+listColumns+` FROM admission_list WHERE state IN ('published', 'replaced')
		AND valid_from <= $1 AND valid_to >= $1 AND area IN `+in+` ORDER BY area, kind, edition`, args...)
}

// listEditions are all editions of one area and kind, the newest first; of all kinds for "".
func listEditions(ctx context.Context, r db.Reader, area string, kind Kind) ([]List, error) {
	return db.All(ctx, r, scanList, `SELECT `+listColumns+` FROM admission_list
		WHERE area = $1 AND (CAST($2 AS TEXT) = '' OR kind = $2) ORDER BY kind, edition DESC`, area, string(kind))
}

const entryColumns = `code, text_zh, text_en, terms, department, department_zh, department_en, law_zh, law_en, article_zh, article_en,
	valid_from, valid_to, certainty, note_zh, note_en`

func scanEntry(r db.Scanner, more ...any) (e Entry, err error) {
	var terms string
	err = r.Scan(append([]any{&e.Code, &e.Text.Zh, &e.Text.En, &terms, &e.Department, &e.DepartmentName.Zh, &e.DepartmentName.En,
		&e.Law.Zh, &e.Law.En, &e.Article.Zh, &e.Article.En, &e.From, &e.Until, &e.Certainty, &e.Note.Zh, &e.Note.En}, more...)...)
	e.Terms = strings.Fields(terms)
	if e.Until == forever {
		e.Until = ""
	}
	return e, err
}

// entriesOf are the entries of these lists, the highest area's first, each in its order; those of a code alone where one is given.
func entriesOf(ctx context.Context, r db.Reader, lists []List, code string) ([]Entry, error) {
	if len(lists) == 0 {
		return nil, nil
	}
	byID, ids := map[string]List{}, []string{}
	for _, l := range lists {
		byID[l.ID], ids = l, append(ids, l.ID)
	}
	in, args := db.In([]any{code}, ids)
	all, err := db.All(ctx, r, func(sc db.Scanner) (Entry, error) {
		var list string
		e, err := scanEntry(sc, &list)
		l := byID[list]
		e.Kind, e.Area, e.Edition = l.Kind, l.Area, l.Edition
		return e, err
	}, `SELECT `+entryColumns+`, list_id FROM admission_entry WHERE (CAST($1 AS TEXT) = '' OR code = $1) AND list_id IN `+in+`
		ORDER BY list_id, seq`, args...)
	slices.SortStableFunc(all, func(a, b Entry) int { return len(a.Area) - len(b.Area) })
	return all, err
}

// putEntries writes the entries of an edition in the place of those that it has.
func putEntries(ctx context.Context, tx *audit.Tx, list string, entries []Entry) error {
	if _, err := tx.Exec(ctx, `DELETE FROM admission_entry WHERE list_id = $1`, list); err != nil {
		return err
	}
	for i, e := range entries {
		until := e.Until
		if until == "" {
			until = forever
		}
		if err := tx.Send(ctx, `INSERT INTO admission_entry (list_id, seq, `+entryColumns+`)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)`, list, i+1, e.Code, e.Text.Zh, e.Text.En,
			strings.Join(e.Terms, " "), e.Department, e.DepartmentName.Zh, e.DepartmentName.En, e.Law.Zh, e.Law.En, e.Article.Zh, e.Article.En,
			e.From, until, e.Certainty, e.Note.Zh, e.Note.En); err != nil {
			return err
		}
	}
	return nil
}
