package fault

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/platform/db"
)

// memoryMost is what the program and its processes may take together, in MiB.
const memoryMost = 512

// A hundred hostile pictures of every kind, four at a time, beside honest ones: the program takes no
// more than its memory, goes on answering, and takes the honest ones.
func TestHostilePictures(t *testing.T) {
	s := newCity(t, filepath.Join(t.TempDir(), "linli.db")).serve(fmt.Sprint("LINLI_MEMORY=", memoryMost))
	client, others := s.as("window"), []*http.Client{s.as("grid"), s.as("dispatcher")} // an account has a quota
	peak, stop := s.watch()
	hostile := hostilePictures(t)
	var next atomic.Int64
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for n := next.Add(1); n <= 100; n = next.Add(1) {
				kind := hostile[int(n)%len(hostile)]
				if status, err := s.upload(others[n%2], kind.name, kind.content); err != nil || status >= 500 &&
					status != http.StatusServiceUnavailable {
					t.Errorf("%s: %d %v", kind.name, status, err)
				}
			}
		})
	}
	group.Wait()
	for _, size := range []image.Point{{4032, 3024}, {8064, 6048}, {12032, 9024}} {
		if status, err := s.upload(client, "honest.jpg", photo(t, size)); err != nil || status != http.StatusOK {
			t.Errorf("an honest photo of %v: %d %v\n%s", size, status, err, s.log)
		}
	}
	if a, err := s.report(others[0], "after"); err != nil || a.status != http.StatusCreated {
		t.Errorf("afterwards: %v %v\n%s", a, err, s.log)
	}
	stop()
	t.Logf("%d MiB at most", *peak>>10)
	if *peak>>10 > memoryMost {
		t.Errorf("the program and its processes took %d MiB of %d", *peak>>10, memoryMost)
	}
}

// A sender who leaves ends the reading of what was sent, and nothing of it is kept.
func TestALeavingSenderEndsTheReading(t *testing.T) {
	s := newCity(t, filepath.Join(t.TempDir(), "linli.db")).serve(fmt.Sprint("LINLI_MEMORY=", memoryMost))
	client := s.worker()
	body, kind := form("photo.jpg", photo(t, image.Pt(12032, 9024)))
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	req, _ := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/api/v1/casework/uploads", bytes.NewReader(body))
	req.Header.Set("Content-Type", kind)
	done := make(chan error, 1)
	go func() {
		resp, err := client.Do(req)
		if err == nil {
			resp.Body.Close()
		}
		done <- err
	}()
	for len(s.children()) == 0 {
		select {
		case err := <-done:
			t.Fatalf("answered before it was read: %v\n%s", err, s.log)
		default:
		}
	}
	leave()
	if err := <-done; err == nil {
		t.Fatal("it was answered before the sender left")
	}
	for len(s.children()) > 0 { // it ends by itself after its processor time at the latest
	}
	s.kill()
	a, err := app.Open(context.Background(), app.Options{Data: s.data, Database: s.database, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if n, err := db.Value[int](context.Background(), a.DB, `SELECT COUNT(*) FROM casework_upload WHERE digest <> ''`); err != nil || n != 0 {
		t.Errorf("%d files are kept (%v)", n, err)
	}
}

// as is a caller of an account.
func (s *serving) as(login string) *http.Client {
	s.t.Helper()
	client := &http.Client{Jar: &cookies{}, Transport: &http.Transport{}}
	s.t.Cleanup(client.CloseIdleConnections)
	raw, _ := json.Marshal(map[string]string{"login": login, "password": apptest.Password})
	if a, err := s.post(client, "/session", raw); err != nil || a.status != http.StatusOK {
		s.t.Fatalf("sign in: %v %v\n%s", a, err, s.log)
	}
	return client
}

// form is a form with one file, and its media type.
func form(name string, content []byte) ([]byte, string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, _ := m.CreateFormFile("file", name)
	_, _ = part.Write(content)
	m.Close()
	return b.Bytes(), m.FormDataContentType()
}

func (s *serving) upload(client *http.Client, name string, content []byte) (status int, err error) {
	body, kind := form(name, content)
	resp, err := client.Post(s.base+"/api/v1/casework/uploads", kind, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	resp.Body.Close()
	return resp.StatusCode, nil
}

// children are the processes that the program has started.
func (s *serving) children() []int {
	var out []int
	folders, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", s.cmd.Process.Pid))
	for _, f := range folders {
		raw, _ := os.ReadFile(f)
		for _, word := range strings.Fields(string(raw)) {
			if pid, err := strconv.Atoi(word); err == nil {
				out = append(out, pid)
			}
		}
	}
	return out
}

// watch follows what the program and its processes hold together, in KiB of their own: pages that they
// share count once. Stop ends it.
func (s *serving) watch() (peak *int, stop func()) {
	peak = new(int)
	over, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-over:
				return
			case <-time.After(5 * time.Millisecond):
			}
			sum := s.memory()
			for _, pid := range s.children() {
				sum += anonymous(pid)
			}
			*peak = max(*peak, sum)
		}
	}()
	return peak, func() { close(over); <-ended }
}

