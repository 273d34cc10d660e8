package application

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"linli/internal/admission/proposal"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	"linli/internal/registry"
)

const columns = `shard, id, state, area, body_id, number, name, from_on, until_on, content, writer_name, signer_name, decider_name,
		written_at,
	received_at, returned, paused_at, resumed_at, due_at, opinions_by, hearing_on, hearing, decided_at, reason, ratify_by, cause, review_by,
	ended_at, version`

func scanApplication(r db.Scanner) (e Application, err error) {
	var content, name, from, until string
	err = r.Scan(&e.Shard, &e.ID, &e.State, &e.Area, &e.Body, &e.Number, &name, &from, &until, &content, &e.Writer, &e.Signer, &e.Decider,
		&e.WrittenAt, &e.ReceivedAt, db.YesNo(&e.Returned), &e.PausedAt, &e.ResumedAt, &e.DueAt, &e.OpinionsBy, &e.HearingOn, &e.Hearing,
		&e.DecidedAt, &e.Reason, &e.RatifyBy, &e.Cause, &e.ReviewBy, &e.EndedAt, &e.Version)
	if err == nil {
		err = json.Unmarshal([]byte(content), &e.Proposal)
	}
	e.at = e.Area
	return e, err
}

func (e *Application) values() ([]any, error) {
	content, err := json.Marshal(e.Proposal)
	return []any{e.Shard, e.ID, e.State, e.Area, e.Body, e.Number, e.Name, e.From, e.Until, string(content), e.Writer, e.Signer, e.Decider,
		e.WrittenAt, e.ReceivedAt, db.Bool(e.Returned), e.PausedAt, e.ResumedAt, e.DueAt, e.OpinionsBy, e.HearingOn, e.Hearing,
		e.DecidedAt, e.Reason, e.RatifyBy, e.Cause, e.ReviewBy, e.EndedAt, e.Version}, err
}

func insertApplication(ctx context.Context, tx *audit.Tx, e *Application) error {
	values, err := e.values()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO admission_application (`+columns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,
		$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29)`, values...)
	return err
}

// updateApplication writes an application by its version. Error: Stale.
func updateApplication(ctx context.Context, tx *audit.Tx, e *Application) error {
	values, err := e.values()
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE admission_application SET state = $3, area = $4, body_id = $5, number = $6, name = $7, from_on = $8,
		until_on = $9, content = $10, writer_name = $11, signer_name = $12, decider_name = $13, written_at = $14, received_at = $15,
		returned = $16, paused_at = $17, resumed_at = $18, due_at = $19, opinions_by = $20, hearing_on = $21, hearing = $22,
		decided_at = $23, reason = $24, ratify_by = $25, cause = $26, review_by = $27, ended_at = $28, version = version + 1
		WHERE shard = $1 AND id = $2 AND version = $29`, values...)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subject, ID: e.ID})
	}
	return err
}

// putAreas writes down the areas of the scope, by which communities and streets list what concerns them.
func putAreas(ctx context.Context, tx *audit.Tx, e *Application) error {
	if _, err := tx.Exec(ctx, `DELETE FROM admission_application_area WHERE shard = $1 AND application_id = $2`, e.Shard, e.ID); err != nil {
		return err
	}
	for _, area := range e.Areas {
		if err := tx.Send(ctx, `INSERT INTO admission_application_area (shard, application_id, area) VALUES ($1,$2,$3)`,
			e.Shard, e.ID, area); err != nil {
			return err
		}
	}
	return nil
}

// find is an application with what its guards ask. Error: NotFound.
func (s *Service) find(ctx context.Context, r db.Reader, id string) (Application, error) {
	e, err := db.One(ctx, r, scanApplication, `SELECT `+columns+` FROM admission_application WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
	if db.IsNone(err) {
		err = errs.ErrNotFound
	}
	if err != nil {
		return e, err
	}
	return e, s.complete(ctx, r, &e)
}

// byNumber is an admission, with what its guards ask. Error: NotFound.
func (s *Service) byNumber(ctx context.Context, r db.Reader, number string) (Application, error) {
	e, err := db.One(ctx, r, scanApplication, `SELECT `+columns+` FROM admission_application WHERE number = $1 AND number <> ''`, number)
	if db.IsNone(err) {
		err = errs.ErrNotFound
	}
	if err != nil {
		return e, err
	}
	return e, s.complete(ctx, r, &e)
}

// complete adds what the guards ask: who wrote it, opinions, money, the rules of today.
func (s *Service) complete(ctx context.Context, r db.Reader, e *Application) (err error) {
	now := clock.Now(ctx)
	e.now, e.today = clock.Millis(now), clock.Day(now)
	if e.writers, err = listWriters(ctx, r, e); err != nil {
		return err
	}
	if e.opinions, err = listOpinions(ctx, r, e); err != nil {
		return err
	}
	b, err := s.Registry.Body(ctx, r, e.Body)
	if err != nil && errs.Of(err).Kind != errs.NotFound {
		return err
	}
	if e.streets = streetsOf(s.Registry, e.Areas); b.Kind == registry.BodySubdistrict { // it gives no opinion on its own application
		e.streets = slices.DeleteFunc(e.streets, func(code string) bool { return code == b.Area })
	}
	e.hears = proposal.Hears(s.Rules, &e.Proposal, communities(s.Registry, e.Areas), e.today)
	levels, _ := s.Rules.On(ruleLevels, e.today)
	for _, name := range strings.Fields(levels.Value) {
		e.levels = append(e.levels, levelNames[name])
	}
	e.owed, err = s.owes(ctx, r, e)
	return err
}

var levelNames = map[string]int{"city": registry.LevelCity, "county": registry.LevelCounty, "street": registry.LevelStreet}

// listWriters are the accounts that acted for the department.
func listWriters(ctx context.Context, r db.Reader, e *Application) ([]string, error) {
	return db.All(ctx, r, func(row db.Scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT DISTINCT actor_id FROM admission_application_event WHERE shard = $1 AND application_id = $2
		AND verb IN ('write', 'change', 'submit', 'sign', 'declare') AND actor_id <> ''`, e.Shard, e.ID)
}

// AdmissionEvent is one step in the life of an application.
type AdmissionEvent struct {
	Verb string `json:"verb"`
	At   int64  `json:"at"`
	By   string `json:"by" doc:"Name of the account; empty for the platform"`
	Note string `json:"note"`
}

// nameOf is the actor's name; "" for the platform.
func nameOf(tx *audit.Tx) string { return map[bool]string{false: tx.Actor.Name}[tx.Actor.System] }

func insertEvent(ctx context.Context, tx *audit.Tx, e *Application, verb flow.Verb, note string) error {
	_, err := tx.Exec(ctx, `INSERT INTO admission_application_event (shard, application_id, id, verb, at, actor_id, actor_name, note)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, e.Shard, e.ID, db.NewID(ctx), string(verb), clock.Millis(tx.Now), tx.Actor.ID, nameOf(tx), note)
	return err
}

func listEvents(ctx context.Context, r db.Reader, e *Application) ([]AdmissionEvent, error) {
	return db.All(ctx, r, func(row db.Scanner) (v AdmissionEvent, err error) {
		err = row.Scan(&v.Verb, &v.At, &v.By, &v.Note)
		return v, err
	}, `SELECT verb, at, actor_name, note FROM admission_application_event WHERE shard = $1 AND application_id = $2 ORDER BY id`,
		e.Shard, e.ID)
}
