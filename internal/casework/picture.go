package casework

import (
	"bufio"
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/bep/imagemeta"
	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/webp"

	"linli/internal/platform/errs"
)

const (
	mediaJPEG = "image/jpeg"
	mediaPNG  = "image/png"
	mediaWebP = "image/webp"
	mediaGIF  = "image/gif"
	mediaPDF  = "application/pdf"
)

// mediaTypes are what may be stored, by sniffing the content and never by the name.
var mediaTypes = map[string]bool{mediaJPEG: true, mediaPNG: true, mediaWebP: true, mediaGIF: true, mediaPDF: true}

const (
	pictureTurns  = 2         // pictures decoded at once: each may take decodedMost of memory
	decodedMost   = 160 << 20 // bytes that a picture may take when decoded
	pictureSide   = 4096      // pixels of the longer side that is kept
	thumbSide     = 320       // pixels of the longer side of a small picture
	pictureGrade  = 88        // JPEG quality
	thumbGrade    = 75
	progressiveAt = 15 // bytes a pixel of a progressive JPEG while it is decoded
)

// picture is an uploaded picture drawn anew: upright, bounded, and without anything that its
// camera or its sender had written beside the pixels.
type picture struct {
	mediaType     string
	width, height int // pixels
	whole, small  []byte
}

// cleanPicture draws a picture anew. A file that says it is larger than memory allows is refused
// before it is decoded. Errors: Invalid "file.pixels", "file.broken".
func cleanPicture(f io.ReadSeeker, mediaType string) (picture, error) {
	broken := errs.ErrInvalid.At("file", "file.broken")
	size, err := decodedSize(f, mediaType)
	if err != nil {
		return picture{}, broken
	}
	if size > decodedMost {
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
	m = upright(bounded(m, pictureSide), turn)
	p := picture{width: m.Bounds().Dx(), height: m.Bounds().Dy()}
	if p.mediaType, p.whole, err = encode(m, mediaType); err != nil {
		return picture{}, err
	}
	p.small, err = thumbnail(m)
	return p, err
}

// decodedSize is how many bytes the decoded picture will take, from its header alone.
func decodedSize(f io.ReadSeeker, mediaType string) (int64, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	config, err := map[string]func(io.Reader) (image.Config, error){
		mediaJPEG: jpeg.DecodeConfig, mediaPNG: png.DecodeConfig, mediaWebP: webp.DecodeConfig, mediaGIF: gif.DecodeConfig,
	}[mediaType](bufio.NewReader(f))
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return 0, errors.Join(err, errors.New("no picture"))
	}
	bytes := int64(4)
	switch {
	case mediaType == mediaJPEG && progressive(f):
		bytes = progressiveAt
	case mediaType == mediaJPEG:
		bytes = 3
	case config.ColorModel == color.RGBA64Model || config.ColorModel == color.NRGBA64Model:
		bytes = 8
	}
	return int64(config.Width) * int64(config.Height) * bytes, nil
}

// progressive tells whether a JPEG comes in several passes, which the decoder keeps whole in
// memory: its frame header is SOF2.
func progressive(f io.ReadSeeker) bool {
	if _, err := f.Seek(2, io.SeekStart); err != nil {
		return true
	}
	head := make([]byte, 4)
	for {
		if _, err := io.ReadFull(f, head); err != nil || head[0] != 0xff {
			return true // take the greater size for what cannot be read
		}
		switch head[1] {
		case 0xc0, 0xc1:
			return false
		case 0xc2, 0xda:
			return true
		}
		if _, err := f.Seek(int64(head[2])<<8+int64(head[3])-2, io.SeekCurrent); err != nil {
			return true
		}
	}
}

func decode(r io.Reader, mediaType string) (image.Image, error) {
	switch mediaType {
	case mediaJPEG:
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
	format, ok := map[string]imagemeta.ImageFormat{mediaJPEG: imagemeta.JPEG, mediaPNG: imagemeta.PNG, mediaWebP: imagemeta.WebP}[mediaType]
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

// bounded makes a picture smaller whose longer side exceeds so many pixels.
func bounded(m image.Image, side int) image.Image {
	b := m.Bounds()
	longer := max(b.Dx(), b.Dy())
	if longer <= side {
		return m
	}
	out := image.NewNRGBA(image.Rect(0, 0, max(1, b.Dx()*side/longer), max(1, b.Dy()*side/longer)))
	draw.BiLinear.Scale(out, out.Bounds(), m, b, draw.Src, nil)
	return out
}

// upright turns and mirrors a picture as its EXIF orientation says.
func upright(m image.Image, turn int) image.Image {
	b := m.Bounds()
	w, h := float64(b.Dx()), float64(b.Dy())
	to, ok := map[int]f64.Aff3{
		2: {-1, 0, w, 0, 1, 0}, 3: {-1, 0, w, 0, -1, h}, 4: {1, 0, 0, 0, -1, h}, 5: {0, 1, 0, 1, 0, 0},
		6: {0, -1, h, 1, 0, 0}, 7: {0, -1, h, -1, 0, w}, 8: {0, 1, 0, -1, 0, w},
	}[turn]
	if !ok {
		return m
	}
	size := image.Rect(0, 0, b.Dx(), b.Dy())
	if turn >= 5 {
		size = image.Rect(0, 0, b.Dy(), b.Dx())
	}
	out := image.NewNRGBA(size)
	to[2] -= to[0]*float64(b.Min.X) + to[1]*float64(b.Min.Y)
	to[5] -= to[3]*float64(b.Min.X) + to[4]*float64(b.Min.Y)
	draw.NearestNeighbor.Transform(out, to, m, b, draw.Src, nil)
	return out
}

// encode writes the pixels: photographs as JPEG, drawings and what is seen through as PNG.
func encode(m image.Image, from string) (string, []byte, error) {
	var b bytes.Buffer
	if from == mediaJPEG || from == mediaWebP && opaque(m) {
		err := jpeg.Encode(&b, m, &jpeg.Options{Quality: pictureGrade})
		return mediaJPEG, b.Bytes(), err
	}
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, m)
	return mediaPNG, b.Bytes(), err
}

func opaque(m image.Image) bool {
	o, ok := m.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

func thumbnail(m image.Image) ([]byte, error) {
	small := bounded(m, thumbSide)
	flat := image.NewRGBA(image.Rect(0, 0, small.Bounds().Dx(), small.Bounds().Dy()))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), small, small.Bounds().Min, draw.Over)
	var b bytes.Buffer
	err := jpeg.Encode(&b, flat, &jpeg.Options{Quality: thumbGrade})
	return b.Bytes(), err
}
