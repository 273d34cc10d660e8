package access

import (
	"context"
	"encoding/base64"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// sessionStore keeps sessions in the database, so that several processes share them and a
// restart signs nobody out. The manager hashes the token before it comes here.
type sessionStore struct{ d *db.DB }

// FindCtx reads a session that has not ended.
func (s *sessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	data, err := db.Value[string](ctx, s.d, `SELECT data FROM access_session WHERE token = $1 AND expires_at > $2`,
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
func (s *sessionStore) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	data := base64.StdEncoding.EncodeToString(b)
	var kept string
	var until int64
	err := s.d.QueryRow(ctx, `SELECT data, expires_at FROM access_session WHERE token = $1`, token).Scan(&kept, &until)
	if err == nil && kept == data && clock.Millis(expiry)-until < renewEvery.Milliseconds() {
		return nil
	}
	return s.d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO access_session (token, data, expires_at) VALUES ($1,$2,$3)
			ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`,
			token, data, clock.Millis(expiry))
		return err
	})
}

// DeleteCtx ends a session.
func (s *sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM access_session WHERE token = $1`, token)
		return err
	})
}

// Find, Commit and Delete complete the manager's older interface.
func (s *sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

func (s *sessionStore) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

func (s *sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// forgetSessions drops those that have ended.
func (s *Service) forgetSessions(ctx context.Context) error {
	return s.Log.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM access_session WHERE expires_at < $1`, clock.Millis(clock.Now(ctx)))
		return err
	})
}
