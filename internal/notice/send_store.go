package notice

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/notify"
)

func topicOf(notice, kind string, seq int) string { return fmt.Sprintf("%s %s %d", notice, kind, seq) }

func (p place) text() string { return p.first + "\n" + p.second }

func readPlace(s string) place {
	first, second, _ := strings.Cut(s, "\n")
	return place{first, second}
}

func readCounts(s string) map[notify.State]int {
	out := map[notify.State]int{}
	_ = json.Unmarshal([]byte(s), &out) // "" is none
	return out
}

const roundColumns = `shard, notice_id, kind, seq, urgent, from_on, opened_at, place, handed, done_at, counts, settled`

func scanRound(row db.Scanner) (r Round, err error) {
	return r, row.Scan(&r.Shard, &r.Notice, &r.Kind, &r.Seq, db.YesNo(&r.Urgent), &r.From, &r.Opened, &r.Place, &r.Handed, &r.Done, &r.Counts,
		db.YesNo(&r.Settled))
}

// openRound has an edition told, from the write that publishes or withdraws it.
func openRound(ctx context.Context, tx *audit.Tx, e *Edition, kind string) error {
	from := e.From
	if kind == tellWithdrawn {
		from = "" // whenever it would have begun
	}
	_, err := tx.Exec(ctx, `INSERT INTO notice_round (`+roundColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,'',0,0,'',0)`,
		e.Shard, e.ID, kind, e.Seq, db.Bool(e.Urgent), from, clock.Millis(tx.Now))
	return err
}

// readyRound is the next that goes on. Error: db.IsNone.
func readyRound(ctx context.Context, r db.Reader, day string, all bool) (Round, error) {
	return db.One(ctx, r, scanRound, `SELECT `+roundColumns+` FROM notice_round WHERE done_at = 0 AND from_on <= $1 AND urgent >= $2
		ORDER BY urgent DESC, opened_at LIMIT 1`, day, db.Bool(!all))
}

func findRound(ctx context.Context, r db.Reader, of *Round) (Round, error) {
	return db.One(ctx, r, scanRound, `SELECT `+roundColumns+` FROM notice_round
		WHERE shard = $1 AND notice_id = $2 AND kind = $3 AND seq = $4`,
		of.Shard, of.Notice, of.Kind, of.Seq)
}

func listRounds(ctx context.Context, r db.Reader, id string) ([]Round, error) {
	return db.All(ctx, r, scanRound, `SELECT `+roundColumns+` FROM notice_round WHERE shard = $1 AND notice_id = $2 ORDER BY opened_at, kind`,
		db.ShardOf(id), id)
}

func updateRound(ctx context.Context, tx *audit.Tx, r *Round) error {
	_, err := tx.Exec(ctx, `UPDATE notice_round SET place = $1, handed = $2, done_at = $3
		WHERE shard = $4 AND notice_id = $5 AND kind = $6 AND seq = $7`, r.Place, r.Handed, r.Done, r.Shard, r.Notice, r.Kind, r.Seq)
	return err
}

// mostUnsettled bounds how many rounds the job looks at.
const mostUnsettled = 500

func unsettledRounds(ctx context.Context, r db.Reader) ([]Round, error) {
	return db.All(ctx, r, scanRound, `SELECT `+roundColumns+` FROM notice_round WHERE settled = 0 AND done_at > 0 ORDER BY done_at LIMIT $1`,
		mostUnsettled)
}

func settleRound(ctx context.Context, tx *audit.Tx, r *Round, counts map[notify.State]int) error {
	raw, err := json.Marshal(counts)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE notice_round SET counts = $1, settled = 1 WHERE shard = $2 AND notice_id = $3 AND kind = $4 AND seq = $5`,
		string(raw), r.Shard, r.Notice, r.Kind, r.Seq)
	return err
}

// editionAt is one edition. Error: NotFound.
func editionAt(ctx context.Context, r db.Reader, shard, id string, seq int) (Edition, error) {
	e, err := db.One(ctx, r, scanEdition, `SELECT `+columns+` FROM notice_edition WHERE shard = $1 AND id = $2 AND seq = $3`, shard, id, seq)
	return e, found(err)
}

func isTold(ctx context.Context, r db.Reader, of *Round, u *Consent) (bool, error) {
	n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM notice_told WHERE shard = $1 AND notice_id = $2 AND kind = $3 AND channel = $4
		AND address_index = $5 AND seq = $6`, of.Shard, of.Notice, of.Kind, string(u.Channel), u.Address, of.Seq)
	return n > 0, err
}

func insertTold(ctx context.Context, tx *audit.Tx, r *Round, u *Consent) error {
	_, err := tx.Exec(ctx, `INSERT INTO notice_told (shard, notice_id, kind, channel, address_index, seq, consent_id)
		VALUES ($1,$2,$3,$4,$5,$6,$7)`, r.Shard, r.Notice, r.Kind, string(u.Channel), u.Address, r.Seq, u.ID)
	return err
}

type toldRow struct {
	consent string
	at      place
}

// listTold are the next that were told of a notice that was published, in order of channel and address after a place. An address that was
// told of several editions comes once, by the last of its consents.
func listTold(ctx context.Context, r db.Reader, e *Edition, after place) ([]toldRow, error) {
	return db.All(ctx, r, func(row db.Scanner) (t toldRow, err error) {
		err = row.Scan(&t.at.first, &t.at.second, &t.consent)
		return t, err
	}, `SELECT channel, address_index, MAX(consent_id) FROM notice_told WHERE shard = $1 AND notice_id = $2 AND kind = 'published'
		AND (channel, address_index) > ($3, $4) GROUP BY channel, address_index ORDER BY channel, address_index LIMIT $5`,
		e.Shard, e.ID, after.first, after.second, sendBatch)
}

// mostForgotten bounds how many notices are looked for at once.
const mostForgotten = 100

// endedTold are notices that ended before an instant and of which is kept who was told.
func endedTold(ctx context.Context, r db.Reader, before int64) ([]string, error) {
	return db.All(ctx, r, func(row db.Scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT e.id FROM notice_edition e WHERE e.latest = 1 AND e.state IN ('withdrawn','expired') AND e.ended_at > 0 AND e.ended_at < $1
		AND EXISTS (SELECT 1 FROM notice_told t WHERE t.shard = e.shard AND t.notice_id = e.id) LIMIT $2`, before, mostForgotten)
}

func deleteTold(ctx context.Context, tx *audit.Tx, id string) error {
	_, err := tx.Exec(ctx, `DELETE FROM notice_told WHERE shard = $1 AND notice_id = $2`, db.ShardOf(id), id)
	return err
}
