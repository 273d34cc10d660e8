package casework_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
)

// Whoever holds the database alone can try no codes against it; codes given out before that was so
// open their cases as ever.
func TestAFollowCodeIsKeptKeyed(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		opened := w.Nobody().OpenCase(
			map[string]any{"category": "0101", "description": "垃圾", "area": apptest.Community, "place": map[string]any{"text": "东门"}}).Want(201)
		id, code := opened.Text("id"), opened.Text("code")
		sum := sha256.Sum256([]byte(code))
		plain := hex.EncodeToString(sum[:])
		ctx := context.Background()
		if n, err := db.Value[int](ctx, w.App.DB, `SELECT COUNT(*) FROM casework_case WHERE code_hash = $1`, plain); n != 0 || err != nil {
			t.Errorf("%d codes can be tried offline (%v)", n, err)
		}
		follow := func() { t.Helper(); w.Nobody().Do("POST", "/casework/follow", map[string]any{"code": code}).Want(200) }
		follow()
		if err := w.App.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE casework_case SET code_hash = $1 WHERE id = $2`, plain, id)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		follow()
	})
}
