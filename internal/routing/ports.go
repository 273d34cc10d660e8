package routing

import "linli/internal/platform/text"

// Subjects tells what cases can be about; casework answers from its matters.
type Subjects interface {
	// HasKind tells whether there are cases of a kind.
	HasKind(kind string) bool
	// Knows tells whether cases of a kind can be about a subject or class.
	Knows(kind, subject string) bool
	// ClassOf is the class in which a subject lies, or "".
	ClassOf(kind, subject string) string
	// ResponsibleFor is who is responsible for a subject by its own entry; the zero value for a class.
	ResponsibleFor(kind, subject string) ResponsibleUnit
	// SubjectName names a subject or class.
	SubjectName(kind, subject string, lang text.Lang) string
}

// Accounts tells of those who set routes; the access module answers.
type Accounts interface {
	// AccountName is the name of an account, or "" of one that is not there.
	AccountName(id string) string
}
