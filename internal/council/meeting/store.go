package meeting

import (
	"context"
	"encoding/json"

	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

const columns = `shard, id, number, area, kind, state, starts_at, content, entitled, convened_at, opened_at, lost_at, closed_at, signed_at,
	minutes, digest, end_reason, version`

func scan(row db.Scanner) (m Meeting, err error) {
	var content, minutes string
	err = row.Scan(&m.Shard, &m.ID, &m.Number, &m.Area, &m.Kind, &m.State, &m.StartsAt, &content, &m.Entitled, &m.ConvenedAt, &m.OpenedAt,
		&m.LostAt, &m.ClosedAt, &m.SignedAt, &minutes, &m.Digest, &m.EndReason, &m.Version)
	entitled := m.Entitled
	if err == nil {
		err = json.Unmarshal([]byte(content), &m.MeetingContent)
	}
	if m.Entitled = entitled; err == nil {
		err = json.Unmarshal([]byte(minutes), &m.Minutes)
	}
	return m, err
}

// find reads a meeting. Error: NotFound.
func find(ctx context.Context, r db.Reader, id string) (Meeting, error) {
	m, err := db.One(ctx, r, scan, `SELECT `+columns+` FROM council_meeting WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
	if db.IsNone(err) {
		return m, errs.ErrNotFound
	}
	return m, err
}

func insert(ctx context.Context, tx *audit.Tx, m *Meeting) error {
	content, minutes, err := m.documents()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO council_meeting (shard, id, number, area, kind, body, mode, state, starts_at, title, content, entitled,
		convened_at, opened_at, lost_at, closed_at, signed_at, minutes, digest, end_reason, version)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21)`,
		m.Shard, m.ID, m.Number, m.Area, m.Kind, m.Body, m.Mode, string(m.State), m.StartsAt, m.Title, content, m.Entitled, m.ConvenedAt,
		m.OpenedAt, m.LostAt, m.ClosedAt, m.SignedAt, minutes, m.Digest, m.EndReason, m.Version)
	return err
}

// update writes a meeting over the version that was read, and counts the version up.
func update(ctx context.Context, tx *audit.Tx, m *Meeting) error {
	content, minutes, err := m.documents()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE council_meeting SET body = $3, mode = $4, state = $5, starts_at = $6, title = $7, content = $8, entitled = $9,
		convened_at = $10, opened_at = $11, lost_at = $12, closed_at = $13, signed_at = $14, minutes = $15, digest = $16, end_reason = $17,
		version = version + 1 WHERE shard = $1 AND id = $2`,
		m.Shard, m.ID, m.Body, m.Mode, string(m.State), m.StartsAt, m.Title, content, m.Entitled, m.ConvenedAt, m.OpenedAt, m.LostAt,
		m.ClosedAt, m.SignedAt, minutes, m.Digest, m.EndReason)
	m.Version++
	return err
}

func (m *Meeting) documents() (content, minutes string, err error) {
	c, err := json.Marshal(m.MeetingContent)
	if err != nil {
		return "", "", err
	}
	mi, err := json.Marshal(m.Minutes)
	return string(c), string(mi), err
}

// listArea lists the meetings of a community, the latest first, of some states.
func listArea(ctx context.Context, r db.Reader, area string, limit int) ([]Meeting, error) {
	return db.All(ctx, r, scan, `SELECT `+columns+` FROM council_meeting WHERE area = $1 AND state NOT IN ('draft') ORDER BY starts_at DESC LIMIT $2`,
		area, limit)
}

// lastSigned is when a body of a community met last; 0 for never.
func lastSigned(ctx context.Context, r db.Reader, area, body string) (int64, error) {
	return db.Value[int64](ctx, r, `SELECT COALESCE(MAX(starts_at), 0) FROM council_meeting
		WHERE area = $1 AND body = $2 AND state IN ('sitting', 'closed', 'signed')`, area, body)
}

func insertAttendance(ctx context.Context, tx *audit.Tx, m *Meeting, a *Attendance) error {
	_, err := tx.Exec(ctx, `INSERT INTO council_attendance (shard, meeting_id, id, how, member_id, person_id, mark, holder_id, at, left_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, m.Shard, m.ID, a.ID, a.How, a.Member, a.person, a.mark, a.Holder, a.At, a.LeftAt)
	return err
}

func listAttendance(ctx context.Context, r db.Reader, m *Meeting) ([]Attendance, error) {
	return db.All(ctx, r, func(row db.Scanner) (a Attendance, err error) {
		err = row.Scan(&a.ID, &a.How, &a.Member, &a.person, &a.mark, &a.Holder, &a.At, &a.LeftAt)
		return a, err
	}, `SELECT id, how, member_id, person_id, mark, holder_id, at, left_at FROM council_attendance WHERE shard = $1 AND meeting_id = $2 ORDER BY id`,
		m.Shard, m.ID)
}

// countPresent is how many are present now, in person, for a household or by a proxy.
func countPresent(ctx context.Context, r db.Reader, m *Meeting) (int, error) {
	return db.Value[int](ctx, r, `SELECT COUNT(*) FROM council_attendance WHERE shard = $1 AND meeting_id = $2 AND left_at = 0`, m.Shard, m.ID)
}

// setLeft notes when somebody left, or 0, with those for whom they speak. Error: NotFound.
func setLeft(ctx context.Context, tx *audit.Tx, m *Meeting, attendance string, left int64) error {
	n, err := tx.Exec(ctx, `UPDATE council_attendance SET left_at = $4 WHERE shard = $1 AND meeting_id = $2 AND (id = $3 OR holder_id = $3)`,
		m.Shard, m.ID, attendance, left)
	if err == nil && n == 0 {
		err = errs.ErrNotFound
	}
	return err
}

func insertVote(ctx context.Context, tx *audit.Tx, m *Meeting, v *MeetingVote) error {
	decision, err := json.Marshal(v.Decision)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO council_vote (shard, meeting_id, id, item, question, at, entitled, present, yes, no, abstain, passes,
		decision, replaces, reason, actor_id, actor_name) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)`,
		m.Shard, m.ID, v.ID, v.Item, v.Question, v.At, v.Entitled, v.Present, v.Yes, v.No, v.Abstain, db.Bool(v.Passes), string(decision),
		v.Replaces, v.Reason, tx.Actor.ID, v.By)
	return err
}

func listVotes(ctx context.Context, r db.Reader, m *Meeting) ([]MeetingVote, error) {
	return db.All(ctx, r, func(row db.Scanner) (v MeetingVote, err error) {
		var decision string
		err = row.Scan(&v.ID, &v.Item, &v.Question, &v.At, &v.Entitled, &v.Present, &v.Yes, &v.No, &v.Abstain, db.YesNo(&v.Passes), &decision,
			&v.Replaces, &v.Reason, &v.By)
		if err == nil {
			err = json.Unmarshal([]byte(decision), &v.Decision)
		}
		return v, err
	}, `SELECT id, item, question, at, entitled, present, yes, no, abstain, passes, decision, replaces, reason, actor_name
		FROM council_vote WHERE shard = $1 AND meeting_id = $2 ORDER BY id`, m.Shard, m.ID)
}

// MeetingEvent is something that happened to a meeting.
type MeetingEvent struct {
	Verb    string `json:"verb"`
	At      int64  `json:"at"`
	Present int    `json:"present" doc:"How many were there; 0 before it"`
	Note    string `json:"note"`
	By      string `json:"by"`
}

func insertEvent(ctx context.Context, tx *audit.Tx, m *Meeting, verb flow.Verb, present int, note string) error {
	_, err := tx.Exec(ctx, `INSERT INTO council_meeting_event (shard, meeting_id, id, verb, at, present, note, actor_id, actor_name)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, m.Shard, m.ID, db.NewID(ctx), string(verb), clock.Millis(tx.Now), present, note, tx.Actor.ID,
		tx.Actor.Name)
	return err
}

