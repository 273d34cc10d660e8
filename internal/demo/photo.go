package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
)

// Pictures of a demo are drawn, not taken: a wall, a road, and something that lies on it.
const (
	photoWidth, photoHeight = 480, 360
	photoCount              = 12
)

// makePhotos draws the pictures that incidents share.
func makePhotos() [][]byte {
	out := make([][]byte, photoCount)
	for i := range out {
		out[i] = makePhoto(i)
	}
	return out
}

func makePhoto(n int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, photoWidth, photoHeight))
	horizon := 150 + n*7
	for y := range photoHeight {
		shade := uint8(190 - y/6)
		c := color.RGBA{shade, shade, shade - 12, 255} // road
		if y < horizon {
			c = color.RGBA{uint8(150 + n*5), uint8(170 + y/6), uint8(200 + y/8), 255}
		}
		fill(m, image.Rect(0, y, photoWidth, y+1), c)
	}
	wall := color.RGBA{uint8(140 + n*6), uint8(120 + n*4), 110, 255}
	fill(m, image.Rect(40+n*9, 60, 200+n*9, horizon), wall)
	for i := range 4 {
		left, top := 60+n*9+i*34, 80+n%3*8
		fill(m, image.Rect(left, top, left+20, top+26), color.RGBA{70, 84, 96, 255})
	}
	for i := range 3 + n%4 {
		left, top := 120+(n*37+i*53)%220, horizon+40+(n*11+i*29)%100
		fill(m, image.Rect(left, top, left+26+i*8, top+18+i*4), color.RGBA{uint8(60 + i*30), uint8(90 + n*8), uint8(50 + i*20), 255})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 72}); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}

func fill(m *image.RGBA, r image.Rectangle, c color.Color) {
	draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Src)
}
