package audit

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"linli/internal/platform/db"
)

// sealBatch is how many records one write seals: some milliseconds, for which others wait.
const sealBatch = 50

// errMoved says that another process sealed at the same time.
var errMoved = errors.New("the sealed log has grown meanwhile")

// Seal gives every waiting record its place in the log: a gapless number, and the hashes of the
// Merkle tree that its arrival completes. It tells how many it sealed. Several processes may
// seal at once; whoever comes second begins again.
func (l *Log) Seal(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := l.sealBatch(ctx)
		total += n
		switch {
		case errors.Is(err, errMoved):
			continue
		case err != nil || n == 0:
			return total, err
		}
	}
}

func (l *Log) sealBatch(ctx context.Context) (int, error) {
	size, err := treeSize(ctx, l.DB)
	if err != nil {
		return 0, err
	}
	waiting, err := db.All(ctx, l.DB, scanRow, `SELECT `+rowColumns+` FROM audit_entry e WHERE e.seq IS NULL AND NOT EXISTS
		(SELECT 1 FROM audit_leaf l WHERE l.shard = e.shard AND l.entry_id = e.id) ORDER BY e.id LIMIT $1`, sealBatch)
	if err != nil || len(waiting) == 0 {
		return 0, err
	}
	fresh := map[int64]tlog.Hash{}
	leaves := make([][]any, len(waiting))
	for i, row := range waiting {
		seq := size + int64(i)
		hashes, err := tlog.StoredHashesForRecordHash(seq, row.hash(), l.hashReader(ctx, fresh))
		if err != nil {
			return 0, err
		}
		start := tlog.StoredHashIndex(0, seq)
		for k, h := range hashes {
			fresh[start+int64(k)] = h
		}
		leaves[i] = []any{row.Shard, seq, row.ID, encodeHashes(hashes)}
	}
	err = l.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE audit_tree SET size = $1 WHERE name = 'log' AND size = $2`, size+int64(len(waiting)), size)
		if err != nil {
			return err
		}
		if n == 0 {
			return errMoved
		}
		if err := insertRows(ctx, tx, `INSERT INTO audit_leaf (shard, seq, entry_id, hashes)`, 4, leaves); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE audit_entry SET seq = l.seq FROM audit_leaf AS l
			WHERE l.shard = audit_entry.shard AND l.entry_id = audit_entry.id AND l.seq >= $1 AND l.seq < $2`, size, size+int64(len(waiting)))
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(waiting), nil
}

func treeSize(ctx context.Context, r db.Reader) (int64, error) {
	return db.Value[int64](ctx, r, `SELECT size FROM audit_tree WHERE name = 'log'`)
}

// hashReader reads stored hashes, first among those of the batch in hand. The hashes that a leaf
// completes are kept with it, lowest level first.
func (l *Log) hashReader(ctx context.Context, fresh map[int64]tlog.Hash) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if h, ok := fresh[index]; ok {
				out[i] = h
				continue
			}
			level, n := tlog.SplitStoredHashIndex(index)
			seq := (n+1)<<uint(level) - 1
			text, err := db.Value[string](ctx, l.DB, `SELECT hashes FROM audit_leaf WHERE seq = $1`, seq)
			if err != nil {
				return nil, fmt.Errorf("hash of level %d at %d: %w", level, seq, err)
			}
			hashes, err := decodeHashes(text)
			if err != nil || level >= len(hashes) {
				return nil, fmt.Errorf("hash of level %d at %d cannot be read", level, seq)
			}
			out[i] = hashes[level]
		}
		return out, nil
	})
}

func encodeHashes(hashes []tlog.Hash) string {
	raw := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, h := range hashes {
		raw = append(raw, h[:]...)
	}
	return base64.RawStdEncoding.EncodeToString(raw)
}

func decodeHashes(text string) ([]tlog.Hash, error) {
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(raw) == 0 || len(raw)%tlog.HashSize != 0 {
		return nil, errors.New("stored hashes cannot be read")
	}
	out := make([]tlog.Hash, len(raw)/tlog.HashSize)
	for i := range out {
		copy(out[i][:], raw[i*tlog.HashSize:])
	}
	return out, nil
}
