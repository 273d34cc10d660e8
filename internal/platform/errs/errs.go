// Package errs is the one form of a refusal. An error that a user may meet has a stable key,
// which names its sentence in the catalogues, and where a rule demands the refusal the key of
// that rule, whose citation is shown beside the sentence.
package errs

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Kind says what went wrong, independent of the face that reports it.
type Kind int

const (
	Internal         Kind = iota // a fault of ours; nothing of it is shown
	Malformed                    // the request cannot be read
	Invalid                      // the request is read and its content is wrong
	Unauthenticated              // nobody is signed in
	Forbidden                    // signed in, and may not
	MethodNotAllowed             // the address is there, and takes other methods only
	NotFound                     // not there, or not for this person to know of
	Conflict                     // the state of things does not allow it
	Stale                        // somebody else changed it first
	TooLarge                     // over a bound
	TooMany                      // too often
	Unavailable                  // try again later
)

var statuses = map[Kind]int{
	Internal: http.StatusInternalServerError, Malformed: http.StatusBadRequest,
	Invalid: http.StatusUnprocessableEntity, Unauthenticated: http.StatusUnauthorized,
	Forbidden: http.StatusForbidden, NotFound: http.StatusNotFound, MethodNotAllowed: http.StatusMethodNotAllowed,
	Conflict: http.StatusConflict, Stale: http.StatusConflict,
	TooLarge: http.StatusRequestEntityTooLarge, TooMany: http.StatusTooManyRequests,
	Unavailable: http.StatusServiceUnavailable,
}

// Status is the HTTP status of a kind.
func (k Kind) Status() int { return statuses[k] }

// Field is one wrong input: where it stands and the key of what is wrong with it. An input that a city named
// itself brings its name in both languages (a text.Pair) as the argument [Label].
type Field struct {
	Location string
	Key      string
	Args     Args
}

// Label is the argument of a Field that names its input.
const Label = "label"

// Args fill the placeholders of a catalogue sentence.
type Args map[string]any

// Key is an argument that is not shown as it is: it names the sentence that is. A text is never read as
// one, whatever it begins with, because people write texts.
type Key string

// Error is a refusal.
type Error struct {
	Kind   Kind
	Key    string  // stable, e.g. "casework.own_unit"; catalogue key is "error."+Key
	Args   Args    // for the sentence
	Rule   string  // key of the rule that demands it, or ""
	Fields []Field // wrong inputs, or nil
	Cause  error   // for the log only
	Record *Record // of Stale: what somebody else changed, or nil

	After time.Duration // after which it may be tried again; 0 when that is not known
}

// again is when something that is away is asked for again where nothing better is known.
const again = time.Minute

// RetryAfter is after how long it may be tried again; 0 for what trying again does not help.
func (e *Error) RetryAfter() time.Duration {
	if e.After == 0 && (e.Kind == Unavailable || e.Kind == TooMany) {
		return again
	}
	return e.After
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %v", e.Key, e.Cause)
	}
	return e.Key
}

func (e *Error) Unwrap() error { return e.Cause }

// Is lets errors.Is compare refusals by key.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Key == e.Key
}

// New makes a refusal of a kind.
func New(kind Kind, key string) *Error { return &Error{Kind: kind, Key: key} }

// With returns a copy with arguments for the sentence, given as name, value pairs.
func (e *Error) With(pairs ...any) *Error {
	c := *e
	c.Args = Args{}
	for i := 0; i+1 < len(pairs); i += 2 {
		c.Args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return &c
}

// By returns a copy that cites the rule with that key.
func (e *Error) By(rule string) *Error {
	c := *e
	c.Rule = rule
	return &c
}

// At returns a copy with one more wrong input.
func (e *Error) At(location, key string, args ...any) *Error {
	c := *e
	f := Field{Location: location, Key: key, Args: Args{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	c.Fields = append(append([]Field(nil), e.Fields...), f)
	return &c
}

// Record names what a refusal as stale is about, by what the audit log keeps of its changes.
type Record struct {
	Subject, ID string // kind and id of the thing, as they are recorded
	Action      string // beginning of the actions that change it
	At          int64  // instant of the change where that is known, UTC milliseconds; 0: the latest
}

// StaleOf is ErrStale about a record, so that the refusal tells who changed it and when.
func StaleOf(r Record) *Error {
	e := *ErrStale
	e.Record = &r
	return &e
}

// Because returns a copy that keeps a cause for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Later returns a copy that says after how long it may be tried again.
func (e *Error) Later(after time.Duration) *Error {
	c := *e
	c.After = after
	return &c
}

// Of finds the refusal in an error; anything else is an internal fault.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Internal, Key: "internal", Cause: err}
}

// Refusals that every module shares.
var (
	ErrInvalid         = New(Invalid, "invalid")
	ErrNotFound        = New(NotFound, "not_found")
	ErrForbidden       = New(Forbidden, "forbidden")
	ErrUnauthenticated = New(Unauthenticated, "unauthenticated")
	ErrStale           = New(Stale, "stale")
	ErrTooLarge        = New(TooLarge, "too_large")
	ErrTooMany         = New(TooMany, "too_many")
	// ErrText refuses a text that cannot be stored: it holds NUL (U+0000) or is not UTF-8. PostgreSQL
	// stores neither and SQLite both, so both are refused alike.
	ErrText = New(Malformed, "malformed_text")
)

// Only is an error with those of its wrong fields alone that are wanted; nil when none is.
func Only(err error, wanted func(location string) bool) error {
	if err == nil {
		return nil
	}
	refused := *Of(err)
	refused.Fields = slices.DeleteFunc(slices.Clone(refused.Fields), func(f Field) bool { return !wanted(f.Location) })
	if len(refused.Fields) == 0 {
		return nil
	}
	return &refused
}
