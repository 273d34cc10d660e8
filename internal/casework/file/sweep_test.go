package file_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
)

func pngOf(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// stored counts the contents that are stored.
func stored(t *testing.T, w *apptest.World) int {
	t.Helper()
	n := 0
	if err := w.App.CaseFiles.Store.Each(context.Background(), func(string, int64) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestForgottenUploadsAreSweptAway(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		nobody := w.Nobody()
		named := nobody.Upload("一.png", pngOf(t, 40)).Want(200).Text("id")
		nobody.Upload("二.png", pngOf(t, 50)).Want(200)
		nobody.Upload("又一.png", pngOf(t, 40)).Want(200) // the same content, and nobody names this one
		id, _ := w.Incident(apptest.Community, "0101", "门口有垃圾", "东门", map[string]any{"files": []string{named}})
		half := filepath.Join(w.App.Data, "incoming", "incoming-half")
		if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		before := stored(t, w)
		sweep := func(after time.Duration) int {
			there, ctx := stored(t, w), clock.With(w.System(), clock.Now(w.System()).Add(after))
			if err := w.App.CaseFiles.ForgetUploads(ctx); err != nil {
				t.Fatal(err)
			}
			if _, err := w.App.CaseFiles.SweepFiles(ctx); err != nil {
				t.Fatal(err)
			}
			return there - stored(t, w)
		}
		if n := sweep(23 * time.Hour); n != 0 || stored(t, w) != before {
			t.Errorf("%d contents are removed before the day is over", n)
		}
		w.Rule("casework.upload.days", "3")
		if n := sweep(49 * time.Hour); n != 0 {
			t.Errorf("%d contents are removed before the third day is over", n)
		}
		w.Rule("casework.upload.days", "1")
		if n := sweep(49 * time.Hour); n != 2 || stored(t, w) != before-2 {
			t.Errorf("%d contents are removed, want the picture that nobody named and its small one", n)
		}
		if n := sweep(49 * time.Hour); n != 0 {
			t.Errorf("%d more are removed", n)
		}
		if _, err := os.Stat(half); !os.IsNotExist(err) {
			t.Errorf("what never arrived is still there: %v", err)
		}
		files := w.As("dispatcher").Do("GET", "/casework/cases/"+id, nil).Want(200).JSON["files"].([]any)
		file := files[0].(map[string]any)["id"].(string)
		for _, small := range []bool{false, true} {
			_, content, err := w.App.CaseFiles.OpenFile(w.System(), id, file, small)
			if err != nil {
				t.Fatalf("the file of the case is gone: %v", err)
			}
			content.Close()
		}
		nobody.Upload("二.png", pngOf(t, 50)).Want(200)
		if stored(t, w) != before {
			t.Error("what was swept away is not stored when it comes again")
		}
	})
}

// Content that comes again while it is swept away stays.
func TestSweepingMeetsUploads(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		ctx := w.System()
		later := clock.With(ctx, clock.Now(w.System()).Add(72*time.Hour))
		for side := 20; side < 32; side++ {
			raw := pngOf(t, side)
			if _, err := w.App.CaseFiles.Upload(ctx, "", "一.png", bytes.NewReader(raw)); err != nil {
				t.Fatal(err)
			}
			if err := w.App.CaseFiles.ForgetUploads(later); err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			go func() { _, err := w.App.CaseFiles.SweepFiles(later); done <- err }()
			f, err := w.App.CaseFiles.Upload(ctx, "", "二.png", bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			for _, digest := range []string{f.Digest, f.Thumb} {
				r, err := w.App.CaseFiles.Store.Open(ctx, digest)
				if err != nil {
					t.Fatalf("an upload's content is gone: %v", err)
				}
				r.Close()
			}
		}
	})
}
