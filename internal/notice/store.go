package notice

import (
	"context"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

const columns = `shard, id, seq, latest, state, area, areas, kind, urgent, pinned, title_zh, body_zh, title_en, body_en, from_on, until_on,
	issuer, writer_name, approver_name, written_at, published_at, ended_at, reason, end_reason, version`

// columnsOfE are the columns of notice_edition e.
const columnsOfE = `e.shard, e.id, e.seq, e.latest, e.state, e.area, e.areas, e.kind, e.urgent, e.pinned, e.title_zh, e.body_zh, e.title_en, e.body_en,
	e.from_on, e.until_on, e.issuer, e.writer_name, e.approver_name, e.written_at, e.published_at, e.ended_at, e.reason, e.end_reason, e.version`

func scanEdition(r db.Scanner) (e Edition, err error) {
	var areas string
	err = r.Scan(&e.Shard, &e.ID, &e.Seq, db.YesNo(&e.latest), &e.State, &e.Area, &areas, &e.Kind, db.YesNo(&e.Urgent), db.YesNo(&e.Pinned),
		&e.Title.Zh, &e.Body.Zh, &e.Title.En, &e.Body.En,
		&e.From, &e.Until, &e.Issuer, &e.WriterName, &e.ApproverName, &e.WrittenAt, &e.PublishedAt,
		&e.EndedAt, &e.Reason, &e.EndReason, &e.Version)
	e.Areas = strings.Fields(areas)
	if e.Until == forever {
		e.Until = ""
	}
	return e, err
}

func (e *Edition) values() []any {
	return []any{e.Shard, e.ID, e.Seq, db.Bool(e.latest), e.State, e.Area, strings.Join(e.Areas, " "), e.Kind,
		db.Bool(e.Urgent), db.Bool(e.Pinned),
		e.Title.Zh, e.Body.Zh, e.Title.En, e.Body.En, e.From, e.last(), e.Issuer, e.WriterName, e.ApproverName, e.WrittenAt, e.PublishedAt,
		e.EndedAt, e.Reason, e.EndReason, e.Version}
}

func insertEdition(ctx context.Context, tx *audit.Tx, e *Edition) error {
	_, err := tx.Exec(ctx, `INSERT INTO notice_edition (`+columns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25)`, e.values()...)
	return err
}

// updateEdition writes an edition by its version. Error: Stale.
func updateEdition(ctx context.Context, tx *audit.Tx, e *Edition) error {
	n, err := tx.Exec(ctx, `UPDATE notice_edition SET latest = $4, state = $5, area = $6, areas = $7, kind = $8, urgent = $9, pinned = $10,
		title_zh = $11,
		body_zh = $12, title_en = $13, body_en = $14, from_on = $15, until_on = $16, issuer = $17, writer_name = $18, approver_name = $19,
		written_at = $20,
		published_at = $21, ended_at = $22, reason = $23, end_reason = $24, version = version + 1 WHERE shard = $1 AND id = $2 AND seq = $3
		AND version = $25`, e.values()...)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subject, ID: e.ID})
	}
	return err
}

func unmarkLatest(ctx context.Context, tx *audit.Tx, e *Edition) error {
	_, err := tx.Exec(ctx, `UPDATE notice_edition SET latest = 0 WHERE shard = $1 AND id = $2`, e.Shard, e.ID)
	return err
}

// markLatest makes the newest edition that is not discarded the latest again.
func markLatest(ctx context.Context, tx *audit.Tx, e *Edition, below int) error {
	_, err := tx.Exec(ctx, `UPDATE notice_edition SET latest = 1 WHERE shard = $1 AND id = $2 AND seq =
		(SELECT MAX(seq) FROM notice_edition WHERE shard = $1 AND id = $2 AND seq <= $3 AND state <> 'discarded')`, e.Shard, e.ID, below)
	return err
}

func lastSeq(ctx context.Context, r db.Reader, e *Edition) (int, error) {
	return db.Value[int](ctx, r, `SELECT MAX(seq) FROM notice_edition WHERE shard = $1 AND id = $2`, e.Shard, e.ID)
}

// found turns a row that is not there into NotFound.
func found(err error) error {
	if db.IsNone(err) {
		return errs.ErrNotFound
	}
	return err
}

// latest is the newest edition of a notice, with what its guards ask. Error: NotFound.
func (s *Service) latest(ctx context.Context, r db.Reader, id string) (Edition, error) {
	e, err := db.One(ctx, r, scanEdition, `SELECT `+columns+` FROM notice_edition WHERE shard = $1 AND id = $2 AND latest = 1`,
		db.ShardOf(id), id)
	if err != nil {
		return e, found(err)
	}
	return s.completed(ctx, r, e)
}

// published is the edition of a notice that is published, else the newest. Error: NotFound.
func (s *Service) published(ctx context.Context, r db.Reader, id string) (Edition, error) {
	e, err := db.One(ctx, r, scanEdition, `SELECT `+columns+` FROM notice_edition WHERE shard = $1 AND id = $2 AND state = 'published'`,
		db.ShardOf(id), id)
	if db.IsNone(err) {
		return s.latest(ctx, r, id)
	}
	if err != nil {
		return e, err
	}
	return s.completed(ctx, r, e)
}

// editions are all texts of a notice, the newest first; none of one that is not there.
func editions(ctx context.Context, r db.Reader, id string) ([]Edition, error) {
	return db.All(ctx, r, scanEdition, `SELECT `+columns+` FROM notice_edition WHERE shard = $1 AND id = $2 ORDER BY seq DESC`,
		db.ShardOf(id), id)
}

// baseState is the state of the published edition that a correction would replace, or "".
func baseState(ctx context.Context, r db.Reader, e *Edition) (string, error) {
	n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM notice_edition WHERE shard = $1 AND id = $2 AND seq < $3 AND state = 'published'`,
		e.Shard, e.ID, e.Seq)
	if err != nil || n == 0 {
		return "", err
	}
	return string(statePublished), nil
}

