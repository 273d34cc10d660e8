package bucket_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"linli/internal/platform/bucket"
)

// each runs a test on a folder and on S3-compatible storage.
func each(t *testing.T, test func(t *testing.T, b bucket.Bucket)) {
	mem := s3mem.New()
	if err := mem.CreateBucket("city"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(mem).Server())
	t.Cleanup(server.Close)
	for kind, address := range map[string]string{
		"folder": filepath.Join(t.TempDir(), "not", "made", "yet"),
		"s3":     strings.Replace(server.URL, "http://", "s3+http://", 1) + "/city/below",
	} {
		t.Run(kind, func(t *testing.T) {
			b, err := bucket.Open(address)
			if err != nil {
				t.Fatal(err)
			}
			test(t, b)
		})
	}
}

func names(t *testing.T, b bucket.Bucket, folder string) (out []string) {
	t.Helper()
	err := b.Each(t.Context(), folder, func(e bucket.Entry) error {
		if e.Modified.IsZero() {
			t.Errorf("%s has no instant", e.Name)
		}
		out = append(out, e.Name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// broken gives a part of a content and then fails.
type broken struct{ io.Reader }

func (b *broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Contents are kept, found, listed, replaced and removed alike; what is not there is fs.ErrNotExist; what
// breaks off half way is not there, and what was there stays.
func TestBucket(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bucket.Bucket) {
		ctx := t.Context()
		if got := names(t, b, ""); len(got) > 0 {
			t.Errorf("an empty bucket holds %v", got)
		}
		put := func(name, content string, size int64) {
			t.Helper()
			if err := b.Put(ctx, name, strings.NewReader(content), size); err != nil {
				t.Fatal(err)
			}
		}
		put("a/one", "1", 1)
		put("a/two", "22", bucket.Unknown)
		put("b/empty", "", 0)
		put("a/one", "111", 3)
		if got := names(t, b, ""); !slices.Equal(got, []string{"a/one", "a/two", "b/empty"}) {
			t.Errorf("all: %v", got)
		}
		if got := names(t, b, "a/"); !slices.Equal(got, []string{"a/one", "a/two"}) {
			t.Errorf("below a: %v", got)
		}
		if e, err := b.Stat(ctx, "a/one"); err != nil || e.Name != "a/one" || e.Size != 3 {
			t.Errorf("a/one is %+v, %v", e, err)
		}
		if err := b.Put(ctx, "a/one", &broken{strings.NewReader("half")}, bucket.Unknown); err == nil {
			t.Error("half a content is kept")
		}
		if err := b.Put(ctx, "c/new", &broken{strings.NewReader("half")}, 9); err == nil {
			t.Error("half a content is kept")
		}
		left, cancel := context.WithCancel(ctx)
		cancel()
		if err := b.Put(left, "c/new", strings.NewReader("x"), 1); !errors.Is(err, context.Canceled) {
			t.Errorf("a caller who has left: %v", err)
		}
		r, err := b.Get(ctx, "a/one")
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err = errors.Join(err, r.Close()); err != nil || string(raw) != "111" {
			t.Errorf("a/one holds %q, %v", raw, err)
		}
		for what, err := range map[string]error{
			"Get":    func() error { _, err := b.Get(ctx, "c/new"); return err }(),
			"Stat":   func() error { _, err := b.Stat(ctx, "c/new"); return err }(),
			"Remove": b.Remove(ctx, "c/new"),
		} {
			if !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s of what is not there: %v", what, err)
			}
		}
		if err := b.Remove(ctx, "a/one"); err != nil {
			t.Error(err)
		}
		stop := errors.New("stop")
		if err := b.Each(ctx, "", func(bucket.Entry) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("a listing that is stopped: %v", err)
		}
		if got := names(t, b, ""); !slices.Equal(got, []string{"a/two", "b/empty"}) {
			t.Errorf("afterwards: %v", got)
		}
	})
}

// A folder's contents are its user's alone, and a directory that goes with its last file takes nothing with
// it that is just coming.
func TestFolder(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "files")
	b, err := bucket.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Put(t.Context(), "ab/x", strings.NewReader("x"), 1); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fs.FileMode{root: 0o700, filepath.Join(root, "ab"): 0o700, filepath.Join(root, "ab", "x"): 0o600} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	var group sync.WaitGroup
	for _, name := range []string{"cd/1", "cd/2"} {
		group.Go(func() {
			for range 300 {
				if err := b.Put(t.Context(), name, strings.NewReader("x"), 1); err != nil {
					t.Errorf("put %s: %v", name, err)
				}
				if err := b.Remove(t.Context(), name); err != nil {
					t.Errorf("remove %s: %v", name, err)
				}
			}
		})
	}
	group.Wait()
}

func TestAddressesThatAreNoBucket(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "s3://", "s3://host", "s3://host/", "gs://host/bucket", "http://host/bucket", "s3://%zz/bucket"} {
		if _, err := bucket.Open(address); err == nil {
			t.Errorf("%q is opened", address)
		}
	}
}
