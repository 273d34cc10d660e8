// Package web carries what the faces are drawn with: the one token sheet and the built
// console and field app.
package web

import (
	"embed"
	"io/fs"
)

//go:embed shared/tokens.css
var tokens string

//go:embed all:dist
var dist embed.FS

// Tokens is the token sheet that all faces share, as CSS.
func Tokens() string { return tokens }

// Dist is the built files of one face, "console" or "field", or of the API reference, "api".
// A face that was not built has no files: look for its index.html.
func Dist(face string) fs.FS {
	sub, err := fs.Sub(dist, "dist/"+face)
	if err != nil {
		panic(err) // only a malformed name fails, and names are constants
	}
	return sub
}
