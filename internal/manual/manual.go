// Package manual serves the operating manuals for a city's staff, in Chinese, as pages of the portal that are
// open to everybody. They are the Markdown files of docs/zh. It owns no tables.
package manual

import (
	"context"
	"embed"
	"net/http"
	"path"

	"linli/docs"
	"linli/internal/platform/errs"
	"linli/internal/platform/module"
	"linli/internal/platform/page"
	"linli/internal/wiring"
)

//go:embed texts/*.json
var texts embed.FS

//go:embed templates/*.html
var templates embed.FS

// pictureCache lets a browser keep a picture for a day: its name stays when the picture is taken anew.
const pictureCache = "public, max-age=86400"

// fieldPath is where the field app opens a manual: within what its service worker may keep for when there is no signal.
const fieldPath = "/field/manual/{name}"

// Module are the manuals.
func Module() wiring.Module { return wiring.Module{Name: "manual", Texts: texts, Start: start} }

func start(context.Context, *wiring.Deps) (module.Module, error) {
	open := module.OpenPage(&module.Probe{Make: func(context.Context, string) (map[string]string, error) {
		return map[string]string{"name": "grid", "file": "console-home.png"}, nil
	}})
	return module.Module{Name: "manual", Texts: texts, Templates: templates, Pages: pages, PageReach: map[string]module.PageReach{
		"GET /manual": open, "GET /manual/{name}": open, "GET " + fieldPath: open, "GET /manual/pictures/{file}": open,
	}}, nil
}

func pages(site *page.Site) {
	site.Get("/manual", list)
	site.Get("/manual/{name}", one)
	site.Get(fieldPath, one)
	site.Get("/manual/pictures/{file}", picture)
}

func list(q *page.Request) error {
	all, err := All()
	if err != nil {
		return err
	}
	q.Crumb(q.T("manual.page.heading"), "")
	return q.Render(http.StatusOK, "manual/list", all)
}

func one(q *page.Request) error {
	all, err := All()
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Slug == q.Path("name") {
			q.Crumb(q.T("manual.page.heading"), "/manual")
			q.Crumb(m.Title, "")
			return q.Render(http.StatusOK, "manual/one", m)
		}
	}
	return errs.ErrNotFound
}

func picture(q *page.Request) error {
	name := q.Path("file")
	if name == "" || path.Base(name) != name {
		return errs.ErrNotFound
	}
	body, err := docs.Files.ReadFile("pictures/" + name)
	if err != nil {
		return errs.ErrNotFound
	}
	return q.Send(http.StatusOK, "image/png", pictureCache, body)
}
