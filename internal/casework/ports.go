package casework

import (
	"linli/internal/platform/errs"
	"linli/internal/platform/text"
)

// Words are the sentences of all modules.
type Words interface {
	Sentence(lang text.Lang, key string, args errs.Args) string
	T(lang text.Lang, key string, pairs ...any) string
}

// Accounts tells of those who act; the access module answers.
type Accounts interface {
	// AccountName is the name of an account, or "" of one that is not there.
	AccountName(id string) string
}
