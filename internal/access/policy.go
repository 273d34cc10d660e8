package access

import (
	"context"
	"time"

	"linli/internal/platform/clock"
)

// Keys of the rules that a city sets by day.
const (
	RuleFailures    = "access.lockout.failures"
	ruleLock        = "access.lockout.minutes"
	ruleFailuresAll = "access.lockout.anywhere"
	ruleLockAll     = "access.lockout.anywhere_minutes"
	ruleIdle        = "access.session.idle"
	ruleHours       = "access.session.hours"
	ruleSessions    = "access.session.most"
	RuleScore       = "access.password.score"
	RuleLength      = "access.password.length"
	RuleKinds       = "access.password.kinds"
	ruleDays        = "access.password.days"
	RuleCodeMinutes = "access.code.minutes"
	RuleCodeSends   = "access.code.sends"
)

// RuleSecond says who must have a second factor: none, administrators or all.
const RuleSecond = "access.second_factor.required"

// Number is a rule's whole number of today.
func (s *Service) Number(ctx context.Context, key string) int { return s.Rules.Int(key, Today(ctx)) }

// sessionEnds are how long a session lasts without use, and in any case.
func (s *Service) sessionEnds(ctx context.Context) (idle, whole time.Duration) {
	return time.Duration(s.Number(ctx, ruleIdle)) * time.Minute, time.Duration(s.Number(ctx, ruleHours)) * time.Hour
}

// aged tells whether a password has been in use for longer than the city allows. One that was
// set at 0 does not age.
func (s *Service) aged(ctx context.Context, since int64) bool {
	days := s.Number(ctx, ruleDays)
	return days > 0 && since > 0 && clock.Now(ctx).Sub(clock.Instant(since)) > time.Duration(days)*24*time.Hour
}
