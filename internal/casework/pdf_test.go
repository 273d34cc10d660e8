package casework_test

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"linli/internal/casework"
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
	eachShelf(t, func(t *testing.T, s *casework.Shelf) {
		ctx := context.Background()
		raw := written(t, "/Metadata 6 0 R", fmt.Sprintf("<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream", len(packet), packet), "(secret orphan)", making)
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
	eachShelf(t, func(t *testing.T, s *casework.Shelf) {
		var locked bytes.Buffer
		conf := model.NewAESConfiguration("", "owner", 256)
		if err := api.Encrypt(bytes.NewReader(written(t, "", making)), &locked, conf); err != nil {
			t.Fatal(err)
		}
		for name, raw := range map[string][]byte{
			"signed": written(t, "/AcroForm << /Fields [6 0 R] /SigFlags 3 >>", "<< /FT /Sig /T (s) /V 7 0 R >>",
				"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 10 20 10] /Contents <00> >>", making),
			"encrypted": locked.Bytes(),
			"damaged":   written(t, "", making)[:600],
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
