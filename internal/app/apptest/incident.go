package apptest

import (
	"context"

	"linli/internal/platform/db"
)

// Incident reports an incident and tells its id and number.
func (w *World) Incident(area, category, description, place string, more ...map[string]any) (id, number string) {
	w.T.Helper()
	body := map[string]any{"category": category, "description": description, "area": area, "place": map[string]any{"text": place},
		"reporter": map[string]any{"name": "欧阳画眉", "phone": "13987650123"}}
	for _, m := range more {
		for k, v := range m {
			body[k] = v
		}
	}
	got := w.Nobody().OpenCase(body).Want(201)
	return got.Text("id"), got.Text("number")
}

// OnePixel is the smallest picture.
var OnePixel = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\xdac\xfc\xcf\xc0P\x0f\x00\x04\x85\x01\x80\x84\xa9\x8c!\x00\x00\x00\x00IEND\xaeB`\x82")

// Entries tells how often an action stands in the audit log.
func (w *World) Entries(action string) int {
	w.T.Helper()
	n, err := db.Value[int](context.Background(), w.App.DB, `SELECT COUNT(*) FROM audit_entry WHERE action = $1`, action)
	if err != nil {
		w.T.Fatal(err)
	}
	return n
}

// Reword has every case worded anew.
func (w *World) Reword() error {
	ctx := context.Background()
	err := w.App.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE casework_search SET stale = 1`); err != nil || w.App.DB.Dialect == db.Postgres {
			return err
		}
		_, err := tx.Exec(ctx, "DELETE FROM casework_words")
		return err
	})
	if err != nil {
		return err
	}
	return w.App.Worklist.RefreshWords(w.System())
}
