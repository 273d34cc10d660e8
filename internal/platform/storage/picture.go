package storage

import (
	"bufio"
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"runtime"

	"github.com/bep/imagemeta"
	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"linli/internal/platform/errs"
	"linli/internal/platform/sandbox"
)

// MediaJPEG is the media type of every small picture.
const MediaJPEG = "image/jpeg"

const (
	mediaPNG  = "image/png"
	mediaWebP = "image/webp"
	mediaGIF  = "image/gif"
	mediaHEIC = "image/heic" // recognised to say what to set, never stored
	mediaPDF  = "application/pdf"
)

// mediaTypes are what may be stored, by sniffing the content and never by the name, with the greatest
// size of an upload in bytes. A picture is drawn anew, so that what is kept of it is smaller.
var mediaTypes = map[string]int64{MediaJPEG: MaxPicture, mediaPNG: MaxPicture, mediaWebP: MaxPicture,
	mediaGIF: MaxPicture, mediaPDF: MaxFile}

const (
	pixelsMost   = 120 << 20               // pixels of a picture: telephones take 108 million
	decodedMost  = 208 << 20               // bytes that the decoder of a picture may take
	drawnMost    = sandbox.Memory - 24<<20 // bytes of the decoded picture and of what is drawn from it
	scannedMost  = 400 << 20               // pixels that a JPEG of several scans goes over, all scans together
	pictureSide  = 4096                    // pixels of the longer side that is kept
	thumbSide    = 320                     // pixels of the longer side of a small picture
	pictureGrade = 88                      // JPEG quality
	thumbGrade   = 75
)

// picture is an uploaded picture drawn anew: upright, bounded, and without anything that its
// camera or its sender had written beside the pixels.
type picture struct {
	MediaType     string
	Width, Height int // pixels
	Whole, Small  []byte
}

// pictureJob draws a picture anew in a process of its own. A file that says that it is larger than
// the memory allows is refused before it is decoded. Errors: Invalid "file.pixels", "file.broken".
var pictureJob = sandbox.Job{Name: "picture", Do: func(f *os.File) (any, error) { return cleanPicture(f) }}

// collectFrom is from how many bytes of a decoded picture on they are freed before it is encoded: below it there is room for both.
const collectFrom = 8 << 20

func cleanPicture(f io.ReadSeeker) (picture, error) {
	broken := errs.ErrInvalid.At("file", "file.broken")
	mediaType, err := sniff(f)
	if err != nil {
		return picture{}, err
	}
	c, err := costOf(f, mediaType)
	if err != nil {
		return picture{}, broken
	}
	if c.tooMuch() {
		return picture{}, errs.ErrInvalid.At("file", "file.pixels")
	}
	turn := orientation(f, mediaType)
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return picture{}, err
	}
	m, err := decode(bufio.NewReader(f), mediaType)
	if err != nil {
		return picture{}, broken
	}
	m = redrawn(m, turn)
	if c.decoded > collectFrom {
		runtime.GC() // the decoded picture is no longer needed
	}
	p := picture{Width: m.Bounds().Dx(), Height: m.Bounds().Dy()}
	if p.Small, err = thumbnail(m); err != nil {
		return picture{}, err
	}
	p.MediaType, p.Whole, err = encode(m, mediaType)
	return p, err
}

func decode(r io.Reader, mediaType string) (image.Image, error) {
	switch mediaType {
	case MediaJPEG:
		return jpeg.Decode(r)
	case mediaPNG:
		return png.Decode(r)
	case mediaWebP:
		return webp.Decode(r)
	}
	return gif.Decode(r) // its first picture: what moves is no evidence
}

// orientation is the EXIF orientation, 1 to 8; 1 where nothing says otherwise.
func orientation(f io.ReadSeeker, mediaType string) int {
	format, ok := map[string]imagemeta.ImageFormat{MediaJPEG: imagemeta.JPEG, mediaPNG: imagemeta.PNG, mediaWebP: imagemeta.WebP}[mediaType]
	if _, err := f.Seek(0, io.SeekStart); err != nil || !ok {
		return 1
	}
	turn := 1
	_, _ = imagemeta.Decode(imagemeta.Options{R: f, ImageFormat: format, Sources: imagemeta.EXIF, // damaged EXIF says nothing
		ShouldHandleTag: func(t imagemeta.TagInfo) bool { return t.Tag == "Orientation" && t.Namespace == "IFD0" },
		HandleTag: func(t imagemeta.TagInfo) error {
			if v, ok := t.Value.(uint16); ok && v >= 1 && v <= 8 {
				turn = int(v)
			}
			return nil
		}})
	return turn
}

