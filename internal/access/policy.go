package access

import (
	"context"
	"strings"
	"time"

	zxcvbn "github.com/ccojocar/zxcvbn-go"

	"linli/internal/platform/clock"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// Keys of the rules that a city sets by day.
const (
	ruleFailures    = "access.lockout.failures"
	ruleLock        = "access.lockout.minutes"
	ruleFailuresAll = "access.lockout.anywhere"
	ruleLockAll     = "access.lockout.anywhere_minutes"
	ruleIdle        = "access.session.idle"
	ruleHours       = "access.session.hours"
	ruleSessions    = "access.session.most"
	ruleScore       = "access.password.score"
	ruleLength      = "access.password.length"
	ruleKinds       = "access.password.kinds"
	ruleDays        = "access.password.days"
	ruleCodeMinutes = "access.code.minutes"
	ruleCodeSends   = "access.code.sends"
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

// local are words that somebody here would try first; zxcvbn brings common passwords, words and
// names of elsewhere.
var local = []string{"linli", "community", "shequ", "china", "zhongguo", "woaini", "nihao", "admin", "changeme"}

// checkPassword refuses one that is short, of too few kinds, made of the login of its owner, or
// soon guessed by whoever knows common passwords, the owner's name and the city's.
func (s *Service) checkPassword(ctx context.Context, login, name, password string) error {
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
	if n < least || n > passwordMost || lower+upper+digit+other < kinds {
		return errs.ErrInvalid.At("password", "access.password_weak", "least", least, "most", passwordMost, "kinds", kinds).By(ruleLength)
	}
	if strings.Contains(strings.ToLower(password), strings.ToLower(login)) || s.strength(login, name, password) < s.number(ctx, ruleScore) {
		return errs.ErrInvalid.At("password", "access.password_guessed").By(ruleScore)
	}
	return nil
}

// strength is 0 (guessed at once) to 4, by zxcvbn. Words of four letters and more that are known
// of the owner and the city count as guessed; only the beginning of a long password is judged.
func (s *Service) strength(login, name, password string) int {
	known := append([]string{login, name, registry.Spell(name)}, local...)
	if city, ok := s.Registry.City(); ok {
		known = append(known, city.Name, city.Pinyin, strings.TrimSuffix(city.Pinyin, "shi"))
	}
	const judged = 64
	runes := []rune(password)
	return zxcvbn.PasswordStrength(string(runes[:min(len(runes), judged)]), known).Score
}

// aged tells whether a password has been in use for longer than the city allows. One that was
// set at 0 does not age.
func (s *Service) aged(ctx context.Context, since int64) bool {
	days := s.number(ctx, ruleDays)
	return days > 0 && since > 0 && clock.Now(ctx).Sub(clock.Instant(since)) > time.Duration(days)*24*time.Hour
}
