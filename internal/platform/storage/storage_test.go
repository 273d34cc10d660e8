package storage_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"linli/internal/app/apptest"
	"linli/internal/platform/errs"
	"linli/internal/platform/storage"
)

// eachStore runs a test on a folder and on S3-compatible storage.
func eachStore(t *testing.T, test func(t *testing.T, s *storage.Store)) {
	t.Helper()
	mem := s3mem.New()
	if err := mem.CreateBucket("city"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(mem).Server())
	t.Cleanup(server.Close)
	for kind, address := range map[string]string{
		"folder": filepath.Join(t.TempDir(), "files"),
		"s3":     strings.Replace(server.URL, "http://", "s3+http://", 1) + "/city/photos",
	} {
		t.Run(kind, func(t *testing.T) {
			spool := filepath.Join(t.TempDir(), "incoming")
			s, err := storage.Open(address, spool)
			if err != nil {
				t.Fatal(err)
			}
			test(t, s)
			if left, err := os.ReadDir(spool); err != nil || len(left) > 0 {
				t.Errorf("uploads are left behind: %v (%v)", left, err)
			}
		})
	}
}

func read(t *testing.T, s *storage.Store, digest string) []byte {
	t.Helper()
	r, err := s.Open(context.Background(), digest)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// drawn is a picture whose upper left quarter is red.
func drawn(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{0, 0, 200, 255})
			if x < w/2 && y < h/2 {
				m.SetNRGBA(x, y, color.NRGBA{220, 0, 0, 255})
			}
		}
	}
	return m
}

func asJPEG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// taken puts what a telephone writes beside the pixels into a JPEG: how it was held, and where.
func taken(raw []byte, orientation uint16) []byte {
	var tiff bytes.Buffer
	put := func(v any) { _ = binary.Write(&tiff, binary.LittleEndian, v) }
	entry := func(tag, kind uint16, count, value uint32) { put(tag); put(kind); put(count); put(value) }
	tiff.WriteString("II*\x00")
	put(uint32(8))
	put(uint16(2))
	entry(0x0112, 3, 1, uint32(orientation))
	entry(0x8825, 4, 1, 38) // where the position begins
	put(uint32(0))
	put(uint16(1))
	entry(1, 2, 2, uint32('N'))
	put(uint32(0))
	tiff.WriteString("34.60123N119.22185E")
	segment := append([]byte("Exif\x00\x00"), tiff.Bytes()...)
	head := []byte{0xff, 0xd8, 0xff, 0xe1, byte((len(segment) + 2) >> 8), byte(len(segment) + 2)}
	return append(append(head, segment...), raw[2:]...)
}

// A photo is stored upright, and nothing that tells where it was taken is left in it.
func TestPhotoIsCleaned(t *testing.T) {
	t.Parallel()
	corner := map[uint16]image.Point{1: {5, 5}, 2: {75, 5}, 3: {75, 35}, 4: {5, 35}, 5: {5, 5}, 6: {35, 5}, 7: {35, 75}, 8: {5, 75}}
	eachStore(t, func(t *testing.T, s *storage.Store) {
		for turn, red := range corner {
			k, err := s.Take(context.Background(), bytes.NewReader(taken(asJPEG(t, drawn(80, 40)), turn)))
			if err != nil {
				t.Fatal(err)
			}
			raw := read(t, s, k.Digest)
			if bytes.Contains(raw, []byte("Exif")) || bytes.Contains(raw, []byte("119.22185")) {
				t.Errorf("turn %d: the photo still tells where it was taken", turn)
			}
			m, err := jpeg.Decode(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if turn >= 5 && m.Bounds().Dx() != 40 || k.Width != m.Bounds().Dx() || k.Height != m.Bounds().Dy() || k.Size != int64(len(raw)) {
				t.Errorf("turn %d: %v, told %+v", turn, m.Bounds(), k)
			}
			if r, _, b, _ := m.At(red.X, red.Y).RGBA(); r < b {
				t.Errorf("turn %d: the picture is not upright", turn)
			}
			if small, err := jpeg.DecodeConfig(bytes.NewReader(read(t, s, k.Thumb))); err != nil || small.Width != k.Width {
				t.Errorf("turn %d: the thumbnail is %v (%v)", turn, small.Width, err)
			}
		}
	})
}

func TestPicturesAreBounded(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *storage.Store) {
		k, err := s.Take(context.Background(), bytes.NewReader(asPNG(t, image.NewGray(image.Rect(0, 0, 9000, 90)))))
		if err != nil {
			t.Fatal(err)
		}
		small, err := jpeg.DecodeConfig(bytes.NewReader(read(t, s, k.Thumb)))
		if k.Width != 4096 || k.Height != 40 || k.MediaType != "image/png" || err != nil || small.Width != 320 {
			t.Errorf("%+v, thumbnail %v (%v)", k, small.Width, err)
		}
		var moving bytes.Buffer
		if err := gif.Encode(&moving, drawn(30, 30), nil); err != nil {
			t.Fatal(err)
		}
		if k, err := s.Take(context.Background(), &moving); err != nil || k.MediaType != "image/png" {
			t.Errorf("a GIF becomes %s (%v)", k.MediaType, err)
		}
	})
}

