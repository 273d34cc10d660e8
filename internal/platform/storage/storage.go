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
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"time"

	"linli/internal/platform/bucket"
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
	bucket bucket.Bucket
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

// Open opens the storage of an address (see bucket.Open). Spool is a local folder for what is just arriving.
func Open(address, spool string) (*Store, error) {
	kept, err := bucket.Open(address)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(spool, 0o700); err != nil {
		return nil, err
	}
	return &Store{bucket: kept, spool: spool, turns: make(chan struct{}, uploadTurns), Sandbox: sandbox.New(1)}, nil
}

// ForeignFiles are the jobs by which uploads are read in processes of their own.
func ForeignFiles() []sandbox.Job { return []sandbox.Job{pictureJob, pdfJob} }

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
	k := Kept{Digest: digestOf(p.Whole), Thumb: digestOf(p.Small), MediaType: p.MediaType,
		Size: int64(len(p.Whole)), Width: p.Width, Height: p.Height}
	return k, map[string][]byte{k.Digest: p.Whole, k.Thumb: p.Small}, nil
}

func digestOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// store keeps contents under their digests.
func (s *Store) store(ctx context.Context, contents map[string][]byte) error {
	for digest, content := range contents {
		if err := s.put(ctx, digest, bytes.NewReader(content), int64(len(content))); err != nil {
			return err
		}
	}
	return nil
}

// Put keeps content whose digest is known, e.g. from a backup.
func (s *Store) Put(ctx context.Context, digest string, r io.Reader) error {
	return s.put(ctx, digest, r, bucket.Unknown)
}

func (s *Store) put(ctx context.Context, digest string, r io.Reader, size int64) error {
	if len(digest) != sha256.Size*2 {
		return fmt.Errorf("%q is no digest", digest)
	}
	if _, err := s.bucket.Stat(ctx, key(digest)); !errors.Is(err, fs.ErrNotExist) {
		return err // is there already, or nobody knows
	}
	return s.bucket.Put(ctx, key(digest), r, size)
}

// Open reads content back; NotFound without it. The caller closes it.
func (s *Store) Open(ctx context.Context, digest string) (io.ReadCloser, error) {
	if len(digest) != sha256.Size*2 {
		return nil, errs.ErrNotFound
	}
	r, err := s.bucket.Get(ctx, key(digest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.ErrNotFound
	}
	return r, err
}

// Remove drops content, unless one of Holders names it. A holder may name it at this very moment, and
// find it still stored (see Keep): what is named after the removal is put back.
func (s *Store) Remove(ctx context.Context, digest string) error {
	if len(s.Holders) == 0 {
		return s.bucket.Remove(ctx, key(digest))
	}
	if held, err := s.Held(ctx, []string{digest}); err != nil || held[digest] {
		return err
	}
	content, err := s.read(ctx, digest)
	if err != nil {
		return err
	}
	if err := s.bucket.Remove(ctx, key(digest)); err != nil {
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

func (s *Store) read(ctx context.Context, digest string) ([]byte, error) {
	r, err := s.Open(ctx, digest)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(r)
	return content, errors.Join(err, r.Close())
}

// Each tells the digest and the size in bytes of all that is kept.
func (s *Store) Each(ctx context.Context, tell func(digest string, size int64) error) error {
	return s.each(ctx, func(digest string, e bucket.Entry) error { return tell(digest, e.Size) })
}

// EachBefore tells the digest of what was stored before an instant.
func (s *Store) EachBefore(ctx context.Context, before time.Time, tell func(digest string) error) error {
	return s.each(ctx, func(digest string, e bucket.Entry) error {
		if !e.Modified.Before(before) {
			return nil
		}
		return tell(digest)
	})
}

func (s *Store) each(ctx context.Context, tell func(digest string, e bucket.Entry) error) error {
	return s.bucket.Each(ctx, "", func(e bucket.Entry) error {
		if digest := path.Base(e.Name); len(digest) == sha256.Size*2 {
			return tell(digest, e)
		}
		return nil
	})
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
