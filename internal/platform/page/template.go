package page

import (
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"

	"linli/internal/platform/text"
)

// pageTemplate is the template of one page in one language with the parts that pages share, put together when it is first shown:
// most are never asked for in the other language, and each holds a copy of the shared parts.
type pageTemplate func() (*template.Template, error)

// Build parses every template in every language; it fails on one that does not parse.
func (s *Site) Build() error {
	s.pages = map[text.Lang]map[string]pageTemplate{}
	for _, lang := range text.Languages {
		functions := s.functions(lang)
		shared := template.New("").Funcs(functions)
		if err := s.each(func(_, file string, raw string) error {
			if !strings.HasPrefix(file, "_") {
				return nil
			}
			_, err := shared.New(file).Parse(raw)
			return err
		}); err != nil {
			return err
		}
		s.pages[lang] = map[string]pageTemplate{}
		if err := s.each(func(module, file string, raw string) error {
			if strings.HasPrefix(file, "_") {
				return nil
			}
			name := module + "/" + strings.TrimSuffix(file, ".html")
			_, err := template.New(name).Funcs(functions).Parse(raw) // a fault ends the start
			s.pages[lang][name] = sync.OnceValues(func() (*template.Template, error) {
				t, err := shared.Clone()
				if err != nil {
					return nil, err
				}
				return t.New(name).Parse(raw)
			})
			return err
		}); err != nil {
			return err
		}
	}
	// Refusals before any handler (a broken address, a form of another site, a fault) are pages, too.
	s.o.Speaker.Page = func(w http.ResponseWriter, r *http.Request, err error) { s.request(w, r).fail(err) }
	return nil
}

func (s *Site) each(do func(module, file, raw string) error) error {
	for _, src := range s.files {
		names, err := fs.Glob(src.files, "templates/*.html")
		if err != nil {
			return err
		}
		for _, name := range names {
			raw, err := fs.ReadFile(src.files, name)
			if err != nil {
				return err
			}
			if err := do(src.module, path.Base(name), string(raw)); err != nil {
				return fmt.Errorf("template %s %s: %w", src.module, name, err)
			}
		}
	}
	return nil
}

// functions are the words that templates are written with.
func (s *Site) functions(lang text.Lang) template.FuncMap {
	c := s.o.Speaker.Catalogue
	return template.FuncMap{
		"T":      func(key string, pairs ...any) string { return c.T(lang, key, pairs...) },
		"count":  func(key string, n int) string { return Count(c, lang, key, n) },
		"day":    func(v any) string { return Day(lang, v) },
		"moment": func(v any) string { return Moment(lang, v) },
		"number": Number3,
	}
}