// redrawn is a picture within pictureSide, turned and mirrored as its EXIF orientation says.
func redrawn(m image.Image, turn int) image.Image {
	b := m.Bounds()
	if turn == 1 && max(b.Dx(), b.Dy()) <= pictureSide {
		return m
	}
	return scaled(m, pictureSide, turn)
}

// scaled draws a picture whose longer side is at most so many pixels, turned as an EXIF orientation
// says. Each pixel is the mean of those that it stands for. Beside what is drawn it takes the memory of
// a few rows: the scalers of x/image take 32 bytes for each pixel of a column.
func scaled(m image.Image, side, turn int) *image.RGBA {
	b := m.Bounds()
	size := fit(b.Dx(), b.Dy(), side)
	w, h := size.X, size.Y
	if turn >= 5 {
		size.X, size.Y = h, w
	}
	out := image.NewRGBA(image.Rectangle{Max: size})
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()/h+2)) // the rows that one row stands for
	for y := range h {
		top, bottom := y*b.Dy()/h, max((y+1)*b.Dy()/h, y*b.Dy()/h+1)
		rows := image.Rect(0, 0, b.Dx(), bottom-top)
		draw.Draw(strip, rows, m, image.Pt(b.Min.X, b.Min.Y+top), draw.Src)
		for x := range w {
			left, right := x*b.Dx()/w, max((x+1)*b.Dx()/w, x*b.Dx()/w+1)
			at := turned(x, y, w, h, turn)
			mean(out.Pix[out.PixOffset(at.X, at.Y):][:4], strip, image.Rect(left, 0, right, bottom-top))
		}
	}
	return out
}

// fit is a size within a side, of the same shape.
func fit(w, h, side int) image.Point {
	if longer := max(w, h); longer > side {
		return image.Pt(max(1, w*side/longer), max(1, h*side/longer))
	}
	return image.Pt(w, h)
}

// mean writes the mean colour of a part of a picture into a pixel.
func mean(pixel []byte, m *image.RGBA, part image.Rectangle) {
	var sum [4]uint32
	for y := part.Min.Y; y < part.Max.Y; y++ {
		row := m.Pix[m.PixOffset(part.Min.X, y) : m.PixOffset(part.Max.X-1, y)+4]
		for i := 0; i+3 < len(row); i += 4 {
			sum[0] += uint32(row[i])
			sum[1] += uint32(row[i+1])
			sum[2] += uint32(row[i+2])
			sum[3] += uint32(row[i+3])
		}
	}
	n := uint32(part.Dx() * part.Dy())
	for i := range sum {
		pixel[i] = byte((sum[i] + n/2) / n)
	}
}

// turned is where a pixel of a picture of a size comes to stand by an EXIF orientation.
func turned(x, y, w, h, turn int) image.Point {
	switch turn {
	case 2:
		return image.Pt(w-1-x, y)
	case 3:
		return image.Pt(w-1-x, h-1-y)
	case 4:
		return image.Pt(x, h-1-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(h-1-y, x)
	case 7:
		return image.Pt(h-1-y, w-1-x)
	case 8:
		return image.Pt(y, w-1-x)
	}
	return image.Pt(x, y)
}

// encode writes the pixels: photographs as JPEG, drawings and what is seen through as PNG, which
// becomes a JPEG on white when it would be larger than a file may be.
func encode(m image.Image, from string) (string, []byte, error) {
	var b bytes.Buffer
	if from != MediaJPEG && !(from == mediaWebP && opaque(m)) {
		short := &bounded{to: &b, left: MaxFile}
		if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(short, m); err == nil {
			return mediaPNG, b.Bytes(), nil
		}
		b.Reset()
		m = flat(m)
	}
	err := jpeg.Encode(&b, m, &jpeg.Options{Quality: pictureGrade})
	return MediaJPEG, b.Bytes(), err
}

// bounded passes on so many bytes, and fails with more.
type bounded struct {
	to   io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, io.ErrShortWrite
	}
	return b.to.Write(p)
}

func opaque(m image.Image) bool {
	o, ok := m.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// flat is a picture on white.
func flat(m image.Image) image.Image {
	if opaque(m) {
		return m
	}
	out := image.NewRGBA(m.Bounds())
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(out, out.Bounds(), m, m.Bounds().Min, draw.Over)
	return out
}

func thumbnail(m image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, flat(scaled(m, thumbSide, 1)), &jpeg.Options{Quality: thumbGrade})
	return b.Bytes(), err
}
