package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// Kept is one entry of the log as it is read back.
type Kept struct {
	ID        string          `json:"id"`
	At        int64           `json:"at"`
	ActorID   string          `json:"actorId"`
	ActorName string          `json:"actorName"`
	Origin    string          `json:"origin" doc:"Network address"`
	Action    string          `json:"action"`
	Area      string          `json:"area"`
	Subject   string          `json:"subject"`
	SubjectID string          `json:"subjectId"`
	Detail    json.RawMessage `json:"detail"`
}

// Filter narrows a reading of the log. Zero values do not narrow.
type Filter struct {
	Areas     []string // outermost areas that the reader may see
	Actor     string   // account id
	SubjectID string
	Action    string // or the beginning of one, e.g. "access."
	From, To  int64  // instants; To is not included
	Before    string // cursor of the page before
	Limit     int
}

// List is one page of the log, the newest first, and the cursor of the next.
func List(ctx context.Context, r db.Reader, f Filter) ([]Kept, string, error) {
	var terms []string
	var args []any
	add := func(term string, values ...any) {
		marks := make([]any, len(values))
		for i, v := range values {
			args = append(args, v)
			marks[i] = fmt.Sprintf("$%d", len(args))
		}
		terms = append(terms, fmt.Sprintf(term, marks...))
	}
	var areas []string
	for _, a := range f.Areas {
		if a == "" { // before a city is registered: everywhere
			areas = nil
			break
		}
		args = append(args, a, authority.After(a))
		areas = append(areas, fmt.Sprintf("area >= $%d AND area < $%d", len(args)-1, len(args)))
	}
	if len(areas) > 0 {
		terms = append(terms, "("+strings.Join(areas, " OR ")+")")
	}
	if f.Actor != "" {
		add("actor_id = %s", f.Actor)
	}
	if f.SubjectID != "" {
		add("subject_id = %s", f.SubjectID)
	}
	if f.Action != "" {
		add("action >= %s AND action < %s", f.Action, f.Action+"\U0010FFFF")
	}
	if f.From > 0 {
		add("at >= %s", f.From)
	}
	if f.To > 0 {
		add("at < %s", f.To)
	}
	if at, id, ok := parseCursor(f.Before); ok {
		add("(at, id) < (%s, %s)", at, id)
	}
	where := ""
	if len(terms) > 0 {
		where = " WHERE " + strings.Join(terms, " AND ")
	}
	args = append(args, f.Limit+1)
	kept, err := db.All(ctx, r, scanKept, `SELECT id, at, actor_id, actor_name, origin, action, area, subject, subject_id, detail FROM audit_entry`+
		where+fmt.Sprintf(` ORDER BY at DESC, id DESC LIMIT $%d`, len(args)), args...)
	if err != nil || len(kept) <= f.Limit {
		return kept, "", err
	}
	last := kept[f.Limit-1]
	return kept[:f.Limit], fmt.Sprintf("%d.%s", last.At, last.ID), nil
}

func parseCursor(s string) (at int64, id string, ok bool) {
	n, err := fmt.Sscanf(s, "%d.%s", &at, &id)
	return at, id, err == nil && n == 2
}

func scanKept(s db.Scanner) (k Kept, err error) {
	var detail string
	err = s.Scan(&k.ID, &k.At, &k.ActorID, &k.ActorName, &k.Origin, &k.Action, &k.Area, &k.Subject, &k.SubjectID, &detail)
	k.Detail = json.RawMessage(detail)
	return k, err
}
