package exchange

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

const formColumns = `id, area, body_id, state, content, wanted, held, writer_name, written_at, checked_at, publisher_name, published_at,
	ended_at, note, version`

func scanForm(r db.Scanner) (f Form, err error) {
	var raw string
	err = r.Scan(&f.ID, &f.Area, &f.Body, &f.State, &raw, &f.Wanted, &f.Held, &f.Writer, &f.WrittenAt, &f.CheckedAt, &f.Publisher,
		&f.PublishedAt, &f.EndedAt, &f.Note, &f.Version)
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal([]byte(raw), &f.Content)
}

func (f *Form) values() ([]any, error) {
	raw, err := json.Marshal(f.Content)
	return []any{f.ID, f.Area, f.Body, f.State, string(raw), f.Wanted, f.Held, f.Writer, f.WrittenAt, f.CheckedAt, f.Publisher,
		f.PublishedAt, f.EndedAt, f.Note, f.Version}, err
}

func insertForm(ctx context.Context, tx *audit.Tx, f *Form) error {
	values, err := f.values()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO exchange_form (`+formColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`, values...)
	return err
}

// updateForm writes a form by its version, and counts that up. Error: Stale.
func updateForm(ctx context.Context, tx *audit.Tx, f *Form) error {
	values, err := f.values()
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE exchange_form SET area = $2, body_id = $3, state = $4, content = $5, wanted = $6, held = $7,
		writer_name = $8, written_at = $9, checked_at = $10, publisher_name = $11, published_at = $12, ended_at = $13, note = $14,
		version = version + 1 WHERE id = $1 AND version = $15`, values...)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subjectForm, ID: f.ID})
	}
	return err
}

func findForm(ctx context.Context, r db.Reader, id string) (Form, error) {
	f, err := db.One(ctx, r, scanForm, `SELECT `+formColumns+` FROM exchange_form WHERE id = $1`, id)
	if db.IsNone(err) {
		return f, errs.ErrNotFound
	}
	return f, err
}

func listForms(ctx context.Context, r db.Reader, where string, args ...any) ([]Form, error) {
	return db.All(ctx, r, scanForm, `SELECT `+formColumns+` FROM exchange_form WHERE `+where, args...)
}

// FormFilter narrows a list of staff.
type FormFilter struct {
	Area   string `query:"area" maxLength:"12" pattern:"^[0-9]*$"`
	State  string `query:"state" enum:"draft,checked,published,withdrawn,discarded"`
	Mine   bool   `query:"mine" doc:"Those of a body of mine alone"`
	Cursor string `query:"cursor" maxLength:"80"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// Staff is one page of the forms of departments in the actor's areas, the last written first, and the cursor of the next.
// Error: Malformed "cursor".
func (s *Service) Staff(ctx context.Context, q FormFilter) ([]Form, string, error) {
	at, id := int64(1<<62), "~"
	if err := db.ReadCursor(q.Cursor, &at, &id); err != nil {
		return nil, "", err
	}
	var all []Form
	for _, scope := range authority.Narrow(authority.From(ctx).Scope(permRead), q.Area) {
		args, mine := []any{scope, authority.PrefixEnd(scope), at, id, q.State, q.Limit + 1}, ""
		if q.Mine {
			mine, args = db.In(args, authority.From(ctx).Bodies())
			mine = "AND body_id IN " + mine
		}
		some, err := listForms(ctx, s.Log.DB, `area >= $1 AND area < $2 AND (written_at, id) < ($3, $4)
			AND (CAST($5 AS TEXT) = '' OR state = $5) `+mine+` ORDER BY written_at DESC, id DESC LIMIT $6`, args...)
		if err != nil {
			return nil, "", err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b Form) int {
		return cmp.Or(cmp.Compare(b.WrittenAt, a.WrittenAt), strings.Compare(b.ID, a.ID))
	})
	next := ""
	if len(all) > q.Limit {
		all = all[:q.Limit]
		last := all[q.Limit-1]
		next = db.Cursor(last.WrittenAt, last.ID)
	}
	return all, next, nil
}
