package access

import (
	"context"
	"net/http"
	"time"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
)

// A device that signed in before is remembered by a random token in a cookie of its own, of which the
// database keeps the hash. It proves nothing and opens nothing: it only keeps wrong tries of others
// from counting against whoever has it.
const (
	deviceCookie = "linli_device"
	devicePath   = "/api/v1/session"
	deviceLasts  = 180 * 24 * time.Hour // since it last signed in
	devicesMost  = 20                   // of one account, the latest
)

// deviceCookie is the name of the cookie: over HTTPS one that no plain connection can set. Its path is not /, so
// the prefix is not __Host-.
func (s *Service) deviceCookie() string {
	if s.Sessions.Cookie.Secure {
		return "__Secure-" + deviceCookie
	}
	return deviceCookie
}

// deviceOf is the hash of the token that a request's browser keeps, or "".
func (s *Service) deviceOf(r *http.Request) string {
	c, err := r.Cookie(s.deviceCookie())
	if err != nil || len(c.Value) != len(NewToken()) {
		return ""
	}
	return HashToken(c.Value)
}

// keepDevice gives the browser a token and tells its hash.
func (s *Service) keepDevice(w http.ResponseWriter) string {
	token := NewToken()
	http.SetCookie(w, &http.Cookie{Name: s.deviceCookie(), Value: token, Path: devicePath, MaxAge: int(deviceLasts.Seconds()), HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: s.Sessions.Cookie.Secure})
	return HashToken(token)
}

func (s *Service) knowsDevice(ctx context.Context, r db.Reader, account, device string) (bool, error) {
	n, err := db.Value[int](ctx, r, `SELECT COUNT(*) FROM access_device WHERE account_id = $1 AND mark = $2 AND seen_at > $3`,
		account, device, clock.Millis(clock.Now(ctx).Add(-deviceLasts)))
	return n > 0, err
}

// rememberDevice notes that an account signed in on the browser that asks.
func (s *Service) rememberDevice(ctx context.Context, account string) error {
	v := VisitOf(ctx)
	device := v.device
	if device == "" && v.keepDevice != nil {
		device = v.keepDevice()
	}
	if device == "" {
		return nil
	}
	return s.Log.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO access_device (account_id, mark, seen_at) VALUES ($1,$2,$3)
			ON CONFLICT (account_id, mark) DO UPDATE SET seen_at = excluded.seen_at`, account, device, clock.Millis(clock.Now(ctx))); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM access_device WHERE account_id = $1 AND mark NOT IN
			(SELECT mark FROM access_device WHERE account_id = $2 ORDER BY seen_at DESC, mark LIMIT $3)`, account, account, devicesMost)
		return err
	})
}
