package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"linli/internal/platform/errs"
)

// MaxFile bounds an upload: 10 MiB.
const MaxFile = 10 << 20

// mediaTypes are what may be stored, by sniffing the content and never by the name.
var mediaTypes = map[string]bool{
	"image/jpeg": true, "image/png": true, "image/webp": true, "image/gif": true, "application/pdf": true,
}

// Shelf keeps the content of files in a folder, each under the digest of what it holds.
type Shelf struct{ Root string }

// Put stores content and tells its digest, media type and size. It is on disk when Put
// returns. Errors: TooLarge over MaxFile; Invalid "file.type" for another kind of content.
func (s *Shelf) Put(r io.Reader) (digest, mediaType string, size int64, err error) {
	if err = os.MkdirAll(s.Root, 0o750); err != nil {
		return
	}
	f, err := os.CreateTemp(s.Root, "incoming-*")
	if err != nil {
		return
	}
	defer os.Remove(f.Name()) // gone already once it was renamed
	defer f.Close()
	sum := sha256.New()
	head := &header{}
	size, err = io.Copy(io.MultiWriter(f, sum, head), io.LimitReader(r, MaxFile+1))
	if err != nil {
		return
	}
	mediaType = http.DetectContentType(head.bytes)
	switch {
	case size > MaxFile:
		err = errs.ErrTooLarge
	case size == 0 || !mediaTypes[mediaType]:
		err = errs.ErrInvalid.At("file", "file.type")
	default:
		err = f.Sync()
	}
	if err != nil {
		return
	}
	digest = hex.EncodeToString(sum.Sum(nil))
	path := s.path(digest)
	if err = os.MkdirAll(filepath.Dir(path), 0o750); err == nil {
		err = os.Rename(f.Name(), path)
	}
	return
}

// Open reads content back; NotFound without it.
func (s *Shelf) Open(digest string) (*os.File, error) {
	f, err := os.Open(s.path(digest))
	if errors.Is(err, os.ErrNotExist) {
		return nil, errs.ErrNotFound
	}
	return f, err
}

func (s *Shelf) path(digest string) string { return filepath.Join(s.Root, digest[:2], digest) }

// header keeps the first bytes of a stream for sniffing.
type header struct{ bytes []byte }

func (h *header) Write(p []byte) (int, error) {
	if room := 512 - len(h.bytes); room > 0 {
		h.bytes = append(h.bytes, p[:min(room, len(p))]...)
	}
	return len(p), nil
}
