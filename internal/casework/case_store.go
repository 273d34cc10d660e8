package casework

import (
	"context"
	"encoding/json"

	"linli/internal/platform/audit"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/text"
)

// SelectCase selects the columns that ScanCase reads.
const SelectCase = `SELECT shard, id, number, kind, subject, title, state, open, area, unit_id, handler_id, worker_id,
	person_id, channel, place, lng, lat, reported_at, clock_at, limit_promised, limit_statutory, due_at,
	statutory_due_at, due_year, late, returned, closed_at, rating, events, version, outcome FROM casework_case`

// ScanCase reads a case from a row of SelectCase.
func ScanCase(s db.Scanner) (Case, error) {
	var c Case
	var promised, statutory string
	err := s.Scan(&c.Shard, &c.ID, &c.Number, &c.Kind, &c.Subject, &c.Title, &c.State, db.YesNo(&c.Open), &c.Area, &c.Unit,
		&c.Handler, &c.Worker, &c.Person, &c.Channel, &c.Place.Text, &c.Place.Lng, &c.Place.Lat, &c.ReportedAt,
		&c.Clock.Since, &promised, &statutory, &c.Clock.Due, &c.Clock.LawDue, &c.Clock.Year, db.YesNo(&c.Late), &c.Returned,
		&c.ClosedAt, &c.Rating, &c.Events, &c.Version, &c.Outcome)
	if err != nil {
		return c, err
	}
	if c.Clock.Promised, err = limitFrom(promised); err != nil {
		return c, err
	}
	c.Clock.Statutory, err = limitFrom(statutory)
	return c, err
}

func limitFrom(s string) (calendar.Limit, error) {
	if s == "" {
		return calendar.Limit{}, nil
	}
	return calendar.ParseLimit(s)
}

func limitText(l calendar.Limit) string {
	if l.Unit == "" {
		return ""
	}
	return l.String()
}

