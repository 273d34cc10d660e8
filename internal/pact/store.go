package pact

import (
	"context"
	"strings"

	"linli/internal/pact/review"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

const subject = "pact.convention"

const columns = `shard, id, seq, latest, state, area, kind, title, reason, writer_id, writer_name, written_at, reviewed_at, meeting, filing,
	published_at, ordered_at, ordered_by, order_reason, correct_by, correct_due, ended_at, version`

func scanEdition(r db.Scanner) (e Edition, err error) {
	var meeting, filing string
	err = r.Scan(&e.Shard, &e.ID, &e.Seq, db.YesNo(&e.latest), &e.State, &e.Content.Area, &e.Content.Kind, &e.Content.Title, &e.Reason,
		&e.writer, &e.WriterName, &e.WrittenAt, &e.ReviewedAt, &meeting, &filing, &e.PublishedAt, &e.OrderedAt, &e.OrderedBy, &e.OrderReason,
		&e.CorrectBy, &e.correctDue, &e.EndedAt, &e.Version)
	e.Meeting, e.Filing = decoded[Meeting](meeting), decoded[Filing](filing)
	return e, err
}

func (e *Edition) values() []any {
	return []any{e.Shard, e.ID, e.Seq, db.Bool(e.latest), e.State, e.Content.Area, e.Content.Kind, e.Content.Title, e.Reason, e.writer,
		e.WriterName, e.WrittenAt, e.ReviewedAt, encoded(e.Meeting), encoded(e.Filing), e.PublishedAt, e.OrderedAt, e.OrderedBy,
		e.OrderReason, e.CorrectBy, e.correctDue, e.EndedAt, e.Version}
}

func insertEdition(ctx context.Context, tx *audit.Tx, e *Edition) error {
	_, err := tx.Exec(ctx, `INSERT INTO pact_edition (`+columns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23)`, e.values()...)
	if err == nil {
		err = insertClauses(ctx, tx, e)
	}
	return err
}

// updateEdition writes an edition by its version. Error: Stale.
func updateEdition(ctx context.Context, tx *audit.Tx, e *Edition) error {
	n, err := tx.Exec(ctx, `UPDATE pact_edition SET latest = $4, state = $5, area = $6, kind = $7, title = $8, reason = $9, writer_id = $10,
		writer_name = $11, written_at = $12, reviewed_at = $13, meeting = $14, filing = $15, published_at = $16, ordered_at = $17,
		ordered_by = $18, order_reason = $19, correct_by = $20, correct_due = $21, ended_at = $22, version = version + 1
		WHERE shard = $1 AND id = $2 AND seq = $3 AND version = $23`, e.values()...)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subject, ID: e.ID})
	}
	return err
}

func insertClauses(ctx context.Context, tx *audit.Tx, e *Edition) error {
	for i, c := range e.Content.Clauses {
		if _, err := tx.Exec(ctx, `INSERT INTO pact_clause (shard, pact_id, seq, place, kind, number, label, body)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, e.Shard, e.ID, e.Seq, i, c.Kind, c.Number, c.Label, c.Body); err != nil {
			return err
		}
	}
	return nil
}

func replaceClauses(ctx context.Context, tx *audit.Tx, e *Edition) error {
	if _, err := tx.Exec(ctx, `DELETE FROM pact_clause WHERE shard = $1 AND pact_id = $2 AND seq = $3`, e.Shard, e.ID, e.Seq); err != nil {
		return err
	}
	return insertClauses(ctx, tx, e)
}

// whole is an edition with its clauses and the counts that its guards ask.
func whole(ctx context.Context, r db.Reader, e Edition, err error) (Edition, error) {
	if db.IsNone(err) {
		return e, errs.ErrNotFound
	}
	if err != nil {
		return e, err
	}
	e.Content.Clauses, err = db.All(ctx, r, func(row db.Scanner) (c Clause, err error) {
		return c, row.Scan(&c.Kind, &c.Number, &c.Label, &c.Body)
	}, `SELECT kind, number, label, body FROM pact_clause WHERE shard = $1 AND pact_id = $2 AND seq = $3 ORDER BY place`, e.Shard, e.ID, e.Seq)
	if err != nil {
		return e, err
	}
	found, err := listFindings(ctx, r, &e)
	for _, f := range found {
		switch {
		case f.Decision == "":
			e.open++
		case f.Decision == Upheld && f.Severity == review.Illegal:
			e.upheld++
		}
	}
	return e, err
}

// latest is the newest edition. Error: NotFound.
func latest(ctx context.Context, r db.Reader, id string) (Edition, error) {
	e, err := db.One(ctx, r, scanEdition, `SELECT `+columns+` FROM pact_edition WHERE shard = $1 AND id = $2 AND latest = 1`, shardOf(id), id)
	return whole(ctx, r, e, err)
}

// inForceOf is the edition that is published and not replaced, or the newest where none is. Error: NotFound.
func inForceOf(ctx context.Context, r db.Reader, id string) (Edition, error) {
	e, err := db.One(ctx, r, scanEdition, `SELECT `+columns+` FROM pact_edition WHERE shard = $1 AND id = $2 AND published_at > 0
		AND ended_at = 0`, shardOf(id), id)
	if db.IsNone(err) {
		return latest(ctx, r, id)
	}
	return whole(ctx, r, e, err)
}

