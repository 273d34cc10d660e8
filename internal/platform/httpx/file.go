package httpx

import (
	"io"
	"mime"

	"github.com/danielgtaylor/huma/v2"
)

// File answers with a stored file and closes it: shown by the browser ("inline") or saved ("attachment") under
// its name. Nothing stored is ever run: any script in it is refused by policy.
func File(mediaType, name, disposition string, content io.ReadCloser) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer content.Close()
		hc.SetHeader("Content-Type", mediaType)
		hc.SetHeader("Content-Security-Policy", "default-src 'none'; sandbox")
		hc.SetHeader("Cache-Control", "private, no-store")
		hc.SetHeader("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": name}))
		_, _ = io.Copy(hc.BodyWriter(), content)
	}}
}