// bomb is a picture of a few bytes that claims to be as large as a field.
func bomb(t *testing.T) []byte {
	t.Helper()
	raw := asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(raw[16:], 60000)
	binary.BigEndian.PutUint32(raw[20:], 60000)
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	return raw
}

func TestUploadsRefused(t *testing.T) {
	t.Parallel()
	whole := asJPEG(t, drawn(200, 200))
	eachStore(t, func(t *testing.T, s *storage.Store) {
		for name, c := range map[string]struct {
			content []byte
			key     string
		}{
			"nothing":  {nil, "file.type"},
			"a page":   {[]byte("<html><script>alert(1)</script>"), "file.type"},
			"a vector": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "file.type"},
			"a bomb":   {bomb(t), "file.pixels"},
			"a half":   {whole[:len(whole)/3], "file.broken"},
			"HEIC":     {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "file.heic"},
			"a paper":  {[]byte("%PDF-1.4\nrandom bytes"), "file.pdf"},
			"a head":   {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "file.broken"},
		} {
			_, err := s.Take(context.Background(), bytes.NewReader(c.content))
			if e := errs.Of(err); err == nil || len(e.Fields) != 1 || e.Fields[0].Key != c.key {
				t.Errorf("%s: %v, want %s", name, err, c.key)
			}
		}
		if _, err := s.Take(context.Background(),
			io.MultiReader(strings.NewReader("%PDF-1.7"), bytes.NewReader(make([]byte, storage.MaxFile+1)))); !errors.Is(err, errs.ErrTooLarge) {
			t.Errorf("too much: %v", err)
		}
		if _, err := s.Open(context.Background(), strings.Repeat("0", 64)); !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("what is not there: %v", err)
		}
		if _, err := s.Open(context.Background(), "../../keys.json"); !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("what is no digest: %v", err)
		}
		if n := count(t, s); n != 0 {
			t.Errorf("%d files are kept of what was refused", n)
		}
	})
}

// What breaks off half way is not seen, under whatever name.
func TestHalfWrittenIsNotSeen(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *storage.Store) {
		digest := strings.Repeat("ab", 32)
		broken := io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<20)), breaking{})
		if err := s.Put(context.Background(), digest, broken); err == nil {
			t.Fatal("a broken write is accepted")
		}
		if _, err := s.Open(context.Background(), digest); !errors.Is(err, errs.ErrNotFound) {
			t.Errorf("the half is seen: %v", err)
		}
		if n := count(t, s); n != 0 {
			t.Errorf("%d files are listed", n)
		}
		k, err := s.Take(context.Background(), bytes.NewReader(apptest.PDF("a paper")))
		if err != nil || k.MediaType != "application/pdf" || k.Thumb != "" ||
			!bytes.Contains(read(t, s, k.Digest), []byte("a paper")) || count(t, s) != 1 {
			t.Errorf("a paper: %+v %v", k, err)
		}
	})
}

type breaking struct{}

func (breaking) Read([]byte) (int, error) { return 0, errors.New("the line broke") }

