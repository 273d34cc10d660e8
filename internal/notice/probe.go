package notice

import (
	"bytes"
	"image"
	"image/png"
	"io"
)

// probePicture is the least picture, for a probe.
func probePicture() io.Reader {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))) // a buffer takes everything
	return &b
}
