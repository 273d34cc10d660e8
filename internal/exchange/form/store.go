package form

import (
	"context"
	"encoding/json"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
	fields "linli/internal/platform/form"
	"linli/internal/platform/seal"
)

const sendingColumns = `shard, id, client_key, form_id, title_zh, title_en, purpose_zh, purpose_en, questions, body, area, areas,
	pass_number, pass_title, pass_until, duty, due_on, minutes, state, total, prepared, place, wanted, prefilled, sent_at,
	sender_id, sender_name, reminded_at, ended_at, end_reason, version, carrier, carrier_way,
	paused_on`

func scanSending(r db.Scanner) (s Sending, err error) {
	var questions, areas string
	if err = r.Scan(&s.Shard, &s.ID, &s.ClientKey, &s.Form, &s.Title.Zh, &s.Title.En, &s.Purpose.Zh, &s.Purpose.En, &questions, &s.Body,
		&s.Area, &areas, &s.Pass.Number, &s.Pass.Title, &s.Pass.Until, db.YesNo(&s.Duty), &s.DueOn, &s.Minutes, &s.State, &s.Total,
		&s.Prepared, &s.Place, &s.Wanted, &s.Prefilled, &s.SentAt, &s.SenderID, &s.Sender, &s.RemindedAt, &s.EndedAt, &s.EndReason,
		&s.Version, &s.Carrier, &s.CarrierWay, &s.PausedOn); err == nil {
		s.Areas = strings.Fields(areas)
		err = json.Unmarshal([]byte(questions), &s.Questions)
	}
	return s, err
}

func insertSending(ctx context.Context, tx *audit.Tx, s *Sending) error {
	questions, err := json.Marshal(s.Questions)
	if err != nil {
		return err
	}
	return tx.Send(ctx, `INSERT INTO exchange_sending (`+sendingColumns+`) VALUES (`+strings.Trim(db.List(1, 34), "()")+`)`,
		s.Shard, s.ID, s.ClientKey, s.Form, s.Title.Zh, s.Title.En, s.Purpose.Zh, s.Purpose.En, string(questions), s.Body,
		s.Area, strings.Join(s.Areas, " "), s.Pass.Number, s.Pass.Title, s.Pass.Until, db.Bool(s.Duty), s.DueOn, s.Minutes, s.State, s.Total,
		s.Prepared, s.Place, s.Wanted, s.Prefilled, s.SentAt, s.SenderID, s.Sender, s.RemindedAt, s.EndedAt, s.EndReason, s.Version,
		s.Carrier, string(s.CarrierWay), s.PausedOn)
}

// updateSending writes what changes of a sending, by its version. Error: Stale.
func updateSending(ctx context.Context, tx *audit.Tx, s *Sending) error {
	n, err := tx.Exec(ctx, `UPDATE exchange_sending SET state = $1, prepared = $2, place = $3, wanted = $4, prefilled = $5, reminded_at = $6,
		ended_at = $7, end_reason = $8, area = $9, areas = $10, total = $11, due_on = $12, paused_on = $13, version = version + 1
		WHERE shard = $14 AND id = $15 AND version = $16`,
		s.State, s.Prepared, s.Place, s.Wanted, s.Prefilled, s.RemindedAt, s.EndedAt, s.EndReason, s.Area, strings.Join(s.Areas, " "),
		s.Total, s.DueOn, s.PausedOn, s.Shard, s.ID, s.Version)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subjectSending, ID: s.ID})
	}
	return err
}

// found turns a row that is not there into NotFound.
func found(err error) error {
	if db.IsNone(err) {
		return errs.ErrNotFound
	}
	return err
}

func findSending(ctx context.Context, r db.Reader, id string) (Sending, error) {
	s, err := db.One(ctx, r, scanSending, `SELECT `+sendingColumns+` FROM exchange_sending WHERE shard = $1 AND id = $2`, shardOf(id), id)
	return s, found(err)
}

const answerColumns = `shard, id, sending_id, origin, area, state, due_on, sealed, sealed_by, wanted, prefilled, opened_at, touched_at,
	spent, minutes, submitted_at, submitter_name, judged_at, judge_name, reasons, reminded_at, version`

func scanAnswer(r db.Scanner) (a Answer, err error) {
	var reasons, key string
	if err = r.Scan(&a.Shard, &a.ID, &a.Sending, &a.Origin, &a.Area, &a.State, &a.DueOn, &a.sealed, &key, &a.Wanted, &a.Prefilled,
		&a.OpenedAt, &a.TouchedAt, &a.Spent, &a.Minutes, &a.SubmittedAt, &a.Submitter, &a.JudgedAt, &a.Judge, &reasons,
		&a.RemindedAt, &a.Version); err == nil {
		err = json.Unmarshal([]byte(reasons), &a.Reasons)
	}
	return a, err
}

// values are those of answerColumns.
func (a *Answer) values() []any {
	reasons, _ := json.Marshal(a.Reasons) // texts by texts
	return []any{a.Shard, a.ID, a.Sending, a.Origin, a.Area, a.State, a.DueOn, a.sealed, seal.KeyOf(a.sealed), a.Wanted, a.Prefilled,
		a.OpenedAt, a.TouchedAt, a.Spent, a.Minutes, a.SubmittedAt, a.Submitter, a.JudgedAt, a.Judge, string(reasons), a.RemindedAt, a.Version}
}

