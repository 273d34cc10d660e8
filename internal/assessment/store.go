package assessment

import (
	"context"
	"encoding/json"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

const schemeColumns = `id, area, year, state, content, writer_id, writer_name, written_at, publisher_name, published_at, computer_id,
	results, digest, appeal_until, frozen_at, version`

func scanScheme(r db.Scanner) (s Scheme, err error) {
	var content, area string
	var year int
	err = r.Scan(&s.ID, &area, &year, &s.State, &content, &s.writer, &s.Writer, &s.WrittenAt, &s.Publisher, &s.PublishedAt, &s.computer,
		&s.results, &s.Digest, &s.AppealUntil, &s.FrozenAt, &s.Version)
	if err == nil {
		err = json.Unmarshal([]byte(content), &s.Content)
	}
	s.Content.Area, s.Content.Year = area, year // the area follows reorganisations
	return s, err
}

func (s *Scheme) values() []any {
	content, _ := json.Marshal(s.Content) // texts and numbers
	return []any{s.ID, s.Content.Area, s.Content.Year, string(s.State), string(content), s.writer, s.Writer, s.WrittenAt, s.Publisher,
		s.PublishedAt, s.computer, s.results, s.Digest, s.AppealUntil, s.FrozenAt, s.Version}
}

func insertScheme(ctx context.Context, tx *audit.Tx, s *Scheme) error {
	_, err := tx.Exec(ctx, `INSERT INTO assessment_scheme (`+schemeColumns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`, s.values()...)
	return err
}

// updateScheme writes a scheme by its version. Error: Stale.
func updateScheme(ctx context.Context, tx *audit.Tx, s *Scheme) error {
	n, err := tx.Exec(ctx, `UPDATE assessment_scheme SET area = $2, year = $3, state = $4, content = $5, writer_id = $6, writer_name = $7,
		written_at = $8, publisher_name = $9, published_at = $10, computer_id = $11, results = $12, digest = $13, appeal_until = $14,
		frozen_at = $15, version = version + 1 WHERE id = $1 AND version = $16`, s.values()...)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subject, ID: s.ID})
	}
	s.Version++
	return err
}

// find is a scheme with what its guards ask. Error: NotFound.
func find(ctx context.Context, r db.Reader, id string) (Scheme, error) {
	s, err := db.One(ctx, r, scanScheme, `SELECT `+schemeColumns+` FROM assessment_scheme WHERE id = $1`, id)
	if db.IsNone(err) {
		return s, errs.ErrNotFound
	}
	if err != nil {
		return s, err
	}
	s.today = clock.Day(clock.Now(ctx))
	s.waiting, err = db.Value[int](ctx, r, `SELECT COUNT(*) FROM assessment_appeal WHERE scheme_id = $1 AND outcome = ''`, id)
	return s, err
}

// Event is one step in the life of a scheme.
type Event struct {
	Verb string `json:"verb"`
	At   int64  `json:"at"`
	By   string `json:"by" doc:"Name of the account"`
	Note string `json:"note"`
}

func insertEvent(ctx context.Context, tx *audit.Tx, id string, verb flow.Verb, note string) error {
	_, err := tx.Exec(ctx, `INSERT INTO assessment_event (scheme_id, id, verb, at, actor_name, note) VALUES ($1,$2,$3,$4,$5,$6)`,
		id, db.NewID(ctx), string(verb), clock.Millis(tx.Now), tx.Actor.Name, note)
	return err
}

func listEvents(ctx context.Context, r db.Reader, id string) ([]Event, error) {
	return db.All(ctx, r, func(row db.Scanner) (v Event, err error) {
		err = row.Scan(&v.Verb, &v.At, &v.By, &v.Note)
		return v, err
	}, `SELECT verb, at, actor_name, note FROM assessment_event WHERE scheme_id = $1 ORDER BY id`, id)
}

// Appeal is what one that was judged says against its result.
type Appeal struct {
	ID   string `json:"id"`
	Area string `json:"area"`

	Department string `json:"department" doc:"Body of the department that appeals; empty for a community or street"`

	Body      string `json:"body"`
	At        int64  `json:"at"`
	By        string `json:"by"`
	Outcome   string `json:"outcome" enum:",upheld,declined" doc:"Empty until it is decided"`
	Answer    string `json:"answer"`
	DecidedAt int64  `json:"decidedAt"`
	Decider   string `json:"decider"`
}

func insertAppeal(ctx context.Context, tx *audit.Tx, scheme string, a *Appeal) error {
	_, err := tx.Exec(ctx, `INSERT INTO assessment_appeal (scheme_id, id, area, body, at, actor_name, outcome, answer, decided_at,
		decider_name, department)
		VALUES ($1,$2,$3,$4,$5,$6,'','',0,'',$7)`, scheme, a.ID, a.Area, a.Body, a.At, a.By, a.Department)
	return err
}

// decideAppeal writes the decision of an appeal that waits, and tells whether there was one.
func decideAppeal(ctx context.Context, tx *audit.Tx, scheme string, a *Appeal) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE assessment_appeal SET outcome = $3, answer = $4, decided_at = $5, decider_name = $6
		WHERE scheme_id = $1 AND id = $2 AND outcome = ''`, scheme, a.ID, a.Outcome, a.Answer, a.DecidedAt, a.Decider)
	return n > 0, err
}

func listAppeals(ctx context.Context, r db.Reader, scheme string) ([]Appeal, error) {
	return db.All(ctx, r, func(row db.Scanner) (a Appeal, err error) {
		err = row.Scan(&a.ID, &a.Area, &a.Body, &a.At, &a.By, &a.Outcome, &a.Answer, &a.DecidedAt, &a.Decider, &a.Department)
		return a, err
	}, `SELECT id, area, body, at, actor_name, outcome, answer, decided_at, decider_name, department
		FROM assessment_appeal
		WHERE scheme_id = $1 ORDER BY id`, scheme)
}

// listSchemes are those of areas from the first code to before the second, the latest year first.
func listSchemes(ctx context.Context, r db.Reader, from, to string, public bool) ([]Scheme, error) {
	return db.All(ctx, r, scanScheme, `SELECT `+schemeColumns+` FROM assessment_scheme WHERE area >= $1 AND area < $2
		AND ($3 = 0 OR state IN ('published', 'computed', 'appeal', 'frozen')) ORDER BY year DESC, id DESC LIMIT 500`, from, to, db.Bool(public))
}

// waitingSchemes are those that somebody has to publish, or whose results are under appeal.
func waitingSchemes(ctx context.Context, r db.Reader) ([]Scheme, error) {
	return db.All(ctx, r, scanScheme, `SELECT `+schemeColumns+` FROM assessment_scheme WHERE state IN ('proposed', 'appeal')
		ORDER BY year DESC, id DESC LIMIT 100`)
}
