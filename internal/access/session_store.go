package access

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/alexedwards/scs/v2"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// sessionStore keeps sessions in the database, so that several processes share them and a
// restart signs nobody out. The manager hashes the token before it comes here. How long a
// session lasts is the city's to say by rule, so it is computed here and not by the manager.
type sessionStore struct{ s *Service }

// beginningFor is how long the steps before a session may take: second factor, passkey, the
// city's own identity system.
const beginningFor = 10 * time.Minute

// FindCtx reads a session that has not ended.
func (k *sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	data, err := db.Value[string](ctx, k.s.Log.DB, `SELECT data FROM access_session WHERE token = $1 AND expires_at > $2`,
		token, clock.Millis(clock.Now(ctx)))
	if db.IsNone(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	raw, err := base64.StdEncoding.DecodeString(data)
	return raw, err == nil, err
}

// renewEvery is how far a session's idle end may lag behind its last use: a session that only
// moves its end by less is not written again, so that reading a list costs no write.
const renewEvery = time.Minute

// CommitCtx writes a session.
func (k *sessionStore) CommitCtx(ctx context.Context, token string, b []byte, _ time.Time) error {
	now := clock.Now(ctx)
	v := beginnings(b)
	ends := k.ends(ctx, now, v.Began)
	data := base64.StdEncoding.EncodeToString(b)
	var kept string
	var until int64
	err := k.s.Log.DB.QueryRow(ctx, `SELECT data, expires_at FROM access_session WHERE token = $1`, token).Scan(&kept, &until)
	if err == nil && kept == data && clock.Millis(ends)-until < renewEvery.Milliseconds() {
		return nil
	}
	return k.s.Log.DB.Write(ctx, func(tx *db.Tx) error {
		if err == nil { // an ended session is not brought back by a request that was under way
			_, err := tx.Exec(ctx, `UPDATE access_session SET data = $1, expires_at = $2, seen_at = $3 WHERE token = $4`,
				data, clock.Millis(ends), clock.Millis(now), token)
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO access_session (token, data, expires_at, id, account_id, began_at, seen_at, origin, agent, way)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
			token, data, clock.Millis(ends), v.ID, v.Account, v.Began, clock.Millis(now), v.Origin, v.Agent, v.Way)
		return err
	})
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
	_, values, err := (scs.GobCodec{}).Decode(b)
	if err != nil {
		return v
	}
	v.Account, _ = values[keyAccount].(string)
	v.ID, _ = values[keyID].(string)
	v.Began, _ = values[keyBegan].(int64)
	v.Origin, _ = values[keyOrigin].(string)
	v.Agent, _ = values[keyAgent].(string)
	v.Way, _ = values[keyWay].(string)
	return v
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
