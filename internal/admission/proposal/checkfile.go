package proposal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"linli/internal/admission"
	"linli/internal/platform/calendar"
	"linli/internal/platform/errs"
	"linli/internal/platform/fold"
	"linli/internal/platform/rule"
)

// FileCase is an application in a file, as `linli admission check` reads it: the content with who applies, when and for how
// many communities.
type FileCase struct {
	Department  string `json:"department"`  // code of the department, such as civil_affairs; "" where it is not known
	Applied     string `json:"applied"`     // day on which it is handed in; today when empty
	Communities int    `json:"communities"` // in its scope; 0 where that is not known
	Proposal
}

// mostFile bounds a file, in bytes.
const mostFile = 1 << 20

// ReadCase reads an application from a file of JSON. A name that is not known is refused, so that a slip is not taken for a
// field that was left out. Errors: Invalid; TooLarge.
func ReadCase(r io.Reader) (FileCase, error) {
	var c FileCase
	raw, err := io.ReadAll(io.LimitReader(r, mostFile+1))
	if err != nil {
		return c, err
	}
	if len(raw) > mostFile {
		return c, errs.ErrTooLarge
	}
	in := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff"))))
	in.DisallowUnknownFields()
	if err := in.Decode(&c); err != nil {
		return c, fmt.Errorf("not an application: %w", err)
	}
	c.Tidy()
	c.Applied = fold.KeepDay(c.Applied)
	return c, c.Bounds()
}

// CheckFile judges an application by the rules, lists and working days that ship, as of the day on which it is handed in; held tells
// what is held of the data wanted, or is nil.
func CheckFile(ctx context.Context, c *FileCase, rules []rule.Value, held Held) (*Checker, []Finding, error) {
	book := rule.NewCache(rules)
	k := &Checker{Rules: book, Calendar: calendar.Default(), Lists: shippedLists{book}, Held: held}
	if _, ok := fold.Day(c.Applied); !ok {
		return k, nil, errs.ErrInvalid.At("applied", "field.date")
	}
	found, err := k.Check(ctx, &c.Proposal, Case{Department: c.Department, Received: c.Applied, Communities: c.Communities})
	return k, found, err
}

// shippedLists are the entries that ship.
type shippedLists struct{ rules *rule.Cache }

func (l shippedLists) Entry(_ context.Context, _, code, day string) (admission.Entry, bool, error) {
	for _, entries := range admission.Base() {
		if i := slices.IndexFunc(entries, func(e admission.Entry) bool { return e.Code == code && e.InForce(day) }); i >= 0 {
			return entries[i], true, nil
		}
	}
	return admission.Entry{}, false, nil
}

func (l shippedLists) Alike(_ context.Context, _ []string, day, text string) ([]admission.Likeness, error) {
	var barred []admission.Entry
	for _, kind := range admission.Barred {
		barred = append(barred, admission.Base()[kind]...)
	}
	return admission.Alike(barred, text, float64(l.rules.Int("admission.likeness", day))/100), nil
}
