package election

import (
	"context"
	"encoding/json"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

const columns = `shard, id, area, state, day, content, poll_id, due, version`

func scan(r db.Scanner) (e Election, err error) {
	var content, day string
	if err = r.Scan(&e.shard, &e.ID, &e.Area, &e.State, &day, &content, &e.Poll, &e.Due, &e.Version); err != nil {
		return e, err
	}
	err = json.Unmarshal([]byte(content), &struct {
		*Plan
		Law *string `json:"law"`
	}{&e.Plan, &e.Law})
	e.Plan.tidy()
	return e, err
}

func (e *Election) values() []any {
	raw, _ := json.Marshal(struct { // texts and numbers
		Plan
		Law string `json:"law"`
	}{e.Plan, e.Law})
	return []any{e.shard, e.ID, e.Area, string(e.State), e.Plan.Day, string(raw), e.Poll, e.Due, e.Version}
}

func insert(ctx context.Context, tx *audit.Tx, e *Election) error {
	_, err := tx.Exec(ctx, `INSERT INTO council_election (`+columns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, e.values()...)
	return err
}

// update keeps an election by its version. Error: Stale.
func update(ctx context.Context, tx *audit.Tx, e *Election) error {
	n, err := tx.Exec(ctx, `UPDATE council_election SET area = $3, state = $4, day = $5, content = $6, poll_id = $7, due = $8, version = version + 1
		WHERE shard = $1 AND id = $2 AND version = $9`, e.values()...)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subject, ID: e.ID})
	}
	e.Version++
	return err
}

// find is one election. Error: NotFound.
func find(ctx context.Context, r db.Reader, id string) (Election, error) {
	e, err := db.One(ctx, r, scan, `SELECT `+columns+` FROM council_election WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
	if db.IsNone(err) {
		err = errs.ErrNotFound
	}
	e.today = clock.Day(clock.Now(ctx))
	return e, err
}

// list are the elections inside areas, the newest first, after a cursor.
func list(ctx context.Context, r db.Reader, scopes []string, state, after string, limit int) ([]Election, error) {
	var w db.Where
	var terms []string
	for _, scope := range scopes {
		terms = append(terms, w.Term("(area >= %s AND area < %s)", scope, authority.PrefixEnd(scope)))
	}
	w.Any(terms...)
	if state != "" {
		w.And("state = %s", state)
	}
	if after != "" {
		w.And("id < %s", after)
	}
	return db.All(ctx, r, scan, `SELECT `+columns+` FROM council_election`+w.String()+` ORDER BY id DESC LIMIT `+w.Arg(limit), w.List...)
}

// Event is one step in the life of an election.
type Event struct {
	Verb string `json:"verb"`
	At   int64  `json:"at"`
	By   string `json:"by"`
	Note string `json:"note"`
}

func insertEvent(ctx context.Context, tx *audit.Tx, e *Election, verb flow.Verb, note string) error {
	by := tx.Actor.Name
	if tx.Actor.System {
		by = ""
	}
	return tx.Send(ctx, `INSERT INTO council_election_event (shard, election_id, id, verb, at, actor_name, note) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		e.shard, e.ID, db.NewID(ctx), string(verb), clock.Millis(tx.Now), by, strings.TrimSpace(note))
}

func listEvents(ctx context.Context, r db.Reader, e *Election) ([]Event, error) {
	return db.All(ctx, r, func(row db.Scanner) (x Event, err error) { return x, row.Scan(&x.Verb, &x.At, &x.By, &x.Note) },
		`SELECT verb, at, actor_name, note FROM council_election_event WHERE shard = $1 AND election_id = $2 ORDER BY id`, e.shard, e.ID)
}
