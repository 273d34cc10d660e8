package account

import (
	"context"
	"strings"

	zxcvbn "github.com/ccojocar/zxcvbn-go"

	"linli/internal/access"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

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
	n, least, kinds := len([]rune(password)), s.Access.Number(ctx, access.RuleLength), s.Access.Number(ctx, access.RuleKinds)
	if n < least || n > passwordMost || lower+upper+digit+other < kinds {
		return errs.ErrInvalid.At("password", "access.password_weak", "least", least, "most", passwordMost, "kinds", kinds).By(access.RuleLength)
	}
	if strings.Contains(strings.ToLower(password), strings.ToLower(login)) ||
		s.strength(login, name, password) < s.Access.Number(ctx, access.RuleScore) {
		return errs.ErrInvalid.At("password", "access.password_guessed").By(access.RuleScore)
	}
	return nil
}

// strength is 0 (guessed at once) to 4, by zxcvbn. Words of four letters and more that are known
// of the owner and the city count as guessed; only the beginning of a long password is judged.
func (s *Service) strength(login, name, password string) int {
	known := append([]string{login, name, registry.Spell(name)}, local...)
	if city, ok := s.Access.Registry.City(); ok {
		known = append(known, city.Name, city.Pinyin, strings.TrimSuffix(city.Pinyin, "shi"))
	}
	const judged = 64
	runes := []rune(password)
	return zxcvbn.PasswordStrength(string(runes[:min(len(runes), judged)]), known).Score
}

// passwordMost bounds a password; longer ones are refused before they are hashed.
const passwordMost = 128

// local are words that somebody here would try first; zxcvbn brings common passwords, words and
// names of elsewhere.
var local = []string{"linli", "community", "shequ", "china", "zhongguo", "woaini", "nihao", "admin", "changeme"}
