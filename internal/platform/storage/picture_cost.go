package storage

import (
	"bufio"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io"
	"net/http"
	"slices"

	"golang.org/x/image/webp"
)

// cost is what a picture takes, in bytes and pixels, told from its headers alone. What they do not tell
// (how many codes a WebP brings) the bounds of the process answer for.
type cost struct {
	width, height int
	decoding      int64 // bytes while it is decoded
	decoded       int64 // bytes afterwards
	scanned       int64 // pixels that are gone over again and again
}

// tooMuch tells whether the picture takes more than there is.
func (c cost) tooMuch() bool {
	return int64(c.width)*int64(c.height) > pixelsMost || c.decoding > decodedMost ||
		c.decoded+c.drawn() > drawnMost || c.scanned > scannedMost
}

// drawn is how many bytes the picture takes that is drawn from it.
func (c cost) drawn() int64 {
	size := fit(c.width, c.height, pictureSide)
	return 4 * int64(size.X) * int64(size.Y)
}

var errNoPicture = errors.New("no picture")

// costOf reads the headers of a picture.
func costOf(f io.ReadSeeker, mediaType string) (cost, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return cost{}, err
	}
	if mediaType == MediaJPEG {
		return costOfJPEG(bufio.NewReader(f))
	}
	config, err := map[string]func(io.Reader) (image.Config, error){
		mediaPNG: png.DecodeConfig, mediaWebP: webp.DecodeConfig, mediaGIF: gif.DecodeConfig,
	}[mediaType](bufio.NewReader(f))
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return cost{}, errors.Join(err, errNoPicture)
	}
	c := cost{width: config.Width, height: config.Height}
	c.decoded = int64(config.Width) * int64(config.Height) * pixelBytes(config.ColorModel)
	c.decoding = c.decoded
	switch {
	case mediaType == mediaWebP:
		c.decoding += c.decoded / 4 // its transforms
	case mediaType == mediaPNG && interlaced(f):
		c.decoding += c.decoded / 2 // the last of its passes
	}
	return c, nil
}

func pixelBytes(m color.Model) int64 {
	if _, palette := m.(color.Palette); palette {
		return 1
	}
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	return 4
}

// interlaced reads the last byte of a PNG's header.
func interlaced(f io.ReadSeeker) bool {
	const at = 28
	b := make([]byte, 1)
	_, err := f.Seek(at, io.SeekStart)
	if err == nil {
		_, err = io.ReadFull(f, b)
	}
	return err != nil || b[0] != 0
}

// Markers of a JPEG.
const (
	jpegBaseline, jpegExtended, jpegProgressive = 0xc0, 0xc1, 0xc2
	jpegRestart, jpegStart, jpegEnd, jpegScan   = 0xd0, 0xd8, 0xd9, 0xda
)

// costOfJPEG goes through a JPEG from marker to marker and counts its scans: each goes over all of the
// picture, however few bytes it has.
func costOfJPEG(r *bufio.Reader) (cost, error) {
	var c cost
	progressive, scans := false, int64(0)
	for {
		marker, err := nextMarker(r)
		if errors.Is(err, io.EOF) || marker == jpegEnd {
			break
		}
		if err != nil {
			return c, err
		}
		if marker >= jpegRestart && marker <= jpegStart || marker == 0 || marker == 1 {
			continue // stands alone
		}
		segment, err := segmentOf(r)
		if err != nil {
			return c, err
		}
		switch marker {
		case jpegBaseline, jpegExtended, jpegProgressive:
			if c.width > 0 {
				return c, errNoPicture
			}
			if progressive = marker == jpegProgressive; !c.frame(segment, progressive) {
				return c, errNoPicture
			}
		case jpegScan:
			scans++
		}
	}
	if c.width == 0 || scans == 0 {
		return c, errNoPicture
	}
	if progressive {
		c.scanned = scans * int64(c.width) * int64(c.height)
	}
	return c, nil
}

// frame reads a frame header: size, and how the components are sampled. It is false for what no
// decoder takes.
func (c *cost) frame(segment []byte, progressive bool) bool {
	const head, each = 6, 3
	if len(segment) < head || len(segment) != head+each*int(segment[5]) {
		return false
	}
	c.height, c.width = int(segment[1])<<8|int(segment[2]), int(segment[3])<<8|int(segment[4])
	var across, down, samples []int64
	for i := head; i < len(segment); i += each {
		across, down = append(across, int64(segment[i+1]>>4)), append(down, int64(segment[i+1]&15))
	}
	if c.width == 0 || c.height == 0 || len(across) == 0 || slices.Min(across) == 0 || slices.Min(down) == 0 {
		return false
	}
	columns := (int64(c.width) + 8*slices.Max(across) - 1) / (8 * slices.Max(across))
	rows := (int64(c.height) + 8*slices.Max(down) - 1) / (8 * slices.Max(down))
	all := int64(0)
	for i := range across {
		samples = append(samples, 64*columns*rows*across[i]*down[i])
		all += samples[i]
	}
	if len(across) == 1 {
		all = int64(c.width+8) * int64(c.height+8)
	}
	c.decoding, c.decoded = all, all
	if progressive {
		c.decoding += 4 * all // the coefficients, until the last scan
	}
	if len(across) == 4 || string([]byte{segment[6], segment[len(segment)-3]}) == "RB" {
		c.decoding += 4 * int64(c.width) * int64(c.height) // made into pixels of one colour each
	}
	return true
}

// nextMarker reads up to the next marker and gives its second byte.
func nextMarker(r *bufio.Reader) (byte, error) {
	for {
		if _, err := r.ReadSlice(0xff); errors.Is(err, bufio.ErrBufferFull) {
			continue
		} else if err != nil {
			return 0, err
		}
		for {
			b, err := r.ReadByte()
			if err != nil {
				return 0, err
			}
			if b != 0xff {
				return b, nil
			}
		}
	}
}

// segmentOf reads the segment behind a marker, at most its first 64 bytes.
func segmentOf(r *bufio.Reader) ([]byte, error) {
	length := make([]byte, 2)
	if _, err := io.ReadFull(r, length); err != nil {
		return nil, err
	}
	n := int(length[0])<<8 + int(length[1]) - 2
	if n < 0 {
		return nil, errNoPicture
	}
	segment := make([]byte, min(n, 64))
	if _, err := io.ReadFull(r, segment); err != nil {
		return nil, err
	}
	_, err := r.Discard(n - len(segment))
	return segment, err
}

// sniff tells the media type of a file by its first bytes.
func sniff(f io.ReadSeeker) (string, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", err
	}
	head = head[:n]
	if n >= 12 && string(head[4:8]) == "ftyp" && slices.Contains(heicBrands, string(head[8:12])) {
		return mediaHEIC, nil
	}
	return http.DetectContentType(head), nil
}

// heicBrands are the kinds of ISO 23008-12 files that telephones write.
var heicBrands = []string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"}
