// Package audit is the only door through which a service writes. Do opens the transaction,
// gives the service its actor and hour, and refuses to commit unless the service has judged
// authority and recorded what it did; record and change reach the disk together. Afterwards a
// job seals the records into a Merkle log, so that one altered, removed or moved is found.
// Tables: audit_entry and audit_leaf (sharded), audit_tree (reference).
package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"time"

	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/idcode"
)

// Log writes to a database and keeps who did what.
type Log struct {
	DB *db.DB
	// Lives refuses an actor whose session has ended; the module of sessions answers. Nil where there are none.
	Lives func(context.Context, db.Reader) error
}

// Entry is one thing done. Detail, Before and After are small and kept as JSON; what is personal
// stands in them masked.
type Entry struct {
	Action    string // permission or verb, e.g. "casework.appeal.decide"
	Area      string // trimmed area code
	Subject   string // kind of thing, e.g. "casework.case"
	SubjectID string
	Detail    any // what else is worth knowing, or nil
	Before    any // the values that the write replaced, or nil
	After     any // the values that it set, or nil
}

// Tx is an audited write in progress.
type Tx struct {
	*db.Tx
	Actor *authority.Actor
	Now   time.Time

	judged  bool
	entries []Entry
}

var (
	errUnjudged   = errors.New("write without a judgement of authority")
	errUnrecorded = errors.New("write without an audit record")
)

// Alive refuses an actor whose session has ended since the request began: who sends slowly, or reads slowly what is
// streamed, does not go on after that. Every write of Do asks it; what streams asks it for each page, and what writes beside
// Do by itself. Error: Unauthenticated.
func (l *Log) Alive(ctx context.Context, r db.Reader) error {
	a := authority.From(ctx)
	if l.Lives == nil || a.Session == "" || a.ID == "" {
		return nil
	}
	return l.Lives(ctx, r)
}

// Do runs a service's write. The function may run twice and must keep no state outside.
func (l *Log) Do(ctx context.Context, do func(*Tx) error) error {
	now, actor := clock.Now(ctx), authority.From(ctx)
	return l.DB.Write(ctx, func(tx *db.Tx) error {
		if err := l.Alive(ctx, tx); err != nil {
			return err
		}
		t := &Tx{Tx: tx, Actor: actor, Now: now}
		if err := do(t); err != nil {
			return err
		}
		if !t.judged {
			return errUnjudged
		}
		if len(t.entries) == 0 {
			return errUnrecorded
		}
		for _, e := range t.entries {
			if err := t.insert(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// Require refuses unless the actor holds the permission over the area.
func (t *Tx) Require(permission, area string) error {
	t.judged = true
	switch {
	case t.Actor.Can(permission, area):
		return nil
	case !t.Actor.SignedIn():
		return errs.ErrUnauthenticated
	}
	return errs.ErrForbidden
}

// Judged says that authority was decided by a lifecycle's table or by a secret that the
// caller showed, such as a follow code or a one-time link.
func (t *Tx) Judged() { t.judged = true }

// Record adds what was done.
func (t *Tx) Record(e Entry) { t.entries = append(t.entries, e) }

func (t *Tx) insert(ctx context.Context, e Entry) error {
	var said [3]string
	for i, v := range []any{e.Detail, e.Before, e.After} {
		var err error
		if said[i], err = kept(v); err != nil {
			return err
		}
	}
	if said[0] == "" {
		said[0] = "{}"
	}
	id, name := t.Actor.ID, t.Actor.Name
	if t.Actor.Case != "" {
		id, name = Reporter, ""
	}
	return t.Send(ctx, `INSERT INTO audit_entry (shard, id, at, actor_id, actor_name, origin, session, action, area, subject, subject_id,
		detail, before_values, after_values)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`,
		db.Shard(e.Area), db.NewID(ctx), clock.Millis(t.Now), id, name, t.Actor.Origin, t.Actor.Session,
		e.Action, e.Area, e.Subject, e.SubjectID, said[0], said[1], said[2])
}

// mayHold finds what might hold a number of a person, so that nearly every record is kept as it is
// without being read again.
var mayHold = regexp.MustCompile(`[0-9０-９](?:[ -]?[0-9０-９]){10}`)

// kept is the stored form of what is worth knowing: JSON in which the numbers of persons that a
// service should not have recorded are masked, for the log is read by people whom they do not concern.
func kept(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	raw, err := json.Marshal(v)
	if err != nil || !mayHold.Match(raw) {
		return string(raw), err
	}
	read := json.NewDecoder(bytes.NewReader(raw))
	read.UseNumber()
	var open any
	if err := read.Decode(&open); err != nil {
		return "", err
	}
	raw, err = json.Marshal(masked(open))
	return string(raw), err
}

// masked masks the texts of a document.
func masked(v any) any {
	switch v := v.(type) {
	case string:
		return idcode.MaskNumbers(v)
	case []any:
		for i := range v {
			v[i] = masked(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = masked(v[name])
		}
	}
	return v
}
