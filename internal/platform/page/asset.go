package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"regexp"
	"strings"

	"linli/web"
)

//go:embed assets
var assetFiles embed.FS

// assets are the few files that pages load. Their names carry a mark of their content, so that
// a browser asks for each once.
type assets struct {
	byName map[string]string // portal.css → /assets/portal.1a2b3c4d.css
	byPath map[string]asset
}

type asset struct {
	mediaType string
	body      []byte
}

var mediaTypes = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
}

func newAssets() *assets {
	a := &assets{byName: map[string]string{}, byPath: map[string]asset{}}
	sheet := read("portal.css")
	a.add("portal.css", tight(web.Tokens()+sheet))
	a.add("portal.js", read("portal.js"))
	a.add("mark.svg", read("mark.svg"))
	return a
}

func read(name string) string {
	raw, err := assetFiles.ReadFile("assets/" + name)
	if err != nil {
		panic(err) // the files are embedded, their names constants
	}
	return string(raw)
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssBlank   = regexp.MustCompile(`\s*\n\s*`)
)

// tight leaves out of a sheet what a browser does not read.
func tight(sheet string) string {
	return cssBlank.ReplaceAllString(cssComment.ReplaceAllString(sheet, ""), "\n")
}

func (a *assets) add(name, body string) {
	sum := sha256.Sum256([]byte(body))
	ext := path.Ext(name)
	p := "/assets/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
	a.byName[name] = p
	a.byPath[p] = asset{mediaTypes[ext], []byte(body)}
}

func (a *assets) path(name string) string { return a.byName[name] }

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := a.byPath[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.mediaType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Add("Vary", "Accept-Encoding")
	write(w, r, http.StatusOK, f.body)
}
