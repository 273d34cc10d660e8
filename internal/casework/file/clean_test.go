package file_test

import (
	"bytes"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
)

// A picture that was stored before pictures were cleaned is cleaned by a job, and what it was is
// removed.
func TestOldPicturesAreCleaned(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := w.System()
		body := apptest.Incident("old-picture")
		body["files"] = []string{w.Nobody().Upload("垃圾.png", apptest.OnePixel).Want(200).Text("id")}
		id := w.Nobody().OpenCase(body).Want(201).Text("id")
		old := strings.Repeat("cd", 32)
		if err := w.App.CaseFiles.Store.Put(ctx, old, bytes.NewReader(apptest.OnePixel)); err != nil {
			t.Fatal(err)
		}
		if err := w.App.DB.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE casework_file SET width = 0, height = 0, thumb = '', digest = $1 WHERE case_id = $2`, old, id)

			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := w.App.CaseFiles.Redraw(ctx); err != nil {
			t.Fatal(err)
		}
		seen := w.As("dispatcher").Do("GET", "/casework/cases/"+id, nil).Want(200).JSON["files"].([]any)[0].(map[string]any)
		if seen["thumbnail"] != true || seen["width"] != 1.0 {
			t.Errorf("the picture is %v", seen)
		}
		if _, err := w.App.CaseFiles.Store.Open(ctx, old); err == nil {
			t.Error("what the picture was is still kept")
		}
	})
}