// anonymous is what a process holds beside the pages of its program, in KiB; 0 when it has ended.
func anonymous(pid int) (kib int) {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for _, l := range strings.Split(string(raw), "\n") {
		if n, _ := fmt.Sscanf(l, "RssAnon: %d kB", &kib); n == 1 {
			return kib
		}
	}
	return 0
}

// photo is a JPEG such as a telephone writes, of a size.
func photo(t *testing.T, size image.Point) []byte {
	t.Helper()
	m := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = byte(i >> 8)
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = 110, 140
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 75}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type hostile struct {
	name    string
	content []byte
}

// hostilePictures are small files that unpack to much, of every kind that is taken.
func hostilePictures(t *testing.T) []hostile {
	t.Helper()
	gray := func(w, h int) *image.Gray { return image.NewGray(image.Rect(0, 0, w, h)) }
	encoded := func(write func(b *bytes.Buffer) error) []byte {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	pngOf := func(m image.Image) []byte { return encoded(func(b *bytes.Buffer) error { return png.Encode(b, m) }) }
	claim := pngOf(gray(1, 1))
	binary.BigEndian.PutUint32(claim[16:], 60000)
	binary.BigEndian.PutUint32(claim[20:], 60000)
	binary.BigEndian.PutUint32(claim[29:], crc32.ChecksumIEEE(claim[12:29]))
	palette := color.Palette{color.Black, color.White}
	return []hostile{
		{"webp", lossless(6476, 6476, false)},
		{"webp-largest", lossless(16383, 16383, false)},
		{"webp-codes", lossless(4096, 4096, true)},
		{"scans", scans(640, 480, 900)},
		{"scans-large", scans(4000, 3000, 30)},
		{"scans-most", scans(3000, 2000, 60)},
		{"png", pngOf(gray(9000, 9000))},
		{"png-claims", claim},
		{"png-long", pngOf(gray(1_000_000, 20))},
		{"gif", encoded(func(b *bytes.Buffer) error {
			one := image.NewPaletted(image.Rect(0, 0, 5000, 5000), palette)
			return gif.EncodeAll(b, &gif.GIF{Image: []*image.Paletted{one, one, one, one}, Delay: make([]int, 4)})
		})},
		{"half", photo(t, image.Pt(8000, 6000))[:200_000]},
	}
}

// lossless is a lossless WebP of one colour, or one that ends among its codes.
func lossless(w, h int, codes bool) []byte {
	var bits uint64
	at := 0
	put := func(v uint64, n int) { bits |= v << at; at += n }
	put(uint64(w-1), 14)
	put(uint64(h-1), 14)
	put(0, 1+3) // no alpha, version 0
	put(0, 1)   // no transform
	body := []byte{0x2f}
	if codes { // a colour cache and codes for each block of four pixels, of which random bits follow
		put(1, 1)
		put(11, 4)
		put(1, 1)
		put(0, 3)
		body = binary.LittleEndian.AppendUint64(body, bits)
		for x := uint32(1); len(body) < 1<<20; x = x*1664525 + 1013904223 {
			body = append(body, byte(x>>24))
		}
	} else {
		put(0, 2)
		for range 5 {
			put(1, 4) // a code of one symbol, of one bit: 0
		}
		body = binary.LittleEndian.AppendUint64(body, bits)
	}
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