func listEvents(ctx context.Context, r db.Reader, m *Meeting) ([]MeetingEvent, error) {
	return db.All(ctx, r, func(row db.Scanner) (e MeetingEvent, err error) {
		err = row.Scan(&e.Verb, &e.At, &e.Present, &e.Note, &e.By)
		return e, err
	}, `SELECT verb, at, present, note, actor_name FROM council_meeting_event WHERE shard = $1 AND meeting_id = $2 ORDER BY id`, m.Shard, m.ID)
}

const repColumns = `shard, id, area, person_id, mark, constituency, households, woman, term_from, term_to, end_reason, version`

func scanRepresentative(row db.Scanner) (x Representative, err error) {
	err = row.Scan(&x.shard, &x.ID, &x.Area, &x.person, &x.mark, &x.Constituency, &x.Households, db.YesNo(&x.Woman), &x.TermFrom, &x.TermTo,
		&x.EndReason, &x.Version)
	return x, err
}

// listRepresentatives are those of a community in office on a day; all for "".
func listRepresentatives(ctx context.Context, r db.Reader, area, day string) ([]Representative, error) {
	return db.All(ctx, r, scanRepresentative, `SELECT `+repColumns+` FROM council_representative
		WHERE area = $1 AND (CAST($2 AS TEXT) = '' OR term_from <= $2 AND (term_to = '' OR $2 <= term_to)) ORDER BY id`, area, day)
}

func findRepresentative(ctx context.Context, r db.Reader, id string) (Representative, error) {
	x, err := db.One(ctx, r, scanRepresentative, `SELECT `+repColumns+` FROM council_representative WHERE shard = $1 AND id = $2`,
		db.ShardOf(id), id)
	if db.IsNone(err) {
		return x, errs.ErrNotFound
	}
	return x, err
}

func insertRepresentative(ctx context.Context, tx *audit.Tx, x *Representative) error {
	_, err := tx.Exec(ctx, `INSERT INTO council_representative (shard, id, area, person_id, mark, constituency, households, woman, term_from,
		term_to, end_reason, version) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`,
		x.shard, x.ID, x.Area, x.person, x.mark, x.Constituency, x.Households, db.Bool(x.Woman), x.TermFrom, x.TermTo, x.EndReason, x.Version)
	return err
}

func updateRepresentative(ctx context.Context, tx *audit.Tx, x *Representative) error {
	_, err := tx.Exec(ctx, `UPDATE council_representative SET term_to = $3, end_reason = $4, version = version + 1 WHERE shard = $1 AND id = $2`,
		x.shard, x.ID, x.TermTo, x.EndReason)
	return err
}

// recent are the latest meetings of the city that residents see, for the search.
func recent(ctx context.Context, r db.Reader) ([]Meeting, error) {
	return db.All(ctx, r, scan, `SELECT `+columns+` FROM council_meeting WHERE convened_at > 0 ORDER BY starts_at DESC LIMIT 2000`)
}
