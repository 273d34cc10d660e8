package rating

import (
	"context"
	"slices"

	"linli/internal/casework"
	"linli/internal/casework/duplicate"
	"linli/internal/platform/audit"
	"linli/internal/platform/db"
)

// What somebody had to do with a low rating. Whoever was rated neither follows it up nor appeals nor
// decides; who follows it up, who asks that it be excluded and who decides so are different people.
const (
	ratedWorker   = "worker"   // did some of the work that was rated
	ratedFollower = "follower" // took a step of the follow-up
	ratedAsker    = "asker"    // appealed
	ratedDecider  = "decider"  // decided the appeal
)

// ratedBy says which accounts had what to do with a rating.
type ratedBy map[string][]string

// has tells whether an account had one of the parts.
func (r ratedBy) has(account string, parts ...string) bool {
	return account != "" && slices.ContainsFunc(parts, func(p string) bool { return slices.Contains(r[p], account) })
}

// keepRated keeps who did the work that a rating judges, in whatever round; of a merged case that on
// its main case, too.
func (s *Service) keepRated(ctx context.Context, tx *audit.Tx, c *casework.Case, seq int) error {
	hands, err := s.Cases.Participants(ctx, tx, c)
	if err != nil {
		return err
	}
	main, err := duplicate.MainOf(ctx, tx, c)
	if err == nil && main.ID != "" {
		var more casework.Participants
		more, err = s.Cases.Participants(ctx, tx, &main)
		hands = append(hands, more...)
	}
	if err != nil {
		return err
	}
	for _, account := range hands.Workers() {
		if err := tx.Send(ctx, `INSERT INTO casework_rated (shard, case_id, seq, account_id) VALUES ($1,$2,$3,$4) ON CONFLICT (shard, case_id,
			seq, account_id) DO NOTHING`,
			c.Shard, c.ID, seq, account); err != nil {
			return err
		}
	}
	return nil
}

// readRated reads who had what to do with a rating.
func readRated(ctx context.Context, r db.Reader, c *casework.Case, seq int) (ratedBy, error) {
	type row struct{ part, account string }
	rows, err := db.All(ctx, r, func(s db.Scanner) (o row, err error) { return o, s.Scan(&o.part, &o.account) },
		`SELECT 'worker', account_id FROM casework_rated WHERE shard = $1 AND case_id = $2 AND seq = $3
		UNION ALL SELECT 'follower', actor_id FROM casework_followup_step WHERE shard = $1 AND case_id = $2 AND seq = $3 AND verb <> 'drop'
		UNION ALL SELECT 'asker', asked_by FROM casework_appeal WHERE shard = $1 AND case_id = $2 AND seq = $3
		UNION ALL SELECT 'decider', decided_by FROM casework_appeal WHERE shard = $1 AND case_id = $2 AND seq = $3`, c.Shard, c.ID, seq)
	out := ratedBy{}
	for _, o := range rows {
		out[o.part] = append(out[o.part], o.account)
	}
	return out, err
}

// notRated is the condition that an account did none of the work that a row's rating judges; the row is
// that of a follow-up or appeal under a name.
func notRated(name, account string) string {
	return `NOT EXISTS (SELECT 1 FROM casework_rated w WHERE w.shard = ` + name + `.shard AND w.case_id = ` + name + `.case_id AND w.seq = ` + name + `.seq AND w.account_id = ` + account + `)`
}
