// Package qr draws addresses as QR codes (ISO/IEC 18004) to be printed and photographed.
package qr

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"

	"github.com/boombuler/barcode/qr"
)

// Measures of a picture in pixels: one module, and the quiet zone of four modules that the standard asks for on every side.
const (
	module = 6
	quiet  = 4 * module
)

// Image is a text as a QR code: a PNG of two colours as a data: address, at most about 2 kB for an address. Errors are
// corrected up to 15 % (level M): paper is folded and stained. Error: the text is longer than a QR code holds, 2,331 bytes.
func Image(text string) (string, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", err
	}
	side := code.Bounds().Dx()
	picture := image.NewPaletted(image.Rect(0, 0, side*module+2*quiet, side*module+2*quiet), color.Palette{color.White, color.Black})
	for i := range side * side {
		x, y := i%side, i/side
		if r, _, _, _ := code.At(x, y).RGBA(); r != 0 {
			continue
		}
		for j := range module * module {
			picture.SetColorIndex(quiet+x*module+j%module, quiet+y*module+j/module, 1)
		}
	}
	var raw bytes.Buffer
	if err := png.Encode(&raw, picture); err != nil {
		return "", err
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(raw.Bytes()), nil
}