// findCase reads a case by its id; NotFound without one.
func FindCase(ctx context.Context, r db.Reader, id string) (Case, error) {
	c, err := db.One(ctx, r, ScanCase, SelectCase+` WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
	if db.IsNone(err) {
		return c, errs.ErrNotFound
	}
	return c, err
}

// insertCase tells whether the client's key was free; else it inserts nothing.
func insertCase(ctx context.Context, tx *audit.Tx, c *Case, clientKey, bound, codeHash string) (bool, error) {
	c.Version = 1
	n, err := tx.Exec(ctx, `INSERT INTO casework_case (shard, id, number, kind, subject, title, state, open, area, unit_id,
		handler_id, worker_id, person_id, channel, client_key, code_hash, place, lng, lat, reported_at, clock_at,
		limit_promised, limit_statutory, due_at, statutory_due_at, due_year, late, returned, closed_at, rating, events, client_bound, version)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31,$32,1)
		ON CONFLICT (shard, client_key) DO NOTHING`,
		c.Shard, c.ID, c.Number, c.Kind, c.Subject, c.Title, c.State, c.OpenOf(), c.Area, c.Unit,
		c.Handler, c.Worker, c.Person, c.Channel, clientKey, codeHash, c.Place.Text, c.Place.Lng, c.Place.Lat,
		c.ReportedAt, c.Clock.Since, limitText(c.Clock.Promised), limitText(c.Clock.Statutory), c.Clock.Due,
		c.Clock.LawDue, c.Clock.Year, c.lateOf(), c.Returned, c.ClosedAt, c.Rating, c.Events, bound)
	return n == 1, err
}

// StaleStep refuses a step on a case, or on the flow of that name beside it, that somebody else has moved.
func StaleStep(flow string, c *Case) error {
	return errs.StaleOf(errs.Record{Subject: subject, ID: c.ID, Action: flow})
}

// updateCase writes what may change, if nobody has changed the case since it was read.
func updateCase(ctx context.Context, tx *audit.Tx, c *Case) error {
	n, err := tx.Exec(ctx, `UPDATE casework_case SET state = $1, open = $2, unit_id = $3, handler_id = $4, worker_id = $5,
		clock_at = $6, limit_promised = $7, limit_statutory = $8, due_at = $9, statutory_due_at = $10, due_year = $11,
		late = $12, returned = $13, closed_at = $14, rating = $15, events = $16, outcome = $17, version = version + 1
		WHERE shard = $18 AND id = $19 AND version = $20`,
		c.State, c.OpenOf(), c.Unit, c.Handler, c.Worker, c.Clock.Since, limitText(c.Clock.Promised),
		limitText(c.Clock.Statutory), c.Clock.Due, c.Clock.LawDue, c.Clock.Year, c.lateOf(), c.Returned,
		c.ClosedAt, c.Rating, c.Events, c.Outcome, c.Shard, c.ID, c.Version)
	if err == nil && n == 0 {
		return StaleStep("", c)
	}
	c.Version++
	return err
}

// running is the last number taken of a county's day, by the writes of one commit.
type running struct {
	shard, day  string
	last, began int
}

// Flush keeps the last number.
func (n *running) Flush(ctx context.Context, tx *db.Tx) error {
	if n.last == n.began {
		return nil
	}
	return tx.Send(ctx, `UPDATE casework_number SET last = $1 WHERE shard = $2 AND day = $3`, n.last, n.shard, n.day)
}

// nextNumber takes the next running number of a county's day. The row stays ours until the commit.
func nextNumber(ctx context.Context, tx *audit.Tx, shard string) (string, error) {
	day := clock.Day(tx.Now)
	n, err := db.Share(tx.Tx, "casework.number "+shard+" "+day, func() (*running, error) {
		last, err := db.Value[int](ctx, tx, `INSERT INTO casework_number (shard, day, last) VALUES ($1,$2,1)
			ON CONFLICT (shard, day) DO UPDATE SET last = casework_number.last + 1 RETURNING last`, shard, day)
		return &running{shard, day, last - 1, last}, err
	})
	if err != nil {
		return "", err
	}
	n.last++
	return numberOf(day, shard, n.last), nil
}

// RaiseNumber has the running numbers of a county's day go on after last, where they lie below it.
func RaiseNumber(ctx context.Context, tx *db.Tx, shard, day string, last int64) error {
	_, err := tx.Exec(ctx, `UPDATE casework_number SET last = $1 WHERE shard = $2 AND day = $3 AND last < $4`, last, shard, day, last)
	return err
}

// RecountEvents has a case say as many steps as its timeline holds.
func RecountEvents(ctx context.Context, tx *db.Tx, shard, id string) error {
	_, err := tx.Exec(ctx, `UPDATE casework_case SET events = (SELECT COALESCE(MAX(seq), 0) FROM casework_event WHERE shard = $1
		AND case_id = $2) WHERE shard = $1 AND id = $2`, shard, id)
	return err
}

// insertEvent adds an event to the timeline of a case, which gives it its number and instant.
func insertEvent(ctx context.Context, tx *audit.Tx, c *Case, e *Event) error {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return err
	}
	c.Events++
	e.Seq, e.At = c.Events, clock.Millis(tx.Now)
	return tx.Send(ctx, `INSERT INTO casework_event (shard, case_id, seq, at, verb, from_state, to_state, actor_id,
		actor_name, actor_role, note, data, public) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`,
		c.Shard, c.ID, e.Seq, e.At, e.Verb, e.From, e.To, e.ActorID, e.ActorName, e.ActorRole, e.Note, string(data), db.Bool(e.Tells))
}

// ListEvents reads the timeline of a case, the first event first.
func ListEvents(ctx context.Context, r db.Reader, c *Case) ([]Event, error) {
	return db.All(ctx, r, func(s db.Scanner) (Event, error) {
		var e Event
		var data string
		err := s.Scan(&e.Seq, &e.At, &e.Verb, &e.From, &e.To, &e.ActorID, &e.ActorName, &e.ActorRole, &e.Note, &data, db.YesNo(&e.Tells))
		if err != nil {
			return e, err
		}
		return e, json.Unmarshal([]byte(data), &e.Data)
	}, `SELECT seq, at, verb, from_state, to_state, actor_id, actor_name, actor_role, note, data, public
		FROM casework_event WHERE shard = $1 AND case_id = $2 ORDER BY seq`, c.Shard, c.ID)
}

// FindNumber reads a case by its whole number; db.ErrNone without one.
func FindNumber(ctx context.Context, r db.Reader, number string) (Case, error) {
	const shardAt = len("20060102-")
	number = ParseNumber(number)
	if len(number) < shardAt+CountyDigits {
		return Case{}, db.ErrNone
	}
	return db.One(ctx, r, ScanCase, SelectCase+` WHERE shard = $1 AND number = $2`, number[shardAt:shardAt+CountyDigits], number)
}

// CasesOfPerson orders by time, which the person's own index has: by id, SQLite would rather walk
// over the whole county.
const CasesOfPerson = ` WHERE shard = $1 AND person_id = $2 ORDER BY reported_at, id`

// ListCasesOf lists the cases that a person reported or applied for.
func ListCasesOf(ctx context.Context, r db.Reader, person string) ([]Case, error) {
	return db.All(ctx, r, ScanCase, SelectCase+CasesOfPerson, db.ShardOf(person), person)
}

// EraseTexts takes the words, the place and the names of files out of a case and its timeline; who did what and when
// stays. The title becomes the subject's name.
func EraseTexts(ctx context.Context, tx *audit.Tx, m *Matter, c *Case) error {
	events, err := ListEvents(ctx, tx, c)
	if err != nil {
		return err
	}
	for i := range events {
		e := &events[i]
		if e.Note == "" && len(e.Data.Lines) == 0 && len(e.Data.Files) == 0 {
			continue
		}
		e.Data.Lines, e.Data.Files = nil, nil
		data, err := json.Marshal(e.Data)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE casework_event SET note = '', data = $1 WHERE shard = $2 AND case_id = $3 AND seq = $4`,
			string(data), c.Shard, c.ID, e.Seq); err != nil {
			return err
		}
	}
	c.Title, c.Place = Clip(m.SubjectName(c.Subject, text.Chinese), maxTitle), Location{}
	_, err = tx.Exec(ctx, `UPDATE casework_case SET title = $1, place = '', lng = NULL, lat = NULL WHERE shard = $2 AND id = $3`,
		c.Title, c.Shard, c.ID)
	return err
}
