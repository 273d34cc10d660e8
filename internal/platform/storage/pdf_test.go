package storage_test

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"linli/internal/platform/errs"
	"linli/internal/platform/storage"
)

// written is a PDF with a picture on its page, of objects from 5 on that the test gives.
func written(t *testing.T, catalog string, more ...string) []byte {
	t.Helper()
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, drawn(24, 16), nil); err != nil {
		t.Fatal(err)
	}
	camera := "Exif\x00\x00secret camera at 119.2E 34.6N"
	segment := "\xff\xe1" + string([]byte{0, byte(len(camera) + 2)}) + camera
	withEXIF := photo.String()[:2] + segment + photo.String()[2:]
	page := "q 24 0 0 16 10 10 cm /P Do Q"
	objects := append([]string{
		"<< /Type /Catalog /Pages 2 0 R " + catalog + " >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R /Resources << /XObject << /P 5 0 R >> >> /PieceInfo << /Secret << /LastModified (D:20260101000000Z) /Private (secret program) >> >> /LastModified (D:20260101000000Z) >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(page), page),
		fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width 24 /Height 16 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream", len(withEXIF), withEXIF),
	}, more...)
	var b strings.Builder
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, len(objects), table)
	return []byte(b.String())
}

const (
	making = "<< /Author (secret author) /Producer (secret producer) /Creator (secret program) /Title (secret title) >>"
	packet = "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>secret packet</x:xmpmeta><?xpacket end='w'?>"
)

func TestPDFForgetsItsMaking(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *storage.Store) {
		ctx := context.Background()
		raw := written(t, "/Metadata 6 0 R", fmt.Sprintf("<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream",
			len(packet), packet), "(secret orphan)", making)
		if n := strings.Count(string(raw), "secret"); n < 8 {
			t.Fatalf("the test's PDF holds %d secrets", n)
		}
		k, err := s.Take(ctx, bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		kept := read(t, s, k.Digest)
		if strings.Contains(string(kept), "secret") || int64(len(kept)) != k.Size || k.MediaType != "application/pdf" {
			t.Errorf("it still tells of its making: %q", kept)
		}
		n, err := api.PageCount(bytes.NewReader(kept), model.NewDefaultConfiguration())
		if err != nil || n != 1 {
			t.Errorf("%d pages, %v", n, err)
		}
		at := bytes.Index(kept, []byte("\xff\xd8\xff"))
		if at < 0 {
			t.Fatal("the picture is gone")
		}
		if m, err := jpeg.Decode(bytes.NewReader(kept[at:])); err != nil || m.Bounds().Dx() != 24 {
			t.Errorf("the picture cannot be seen: %v", err)
		}
	})
}

// What would break when it is written anew is kept as it is.
func TestPDFThatIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *storage.Store) {
		var locked bytes.Buffer
		conf := model.NewAESConfiguration("", "owner", 256)
		if err := api.Encrypt(bytes.NewReader(written(t, "", making)), &locked, conf); err != nil {
			t.Fatal(err)
		}
		for name, raw := range map[string][]byte{
			"signed": written(t, "/AcroForm << /Fields [6 0 R] /SigFlags 3 >>", "<< /FT /Sig /T (s) /V 7 0 R >>",
				"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 10 20 10] /Contents <00> >>", making),
			"encrypted": locked.Bytes(),
		} {
			k, err := s.Take(context.Background(), bytes.NewReader(raw))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if !bytes.Equal(read(t, s, k.Digest), raw) {
				t.Errorf("a %s PDF is written anew", name)
			}
		}
	})
}

