package access

import (
	"context"
	"strings"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/fold"
	"linli/internal/platform/limit"
)

// Wrong proofs of a login are counted in the database, so that several processes share one bound.
// What is counted has a keyed mark: the table tells neither logins nor addresses. (What one network
// tries, whatever the login, is bounded by platform/limit.)

// bound is how many failures of a kind are borne within a time. The one that reaches Most blocks what
// is counted for as long again; nothing that is tried meanwhile makes that longer.
type bound struct {
	kind   string // keeps uses apart
	most   int
	within time.Duration
}

// counted is one thing whose failures are counted: e.g. the tries of a login from a network.
type counted struct {
	bound
	subject string // login; Unlock forgets all of a subject
	parts   string // what else tells it apart, or ""
}

func (s *Service) failureMark(c counted) string {
	return s.Ring.Index("failure "+c.kind, c.subject+" "+c.parts)
}

func (s *Service) failureSubject(subject string) string {
	return s.Ring.Index("failure subject", subject)
}

// fail counts one more, by 1 or 0, and tells how many there were in the time. The count is made by
// the database, so that tries at the same time are all counted.
func (s *Service) fail(ctx context.Context, tx *db.Tx, now time.Time, c counted, by int) (int, error) {
	at, until := clock.Millis(now), clock.Millis(now.Add(c.within))
	var n int
	err := tx.QueryRow(ctx, `INSERT INTO access_failure (mark, subject, failures, most, until_at) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (mark) DO UPDATE SET most = excluded.most,
			failures = CASE WHEN access_failure.until_at <= $6 THEN excluded.failures ELSE access_failure.failures + excluded.failures END,
			until_at = CASE WHEN access_failure.until_at <= $7 OR (access_failure.failures < excluded.most
			AND access_failure.failures + excluded.failures >= excluded.most) THEN excluded.until_at ELSE access_failure.until_at END
		RETURNING failures`, s.failureMark(c), s.failureSubject(c.subject), by, c.most, until, at, at).Scan(&n)
	return n, err
}

// takeBack takes one of what was counted back: it was no failure.
func (s *Service) takeBack(ctx context.Context, tx *db.Tx, now time.Time, c counted) error {
	_, err := tx.Exec(ctx, `UPDATE access_failure SET failures = failures - 1 WHERE mark = $1 AND failures > 0 AND until_at > $2`,
		s.failureMark(c), clock.Millis(now))
	return err
}

// PardonAll forgets all failures of a subject.
func (s *Service) PardonAll(ctx context.Context, tx *db.Tx, subject string) error {
	_, err := tx.Exec(ctx, `DELETE FROM access_failure WHERE subject = $1`, s.failureSubject(subject))
	return err
}

// IsBlocked tells whether a subject has reached any bound.
func (s *Service) IsBlocked(ctx context.Context, r db.Reader, now time.Time, subject string) (bool, error) {
	n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM access_failure WHERE subject = $1 AND until_at > $2 AND failures >= most`,
		s.failureSubject(subject), clock.Millis(now))
	return n > 0, err
}

// forgetFailures is the job that drops counts whose time is over, and devices that were not used for long.
func (s *Service) forgetFailures(ctx context.Context) error {
	now := clock.Now(ctx)
	return s.Log.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM access_device WHERE seen_at < $1`, clock.Millis(now.Add(-deviceLasts))); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM access_failure WHERE until_at < $1`, clock.Millis(now))
		return err
	})
}

// Scopes of counted failures.
const (
	failPassword = "password" // of a login
	FailSecond   = "second"   // of an account that has shown its password
)

// Tries are what a try of a proof of a login counts against: the login from this device where it has
// signed in before, else from this network; and the login from anywhere.
type Tries struct {
	near, all counted
	known     bool // the device
}

// TriesOf are the counts that a try of a login falls under: from the device or network that asks, and from anywhere.
func (s *Service) TriesOf(ctx context.Context, r db.Reader, kind, login, account string) (Tries, error) {
	near := bound{kind, s.Number(ctx, RuleFailures), time.Duration(s.Number(ctx, ruleLock)) * time.Minute}
	all := bound{kind + " anywhere", s.Number(ctx, ruleFailuresAll), time.Duration(s.Number(ctx, ruleLockAll)) * time.Minute}
	t := Tries{near: counted{near, login, "network " + limit.Address(ctx)}, all: counted{all, login, ""}}
	device := VisitOf(ctx).device
	known, err := s.knowsDevice(ctx, r, account, device)
	if known {
		t.known, t.near.parts = true, "device "+device
	}
	return t, err
}

// Attempt counts a try before what it shows is looked at, so that of many at the same time no more
// than the bound are, and tells whether this one is refused unseen and whether it is the one that
// reaches the bound of tries from anywhere. A device that signed in before is not refused for what
// others try elsewhere; what one network tries beyond its own bound does not count for all.
func (s *Service) Attempt(ctx context.Context, tx *db.Tx, now time.Time, t Tries) (refused, reached bool, err error) {
	n, err := s.fail(ctx, tx, now, t.near, 1)
	if err != nil {
		return false, false, err
	}
	by := 1
	if refused = n > t.near.most; refused {
		by = 0
	}
	n, err = s.fail(ctx, tx, now, t.all, by)
	return refused || n > t.all.most && !t.known, by == 1 && n == t.all.most, err
}

// Succeed takes a try back that was right, and the wrong ones before it from the same device or network.
func (s *Service) Succeed(ctx context.Context, tx *db.Tx, now time.Time, t Tries) error {
	if _, err := tx.Exec(ctx, `DELETE FROM access_failure WHERE mark = $1`, s.failureMark(t.near)); err != nil {
		return err
	}
	return s.takeBack(ctx, tx, now, t.all)
}

// TrimLogin is a login as it is compared: without blanks, in small letters.
func TrimLogin(login string) string { return strings.ToLower(fold.Compact(login)) }
