package access

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// sessionStore keeps sessions in the database, so that several processes share them and a
// restart signs nobody out. The manager hashes the token before it comes here. How long a
// session lasts is the city's to say by rule, so it is computed here and not by the manager.
type sessionStore struct{ s *Service }

// beginningFor is how long the steps before a session may take: second factor, passkey, the
// city's own identity system.
const beginningFor = 10 * time.Minute

// written is the row that a request has read or written: what it commits later changes that row and
// makes no other, so that a session that ended meanwhile stays ended.
type written struct{ token string }

type writtenKey struct{}

func writtenOf(ctx context.Context) *written {
	if w, ok := ctx.Value(writtenKey{}).(*written); ok {
		return w
	}
	return &written{}
}

// FindCtx reads a session that has not ended, and moves its idle end. One of an account that is not
// active, or of an earlier epoch of it, has ended.
func (k *sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	now := clock.Now(ctx)
	var data string
	var until, began int64
	err := k.s.Log.DB.QueryRow(ctx, `SELECT s.data, s.expires_at, s.began_at FROM access_session s
		LEFT JOIN access_account a ON a.id = s.account_id AND a.epoch = s.epoch AND a.state = 'active'
		WHERE s.token = $1 AND s.expires_at > $2 AND (s.account_id = '' OR a.id IS NOT NULL)`,
		token, clock.Millis(now)).Scan(&data, &until, &began)
	if db.IsNone(err) || err == nil && !json.Valid([]byte(data)) { // of a program that kept them otherwise
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	writtenOf(ctx).token = token
	return []byte(data), true, k.renew(ctx, token, now, clock.Instant(until), began)
}

// renewEvery is how far a session's idle end may lag behind its last use, so that reading a list
// costs no write.
const renewEvery = time.Minute

func (k *sessionStore) renew(ctx context.Context, token string, now, until time.Time, began int64) error {
	ends := k.ends(ctx, now, began)
	if began == 0 || ends.Sub(until) < renewEvery {
		return nil
	}
	return k.s.Log.DB.Write(ctx, func(tx *db.Tx) error {
		return tx.Send(ctx, `UPDATE access_session SET expires_at = $1, seen_at = $2 WHERE token = $3 AND expires_at > $4`,
			clock.Millis(ends), clock.Millis(now), token, clock.Millis(now))
	})
}

// CommitCtx writes a session that has changed, or one that begins. Error: Unauthenticated for one that
// begins when its account is not active or of another epoch.
func (k *sessionStore) CommitCtx(ctx context.Context, token string, b []byte, _ time.Time) error {
	now := clock.Now(ctx)
	v := beginnings(b)
	ends := clock.Millis(k.ends(ctx, now, v.Began))
	w := writtenOf(ctx)
	if w.token == token {
		return k.s.Log.DB.Write(ctx, func(tx *db.Tx) error {
			return tx.Send(ctx, `UPDATE access_session SET data = $1, expires_at = $2, seen_at = $3 WHERE token = $4 AND expires_at > $5`,
				string(b), ends, clock.Millis(now), token, clock.Millis(now))
		})
	}
	err := k.s.Log.DB.Write(ctx, func(tx *db.Tx) error {
		if err := inEpoch(ctx, tx, v.Account, v.epoch); err != nil {
			return err
		}
		return tx.Send(ctx, `INSERT INTO access_session (token, data, expires_at, id, account_id, began_at, seen_at, origin, agent, way, epoch)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
			token, string(b), ends, v.ID, v.Account, v.Began, clock.Millis(now), v.Origin, v.Agent, v.Way, v.epoch)
	})
	if err == nil {
		w.token = token
	}
	return err
}

// inEpoch refuses unless an account is active and still of an epoch, and keeps it so until the write
// ends. Nobody ("") always is.
func inEpoch(ctx context.Context, tx *db.Tx, account string, epoch int64) error {
	if account == "" {
		return nil
	}
	n, err := tx.Exec(ctx, `UPDATE access_account SET epoch = epoch WHERE id = $1 AND epoch = $2 AND state = $3`, account, epoch, StateActive)
	if err == nil && n == 0 {
		return errs.ErrUnauthenticated
	}
	return err
}

func (k *sessionStore) ends(ctx context.Context, now time.Time, began int64) time.Time {
	if began == 0 {
		return now.Add(beginningFor)
	}
	idle, whole := k.s.sessionEnds(ctx)
	ends, last := now.Add(idle), clock.Instant(began).Add(whole)
	if ends.After(last) {
		return last
	}
	return ends
}

// beginnings reads who a session is of, and since when, out of what the manager keeps.
func beginnings(b []byte) (v Session) {
	_, values, err := sessionCodec{}.Decode(b)
	if err != nil {
		return v
	}
	if v.Account, _ = values[keyAccount].(string); v.Account == "" {
		v.Account, _ = values[KeyPending].(string)
	}
	v.epoch, _ = values[KeyEpoch].(int64)
	v.ID, _ = values[KeyID].(string)
	v.Began, _ = values[keyBegan].(int64)
	v.Origin, _ = values[keyOrigin].(string)
	v.Agent, _ = values[keyAgent].(string)
	v.Way, _ = values[KeyWay].(string)
	return v
}

// sessionCodec writes what a session keeps, texts and whole numbers, as JSON: every request reads
// it, and the manager's own way costs a tenth of a request.
type sessionCodec struct{}

type sessionText struct {
	Deadline int64             `json:"deadline"`
	Text     map[string]string `json:"text"`
	Whole    map[string]int64  `json:"whole"`
}

// Encode refuses a value that is neither text nor a whole number.
func (sessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	t := sessionText{clock.Millis(deadline), map[string]string{}, map[string]int64{}}
	for key, value := range values {
		switch v := value.(type) {
		case string:
			t.Text[key] = v
		case int64:
			t.Whole[key] = v
		default:
			return nil, fmt.Errorf("a session keeps no %T (%s)", value, key)
		}
	}
	return json.Marshal(t)
}

// Decode reads what Encode wrote.
func (sessionCodec) Decode(b []byte) (time.Time, map[string]any, error) {
	var t sessionText
	err := json.Unmarshal(b, &t)
	values := make(map[string]any, len(t.Text)+len(t.Whole))
	for key, v := range t.Text {
		values[key] = v
	}
	for key, v := range t.Whole {
		values[key] = v
	}
	return clock.Instant(t.Deadline), values, err
}

// DeleteCtx ends a session.
func (k *sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return k.s.Log.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM access_session WHERE token = $1`, token)
		return err
	})
}

// Find, Commit and Delete complete the manager's older interface.
func (k *sessionStore) Find(token string) ([]byte, bool, error) {
	return k.FindCtx(context.Background(), token)
}

func (k *sessionStore) Commit(token string, b []byte, expiry time.Time) error {
	return k.CommitCtx(context.Background(), token, b, expiry)
}

func (k *sessionStore) Delete(token string) error { return k.DeleteCtx(context.Background(), token) }

// forgetSessions drops those that have ended.
func (s *Service) forgetSessions(ctx context.Context) error {
	return s.Log.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM access_session WHERE expires_at < $1`, clock.Millis(clock.Now(ctx)))
		return err
	})
}
