package follow

import (
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/page"
)

// leastDigits are how many last digits of a case number name a case among the visitor's own.
const leastDigits = 4

// looksLikeNumber tells the number of a case, or its last digits, from a follow code, which has letters or is of its
// own length.
func looksLikeNumber(typed string) bool {
	digits := fold.Digits(typed)
	return len(digits) >= leastDigits && len(digits) != casework.CodeLength && strings.Trim(digits, "0123456789") == ""
}

// trackNumber finds a case by its number, with or without hyphens, or by its last digits,
// among those of the telephone number that the visitor has proven. Errors: Invalid casework.code_number for
// whoever has proven none, since a number is no secret; NotFound casework.code for a case of somebody else.
func (s *Service) trackNumber(q *page.Request, typed string) (phone, id string, err error) {
	digits := fold.Digits(typed)
	phone, proven, err := s.Proven(q)
	switch {
	case err != nil:
		return "", "", err
	case !proven:
		return "", "", errs.ErrInvalid.At("code", "casework.code_number")
	}
	own, err := s.OfPhone(q.Context(), phone)
	if err != nil {
		return "", "", err
	}
	for i := range own {
		if !strings.HasSuffix(fold.Digits(own[i].Number), digits) {
			continue
		}
		if id != "" {
			return "", "", errs.ErrInvalid.At("code", "casework.code_several")
		}
		id = own[i].ID
	}
	if id == "" {
		return "", "", errs.New(errs.NotFound, "casework.code")
	}
	return phone, id, nil
}