func count(t *testing.T, s *storage.Store) int {
	t.Helper()
	n := 0
	if err := s.Each(context.Background(), func(string, int64) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// webpLossless is a lossless WebP of one colour: 36 bytes that unpack to four bytes a pixel.
func webpLossless(w, h int) []byte {
	var bits uint64
	at := 0
	put := func(v uint64, n int) { bits |= v << at; at += n }
	put(uint64(w-1), 14)
	put(uint64(h-1), 14)
	put(0, 1+3) // no alpha, version 0
	put(0, 3)   // no transform, no colour cache, no meta codes
	for range 5 {
		put(1, 4) // a code of one symbol, of one bit: 0
	}
	body := binary.LittleEndian.AppendUint64([]byte{0x2f}, bits)
	chunk := binary.LittleEndian.AppendUint32([]byte("VP8L"), uint32(len(body)))
	chunk = append(append(chunk, body...), make([]byte, len(body)%2)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(chunk)+4)), append([]byte("WEBP"), chunk...)...)
}

// scans is a progressive JPEG that goes over its picture again and again.
func scans(w, h, n int) []byte {
	b := []byte{0xff, 0xd8, 0xff, 0xc2, 0, 11, 8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), 1, 1, 0x11, 0}
	b = append(b, 0xff, 0xdb, 0, 67, 0)
	b = append(b, bytes.Repeat([]byte{1}, 64)...)
	b = append(b, 0xff, 0xc4, 0, 20, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	for range n {
		b = append(b, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0)
		b = append(b, make([]byte, w*h/512+8)...)
	}
	return append(b, 0xff, 0xd9)
}

// What a few bytes would make of themselves is refused or drawn within bounds, and never ends the
// program. test/fault does the same to the program under a bound of memory.
func TestPicturesThatUnpackToMuch(t *testing.T) {
	t.Parallel()
	s, err := storage.Open(filepath.Join(t.TempDir(), "files"), filepath.Join(t.TempDir(), "incoming"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content []byte
		key     string // of the refusal, "" for none
	}{
		"WebP":       {webpLossless(6476, 6476), ""},
		"large WebP": {webpLossless(16383, 16383), "file.pixels"},
		"few scans":  {scans(640, 480, 12), ""},
		"scans":      {scans(2048, 2048, 200), "file.pixels"},
	} {
		_, err := s.Take(context.Background(), bytes.NewReader(c.content))
		e := errs.Of(err)
		if c.key == "" && err != nil || c.key != "" && (err == nil || len(e.Fields) != 1 || e.Fields[0].Key != c.key) {
			t.Errorf("%s: %v, want %q", name, err, c.key)
		}
	}
	turned, err := s.Take(context.Background(), bytes.NewReader(taken(asJPEG(t, drawn(6000, 3000)), 6)))
	if err != nil || turned.Width != 2048 || turned.Height != 4096 {
		t.Errorf("%+v %v", turned, err)
	}
}

// What a holder names stays, whoever removes it; what becomes named while it is removed is put back.
func TestWhatAHolderNamesIsNotRemoved(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, err := storage.Open(t.TempDir(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}

	put := func(content string) string {
		sum := sha256.Sum256([]byte(content))
		digest := hex.EncodeToString(sum[:])
		if err := s.Put(ctx, digest, strings.NewReader(content)); err != nil {
			t.Fatal(err)
		}
		return digest
	}
	held, late, free := put("held"), put("named while it is removed"), put("free")
	asked := 0
	s.Holders = []storage.Holder{func(_ context.Context, digests []string) (map[string]bool, error) {
		if digests[0] == late {
			asked++
		}
		return map[string]bool{held: digests[0] == held, late: asked > 1}, nil
	}}
	for digest, stays := range map[string]bool{held: true, late: true, free: false} {
		if err := s.Remove(ctx, digest); err != nil {
			t.Fatal(err)
		}
		r, err := s.Open(ctx, digest)
		if (err == nil) != stays {
			t.Errorf("%s: opens with %v, stays should be %v", digest, err, stays)
		}
		if err == nil {
			r.Close()
		}
	}
}
