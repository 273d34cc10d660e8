package access

import (
	"context"
	"strings"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
)

// Keys of the rules that a city sets by day.
const (
	ruleFailures    = "access.lockout.failures"
	ruleLock        = "access.lockout.minutes"
	ruleIdle        = "access.session.idle"
	ruleHours       = "access.session.hours"
	ruleLength      = "access.password.length"
	ruleKinds       = "access.password.kinds"
	ruleDays        = "access.password.days"
	ruleCodeMinutes = "access.code.minutes"
	ruleCodeSends   = "access.code.sends"
	ruleCodeAddress = "access.code.address_hour"
)

// RuleSecond says who must have a second factor: none, administrators or all.
const RuleSecond = "access.second_factor.required"

// number is a rule's whole number of today.
func (s *Service) number(ctx context.Context, key string) int { return s.Rules.Int(key, today(ctx)) }

// sessionEnds are how long a session lasts without use, and in any case.
func (s *Service) sessionEnds(ctx context.Context) (idle, whole time.Duration) {
	return time.Duration(s.number(ctx, ruleIdle)) * time.Minute, time.Duration(s.number(ctx, ruleHours)) * time.Hour
}

// passwordMost bounds a password; longer ones are refused before they are hashed.
const passwordMost = 128

// common are what passwords are made of that are guessed first. A password that is one of them
// with digits and signs around is refused.
var common = []string{
	"password", "passw0rd", "p@ssword", "p@ssw0rd", "qwerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsx", "1qaz2wsx", "letmein", "welcome",
	"admin", "administrator", "root", "test", "guest", "login", "master", "iloveyou", "woaini", "abc", "abcd", "abcdef", "aaa", "linli", "community", "shequ",
	"china", "zhongguo", "lianyungang", "changeme", "default", "secret", "system", "user", "hello", "nihao", "monkey", "dragon",
}

// checkPassword refuses one that is short, of too few kinds, made of the login or the name of
// its owner, or among those guessed first.
func (s *Service) checkPassword(ctx context.Context, login, password string) error {
	var lower, upper, digit, other int
	for _, r := range password {
		switch {
		case r >= 'a' && r <= 'z':
			lower = 1
		case r >= 'A' && r <= 'Z':
			upper = 1
		case r >= '0' && r <= '9':
			digit = 1
		default:
			other = 1
		}
	}
	n, least, kinds := len([]rune(password)), s.number(ctx, ruleLength), s.number(ctx, ruleKinds)
	folded := strings.ToLower(password)
	if n < least || n > passwordMost || lower+upper+digit+other < kinds || strings.Contains(folded, strings.ToLower(login)) || guessed(folded) {
		return errs.ErrInvalid.At("password", "access.password_weak", "least", least, "most", passwordMost, "kinds", kinds).By(ruleLength)
	}
	return nil
}

func guessed(folded string) bool {
	core := strings.Trim(folded, "0123456789!@#$%^&*()-_=+.,?/\\|~` ")
	if core == "" {
		return true
	}
	for _, c := range common {
		if core == c {
			return true
		}
	}
	return strings.Count(core, core[:1]) == len(core)
}

// aged tells whether a password has been in use for longer than the city allows. One that was
// set at 0 does not age.
func (s *Service) aged(ctx context.Context, since int64) bool {
	days := s.number(ctx, ruleDays)
	return days > 0 && since > 0 && clock.Now(ctx).Sub(clock.Instant(since)) > time.Duration(days)*24*time.Hour
}
