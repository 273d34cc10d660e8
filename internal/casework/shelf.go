package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // s3:// addresses
	"gocloud.dev/gcerrors"

	"linli/internal/platform/errs"
)

// MaxFile bounds an upload: 10 MiB.
const MaxFile = 10 << 20

// Shelf keeps the content of files, each under the digest of what it holds: in a folder, or in
// S3-compatible storage. What is half written is never seen.
type Shelf struct {
	bucket *blob.Bucket
	root   string        // folder, or "" for a bucket
	spool  string        // folder in which uploads arrive
	turns  chan struct{} // how many pictures are worked on at once
}

// Kept is what the shelf made of an upload.
type Kept struct {
	Digest    string
	MediaType string
	Size      int64  // bytes
	Width     int    // of a picture, in pixels
	Height    int    // likewise
	Thumb     string // digest of a small picture of it, or "" for what is no picture
}

// OpenShelf opens a folder, or a bucket of S3-compatible storage given as s3://host/bucket/prefix
// (s3+http:// without TLS) with the credentials of the AWS_ environment. Spool is a local folder
// for what is just arriving.
func OpenShelf(ctx context.Context, address, spool string) (*Shelf, error) {
	s := &Shelf{spool: spool, turns: make(chan struct{}, pictureTurns)}
	if err := os.MkdirAll(spool, 0o750); err != nil {
		return nil, err
	}
	var err error
	if !strings.Contains(address, "://") {
		s.root = address
		s.bucket, err = fileblob.OpenBucket(address, &fileblob.Options{CreateDir: true, DirFileMode: 0o750, NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
		return s, err
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	scheme := map[string]string{"s3": "https", "s3+http": "http"}[u.Scheme]
	if scheme == "" || u.Host == "" || name == "" {
		return nil, fmt.Errorf("%q is neither a folder nor s3://host/bucket/prefix", address)
	}
	region := os.Getenv("AWS_REGION")
	if region == "" {
		region = "us-east-1" // what S3-compatible servers take for none
	}
	q := url.Values{"endpoint": {scheme + "://" + u.Host}, "use_path_style": {"true"}, "region": {region}}
	if s.bucket, err = blob.OpenBucket(ctx, "s3://"+name+"?"+q.Encode()); err == nil && prefix != "" {
		s.bucket = blob.PrefixedBucket(s.bucket, prefix+"/")
	}
	return s, err
}

// Close ends the use of the storage.
func (s *Shelf) Close() error { return s.bucket.Close() }

// Take checks an upload, cleans it, and stores what comes of that, of a picture with a small one; all
// of it is on disk when Take returns. Errors: as clean.
func (s *Shelf) Take(ctx context.Context, r io.Reader) (Kept, error) {
	k, contents, err := s.clean(ctx, r)
	if err != nil {
		return k, err
	}
	return k, s.store(ctx, contents)
}

// clean checks an upload and makes of it what is to be stored, by digest. Errors: TooLarge over
// MaxFile; Invalid "file.type" for what is neither a picture nor PDF, "file.pixels" and
// "file.broken" of pictures.
func (s *Shelf) clean(ctx context.Context, r io.Reader) (Kept, map[string][]byte, error) {
	f, err := os.CreateTemp(s.spool, "incoming-*")
	if err != nil {
		return Kept{}, nil, err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	size, err := io.Copy(f, io.LimitReader(r, MaxFile+1))
	if err != nil {
		return Kept{}, nil, err
	}
	head := make([]byte, 512)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return Kept{}, nil, err
	}
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-ctx.Done():
		return Kept{}, nil, ctx.Err()
	}
	mediaType := http.DetectContentType(head[:n])
	switch {
	case size > MaxFile:
		return Kept{}, nil, errs.ErrTooLarge
	case size == 0 || !mediaTypes[mediaType]:
		return Kept{}, nil, errs.ErrInvalid.At("file", "file.type")
	case mediaType == mediaPDF:
		raw := make([]byte, size)
		if _, err := f.ReadAt(raw, 0); err != nil {
			return Kept{}, nil, err
		}
		clean, _ := cleanPDF(raw)
		digest := digestOf(clean)
		return Kept{Digest: digest, MediaType: mediaType, Size: int64(len(clean))}, map[string][]byte{digest: clean}, nil
	}
	p, err := cleanPicture(f, mediaType)
	if err != nil {
		return Kept{}, nil, err
	}
	k := Kept{Digest: digestOf(p.whole), Thumb: digestOf(p.small), MediaType: p.mediaType, Size: int64(len(p.whole)), Width: p.width, Height: p.height}
	return k, map[string][]byte{k.Digest: p.whole, k.Thumb: p.small}, nil
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// store keeps contents under their digests.
func (s *Shelf) store(ctx context.Context, contents map[string][]byte) error {
	for digest, content := range contents {
		if err := s.Put(ctx, digest, bytes.NewReader(content)); err != nil {
			return err
		}
	}
	return nil
}

// Put keeps content whose digest is known, e.g. from a backup.
func (s *Shelf) Put(ctx context.Context, digest string, r io.Reader) error {
	if len(digest) != sha256.Size*2 {
		return fmt.Errorf("%q is no digest", digest)
	}
	if there, err := s.bucket.Exists(ctx, key(digest)); err != nil || there {
		return err
	}
	writing, cancel := context.WithCancel(ctx)
	defer cancel()
	w, err := s.bucket.NewWriter(writing, key(digest), &blob.WriterOptions{ContentType: "application/octet-stream"})
	if err != nil {
		return err
	}
	if _, err := io.Copy(w, r); err != nil {
		cancel() // so that closing does not publish the half
		return errors.Join(err, ignoreCancelled(w.Close()))
	}
	if err := w.Close(); err != nil {
		return err
	}
	return s.sync(digest)
}

func ignoreCancelled(err error) error {
	if errors.Is(err, context.Canceled) || gcerrors.Code(err) == gcerrors.Canceled {
		return nil
	}
	return err
}

// sync brings a file of a folder, and its name, to disk.
func (s *Shelf) sync(digest string) error {
	if s.root == "" {
		return nil
	}
	file := filepath.Join(s.root, filepath.FromSlash(key(digest)))
	for _, name := range []string{file, filepath.Dir(file)} {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Open reads content back; NotFound without it. The caller closes it.
func (s *Shelf) Open(ctx context.Context, digest string) (io.ReadCloser, error) {
	if len(digest) != sha256.Size*2 {
		return nil, errs.ErrNotFound
	}
	r, err := s.bucket.NewReader(ctx, key(digest), nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, errs.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Remove drops content.
func (s *Shelf) Remove(ctx context.Context, digest string) error {
	return s.bucket.Delete(ctx, key(digest))
}

// Each tells the digest and the size in bytes of all that is kept.
func (s *Shelf) Each(ctx context.Context, tell func(digest string, size int64) error) error {
	return s.each(ctx, func(digest string, o *blob.ListObject) error { return tell(digest, o.Size) })
}

// eachBefore tells the digest of what was stored before an instant.
func (s *Shelf) eachBefore(ctx context.Context, before time.Time, tell func(digest string) error) error {
	return s.each(ctx, func(digest string, o *blob.ListObject) error {
		if !o.ModTime.Before(before) {
			return nil
		}
		return tell(digest)
	})
}

func (s *Shelf) each(ctx context.Context, tell func(digest string, o *blob.ListObject) error) error {
	list := s.bucket.List(nil)
	for {
		o, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if digest := path.Base(o.Key); len(digest) == sha256.Size*2 { // not what is just being written
			if err := tell(digest, o); err != nil {
				return err
			}
		}
	}
}

func key(digest string) string { return digest[:2] + "/" + digest }
