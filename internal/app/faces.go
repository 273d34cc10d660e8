package app

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"linli/internal/platform/calendar"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/text"
	"linli/web"
)

func asYearNotLoaded(err error) (*calendar.YearNotLoaded, bool) {
	var unknown *calendar.YearNotLoaded
	ok := errors.As(err, &unknown)
	return unknown, ok
}

// mountFaces serves console, field and API reference from the built files, and says whether
// the program is alive and ready.
func (a *App) mountFaces(mux *http.ServeMux) {
	for _, face := range []string{"console", "field"} {
		mux.Handle("GET /"+face+"/", http.StripPrefix("/"+face+"/", a.single(face)))
	}
	mux.HandleFunc("GET /api/reference", a.reference)
	mux.HandleFunc("GET /api/reference/start.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = w.Write([]byte(referenceScript))
	})
	mux.Handle("GET /api/reference/", http.StripPrefix("/api/reference/", http.FileServerFS(web.Dist("reference"))))
	mux.Handle("/api/", a.Speaker.Unrouted(mux))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
		defer cancel()
		if err := a.DB.Ping(ctx); err != nil {
			a.Speaker.Refuse(w, r, db.Away(err))
			return
		}
		_, _ = w.Write([]byte("ready\n"))
		overdue, err := a.Jobs.Overdue(r.Context()) // whoever watches the program learns of it; callers are served all the same
		if err == nil && len(overdue) > 0 {
			_, _ = w.Write([]byte("overdue jobs: " + strings.Join(overdue, " ") + "\n"))
		}
	})
}

// readyWithin is how soon a database must answer for the program to be ready.
const readyWithin = 2 * time.Second

// single serves a built single-page face: its files, and its shell for every address inside.
// Files carry a hash in their names and may be kept for ever; the shell may not.
func (a *App) single(face string) http.Handler {
	files := web.Dist(face)
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := fs.Stat(files, "index.html"); err != nil {
			a.unbuilt(w, r)
			return
		}
		if info, err := fs.Stat(files, r.URL.Path); err != nil || info.IsDir() {
			if path.Ext(r.URL.Path) != "" {
				a.Speaker.Refuse(w, r, errs.ErrNotFound)
				return
			}
			w.Header().Set("Cache-Control", "no-cache")
			http.ServeFileFS(w, r, files, "index.html")
			return
		}
		if strings.HasPrefix(r.URL.Path, "assets/") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			w.Header().Set("Cache-Control", "no-cache")
		}
		server.ServeHTTP(w, r)
	})
}

// unbuilt says how to build the faces when the program was made without them.
func (a *App) unbuilt(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte(a.Catalogue.T(text.From(r.Context()), "app.unbuilt") + "\n"))
}

const referencePage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Linli API</title><link rel="stylesheet" href="/api/reference/swagger-ui.css"></head><body><main id="swagger-ui"></main>
<script src="/api/reference/swagger-ui-bundle.js"></script><script src="/api/reference/start.js"></script></body></html>`

const referenceScript = `SwaggerUIBundle({url: "/api/openapi.json", dom_id: "#swagger-ui", deepLinking: true, docExpansion: "none"});`

// reference is the browsable reference of the API.
func (a *App) reference(w http.ResponseWriter, r *http.Request) {
	if _, err := fs.Stat(web.Dist("reference"), "swagger-ui-bundle.js"); err != nil {
		a.unbuilt(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(referencePage))
}
