package survey

import (
	"context"
	"encoding/json"
	"strings"

	"linli/internal/assessment"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

const surveyColumns = `id, area, year, state, content, seed, frame_digest, writer_id, writer_name, written_at, results, digest,
		published_at,
	version`

func scanSurvey(r db.Scanner) (s Survey, err error) {
	var content, area string
	var year int
	err = r.Scan(&s.ID, &area, &year, &s.State, &content, &s.Seed, &s.FrameDigest, &s.writer, &s.Writer, &s.WrittenAt, &s.results, &s.Digest,
		&s.PublishedAt, &s.Version)
	if err == nil {
		err = json.Unmarshal([]byte(content), &s.Content)
	}
	s.Content.Area, s.Content.Year = area, year // the area follows reorganisations
	return s, err
}

func (s *Survey) values() []any {
	c := s.Content
	c.Frame = []Part{}            // rows of their own
	content, _ := json.Marshal(c) // texts and numbers
	return []any{s.ID, c.Area, c.Year, string(s.State), string(content), s.Seed, s.FrameDigest, s.writer, s.Writer, s.WrittenAt, s.results,
		s.Digest, s.PublishedAt, s.Version}
}

func insertSurvey(ctx context.Context, tx *audit.Tx, s *Survey) error {
	_, err := tx.Exec(ctx, `INSERT INTO assessment_survey (`+surveyColumns+`)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`, s.values()...)
	return err
}

// updateSurvey writes a survey by its version. Error: Stale.
func updateSurvey(ctx context.Context, tx *audit.Tx, s *Survey) error {
	n, err := tx.Exec(ctx, `UPDATE assessment_survey SET area = $2, year = $3, state = $4, content = $5, seed = $6, frame_digest = $7,
		writer_id = $8, writer_name = $9, written_at = $10, results = $11, digest = $12, published_at = $13, version = version + 1
		WHERE id = $1 AND version = $14`, s.values()...)
	if err == nil && n == 0 {
		return errs.StaleOf(errs.Record{Subject: subject, ID: s.ID})
	}
	s.Version++
	return err
}

// find is a survey with its frame. Error: NotFound.
func find(ctx context.Context, r db.Reader, id string) (Survey, error) {
	s, err := db.One(ctx, r, scanSurvey, `SELECT `+surveyColumns+` FROM assessment_survey WHERE id = $1`, id)
	if db.IsNone(err) {
		return s, errs.ErrNotFound
	}
	if err != nil {
		return s, err
	}
	s.Content.Frame, err = db.All(ctx, r, func(row db.Scanner) (p Part, err error) {
		err = row.Scan(&p.Community, &p.Ordinary, &p.Special)
		return p, err
	}, `SELECT community, ordinary, special FROM assessment_frame WHERE survey_id = $1 ORDER BY community`, id)
	if s.Content.Frame == nil {
		s.Content.Frame = []Part{}
	}
	return s, err
}

func putFrame(ctx context.Context, tx *audit.Tx, id string, frame []Part) error {
	if _, err := tx.Exec(ctx, `DELETE FROM assessment_frame WHERE survey_id = $1`, id); err != nil {
		return err
	}
	for _, p := range frame {
		if err := tx.Send(ctx, `INSERT INTO assessment_frame (survey_id, community, ordinary, special) VALUES ($1,$2,$3,$4)`,
			id, p.Community, p.Ordinary, p.Special); err != nil {
			return err
		}
	}
	return nil
}

// listSurveys are all surveys without their frames, the latest year first.
func listSurveys(ctx context.Context, r db.Reader) ([]Survey, error) {
	return db.All(ctx, r, scanSurvey, `SELECT `+surveyColumns+` FROM assessment_survey ORDER BY year DESC, id DESC LIMIT 500`)
}

// Slip is a household that was drawn.
type Slip struct {
	Community string `json:"community"`
	Stratum   string `json:"stratum" enum:"ordinary,special"`
	Number    int    `json:"number" doc:"On the community's list of the stratum"`
	State     string `json:"state" enum:"waiting,answered,refused,absent,moved"`
	Channel   string `json:"channel" enum:",door,phone,code,qr"`
}

// States of a slip.
const (
	slipWaiting  = "waiting"
	slipAnswered = "answered"
	slipRefused  = "refused"
	slipAbsent   = "absent" // not met so far; may still answer
	slipMoved    = "moved"  // lives there no longer: not of the population
)

func insertSlip(ctx context.Context, tx *audit.Tx, survey string, s *Slip, hash string) error {
	return tx.Send(ctx, `INSERT INTO assessment_slip (shard, survey_id, community, stratum, number, code_hash, state, channel)
		VALUES ($1,$2,$3,$4,$5,$6,$7,'')`, db.Shard(s.Community), survey, s.Community, s.Stratum, s.Number, hash, slipWaiting)
}

const slipColumns = `community, stratum, number, state, channel`

func scanSlip(r db.Scanner) (s Slip, err error) {
	err = r.Scan(&s.Community, &s.Stratum, &s.Number, &s.State, &s.Channel)
	return s, err
}

func listSlips(ctx context.Context, r db.Reader, survey, community string) ([]Slip, error) {
	return db.All(ctx, r, scanSlip, `SELECT `+slipColumns+` FROM assessment_slip WHERE shard = $1 AND survey_id = $2 AND community = $3
		ORDER BY stratum, number`, db.Shard(community), survey, community)
}

// slipOf is the slip that a code opens, and its survey. Error: NotFound.
func slipOf(ctx context.Context, r db.Reader, shard, hash string) (Slip, string, error) {
	var survey string
	s, err := db.One(ctx, r, func(row db.Scanner) (s Slip, err error) {
		err = row.Scan(&survey, &s.Community, &s.Stratum, &s.Number, &s.State, &s.Channel)
		return s, err
	}, `SELECT survey_id, `+slipColumns+` FROM assessment_slip WHERE shard = $1 AND code_hash = $2`, shard, hash)
	if db.IsNone(err) {
		err = errs.New(errs.NotFound, "assessment.survey.code")
	}
	return s, survey, err
}

// spend takes a slip that waits to another state, and tells whether it did.
func spend(ctx context.Context, tx *audit.Tx, survey string, s *Slip, state, channel string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE assessment_slip SET state = $6, channel = $7 WHERE shard = $1 AND survey_id = $2 AND community = $3
		AND stratum = $4 AND number = $5 AND state IN ('waiting', 'absent')`,
		db.Shard(s.Community), survey, s.Community, s.Stratum, s.Number, state, channel)
	return n > 0, err
}

// insertTallies makes every counter of a community.
func insertTallies(ctx context.Context, tx *audit.Tx, survey, community string) error {
	for _, stratum := range []string{Ordinary, Special} {
		for _, q := range assessment.Questions() {
			for level := range levels + 1 {
				if err := tx.Send(ctx, `INSERT INTO assessment_tally (shard, survey_id, community, stratum, question, level, n)
					VALUES ($1,$2,$3,$4,$5,$6,0)`, db.Shard(community), survey, community, stratum, q, level); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// count raises the counters of an answer in the one statement that writes all counters of the community.
func count(ctx context.Context, tx *audit.Tx, survey string, s *Slip, answer map[string]int) error {
	a := db.Args{List: []any{db.Shard(s.Community), survey, s.Community, s.Stratum}}
	var given []string
	for _, q := range assessment.Questions() {
		given = append(given, a.Term("(question = %s AND level = %s)", q, answer[q]))
	}
	_, err := tx.Exec(ctx, `UPDATE assessment_tally SET n = n + CASE WHEN stratum = $4 AND (`+strings.Join(given, " OR ")+`) THEN 1 ELSE 0 END
		WHERE shard = $1 AND survey_id = $2 AND community = $3`, a.List...)
	return err
}

// tally is one counter.
type tally struct {
	community, stratum, question string
	level, n                     int
}

func listTallies(ctx context.Context, r db.Reader, survey string) ([]tally, error) {
	return db.All(ctx, r, func(row db.Scanner) (t tally, err error) {
		err = row.Scan(&t.community, &t.stratum, &t.question, &t.level, &t.n)
		return t, err
	}, `SELECT community, stratum, question, level, n FROM assessment_tally WHERE survey_id = $1`, survey)
}

// progress counts the slips of each community by state.
func progress(ctx context.Context, r db.Reader, survey string) (map[string]map[string]int, error) {
	out := map[string]map[string]int{}
	_, err := db.All(ctx, r, func(row db.Scanner) (none struct{}, err error) {
		var community, state string
		var n int
		err = row.Scan(&community, &state, &n)
		if out[community] == nil {
			out[community] = map[string]int{}
		}
		out[community][state] = n
		return none, err
	}, `SELECT community, state, CAST(COUNT(*) AS BIGINT) FROM assessment_slip WHERE survey_id = $1 GROUP BY community, state`, survey)
	return out, err
}