// active are ways in which a PDF does more than show its pages: what stands in the catalog, and objects
// from 6 on.
var active = map[string][]string{
	"script at opening": {"/OpenAction << /S /JavaScript /JS (secret) >>"},
	"script of an object": {"/OpenAction 6 0 R", "<< /Type /Action /S /JavaScript /JS 7 0 R >>",
		"<< /Length 6 >>\nstream\nsecret\nendstream"},
	"escaped name":         {"/OpenAction << /S /J#61vaScript /J#53 (secret) >>"},
	"script by name":       {"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (secret) >>] >> >>"},
	"program at closing":   {"/AA << /WC << /S /Launch /F (secret.exe) >> >>"},
	"program behind a way": {"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next << /S /Launch /F (secret.exe) >> >>"},
	"program on a page": {"/PageLabels 6 0 R",
		"<< /Nums [0 << /S /D >>] /Kids [<< /Subtype /Link /A << /S /Launch /F (secret.exe) >> >>] >>"},
	"file of the machine": {"/OpenAction << /S /URI /URI (file:///secret) >>"},
	"form that is sent":   {"/OpenAction << /S /SubmitForm /F (http://secret) >>"},
	"file inside": {"/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>", "<< /Type /Filespec /F (a) /EF << /F 7 0 R >> >>",
		"<< /Type /EmbeddedFile /Length 6 >>\nstream\nsecret\nendstream"},
	"associated file": {"/AF [6 0 R]", "<< /Type /Filespec /F (a) /EF << /F 7 0 R >> >>",
		"<< /Type /EmbeddedFile /Length 6 >>\nstream\nsecret\nendstream"},
	"XFA": {"/AcroForm << /Fields [] /XFA 6 0 R >>", "<< /Length 6 >>\nstream\nsecret\nendstream"},
}

const signature = "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 10 20 10] /Contents <00> >>"

// What a reader would run is taken away; a PDF that cannot be written anew is refused for it.
func TestPDFRunsNothing(t *testing.T) {
	t.Parallel()
	s, err := storage.Open(filepath.Join(t.TempDir(), "files"), filepath.Join(t.TempDir(), "incoming"))
	if err != nil {
		t.Fatal(err)
	}
	for name, objects := range active {
		k, err := s.Take(context.Background(), bytes.NewReader(written(t, objects[0], append(slices.Clone(objects[1:]), "<< /Title (x) >>")...)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if kept := read(t, s, k.Digest); bytes.Contains(kept, []byte("secret.exe")) || bytes.Contains(kept, []byte("(secret)")) ||
			bytes.Contains(kept, []byte("\nsecret\n")) ||
			bytes.Contains(kept, []byte("//secret")) {
			t.Errorf("%s is kept: %q", name, kept)
		}
		signed := append(slices.Clone(objects[1:]), signature, "<< /Title (x) >>")
		_, err = s.Take(context.Background(), bytes.NewReader(written(t, objects[0], signed...)))
		if e := errs.Of(err); err == nil || len(e.Fields) != 1 || e.Fields[0].Key != "file.active" {
			t.Errorf("%s, signed: %v", name, err)
		}
	}
}

// Links to the web and ways within the document stay.
func TestPDFKeepsItsLinks(t *testing.T) {
	t.Parallel()
	s, err := storage.Open(filepath.Join(t.TempDir(), "files"), filepath.Join(t.TempDir(), "incoming"))
	if err != nil {
		t.Fatal(err)
	}
	k, err := s.Take(context.Background(), bytes.NewReader(written(t, "/OpenAction [3 0 R /Fit] /Outlines 6 0 R",
		"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
		"<< /Title (home) /Parent 6 0 R /A << /S /URI /URI (https://www.lyg.gov.cn/) >> >>", "<< /Title (x) >>")))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"https://www.lyg.gov.cn/", "/OpenAction"} {
		if kept := read(t, s, k.Digest); !bytes.Contains(kept, []byte(want)) {
			t.Errorf("%s is gone: %q", want, kept)
		}
	}
}

func TestPDFRefused(t *testing.T) {
	t.Parallel()
	s, err := storage.Open(filepath.Join(t.TempDir(), "files"), filepath.Join(t.TempDir(), "incoming"))
	if err != nil {
		t.Fatal(err)
	}
	var locked bytes.Buffer
	if err := api.Encrypt(bytes.NewReader(written(t, "", making)), &locked, model.NewAESConfiguration("user", "owner", 256)); err != nil {
		t.Fatal(err)
	}
	for key, raw := range map[string][]byte{
		"file.locked": locked.Bytes(),
		"file.pdf":    append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte{7, 200, 31, 9}, 50_000)...),
	} {
		_, err := s.Take(context.Background(), bytes.NewReader(raw))
		if e := errs.Of(err); err == nil || len(e.Fields) != 1 || e.Fields[0].Key != key {
			t.Errorf("%s: %v", key, err)
		}
	}
}
