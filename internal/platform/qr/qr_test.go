package qr_test

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"strings"
	"testing"

	"linli/internal/platform/qr"
)

// A picture is a small PNG of two colours with a white border and the three finder patterns; two addresses differ.
func TestImage(t *testing.T) {
	t.Parallel()
	address := "https://linli.example.gov.cn/survey/320703abcdefghijklmnop?q=1"
	got, err := qr.Image(address)
	if err != nil || len(got) > 2048 {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(got, "data:image/png;base64,"))
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	dark := func(x, y int) bool { r, _, _, _ := picture.At(x, y).RGBA(); return r == 0 }
	side := picture.Bounds().Dx()
	for at, want := range map[[2]int]bool{{0, 0}: false, {23, 23}: false, {24, 24}: true, {side - 25, 24}: true, {24, side - 25}: true,
		{24 + 6, 24 + 6}: false, {24 + 3*6, 24 + 3*6}: true} {
		if dark(at[0], at[1]) != want {
			t.Errorf("at %v dark is %v", at, !want)
		}
	}
	if other, _ := qr.Image(address + "2"); other == got {
		t.Error("two addresses have one picture")
	}
	if _, err := qr.Image(strings.Repeat("x", 3000)); err == nil {
		t.Error("3,000 bytes fit")
	}
}