// listWriters are the accounts that wrote an edition.
func listWriters(ctx context.Context, r db.Reader, e *Edition) ([]string, error) {
	return db.All(ctx, r, func(row db.Scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT DISTINCT actor_id FROM notice_event WHERE shard = $1 AND notice_id = $2 AND seq = $3 AND verb IN ('write', 'change')`,
		e.Shard, e.ID, e.Seq)
}

// Event is one step in the life of a notice.
type Event struct {
	Seq  int    `json:"edition"`
	Verb string `json:"verb"`
	At   int64  `json:"at"`
	By   string `json:"by" doc:"Name of the account"`
	Note string `json:"note"`
}

func insertEvent(ctx context.Context, tx *audit.Tx, e *Edition, verb flow.Verb, note string) error {
	_, err := tx.Exec(ctx, `INSERT INTO notice_event (shard, notice_id, id, seq, verb, at, actor_id, actor_name, note)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		e.Shard, e.ID, db.NewID(ctx), e.Seq, string(verb), clock.Millis(tx.Now), tx.Actor.ID, tx.Actor.Name, note)
	return err
}

func listEvents(ctx context.Context, r db.Reader, id string) ([]Event, error) {
	return db.All(ctx, r, func(row db.Scanner) (v Event, err error) {
		err = row.Scan(&v.Seq, &v.Verb, &v.At, &v.By, &v.Note)
		return v, err
	}, `SELECT seq, verb, at, actor_name, note FROM notice_event WHERE shard = $1 AND notice_id = $2 ORDER BY id`, db.ShardOf(id), id)
}

func insertPlaces(ctx context.Context, tx *audit.Tx, e *Edition) error {
	for _, area := range e.Areas {
		if _, err := tx.Exec(ctx, `INSERT INTO notice_place (shard, notice_id, area, seq, from_on, until_on) VALUES ($1,$2,$3,$4,$5,$6)`,
			e.Shard, e.ID, area, e.Seq, e.From, e.last()); err != nil {
			return err
		}
	}
	return nil
}

func deletePlaces(ctx context.Context, tx *audit.Tx, e *Edition) error {
	_, err := tx.Exec(ctx, `DELETE FROM notice_place WHERE shard = $1 AND notice_id = $2`, e.Shard, e.ID)
	return err
}

// mostPast is how many notices the job ends between two looks.
const mostPast = 200

func listPast(ctx context.Context, r db.Reader, day string) ([]Edition, error) {
	return db.All(ctx, r, scanEdition, `SELECT `+columns+` FROM notice_edition WHERE state = 'published' AND until_on < $1 ORDER BY until_on LIMIT $2`, day, mostPast)
}

// listLiving are the editions that are shown or may still be.
func listLiving(ctx context.Context, r db.Reader) ([]Edition, error) {
	return db.All(ctx, r, scanEdition, `SELECT `+columns+` FROM notice_edition WHERE state IN ('draft','submitted','returned','published')`)
}

// find are the notices shown on a day anywhere whose title or text holds the words, the newest first.
func find(ctx context.Context, r db.Reader, day, words string, most int) ([]Edition, error) {
	like := db.Containing(words)
	return db.All(ctx, r, scanEdition, `SELECT `+columnsOfE+` FROM notice_edition e
		WHERE e.state = 'published' AND e.until_on >= $1 AND e.from_on <= $2
		AND (LOWER(e.title_zh) LIKE $3 ESCAPE '\' OR LOWER(e.title_en) LIKE $4 ESCAPE '\'
			OR LOWER(e.body_zh) LIKE $5 ESCAPE '\' OR LOWER(e.body_en) LIKE $6 ESCAPE '\')
		ORDER BY e.published_at DESC, e.id DESC LIMIT $7`, day, day, like, like, like, like, most)
}

// Shown asks for the notices of today that reach an area: those for it and for the areas above it.
type Shown struct {
	Area   string
	Below  bool // those for areas inside it, too
	Urgent bool // these alone
	Skip   int
	Most   int
}

// List is what is shown today: urgent ones first, then those pinned, then the newest.
func (s *Service) List(ctx context.Context, q Shown) ([]Edition, error) {
	day := clock.Day(clock.Now(ctx))
	var above []string
	for _, a := range s.Registry.Path(q.Area) {
		above = append(above, a.Code)
	}
	if len(above) == 0 {
		return nil, nil
	}
	from, to := ":", ":" // nothing below
	if q.Below {
		from, to = q.Area, authority.PrefixEnd(q.Area)
	}
	list, args := db.In([]any{day, day, from, to, db.Bool(q.Urgent), q.Most, q.Skip}, above)
	return db.All(ctx, s.Log.DB, scanEdition, `SELECT `+columnsOfE+` FROM notice_edition e WHERE e.state = 'published' AND e.urgent >= $5 AND (e.shard, e.id, e.seq) IN (
		SELECT p.shard, p.notice_id, p.seq FROM notice_place p WHERE p.from_on <= $1 AND p.until_on >= $2
		AND (p.area >= $3 AND p.area < $4 OR p.area IN `+list+`))
		ORDER BY e.urgent DESC, e.pinned DESC, e.published_at DESC, e.id DESC LIMIT $6 OFFSET $7`, args...)
}
