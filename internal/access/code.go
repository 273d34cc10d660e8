package access

import "linli/internal/platform/errs"

// CodeDigits is the length of a code that is sent to a telephone or mail address.
const CodeDigits = 8

// ErrResidentCode refuses a code that is wrong or has expired.
var ErrResidentCode = errs.ErrInvalid.At("code", "access.code_resident")

// WrongCode tells whether an error is the refusal of what was shown, which counts as a try.
func WrongCode(err error) bool { return errs.Of(err).Kind == errs.Invalid }
