package matter

import (
	"context"

	"linli/internal/council/meeting"
	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/registry"
)

// Delegation is what an assembly has left to the representatives, by one of its votes.
type Delegation struct {
	ID      string `json:"id"`
	Area    string `json:"area"`
	Code    string `json:"code"`
	Meeting string `json:"meeting"`
	Vote    string `json:"vote"`
	From    string `json:"from" doc:"Day of the assembly"`
	To      string `json:"to" doc:"Last day, or empty while it lasts"`
	Reason  string `json:"reason,omitempty" doc:"Why it ended"`
	By      string `json:"by"`
	Version int64  `json:"version"`
}

const subjectDelegation = "council.delegation"

var (
	errAssembly     = errs.New(errs.Conflict, "council.delegation.assembly") // a vote of another body
	errNotDelegable = errs.New(errs.Conflict, "council.delegation.fixed")    // the law leaves it to the assembly alone
	errDelegated    = errs.New(errs.Conflict, "council.delegation.twice")    // in force
)

const delegationColumns = `id, area, code, meeting_id, vote_id, day_from, day_to, reason, actor_name, version`

func scanDelegation(row db.Scanner) (d Delegation, err error) {
	return d, row.Scan(&d.ID, &d.Area, &d.Code, &d.Meeting, &d.Vote, &d.From, &d.To, &d.Reason, &d.By, &d.Version)
}

// delegated tells whether a subject is left to the representatives on a day.
func (s *Service) delegated(ctx context.Context, r db.Reader, area, code, day string) (bool, error) {
	n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM council_delegation WHERE area = $1 AND code = $2 AND day_from <= $3
		AND (day_to = '' OR $3 <= day_to)`, area, code, day)
	return n > 0, err
}

// Delegations are those of a community, the latest first. Error: Forbidden.
func (s *Service) Delegations(ctx context.Context, area string) ([]Delegation, error) {
	if err := authority.Require(ctx, permRead, area); err != nil {
		return nil, err
	}
	return db.All(ctx, s.Log.DB, scanDelegation, `SELECT `+delegationColumns+` FROM council_delegation WHERE area = $1
		ORDER BY day_from DESC, id DESC LIMIT 200`, area)
}

// Delegate keeps that an assembly has left a subject to the representatives. Errors: Invalid; Forbidden; Conflict for a vote that is not of
// an assembly of this community, has not passed or is not signed, and for a subject that no law lets it leave to others.
func (s *Service) Delegate(ctx context.Context, area, code, meetingID, vote string) (Delegation, error) {
	d := Delegation{Area: area, Code: code, Meeting: meetingID, Vote: vote, Version: 1}
	err := s.Log.Do(ctx, func(tx *audit.Tx) error {
		if err := tx.Require(permExecute, area); err != nil {
			return err
		}
		a, ok := s.Registry.Area(area)
		if !ok || a.Level != registry.LevelCommunity {
			return errs.ErrInvalid.At("area", "field.community")
		}
		m, _, err := s.Meetings.Passed(ctx, tx, meetingID, vote)
		if err != nil {
			return err
		}
		r := reservedOn(s.Rules, kindOf(a), code, m.Day)
		switch {
		case m.Area != area:
			return errElsewhere.By(ruleDecided)
		case m.Body != meeting.Assembly:
			return errAssembly.By(ruleDecided)
		case r.key == "":
			return errs.ErrInvalid.At("code", "field.choice")
		case !r.Delegable:
			return errNotDelegable.With("basis", r.Basis, "article", r.Article).By(r.key)
		}
		if there, err := s.delegated(ctx, tx, area, code, m.Day); err != nil || there {
			if err == nil {
				err = errDelegated
			}
			return err
		}
		d.From, d.By = m.Day, tx.Actor.Name
		d.ID = db.Shard(area) + "-" + db.NewID(ctx)
		tx.Record(audit.Entry{Action: permExecute, Area: area, Subject: subjectDelegation, SubjectID: d.ID, After: d})
		_, err = tx.Exec(ctx, `INSERT INTO council_delegation (shard, id, area, code, meeting_id, vote_id, day_from, day_to, reason, actor_name, version)
			VALUES ($1,$2,$3,$4,$5,$6,$7,'','',$8,1)`, db.Shard(area), d.ID, area, code, meetingID, vote, d.From, d.By)
		return err
	})
	return d, err
}

// EndDelegation ends one today, with a reason. Errors: NotFound; Forbidden; Stale; Invalid.
func (s *Service) EndDelegation(ctx context.Context, id string, version int64, reason string) error {
	reason = fold.Line(reason)
	b := bounds{errs.ErrInvalid}
	if b.text("reason", reason, maxNote, true); b.err() != nil {
		return b.err()
	}
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		d, err := db.One(ctx, tx, scanDelegation, `SELECT `+delegationColumns+` FROM council_delegation WHERE shard = $1 AND id = $2`,
			db.ShardOf(id), id)
		if db.IsNone(err) || err == nil && !tx.Actor.Can(permRead, d.Area) {
			tx.Judged()
			return errs.ErrNotFound
		}
		if err != nil {
			tx.Judged()
			return err
		}
		if err := tx.Require(permExecute, d.Area); err != nil {
			return err
		}
		before := d
		d.To, d.Reason = clock.Day(tx.Now), reason
		tx.Record(audit.Entry{Action: permExecute, Area: d.Area, Subject: subjectDelegation, SubjectID: d.ID, Before: before, After: d})
		n, err := tx.Exec(ctx, `UPDATE council_delegation SET day_to = $4, reason = $5, version = version + 1
			WHERE shard = $1 AND id = $2 AND version = $3 AND day_to = ''`, db.ShardOf(id), id, version, d.To, d.Reason)
		if err == nil && n == 0 {
			err = errs.StaleOf(errs.Record{Subject: subjectDelegation, ID: id})
		}
		return err
	})
}
