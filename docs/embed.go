// Package docs holds the papers that the program shows: the manuals for a city's staff, in Chinese, and
// the pictures in them.
package docs

import "embed"

// Files are zh/*.md and pictures/*.png.
//
//go:embed zh/*.md pictures/*.png
var Files embed.FS
