package disclosure

import (
	"context"
	"encoding/json"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// Entry is one edition of what a community discloses for a duty.
type Entry struct {
	Shard, ID string
	Edition   int // 1 for the first text, 2 for its first correction …
	State     string
	Area      string
	Item      string
	Head      string
	Duty      string
	Period    string
	Last      string // last day of the period
	Content
	Document  string // the posted bytes; "" before
	Hash      string // SHA-256 of Document in hexadecimal; "" before
	Issuer    string
	Writer    string
	Approver  string
	WrittenAt int64
	PostedAt  int64  // 0 until it was approved
	PostedOn  string // day, "" before
	EndedAt   int64  // replaced, taken down or discarded; else 0
	Reason    string // of a correction, or of taking it down
	Remark    string // why it was returned last
	Version   int64

	latest          bool
	writers         string // ids of the accounts that wrote it
	today, mayEnd   string
	opening, closed int64 // balances of accounts, in fen
}

// public tells whether everybody may read the edition.
func (e *Entry) Public() bool {
	return e.State == string(StatePosted) || e.State == string(StateReplaced) || e.State == string(StateEnded)
}

// EntryColumns are the columns that ScanEntry reads.
const EntryColumns = `shard, id, edition, latest, state, area, item, head, duty_id, period, last_on, title, content, document, hash, opening,
	closing, issuer, writers, writer_name, approver_name, written_at, posted_at, posted_on, ended_at, reason, remark, version`

// ScanEntry reads an edition from a row of EntryColumns.
func ScanEntry(r db.Scanner) (e Entry, err error) {
	var content, title string
	err = r.Scan(&e.Shard, &e.ID, &e.Edition, db.YesNo(&e.latest), &e.State, &e.Area, &e.Item, &e.Head, &e.Duty, &e.Period, &e.Last, &title,
		&content, &e.Document, &e.Hash, &e.opening, &e.closed, &e.Issuer, &e.writers, &e.Writer, &e.Approver, &e.WrittenAt, &e.PostedAt,
		&e.PostedOn, &e.EndedAt, &e.Reason, &e.Remark, &e.Version)
	if err == nil {
		err = json.Unmarshal([]byte(content), &e.Content)
	}
	return e, err
}

func (e *Entry) values() ([]any, error) {
	raw, err := json.Marshal(e.Content)
	e.opening, e.closed = 0, 0
	if e.Finance != nil {
		e.opening, e.closed = e.Finance.Opening, e.Finance.Closing
	}
	return []any{e.Shard, e.ID, e.Edition, db.Bool(e.latest), e.State, e.Area, e.Item, e.Head, e.Duty, e.Period, e.Last, e.Title, string(raw),
		e.Document, e.Hash, e.opening, e.closed, e.Issuer, e.writers, e.Writer, e.Approver, e.WrittenAt, e.PostedAt, e.PostedOn, e.EndedAt,
		e.Reason, e.Remark, e.Version}, err
}

func insertEntry(ctx context.Context, tx *audit.Tx, e *Entry) error {
	values, err := e.values()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO disclosure_entry (`+EntryColumns+`) VALUES (`+
		`$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28)`, values...)
	return err
}

// updateEntry writes an edition by its version. The bytes of a posted one are never written again: a row that has some keeps
// them. Error: Stale.
func updateEntry(ctx context.Context, tx *audit.Tx, e *Entry) error {
	values, err := e.values()
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE disclosure_entry SET latest = $4, state = $5, area = $6, item = $7, head = $8, duty_id = $9, period = $10,
		last_on = $11, title = CASE WHEN document = '' THEN $12 ELSE title END, content = CASE WHEN document = '' THEN $13 ELSE content END,
		document = CASE WHEN document = '' THEN $14 ELSE document END, hash = CASE WHEN document = '' THEN $15 ELSE hash END,
		opening = $16, closing = $17, issuer = $18, writers = $19, writer_name = $20, approver_name = $21, written_at = $22, posted_at = $23,
		posted_on = $24, ended_at = $25, reason = $26, remark = $27, version = version + 1
		WHERE shard = $1 AND id = $2 AND edition = $3 AND version = $28`, values...)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subjectEntry, ID: e.ID})
	}
	e.Version++
	return err
}

// latest is the newest edition of an entry. Error: NotFound.
func (s *Service) latest(ctx context.Context, r db.Reader, id string) (Entry, error) {
	e, err := db.One(ctx, r, ScanEntry, `SELECT `+EntryColumns+` FROM disclosure_entry WHERE shard = $1 AND id = $2 AND latest = 1`,
		db.ShardOf(id), id)
	return s.completed(ctx, e), found(err)
}

// posted is the edition of an entry that is posted, else the newest. Error: NotFound.
func (s *Service) posted(ctx context.Context, r db.Reader, id string) (Entry, error) {
	e, err := db.One(ctx, r, ScanEntry, `SELECT `+EntryColumns+` FROM disclosure_entry WHERE shard = $1 AND id = $2 AND state = 'posted'`,
		db.ShardOf(id), id)
	if db.IsNone(err) {
		return s.latest(ctx, r, id)
	}
	return s.completed(ctx, e), err
}

// completed adds what guards ask: until when it must stay.
func (s *Service) completed(ctx context.Context, e Entry) Entry {
	e.today = clock.Day(clock.Now(ctx))
	if e.PostedOn != "" {
		e.mayEnd = daysAfter(e.PostedOn, s.Rules.Int(rulePosted, e.PostedOn))
	}
	return e
}

// Editions are all texts of an entry, the newest first; none of one that is not there.
func Editions(ctx context.Context, r db.Reader, id string) ([]Entry, error) {
	return db.All(ctx, r, ScanEntry, `SELECT `+EntryColumns+` FROM disclosure_entry WHERE shard = $1 AND id = $2 ORDER BY edition DESC`,
		db.ShardOf(id), id)
}

// closing is the closing balance that the community posted last before a day under an item's form, and whether there is one.
func closing(ctx context.Context, r db.Reader, area, before string) (int64, bool, error) {
	n, err := db.Value[int64](ctx, r, `SELECT closing FROM disclosure_entry WHERE area = $1 AND head = 'finance'
		AND item IN ('finance.quarter', 'finance.month') AND state = 'posted' AND last_on < $2 ORDER BY last_on DESC LIMIT 1`, area, before)
	if db.IsNone(err) {
		return 0, false, nil
	}
	return n, err == nil, err
}
