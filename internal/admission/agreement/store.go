package agreement

import (
	"context"
	"encoding/json"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

const subject = "admission.agreement"

const columns = `shard, id, number, area, year, state, terms, digest, proposed, street_account, street_name, street_at, street_digest,
	community_account, community_name, community_at, community_digest, written_at, end_reason, published_at, version`

func scan(r db.Scanner) (a Agreement, err error) {
	var terms string
	s, c := &a.Street, &a.Community
	if err = r.Scan(&a.Shard, &a.ID, &a.Number, &a.Area, &a.Year, &a.State, &terms, &a.Digest, &a.Proposed,
		&s.account, &s.By, &s.At, &s.Digest,
		&c.account, &c.By, &c.At, &c.Digest, &a.WrittenAt, &a.EndReason, &a.Published, &a.Version); err != nil {
		return a, err
	}
	err = json.Unmarshal([]byte(terms), &a.Terms)
	if a.Terms.Items == nil {
		a.Terms.Items = []Item{}
	}
	return a, err
}

func (a *Agreement) values() []any {
	terms, _ := json.Marshal(a.Terms) // texts and numbers
	s, c := &a.Street, &a.Community
	return []any{a.Shard, a.ID, a.Number, a.Area, a.Year, string(a.State), string(terms), a.Digest, string(a.Proposed), s.account, s.By, s.At,
		s.Digest, c.account, c.By, c.At, c.Digest, a.WrittenAt, a.EndReason, a.Published, a.Version}
}

func insert(ctx context.Context, tx *audit.Tx, a *Agreement) error {
	_, err := tx.Exec(ctx, `INSERT INTO admission_agreement (`+columns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21)`, a.values()...)
	return err
}

// update writes an agreement by its version. Error: Stale.
func update(ctx context.Context, tx *audit.Tx, a *Agreement) error {
	n, err := tx.Exec(ctx, `UPDATE admission_agreement SET number = $3, area = $4, year = $5, state = $6, terms = $7, digest = $8,
		proposed = $9,
		street_account = $10, street_name = $11, street_at = $12, street_digest = $13, community_account = $14, community_name = $15,
		community_at = $16, community_digest = $17, written_at = $18, end_reason = $19, published_at = $20, version = version + 1
		WHERE shard = $1 AND id = $2 AND version = $21`, a.values()...)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subject, ID: a.ID})
	}
	a.Version++
	return err
}

// find is one agreement. Error: NotFound.
func find(ctx context.Context, r db.Reader, id string) (Agreement, error) {
	a, err := db.One(ctx, r, scan, `SELECT `+columns+` FROM admission_agreement WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
	if db.IsNone(err) {
		err = errs.ErrNotFound
	}
	a.today = clock.Day(clock.Now(ctx))
	return a, err
}

// ofCommunity are all agreements of a community, the newest year first; those that were dropped last.
func ofCommunity(ctx context.Context, r db.Reader, area string) ([]Agreement, error) {
	return db.All(ctx, r, scan, `SELECT `+columns+` FROM admission_agreement WHERE area = $1 ORDER BY year DESC, id DESC`, area)
}

// AgreementEvent is one step in the life of an agreement; of a change it keeps the text.
type AgreementEvent struct {
	Verb  string `json:"verb"`
	Side  Side   `json:"side,omitempty"`
	At    int64  `json:"at"`
	By    string `json:"by"`
	Note  string `json:"note"`
	Terms *Terms `json:"terms,omitempty" doc:"The text that was proposed"`
}

func insertEvent(ctx context.Context, tx *audit.Tx, a *Agreement, verb flow.Verb, side Side, note string) error {
	terms := ""
	if verb == verbBegin || verb == verbPropose || verb == verbCounter {
		raw, err := json.Marshal(a.Terms)
		if err != nil {
			return err
		}
		terms = string(raw)
	}
	name := tx.Actor.Name
	if tx.Actor.System {
		name = ""
	}
	return tx.Send(ctx, `INSERT INTO admission_agreement_event (shard, agreement_id, id, verb, side, at, actor_id, actor_name, note, terms)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, a.Shard, a.ID, db.NewID(ctx), string(verb), string(side), clock.Millis(tx.Now), tx.Actor.ID,
		name, note, terms)
}

func listEvents(ctx context.Context, r db.Reader, a *Agreement) ([]AgreementEvent, error) {
	return db.All(ctx, r, func(row db.Scanner) (e AgreementEvent, err error) {
		var terms string
		if err = row.Scan(&e.Verb, &e.Side, &e.At, &e.By, &e.Note, &terms); err == nil && terms != "" {
			e.Terms = &Terms{}
			err = json.Unmarshal([]byte(terms), e.Terms)
		}
		return e, err
	}, `SELECT verb, side, at, actor_name, note, terms FROM admission_agreement_event WHERE shard = $1 AND agreement_id = $2
		ORDER BY at, CASE verb WHEN 'conclude' THEN 1 WHEN 'start' THEN 2 ELSE 0 END, id`,
		a.Shard, a.ID)
}

func insertAppraisal(ctx context.Context, tx *audit.Tx, a *Agreement, p *Appraisal) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO admission_appraisal (shard, agreement_id, side, actor_id, actor_name, at, content)
		VALUES ($1,$2,$3,$4,$5,$6,$7)`, a.Shard, a.ID, string(p.Side), tx.Actor.ID, p.By, p.At, string(raw))
	return err
}

func listAppraisals(ctx context.Context, r db.Reader, a *Agreement) ([]Appraisal, error) {
	return db.All(ctx, r, func(row db.Scanner) (p Appraisal, err error) {
		var raw string
		if err = row.Scan(&raw); err == nil {
			err = json.Unmarshal([]byte(raw), &p)
		}
		return p, err
	}, `SELECT content FROM admission_appraisal WHERE shard = $1 AND agreement_id = $2 ORDER BY side`, a.Shard, a.ID)
}

// Gap is an item that a community rated as not provided: it is not agreed again until the committee says it is settled.
type Gap struct {
	Agreement string `json:"agreement"`
	Year      int    `json:"year"`
	Code      string `json:"code"`
	Text      string `json:"text"`
	SettledAt int64  `json:"settledAt" doc:"0 while it blocks"`
	SettledBy string `json:"settledBy"`
	Note      string `json:"note" doc:"How it was settled"`
}

func insertGap(ctx context.Context, tx *audit.Tx, a *Agreement, it *Item) error {
	_, err := tx.Exec(ctx, `INSERT INTO admission_gap (shard, agreement_id, code, area, year, text, settled_at, settled_by, note)
		VALUES ($1,$2,$3,$4,$5,$6,0,'','') ON CONFLICT (shard, agreement_id, code) DO NOTHING`, a.Shard, a.ID, it.Code, a.Area, a.Year,
		it.Text.Zh)
	return err
}

// listGaps are what a community rated as not provided in any year, the newest first.
func listGaps(ctx context.Context, r db.Reader, area string) ([]Gap, error) {
	return db.All(ctx, r, func(row db.Scanner) (g Gap, err error) {
		err = row.Scan(&g.Agreement, &g.Year, &g.Code, &g.Text, &g.SettledAt, &g.SettledBy, &g.Note)
		return g, err
	}, `SELECT agreement_id, year, code, text, settled_at, settled_by, note FROM admission_gap WHERE area = $1 ORDER BY year DESC, code`, area)
}

// listDue are the agreements whose year begins or is over on a day, at most so many.
func listDue(ctx context.Context, r db.Reader, year, most int) ([]Agreement, error) {
	return db.All(ctx, r, scan, `SELECT `+columns+` FROM admission_agreement
		WHERE state = 'signed' AND year <= $1 OR state = 'force' AND year < $1 ORDER BY id LIMIT $2`, year, most)
}
