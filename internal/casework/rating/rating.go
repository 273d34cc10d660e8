package rating

import (
	"context"

	"linli/internal/casework"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

const (
	ruleAgain     = "casework.rating.again"
	ruleSatisfied = "casework.rating.satisfied"
	ruleLow       = "casework.rating.low"

	permExclude = "casework.rating.exclude"
)

var rateFields = []flow.Field{{Name: "note", Kind: flow.Text, Max: 500}}

// RateTransition is the row that every lifecycle ends with: the reporter, and nobody else, rates
// once. A case that was opened again and has ended anew is rated anew; what was rated before stays.
func RateTransition(from ...flow.State) flow.Transition[*casework.Case] {
	return flow.Transition[*casework.Case]{From: from, Verb: casework.VerbRate, To: "rated",
		Permissions: []string{flow.Reporter}, Fields: rateFields}
}

// RerateTransition lets the reporter add another rating of the same closing, as often as the rule
// says. The first stays as it is.
func RerateTransition() flow.Transition[*casework.Case] {
	return flow.Transition[*casework.Case]{From: []flow.State{"rated"}, Verb: casework.VerbRerate, Aside: true, To: flow.Stay,
		Permissions: []string{flow.Reporter}, Fields: rateFields}
}

// rating is one rating of a case. It is never changed; one that is found false is excluded.
type Rating struct {
	Seq      int
	Level    int
	Solved   *int // 1 or 0 as the reporter answered, or nil
	Comment  string
	At       int64
	Excluded *int64
	Reason   string
	By       string
}

// ListRatings reads the ratings of a case with what excludes them from the figures, the first one first.
func ListRatings(ctx context.Context, r db.Reader, c *casework.Case) ([]Rating, error) {
	return db.All(ctx, r, func(s db.Scanner) (v Rating, err error) {
		err = s.Scan(&v.Seq, &v.Level, &v.Solved, &v.Comment, &v.At, &v.Excluded, &v.Reason, &v.By)
		return v, err
	}, `SELECT r.seq, r.level, r.solved, r.comment, r.at, x.at, COALESCE(x.reason, ''), COALESCE(x.actor_name, '')
		FROM casework_rating r LEFT JOIN casework_exclusion x ON x.shard = r.shard AND x.case_id = r.case_id AND x.seq = r.seq
		WHERE r.shard = $1 AND r.case_id = $2 ORDER BY r.seq`, c.Shard, c.ID)
}

// countedRating is the latest rating that is not excluded, or nil.
func CountedRating(ratings []Rating) *Rating {
	for i := len(ratings) - 1; i >= 0; i-- {
		if ratings[i].Excluded == nil {
			return &ratings[i]
		}
	}
	return nil
}

// rate adds a rating. The latest counts, in the month in which it was given.
func (s *Service) rate(ctx context.Context, tx *audit.Tx, c *casework.Case, verb flow.Verb, level int, solved *bool, comment string) error {
	if level < casework.RatingLeast || level > casework.RatingMost {
		return errs.ErrInvalid.At("level", "field.choice")
	}
	ratings, err := ListRatings(ctx, tx, c)
	if err != nil {
		return err
	}
	if verb == casework.VerbRerate {
		if often, err := s.ratedOften(ctx, tx, c); err != nil {
			return err
		} else if often {
			return errs.New(errs.Conflict, "casework.rated_often").By(ruleAgain)
		}
	}
	last := 0
	if len(ratings) > 0 {
		last = ratings[len(ratings)-1].Seq
	}
	r := Rating{Seq: last + 1, Level: level, Comment: comment, At: clock.Millis(tx.Now)}
	if solved != nil {
		yes := 0
		if *solved {
			yes = 1
		}
		r.Solved = &yes
	}
	_, err = tx.Exec(ctx, `INSERT INTO casework_rating (shard, case_id, seq, level, solved, comment, at) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		c.Shard, c.ID, r.Seq, r.Level, r.Solved, r.Comment, r.At)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, "casework.rated_already").By("casework.rating.once")
	}
	if err != nil {
		return err
	}
	c.Rating = &level
	if err := s.recountRating(ctx, tx, c, CountedRating(ratings), &r); err != nil || level > s.Cases.Rules.Int(ruleLow, clock.Day(tx.Now)) {
		return err
	}
	unit, err := s.worked(ctx, tx, c)
	if err != nil {
		return err
	}
	if err := s.keepRated(ctx, tx, c, r.Seq); err != nil {
		return err
	}
	if err := s.openAppeal(ctx, tx, c, &r, unit); err != nil {
		return err
	}
	return s.openFollowUp(ctx, tx, c, &r, unit)
}

// ratedOften tells whether the last closing was rated after its first rating as often as the rule
// allows.
func (s *Service) ratedOften(ctx context.Context, r db.Reader, c *casework.Case) (bool, error) {
	again, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM casework_event WHERE shard = $1 AND case_id = $2 AND verb = $3
		AND seq > (SELECT COALESCE(MAX(seq), 0) FROM casework_event WHERE shard = $1 AND case_id = $2 AND verb = $4)`,
		c.Shard, c.ID, string(casework.VerbRerate), string(casework.VerbRate))
	return again >= s.Cases.Rules.Int(ruleAgain, clock.Day(clock.Now(ctx))), err
}

// recountRating takes one rating out of the counters and puts another in.
func (s *Service) recountRating(ctx context.Context, tx *audit.Tx, c *casework.Case, before, after *Rating) error {
	changed := casework.Monthly{}
	for sign, r := range map[int]*Rating{-1: before, 1: after} {
		if r == nil {
			continue
		}
		changed.Add(r.At, sign, s.RatingMeasures(ctx, r)...)
		changed.Add(r.At, sign, casework.Rated)
		changed.Add(r.At, sign*r.Level, casework.Points)
		if r.Level >= casework.RatingGood {
			changed.Add(r.At, sign, casework.Good)
		}
	}
	return s.Cases.Counters.Add(ctx, tx, c, changed)
}

// ratingMeasures are what a rating that counts adds, as the rule of its day says.
func (s *Service) RatingMeasures(_ context.Context, r *Rating) []casework.Counter {
	var out []casework.Counter
	if r.Level >= s.Cases.Rules.Int(ruleSatisfied, clock.Day(clock.Instant(r.At))) {
		out = append(out, casework.Satisfied)
	}
	if r.Solved != nil {
		out = append(out, casework.SolvedValid)
		if *r.Solved == 1 {
			out = append(out, casework.Solved)
		}
	}
	return out
}

// RatingView is a rating as overseers read it.
type RatingView struct {
	Seq      int    `json:"seq"`
	Level    int    `json:"level" minimum:"1" maximum:"5"`
	Solved   *bool  `json:"solved,omitempty" doc:"What the reporter answered; left out when they did not"`
	Comment  string `json:"comment"`
	At       int64  `json:"at"`
	Counts   bool   `json:"counts" doc:"It is the one that counts for the rates"`
	Excluded *int64 `json:"excluded,omitempty" doc:"When it was found false and excluded"`
	Reason   string `json:"reason,omitempty" doc:"Why"`
	By       string `json:"by,omitempty" doc:"By whom"`

	Appeal *AppealOfRating `json:"appeal,omitempty" doc:"What the unit that was rated says against it; never to the reporter"`
}

// ratingViews are the ratings for who may read them: those who oversee, never those who are rated.
func ratingViews(ratings []Rating) []RatingView {
	counted := CountedRating(ratings)
	out := []RatingView{}
	for i := range ratings {
		r := &ratings[i]
		v := RatingView{Seq: r.Seq, Level: r.Level, Comment: r.Comment, At: r.At, Counts: r == counted,
			Excluded: r.Excluded, Reason: r.Reason, By: r.By}
		if r.Solved != nil {
			yes := *r.Solved == 1
			v.Solved = &yes
		}
		out = append(out, v)
	}
	return out
}
