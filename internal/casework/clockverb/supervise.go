package clockverb

import (
	"cmp"
	"context"
	"log/slog"

	"linli/internal/casework"
	"linli/internal/casework/alert"
	"linli/internal/casework/settle"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/calendar"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/flow"
)

const (
	permSupervise = "casework.case.supervise"
	permAnswer    = "casework.case.answer"
)

// longestAnswer bounds the working days that an officer gives.
const longestAnswer = 60

var awaitsAnswer = flow.Guard[*casework.Case]{Key: "casework.nothing_to_answer", Rule: "casework.supervise",
	Holds: func(c *casework.Case, _ *authority.Actor) bool { return c.Standing.Unanswered > 0 }}

// SuperviseTransitions are the rows of 督办: an officer of a level above urges an open case, and
// the responsible unit answers within the working days that were given. A case may be supervised
// several times; an answer is to the oldest that waits for one.
func SuperviseTransitions(from ...flow.State) []flow.Transition[*casework.Case] {
	return []flow.Transition[*casework.Case]{
		{From: from, Verb: casework.VerbSupervise, To: flow.Stay, Aside: true, Permissions: []string{permSupervise},
			Guards: []flow.Guard[*casework.Case]{casework.NotUrger},
			Fields: []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 500},
				{Name: "number", Kind: flow.Number, Required: true, Max: longestAnswer}}},
		{From: from, Verb: casework.VerbAnswer, To: flow.Stay, Permissions: []string{permAnswer},
			Guards: []flow.Guard[*casework.Case]{awaitsAnswer, casework.OwnUnit, casework.NotSupervisor},
			Fields: []flow.Field{{Name: "note", Kind: flow.Text, Required: true, Max: 2000}}},
	}
}

func (s *Service) supervise(ctx context.Context, tx *audit.Tx, st *casework.TakenStep) error {
	c, in := st.Case, st.In
	due, year := s.answerBy(clock.Millis(tx.Now), in.Number)
	_, err := tx.Exec(ctx, `INSERT INTO casework_supervision (shard, case_id, seq, at, account_id, workdays, due_at, due_year, answer_seq,
		answered_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,NULL,NULL)`, c.Shard, c.ID, c.Events+1, clock.Millis(tx.Now), tx.Actor.ID, in.Number, due, year)
	if err != nil {
		return err
	}
	return alert.Raise(ctx, tx, c, alert.StageSupervised, clock.Millis(tx.Now), alert.ToUnit(c))
}

// answerBy is the end of the working days from an instant, or the year that it waits for.
func (s *Service) answerBy(from int64, workdays int) (due *int64, year int) {
	return casework.DueBy(s.Cases.Calendar.Now(), from, calendar.Workdays(workdays), nil)
}

// answer answers the oldest supervision and tells the officer.
func (s *Service) answer(ctx context.Context, tx *audit.Tx, st *casework.TakenStep) error {
	c := st.Case
	oldest, err := db.One(ctx, tx, scanSupervision, selectSupervision+` AND answered_at IS NULL ORDER BY seq LIMIT 1`, c.Shard, c.ID)
	if err != nil {
		return err
	}
	now := clock.Millis(tx.Now)
	if _, err := tx.Exec(ctx, `UPDATE casework_supervision SET answer_seq = $1, answered_at = $2, due_year = 0 WHERE shard = $3
		AND case_id = $4 AND seq = $5`,
		c.Events+1, now, c.Shard, c.ID, oldest.seq); err != nil {
		return err
	}
	if err := alert.LowerAlertsAbout(ctx, tx, c, oldest.at, oldest.due); err != nil {
		return err
	}
	return alert.Raise(ctx, tx, c, alert.StageAnswered, now, alert.Holder{Post: alert.PostAccount, Of: oldest.account})
}

type supervisionRow struct {
	shard, caseID string
	seq           int
	at            int64
	account       string
	workdays      int
	due           *int64
	year          int
	answerSeq     *int
	answeredAt    *int64
}

const (
	supervisionColumns = `SELECT shard, case_id, seq, at, account_id, workdays, due_at, due_year, answer_seq, answered_at
		FROM casework_supervision`
	selectSupervision = supervisionColumns + ` WHERE shard = $1 AND case_id = $2`
)

func scanSupervision(s db.Scanner) (v supervisionRow, err error) {
	err = s.Scan(&v.shard, &v.caseID, &v.seq, &v.at, &v.account, &v.workdays, &v.due, &v.year, &v.answerSeq, &v.answeredAt)
	return v, err
}

func listSupervisions(ctx context.Context, r db.Reader, c *casework.Case) ([]supervisionRow, error) {
	return db.All(ctx, r, scanSupervision, selectSupervision+` ORDER BY seq`, c.Shard, c.ID)
}

func countUnanswered(ctx context.Context, r db.Reader, c *casework.Case) (int, error) {
	return db.Value[int](ctx, r, `SELECT COUNT(*) FROM casework_supervision WHERE shard = $1 AND case_id = $2 AND answered_at IS NULL`,
		c.Shard, c.ID)
}

// waiting counts the supervisions whose answer waits for a calendar year.
func (s *Service) waiting(ctx context.Context, year int) (int, error) {
	return db.Value[int](ctx, s.Cases.Log.DB, `SELECT COUNT(*) FROM casework_supervision WHERE due_year > 0 AND due_year = $1`, year)
}

// settleSupervisions computes by when supervisions are to be answered that waited for a year. One that
// cannot be settled is told in the log and holds up no other; the first such error is returned.
func (s *Service) settleSupervisions(ctx context.Context) (int, error) {
	waiting, err := db.All(ctx, s.Cases.Log.DB, scanSupervision,
		supervisionColumns+` WHERE due_year > 0 ORDER BY due_year, case_id LIMIT 10000`)
	if err != nil {
		return 0, err
	}
	settled := 0
	var failed error
	for _, v := range waiting {
		due, _ := s.answerBy(v.at, v.workdays)
		if due == nil {
			continue
		}
		err := s.Cases.Log.Do(ctx, func(tx *audit.Tx) error {
			c, err := casework.FindCase(ctx, tx, v.caseID)
			if err != nil {
				return err
			}
			if err := tx.Require(settle.Permission, c.Area); err != nil {
				return err
			}
			tx.Record(audit.Entry{Action: settle.Permission, Area: c.Area, Subject: "casework.case", SubjectID: c.ID})
			_, err = tx.Exec(ctx, `UPDATE casework_supervision SET due_at = $1, due_year = 0 WHERE shard = $2 AND case_id = $3 AND seq = $4`,
				*due, v.shard, v.caseID, v.seq)
			return err
		})
		if err != nil {
			slog.ErrorContext(ctx, "the time of an answer is not settled", "case", v.caseID, "error", err)
			failed = cmp.Or(failed, err)
			continue
		}
		settled++
	}
	return settled, failed
}
