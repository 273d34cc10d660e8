package people

import (
	"context"
	"io"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/text"
)

// Words are the platform's sentences, by which a roster's words are recognised.
type Words interface {
	T(lang text.Lang, key string, pairs ...any) string
}

// Cases tells what the casework knows of a person.
type Cases interface {
	// HasOpenCase tells whether a case of the person is still being handled.
	HasOpenCase(ctx context.Context, r db.Reader, person string) (bool, error)
	// ErasePerson deletes what the cases of a person hold of them beside the person itself, and returns
	// the digests of the files that they named.
	ErasePerson(ctx context.Context, tx *audit.Tx, person string) ([]string, error)
	// HeldOf lists what the cases of a person hold of them, for their copy.
	HeldOf(ctx context.Context, r db.Reader, person string) ([]HeldCase, error)
}

// Files keeps the files of cases.
type Files interface {
	// Discard removes the content of files that nothing names any more, after the write that erased them.
	Discard(ctx context.Context, digests []string) error
	// OpenHeld reads a file that a case of a person holds. The caller closes it. Errors: NotFound.
	OpenHeld(ctx context.Context, person, file string) (HeldFile, io.ReadCloser, error)
}

// HeldCase is what one case holds of a person.
type HeldCase struct {
	ID      string       `json:"id"`
	Number  string       `json:"number"`
	Title   string       `json:"title"`
	At      int64        `json:"at"`
	Place   string       `json:"place"`
	Lng     *float64     `json:"lng,omitempty"`
	Lat     *float64     `json:"lat,omitempty"`
	Answers []HeldAnswer `json:"answers"`
	Steps   []HeldStep   `json:"steps" doc:"What the person wrote and what was written to them"`
	Ratings []HeldRating `json:"ratings"`
	Files   []HeldFile   `json:"files" doc:"Read one by one at /people/requests/{id}/files/{file}"`
}

// HeldStep is what a step of a case says to or by a person.
type HeldStep struct {
	At    int64    `json:"at"`
	Did   string   `json:"did" doc:"What was done, in the language of the reader"`
	Note  string   `json:"note"`
	Lines []string `json:"lines,omitempty"`
}

// HeldRating is a rating that a person gave.
type HeldRating struct {
	At      int64  `json:"at"`
	Level   int    `json:"level"`
	Comment string `json:"comment"`
}

// HeldFile is a file that a case holds of a person.
type HeldFile struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	MediaType string `json:"mediaType"`
	Size      int64  `json:"size" doc:"Bytes"`
}

// HeldAnswer is one thing that a person told in a case.
type HeldAnswer struct {
	Key   string `json:"key"`
	Label string `json:"label" doc:"The question, in the language of the reader"`
	Value string `json:"value" doc:"As it was given; of a choice its words"`
}

// Alarms tells the security administrator of what may be an attack.
type Alarms interface {
	// Raise keeps an alarm of a kind about an account, once a day.
	Raise(ctx context.Context, tx *audit.Tx, kind, account string) error
}
