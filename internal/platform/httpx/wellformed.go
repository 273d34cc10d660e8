package httpx

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"linli/internal/platform/errs"
	"linli/internal/platform/text"
)

// checkedBytes bounds a JSON body or a form without files. It is above the largest MaxBody of such a
// route (a calendar year, 2 MiB) and above what the portal reads of a form.
const checkedBytes = 4 << 20

// headersRead are the headers whose values reach a handler or the database.
var headersRead = []string{"Accept", "Accept-Encoding", "Accept-Language", "Content-Disposition",
	"Content-Type", "Idempotency-Key", "If-Match",
	"If-None-Match", "Origin", "Referer", "User-Agent", "X-Forwarded-For", "X-Forwarded-Proto"}

// WellFormed refuses a request with errs.ErrText before any handler sees it. It looks at path, query, the
// headers that are read, and the body of JSON and of forms; cookies with other than printable ASCII are
// dropped by net/http. The words and names of files of a multipart body are looked at as they are
// read, by CheckForm and the portal's forms; the content of files is judged by whoever reads it.
func (s *Negotiator) WellFormed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := checkAddress(r)
		if err == nil {
			err = checkBody(w, r)
		}
		if err != nil {
			s.Refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func checkAddress(r *http.Request) error {
	if !text.Valid(r.URL.Path) || !isForm(r.URL.RawQuery) {
		return errs.ErrText
	}
	for _, name := range headersRead {
		if !slices.ContainsFunc(r.Header.Values(name), func(v string) bool { return !text.Valid(v) }) {
			continue
		}
		return errs.ErrText
	}
	return nil
}

// isForm tells whether the words of an encoded form or query are text. A broken escape is left to
// whoever reads it: it is dropped there.
func isForm(encoded string) bool {
	for encoded != "" {
		var pair string
		pair, encoded, _ = strings.Cut(encoded, "&")
		if plain, err := url.QueryUnescape(pair); err == nil && !text.Valid(plain) {
			return false
		} else if err != nil && !text.Valid(pair) {
			return false
		}
	}
	return true
}

func checkBody(w http.ResponseWriter, r *http.Request) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var whole func([]byte) bool
	switch {
	case r.Body == nil || r.Body == http.NoBody || strings.HasPrefix(kind, "multipart/"):
		return nil
	case kind == "application/x-www-form-urlencoded":
		whole = func(b []byte) bool { return isForm(string(b)) }
	default: // the API takes what names no type for JSON
		whole = isJSONText
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, checkedBytes))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return errs.ErrTooLarge
	case err != nil:
		return errs.New(errs.Malformed, "malformed").Because(err)
	case !whole(raw):
		return errs.ErrText
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	return nil
}

// isJSONText tells whether every string of a JSON document is text, without reading its structure:
// outside strings JSON has no backslash.
func isJSONText(raw []byte) bool {
	if !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
		return false
	}
	for len(raw) > 0 {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 {
			break
		}
		raw = raw[i:]
		unit, n := escaped(raw)
		switch {
		case n == 6 && unit == 0:
			return false
		case n == 6 && utf16.IsSurrogate(unit):
			low, m := escaped(raw[n:])
			if m != 6 || utf16.DecodeRune(unit, low) == utf8.RuneError {
				return false
			}
			n += m
		}
		raw = raw[n:]
	}
	return true
}

// escaped reads an escape at the beginning of raw and its length: \uXXXX gives the code unit and 6, any
// other 0 and 2, a cut one 0 and 1; 0 and 0 where none begins.
func escaped(raw []byte) (unit rune, length int) {
	if len(raw) == 0 || raw[0] != '\\' {
		return 0, 0
	}
	if len(raw) >= 6 && raw[1] == 'u' {
		if n, err := strconv.ParseUint(string(raw[2:6]), 16, 16); err == nil {
			return rune(n), 6
		}
	}
	return 0, min(len(raw), 2)
}

// CheckForm refuses a multipart form with errs.ErrText when a name or word in it, or the name of a file, is
// no text.
func CheckForm(f *multipart.Form) error {
	for name, values := range f.Value {
		if !text.Valid(name) || slices.ContainsFunc(values, func(v string) bool { return !text.Valid(v) }) {
			return errs.ErrText
		}
	}
	for name, files := range f.File {
		if !text.Valid(name) || slices.ContainsFunc(files, func(h *multipart.FileHeader) bool { return !text.Valid(h.Filename) }) {
			return errs.ErrText
		}
	}
	return nil
}

// checkMultipart is WellFormed's part for the API's multipart bodies, which are bounded by the
// operation's MaxBody.
func (a *API) checkMultipart(c huma.Context, next func(huma.Context)) {
	if kind, _, _ := mime.ParseMediaType(c.Header("Content-Type")); kind == "multipart/form-data" && c.Operation().RequestBody != nil {
		r, w := humago.Unwrap(c)
		r.Body = http.MaxBytesReader(w, r.Body, c.Operation().MaxBodyBytes)
		form, err := c.GetMultipartForm()
		var large *http.MaxBytesError
		switch {
		case errors.As(err, &large):
			err = errs.ErrTooLarge
		case err != nil:
			err = errs.New(errs.Malformed, "malformed").Because(err)
		default:
			err = CheckForm(form)
		}
		if err != nil {
			a.speak.Refuse(w, r, err)
			return
		}
	}
	next(c)
}
