package registry

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/revision"
)

// errTree says that a stored area cannot be: the database was changed by something else.
var errTree = errs.New(errs.Internal, "registry.area.broken")

// Revisions of what the register keeps in memory.
const (
	RevisionArea    = "registry.area"
	RevisionOutline = "registry.outline"
	RevisionBody    = "registry.body"
)

// ReadRevision is how often what bears the name was changed; see revision.Read.
func ReadRevision(ctx context.Context, r db.Reader, name string) (int64, error) {
	return revision.Read(ctx, r, name)
}

// BumpRevision counts a change and tells the new number; see revision.Bump.
func BumpRevision(ctx context.Context, tx *audit.Tx, name string) (int64, error) {
	if err := revision.Bump(ctx, tx, name); err != nil {
		return 0, err
	}
	return revision.Read(ctx, tx, name)
}

// loadTree reads all areas. Codes are digits, so their order is the same under every collation.
func loadTree(ctx context.Context, r db.Reader, revision int64) (*Tree, error) {
	size, err := db.Value[int](ctx, r, `SELECT count(*) FROM registry_area`)
	if err != nil {
		return nil, err
	}
	rows, err := r.Query(ctx, `SELECT id, code, name, kind, pinyin, initials, opened_on, version FROM registry_area ORDER BY code`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	b := newTreeBuilder(revision, size)
	for rows.Next() {
		var a Area
		if err := rows.Scan(&a.ID, &a.Code, &a.Name, &a.Kind, &a.Pinyin, &a.Initials, &a.OpenedOn, &a.Version); err != nil {
			return nil, err
		}
		if err := b.add(a); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	t := b.tree()
	rows.Close()
	if t.past, err = loadHistory(ctx, r); err != nil {
		return nil, err
	}
	t.past.settle(t)
	return t, nil
}

// InsertMany inserts rows 25 at a time (more are slower on SQLite, fewer on PostgreSQL); the rest
// one by one, so that only two statements are ever prepared for a table.
func InsertMany(ctx context.Context, tx *audit.Tx, table, columns string, rows int, values func(i int) []any, done func(n int)) error {
	const many = 25
	width := strings.Count(columns, ",") + 1
	insert := func(n int) string {
		lists := make([]string, n)
		for i := range lists {
			lists[i] = db.List(1+i*width, width)
		}
		return fmt.Sprintf(`INSERT INTO %s (%s) VALUES %s`, table, columns, strings.Join(lists, ","))
	}
	block, single := insert(many), insert(1)
	args := make([]any, 0, many*width)
	for i := 0; i < rows; {
		n, query := many, block
		if rows-i < many {
			n, query = 1, single
		}
		args = args[:0]
		for range n {
			args = append(args, values(i)...)
			i++
		}
		if _, err := tx.Exec(ctx, query, args...); err != nil {
			return err
		}
		done(i)
	}
	return nil
}
