package httpx

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// navigates tells a browser that follows a link to the API, such as that of a file or an export, from a program.
func navigates(r *http.Request) bool {
	return IsAPI(r) && (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// Navigated answers a browser that follows a link to the API, and is refused, with the page of that refusal: a
// person has no use for a problem in JSON. What is taken passes through as it is.
func (s *Negotiator) Navigated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.Page == nil || !navigates(r) {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Add("Vary", "Accept")
		held := &refusalHolder{ResponseWriter: w}
		next.ServeHTTP(held, r)
		if held.problem == nil {
			return
		}
		p := &Problem{}
		if err := json.Unmarshal(held.problem.Bytes(), p); err != nil {
			p = s.word(r.Context(), foreignKinds[http.StatusNotFound])
		}
		for _, h := range []string{"Content-Type", "Content-Length", "Content-Disposition"} {
			w.Header().Del(h)
		}
		s.Page(w, r, p)
	})
}

// refusalHolder keeps an answer that is a problem, and passes on every other.
type refusalHolder struct {
	http.ResponseWriter
	begun   bool
	problem *bytes.Buffer
}

func (h *refusalHolder) WriteHeader(status int) {
	if !h.begun && status >= http.StatusBadRequest && strings.HasPrefix(h.Header().Get("Content-Type"), "application/problem+json") {
		h.problem = &bytes.Buffer{}
	}
	h.begun = true
	if h.problem == nil {
		h.ResponseWriter.WriteHeader(status)
	}
}

func (h *refusalHolder) Write(p []byte) (int, error) {
	if h.problem != nil {
		return h.problem.Write(p)
	}
	h.begun = true
	return h.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (h *refusalHolder) Unwrap() http.ResponseWriter { return h.ResponseWriter }
