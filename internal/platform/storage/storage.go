// Package storage keeps the content of files: what comes from outside is read and cleaned in processes
// of its own (platform/sandbox), and stored under the digest of what it holds.
package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
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
	"linli/internal/platform/sandbox"
)

const (
	MaxFile    = 10 << 20 // bytes of a file that is kept
	MaxPicture = 32 << 20 // bytes of a picture that is sent: a telephone's photo of 108 million pixels
)

// Store keeps the content of files, each under the digest of what it holds: in a folder, or in
// S3-compatible storage. What is half written is never seen.
type Store struct {
	bucket *blob.Bucket
	root   string        // folder, or "" for a bucket
	spool  string        // folder in which uploads arrive
	turns  chan struct{} // how many uploads are cleaned or stored at once

	Sandbox *sandbox.Pool // where foreign files are read
	Holders []Holder      // whose contents are not removed; set before anything works
}

// Holder tells which of these digests the rows of a module name.
type Holder func(ctx context.Context, digests []string) (map[string]bool, error)

// Kept is what became of an upload.
type Kept struct {
	Digest    string
	MediaType string
	Size      int64  // bytes
	Width     int    // of a picture, in pixels; NoPixels for what is none
	Height    int    // of a picture, in pixels
	Thumb     string // digest of a small picture of it, or "" for what is no picture
}

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

// NoPixels is the width of a file that is no picture, or a picture that could not be cleaned.
const NoPixels = -1

// uploadTurns bounds the contents that are in memory between cleaning and storing.
const uploadTurns = 4