// updateAnswer writes an answer by its version. Error: Stale.
func updateAnswer(ctx context.Context, tx *audit.Tx, a *Answer) error {
	reasons, err := json.Marshal(a.Reasons)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE exchange_answer SET state = $1, sealed = $2, sealed_by = $3, opened_at = $4, touched_at = $5, spent = $6,
		minutes = $7, submitted_at = $8, submitter_name = $9, judged_at = $10, judge_name = $11, reasons = $12, due_on = $13,
		version = version + 1 WHERE shard = $14 AND id = $15 AND version = $16`,
		a.State, a.sealed, seal.KeyOf(a.sealed), a.OpenedAt, a.TouchedAt, a.Spent, a.Minutes, a.SubmittedAt, a.Submitter, a.JudgedAt, a.Judge,
		string(reasons), a.DueOn, a.Shard, a.ID, a.Version)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subjectAnswer, ID: a.ID})
	}
	a.Version++
	return err
}

// answer is one with its sending and what is sealed of it. Error: NotFound.
func (s *Service) answer(ctx context.Context, r db.Reader, id string) (Answer, error) {
	a, err := db.One(ctx, r, scanAnswer, `SELECT `+answerColumns+` FROM exchange_answer WHERE shard = $1 AND id = $2`, shardOf(id), id)
	if err != nil {
		return a, found(err)
	}
	of, err := findSending(ctx, r, a.Sending)
	if err != nil {
		return a, err
	}
	if err := s.stand(ctx, r, &of); err != nil {
		return a, err
	}
	a.of, a.today = &of, clock.Day(clock.Now(ctx))
	return a, s.unseal(&a)
}

func (s *Service) unseal(a *Answer) error {
	raw, err := s.Ring.Open(a.sealed, a.ID)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, &a.content)
}

func (s *Service) seal(a *Answer) error {
	raw, err := json.Marshal(a.content)
	if err == nil {
		a.sealed = s.Ring.Seal(raw, a.ID)
	}
	return err
}

// AnswerEvent is one step in the life of an answer.
type AnswerEvent struct {
	Verb string `json:"verb"`
	At   int64  `json:"at"`
	By   string `json:"by" doc:"Name of the account; empty for the platform"`
	Note string `json:"note"`
}

func insertEvent(ctx context.Context, tx *audit.Tx, answer string, verb flow.Verb, note string) error {
	return tx.Send(ctx, `INSERT INTO exchange_event (shard, answer_id, id, verb, at, actor_id, actor_name, note)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		shardOf(answer), answer, db.NewID(ctx), string(verb), clock.Millis(tx.Now), tx.Actor.ID, tx.Actor.Name, note)
}

func listEvents(ctx context.Context, r db.Reader, answer string) ([]AnswerEvent, error) {
	return db.All(ctx, r, func(row db.Scanner) (v AnswerEvent, err error) { return v, row.Scan(&v.Verb, &v.At, &v.By, &v.Note) },
		`SELECT verb, at, actor_name, note FROM exchange_event WHERE shard = $1 AND answer_id = $2 ORDER BY id`, shardOf(answer), answer)
}

const disputeColumns = `shard, id, answer_id, sending_id, field, label_zh, label_en, element, area, body, sealed, sealed_by, personal,
		reason,
	state, at, by_name, due_on, decided_at, decider_name, decision, version`

func scanDispute(r db.Scanner) (d Dispute, err error) {
	var key string
	err = r.Scan(&d.Shard, &d.ID, &d.Answer, &d.Sending, &d.Field, &d.Label.Zh, &d.Label.En, &d.Element, &d.Area, &d.Body, &d.sealed, &key,
		db.YesNo(&d.Personal), &d.Reason, &d.State, &d.At, &d.By, &d.DueOn, &d.DecidedAt, &d.Decider, &d.Decision, &d.Version)
	return d, err
}

// insertDispute keeps a dispute; of a field that was disputed before, the earlier one stands.
func insertDispute(ctx context.Context, tx *audit.Tx, d *Dispute) (int64, error) {
	return tx.Exec(ctx, `INSERT INTO exchange_dispute (`+disputeColumns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22)
		ON CONFLICT (shard, answer_id, field) DO NOTHING`,
		d.Shard, d.ID, d.Answer, d.Sending, d.Field, d.Label.Zh, d.Label.En, d.Element, d.Area, d.Body, d.sealed, seal.KeyOf(d.sealed),
		db.Bool(d.Personal), d.Reason, d.State, d.At, d.By, d.DueOn, d.DecidedAt, d.Decider, d.Decision, d.Version)
}

func updateDispute(ctx context.Context, tx *audit.Tx, d *Dispute) error {
	n, err := tx.Exec(ctx, `UPDATE exchange_dispute SET state = $1, decided_at = $2, decider_name = $3, decision = $4, version = version + 1
		WHERE shard = $5 AND id = $6 AND version = $7`, d.State, d.DecidedAt, d.Decider, d.Decision, d.Shard, d.ID, d.Version)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subjectDispute, ID: d.ID})
	}
	return err
}

// disputed is what is sealed of a dispute.
type disputed struct {
	Held  Held          `json:"h"`
	Claim fields.Answer `json:"c"`
}

func findDispute(ctx context.Context, r db.Reader, id string) (Dispute, error) {
	d, err := db.One(ctx, r, scanDispute, `SELECT `+disputeColumns+` FROM exchange_dispute WHERE shard = $1 AND id = $2`, shardOf(id), id)
	return d, found(err)
}