// editions are all texts of a convention, the newest first.
func editions(ctx context.Context, r db.Reader, id string) ([]Edition, error) {
	all, err := db.All(ctx, r, scanEdition, `SELECT `+columns+` FROM pact_edition WHERE shard = $1 AND id = $2 ORDER BY seq DESC`, shardOf(id), id)
	for i := range all {
		if err == nil {
			all[i], err = whole(ctx, r, all[i], nil)
		}
	}
	return all, err
}

// shardOf is the part of an id before its first dash.
func shardOf(id string) string {
	shard, _, _ := strings.Cut(id, "-")
	return shard
}

// Finding is what the review found in a clause, and how a person decided it.
type Finding struct {
	ID         string   `json:"id"`
	Place      int      `json:"place" doc:"Place of the clause in the list, from 0; -1 for the whole text"`
	Number     string   `json:"number"`
	Code       string   `json:"code"`
	Severity   string   `json:"severity" enum:"illegal,look"`
	Words      []string `json:"words"`
	Citation   string   `json:"citation"`
	Name       string   `json:"name" doc:"What kind of finding, in the reader's language"`
	Suggestion string   `json:"suggestion" doc:"A lawful wording"`
	Decision   string   `json:"decision" enum:",upheld,dismissed"`
	Reason     string   `json:"reason"`
	DecidedBy  string   `json:"decidedBy"`
	DecidedAt  int64    `json:"decidedAt"`
}

const wordBreak = "\n"

func insertFindings(ctx context.Context, tx *audit.Tx, e *Edition, all []review.Finding) error {
	if _, err := tx.Exec(ctx, `DELETE FROM pact_finding WHERE shard = $1 AND pact_id = $2 AND seq = $3`, e.Shard, e.ID, e.Seq); err != nil {
		return err
	}
	for _, f := range all {
		words := strings.Join(f.Words, wordBreak)
		if _, err := tx.Exec(ctx, `INSERT INTO pact_finding (shard, pact_id, seq, id, place, number, code, severity, words, citation, decision, reason,
			decided_by, decided_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,'','','',0)`,
			e.Shard, e.ID, e.Seq, db.NewID(ctx), f.Clause, f.Number, f.Code, f.Severity, words, f.Citation); err != nil {
			return err
		}
	}
	return nil
}

func listFindings(ctx context.Context, r db.Reader, e *Edition) ([]Finding, error) {
	return db.All(ctx, r, func(row db.Scanner) (f Finding, err error) {
		var words string
		err = row.Scan(&f.ID, &f.Place, &f.Number, &f.Code, &f.Severity, &words, &f.Citation, &f.Decision, &f.Reason, &f.DecidedBy, &f.DecidedAt)
		f.Words = []string{}
		if words != "" {
			f.Words = strings.Split(words, wordBreak)
		}
		return f, err
	}, `SELECT id, place, number, code, severity, words, citation, decision, reason, decided_by, decided_at FROM pact_finding
		WHERE shard = $1 AND pact_id = $2 AND seq = $3 ORDER BY place, id`, e.Shard, e.ID, e.Seq)
}

// Opinion is what somebody said of a draft; nobody's name is kept.
type Opinion struct {
	ID     string `json:"id"`
	Source string `json:"source" enum:"portal,paper"`
	Body   string `json:"body"`
	At     int64  `json:"at"`
	By     string `json:"by" doc:"Who entered a paper one"`
}

func listOpinions(ctx context.Context, r db.Reader, id string, most int) ([]Opinion, error) {
	return db.All(ctx, r, func(row db.Scanner) (o Opinion, err error) {
		return o, row.Scan(&o.ID, &o.Source, &o.Body, &o.At, &o.By)
	}, `SELECT id, source, body, at, entered_by FROM pact_opinion WHERE shard = $1 AND pact_id = $2 ORDER BY id DESC LIMIT $3`, shardOf(id), id, most)
}

// Event is one step in the life of a convention.
type Event struct {
	Edition int    `json:"edition"`
	Verb    string `json:"verb"`
	At      int64  `json:"at"`
	By      string `json:"by"`
	Note    string `json:"note"`
}

func insertEvent(ctx context.Context, tx *audit.Tx, e *Edition, verb flow.Verb, note string) error {
	_, err := tx.Exec(ctx, `INSERT INTO pact_event (shard, pact_id, id, seq, verb, at, actor_name, note) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		e.Shard, e.ID, db.NewID(ctx), e.Seq, string(verb), clock.Millis(tx.Now), tx.Actor.Name, note)
	return err
}

func listEvents(ctx context.Context, r db.Reader, id string) ([]Event, error) {
	return db.All(ctx, r, func(row db.Scanner) (v Event, err error) {
		return v, row.Scan(&v.Edition, &v.Verb, &v.At, &v.By, &v.Note)
	}, `SELECT seq, verb, at, actor_name, note FROM pact_event WHERE shard = $1 AND pact_id = $2 ORDER BY id DESC`, shardOf(id), id)
}
