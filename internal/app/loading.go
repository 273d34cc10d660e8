package app

import (
	_ "embed"
	"html/template"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"

	"linli/internal/platform/errs"
	"linli/internal/platform/httpx"
	"linli/internal/platform/rule"
	"linli/internal/platform/text"
)

//go:embed loading.html
var loadingHTML string

var loadingPage = template.Must(template.New("loading").Parse(loadingHTML))

// loadingAgain is after how many seconds whoever asks while a demo is made may ask again.
const loadingAgain = 3

// Loading answers in the platform's place while a demo city is made: pages say in both languages
// how far it is and ask again by themselves; the API and /readyz answer 503 with Retry-After,
// /healthz 200. Once Ready was called it hands every request to the platform.
type Loading struct {
	speaker *httpx.Negotiator
	percent atomic.Int64
	waiting http.Handler
	ready   atomic.Pointer[http.Handler]
}

// NewLoading returns a load at 0 percent.
func NewLoading() (*Loading, error) {
	words, err := Catalogue()
	if err != nil {
		return nil, err
	}
	l := &Loading{speaker: &httpx.Negotiator{Catalogue: words, Rules: rule.NewCache(nil)}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		l.later(w)
		_, _ = w.Write([]byte("loading " + strconv.FormatInt(l.percent.Load(), 10) + " %\n"))
	})
	mux.HandleFunc("/api/", l.refuse)
	mux.HandleFunc("/", l.page)
	l.waiting = httpx.Chain(mux, httpx.Headers, httpx.Language)
	return l, nil
}

// Progress notes how far the load is: for Options.Progress.
func (l *Loading) Progress(step string, percent int) {
	l.percent.Store(int64(percent))
	slog.Info("making the demo city", "step", step, "percent", percent)
}

// Ready ends the load: the platform answers from now on.
func (l *Loading) Ready(platform http.Handler) { l.ready.Store(&platform) }

func (l *Loading) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if platform := l.ready.Load(); platform != nil {
		(*platform).ServeHTTP(w, r)
		return
	}
	l.waiting.ServeHTTP(w, r)
}

// later begins an answer 503.
func (l *Loading) later(w http.ResponseWriter) {
	w.Header().Set("Retry-After", strconv.Itoa(loadingAgain))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
}

func (l *Loading) refuse(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", strconv.Itoa(loadingAgain))
	l.speaker.Refuse(w, r, errs.New(errs.Unavailable, "app.loading").With("percent", l.percent.Load()))
}

func (l *Loading) page(w http.ResponseWriter, _ *http.Request) {
	type words struct {
		Tag            text.Lang
		Title, Message string
	}
	percent := l.percent.Load()
	var all []words
	for _, lang := range text.Languages {
		all = append(all, words{lang, l.speaker.Catalogue.T(lang, "app.loading.title"),
			l.speaker.Catalogue.T(lang, "error.app.loading", "percent", percent)})
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	l.later(w)
	_ = loadingPage.Execute(w, map[string]any{"Again": loadingAgain, "Percent": percent, "Words": all})
}
