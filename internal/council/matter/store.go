package matter

import (
	"context"
	"encoding/json"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
)

const columns = `shard, id, number, area, kind, state, origin, code, title, body, ref, withheld, owner, supporters, needed, record, decided_at,
	raised_at, changed_at, due, version`

func scan(row db.Scanner) (m Matter, err error) {
	var record string
	err = row.Scan(&m.Shard, &m.ID, &m.Number, &m.Area, &m.Kind, &m.State, &m.Origin, &m.Code, &m.Title, &m.Body, &m.Ref, &m.Withheld,
		&m.owner, &m.Supporters, &m.Needed, &record, &m.DecidedAt, &m.RaisedAt, &m.ChangedAt, &m.Due, &m.Version)
	if err == nil {
		err = json.Unmarshal([]byte(record), &m.Record)
	}
	return m, err
}

// find reads a matter. Error: NotFound.
func find(ctx context.Context, r db.Reader, id string) (Matter, error) {
	m, err := db.One(ctx, r, scan, `SELECT `+columns+` FROM council_matter WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
	if db.IsNone(err) {
		return m, errs.ErrNotFound
	}
	return m, err
}

// vote is the id of the vote on which the matter's end or decision rests, or "".
func (m *Matter) vote() string {
	if m.Record.Decision == nil {
		return ""
	}
	return m.Record.Decision.Vote
}

// words are title and number as they are searched.
func (m *Matter) words() string { return fold.Words(m.Title + " " + m.Number) }

func insert(ctx context.Context, tx *audit.Tx, m *Matter) error {
	record, err := encoded(&m.Record)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO council_matter (shard, id, number, area, kind, state, origin, code, title, words, body, ref, withheld, owner,
		supporters, needed, record, decision_vote, decided_at, raised_at, changed_at, due, open_findings, version)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24)`,
		m.Shard, m.ID, m.Number, m.Area, m.Kind, string(m.State), m.Origin, m.Code, m.Title, m.words(), m.Body, m.Ref, m.Withheld, m.owner,
		m.Supporters, m.Needed, record, m.vote(), m.DecidedAt, m.RaisedAt, m.ChangedAt, m.Due, m.open(), m.Version)
	return err
}

// update writes a matter over the version that was read. Error: Stale.
func update(ctx context.Context, tx *audit.Tx, m *Matter) error {
	record, err := encoded(&m.Record)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE council_matter SET state = $3, code = $4, title = $5, words = $6, body = $7, withheld = $8, supporters = $9,
		record = $10, decision_vote = $11, decided_at = $12, changed_at = $13, due = $14, open_findings = $15, version = version + 1
		WHERE shard = $1 AND id = $2 AND version = $16`,
		m.Shard, m.ID, string(m.State), m.Code, m.Title, m.words(), m.Body, m.Withheld, m.Supporters, record, m.vote(), m.DecidedAt, m.ChangedAt,
		m.Due, m.open(), m.Version)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subject, ID: m.ID})
	}
	m.Version++
	return err
}

func listEvents(ctx context.Context, r db.Reader, m *Matter) ([]MatterEvent, error) {
	return db.All(ctx, r, func(row db.Scanner) (e MatterEvent, err error) {
		return e, row.Scan(&e.Verb, &e.State, &e.At, &e.By, &e.Body, &e.Note)
	}, `SELECT verb, state, at, actor_name, actor_body, note FROM council_matter_event WHERE shard = $1 AND matter_id = $2 ORDER BY id DESC`,
		m.Shard, m.ID)
}

// Opinion is what somebody said of a matter; nobody's name is kept.
type Opinion struct {
	ID         string `json:"id"`
	Way        string `json:"way" enum:"online,paper"`
	Body       string `json:"body"`
	At         int64  `json:"at"`
	Withheld   string `json:"withheld" doc:"Why it is not shown to residents; empty where it is"`
	WithheldBy string `json:"withheldBy"`
	WithheldAt int64  `json:"withheldAt"`
}

// mostOpinions bounds the opinions of a page.
const mostOpinions = 500

func listOpinions(ctx context.Context, r db.Reader, m *Matter) ([]Opinion, error) {
	return db.All(ctx, r, func(row db.Scanner) (o Opinion, err error) {
		return o, row.Scan(&o.ID, &o.Way, &o.Body, &o.At, &o.Withheld, &o.WithheldBy, &o.WithheldAt)
	}, `SELECT id, way, body, at, withheld, withheld_by, withheld_at FROM council_opinion WHERE shard = $1 AND matter_id = $2
		ORDER BY id DESC LIMIT $3`, m.Shard, m.ID, mostOpinions)
}

// setWithheld withholds an opinion with a reason, or shows it again. Error: NotFound.
func setWithheld(ctx context.Context, tx *audit.Tx, m *Matter, id, reason string) error {
	n, err := tx.Exec(ctx, `UPDATE council_opinion SET withheld = $4, withheld_by = $5, withheld_at = $6
		WHERE shard = $1 AND matter_id = $2 AND id = $3`, m.Shard, m.ID, id, reason, tx.Actor.Name, clock.Millis(tx.Now))
	if err == nil && n == 0 {
		err = errs.ErrNotFound
	}
	return err
}

// marked enters a person into a table once. again tells that they stand in it.
func marked(ctx context.Context, tx *audit.Tx, m *Matter, table, mark string) (again bool, err error) {
	n, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM `+table+` WHERE shard = $1 AND matter_id = $2 AND mark = $3`, m.Shard, m.ID, mark)
	return n > 0, err
}