// Open opens a folder, or a bucket of S3-compatible storage given as s3://host/bucket/prefix
// (s3+http:// without TLS) with the credentials of the AWS_ environment. Spool is a local folder
// for what is just arriving.
func Open(ctx context.Context, address, spool string) (*Store, error) {
	s := &Store{spool: spool, turns: make(chan struct{}, uploadTurns), Sandbox: sandbox.New(1)}
	if err := os.MkdirAll(spool, 0o700); err != nil {
		return nil, err
	}
	var err error
	if !strings.Contains(address, "://") {
		s.root = address
		s.bucket, err = fileblob.OpenBucket(address, &fileblob.Options{CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
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

// ForeignFiles are the jobs by which uploads are read in processes of their own.
func ForeignFiles() []sandbox.Job { return []sandbox.Job{pictureJob, pdfJob} }

// Close ends the use of the storage.
func (s *Store) Close() error { return s.bucket.Close() }

// Incoming is an upload that has arrived whole in the spool and is not yet cleaned.
type Incoming struct {
	file      *os.File
	MediaType string
	Size      int64 // bytes
}

// Discard removes it from the spool.
func (in *Incoming) Discard() {
	in.file.Close()
	os.Remove(in.file.Name())
}

// Arrive puts an upload into the spool and looks at its first bytes. The caller discards it. Errors:
// TooLarge over what is taken of its kind; Invalid "file.heic", and "file.type" for what is neither a
// picture nor PDF.
func (s *Store) Arrive(r io.Reader) (*Incoming, error) {
	f, err := os.CreateTemp(s.spool, "incoming-*")
	if err != nil {
		return nil, err
	}
	in := &Incoming{file: f}
	if in.Size, err = io.Copy(f, io.LimitReader(r, MaxPicture+1)); err == nil {
		in.MediaType, err = sniff(f)
	}
	most, known := mediaTypes[in.MediaType]
	switch {
	case err != nil:
	case in.Size > MaxPicture || known && in.Size > most:
		err = errs.ErrTooLarge
	case in.MediaType == mediaHEIC:
		err = errs.ErrInvalid.At("file", "file.heic")
	case !known:
		err = errs.ErrInvalid.At("file", "file.type")
	}
	if err != nil {
		in.Discard()
		return nil, err
	}
	return in, nil
}

// Take checks an upload, cleans it, and stores what comes of that, of a picture with a small one; all
// of it is on disk when Take returns. Errors: those of Arrive and Keep.
func (s *Store) Take(ctx context.Context, r io.Reader) (Kept, error) {
	in, err := s.Arrive(r)
	if err != nil {
		return Kept{}, err
	}
	defer in.Discard()
	return s.Keep(ctx, in, func(Kept) error { return nil })
}

// Keep cleans an upload that has arrived, has it named, and stores it. The name comes before the content,
// so that whoever removes what nothing names never removes what is being stored. Errors: those of clean
// and of name; then nothing is stored.
func (s *Store) Keep(ctx context.Context, in *Incoming, name func(Kept) error) (Kept, error) {
	var k Kept
	err := s.inTurn(ctx, func() (err error) {
		var contents map[string][]byte
		if k, contents, err = s.clean(ctx, in); err != nil {
			return err
		}
		if err = name(k); err != nil {
			return err
		}
		return s.store(ctx, contents)
	})
	return k, err
}

// inTurn waits until few enough contents are in memory.
func (s *Store) inTurn(ctx context.Context, do func() error) error {
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
		return do()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// clean makes of an upload what is to be stored, by digest. Errors: Invalid "file.pixels" and
// "file.broken" of pictures, "file.pdf", "file.locked" and "file.active" of PDFs; the sandbox's.
func (s *Store) clean(ctx context.Context, in *Incoming) (Kept, map[string][]byte, error) {
	if in.MediaType == mediaPDF {
		var clean []byte
		if err := s.Sandbox.Run(ctx, pdfJob.Name, in.file, &clean); err != nil {
			return Kept{}, nil, err
		}
		digest := digestOf(clean)
		return Kept{Digest: digest, MediaType: mediaPDF, Size: int64(len(clean)), Width: NoPixels}, map[string][]byte{digest: clean}, nil
	}
	var p picture
	if err := s.Sandbox.Run(ctx, pictureJob.Name, in.file, &p); err != nil {
		return Kept{}, nil, err
	}
	k := Kept{Digest: digestOf(p.Whole), Thumb: digestOf(p.Small), MediaType: p.MediaType, Size: int64(len(p.Whole)), Width: p.Width, Height: p.Height}
	return k, map[string][]byte{k.Digest: p.Whole, k.Thumb: p.Small}, nil
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// store keeps contents under their digests.
func (s *Store) store(ctx context.Context, contents map[string][]byte) error {
	for digest, content := range contents {
		if err := s.Put(ctx, digest, bytes.NewReader(content)); err != nil {
			return err
		}
	}
	return nil
}

// Put keeps content whose digest is known, e.g. from a backup.
func (s *Store) Put(ctx context.Context, digest string, r io.Reader) error {
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

// sync gives a file of a folder to its user alone and brings it, and its name, to disk.
func (s *Store) sync(digest string) error {
	if s.root == "" {
		return nil
	}
	file := filepath.Join(s.root, filepath.FromSlash(key(digest)))
	if err := os.Chmod(file, 0o600); err != nil { // whatever the umask
		return err
	}
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
func (s *Store) Open(ctx context.Context, digest string) (io.ReadCloser, error) {
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

// Remove drops content, unless one of Holders names it. A holder may name it at this very moment, and
// find it still stored (see Keep): what is named after the removal is put back.
func (s *Store) Remove(ctx context.Context, digest string) error {
	if len(s.Holders) == 0 {
		return s.bucket.Delete(ctx, key(digest))
	}
	if held, err := s.Held(ctx, []string{digest}); err != nil || held[digest] {
		return err
	}
	content, err := s.bucket.ReadAll(ctx, key(digest))
	if err != nil {
		return err
	}
	if err := s.bucket.Delete(ctx, key(digest)); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if held, err := s.Held(ctx, []string{digest}); err != nil || held[digest] {
		return errors.Join(err, s.Put(ctx, digest, bytes.NewReader(content)))
	}
	return nil
}

// Held tells which of these digests a holder names.
func (s *Store) Held(ctx context.Context, digests []string) (map[string]bool, error) {
	out := map[string]bool{}
	for _, holds := range s.Holders {
		held, err := holds(ctx, digests)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, held)
	}
	return out, nil
}

// Each tells the digest and the size in bytes of all that is kept.
func (s *Store) Each(ctx context.Context, tell func(digest string, size int64) error) error {
	return s.each(ctx, func(digest string, o *blob.ListObject) error { return tell(digest, o.Size) })
}

// EachBefore tells the digest of what was stored before an instant.
func (s *Store) EachBefore(ctx context.Context, before time.Time, tell func(digest string) error) error {
	return s.each(ctx, func(digest string, o *blob.ListObject) error {
		if !o.ModTime.Before(before) {
			return nil
		}
		return tell(digest)
	})
}

func (s *Store) each(ctx context.Context, tell func(digest string, o *blob.ListObject) error) error {
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

// SweepSpool removes what arrived before an instant and was never finished: its process has died.
func (s *Store) SweepSpool(before time.Time) error {
	entries, err := os.ReadDir(s.spool)
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.ModTime().Before(before) {
			continue // gone by itself, or still arriving
		}
		if err := os.Remove(filepath.Join(s.spool, e.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
