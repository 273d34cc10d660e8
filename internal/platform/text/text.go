// Package text speaks both languages of the platform: 简体中文 first, English complete. Every
// sentence that a person reads has a key in the catalogues that the modules bring.
package text

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"linli/internal/platform/errs"
)

// Lang is a language of the platform.
type Lang string

const (
	Chinese Lang = "zh"
	English Lang = "en"
)

// Languages lists them, the first being the default.
var Languages = []Lang{Chinese, English}

// Parse reads a language tag or an Accept-Language header; Chinese when in doubt.
func Parse(s string) Lang {
	s = strings.ToLower(strings.TrimSpace(s))
	if strings.HasPrefix(s, string(English)) {
		return English
	}
	return Chinese
}

// Valid tells whether both databases can store a text: it is UTF-8 and holds no NUL (U+0000). What is
// not is refused with errs.ErrText.
func Valid(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// Pair is a sentence of shipped data in both languages.
type Pair struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// In is the sentence in a language.
func (p Pair) In(lang Lang) string {
	if lang == English {
		return p.En
	}
	return p.Zh
}

// Given is the sentence in a language, in Chinese where no English one was written.
func (p Pair) Given(lang Lang) string {
	if said := p.In(lang); said != "" {
		return said
	}
	return p.Zh
}

// Complete tells whether both languages are given, each within 2000 bytes.
func (p Pair) Complete() bool {
	return strings.TrimSpace(p.Zh) != "" && strings.TrimSpace(p.En) != "" && len(p.Zh) <= 2000 && len(p.En) <= 2000
}

// Catalogue holds every sentence in every language.
type Catalogue struct {
	texts map[Lang]map[string]string
}

// New merges the texts/zh.json and texts/en.json of every module. It fails on a key that is
// empty, stands twice, or lacks a language.
func New(sources ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{texts: map[Lang]map[string]string{}}
	for _, lang := range Languages {
		c.texts[lang] = map[string]string{}
		for _, src := range sources {
			if src == nil {
				continue
			}
			raw, err := fs.ReadFile(src, "texts/"+string(lang)+".json")
			if err != nil {
				return nil, err
			}
			var m map[string]string
			if err := json.Unmarshal(raw, &m); err != nil {
				return nil, fmt.Errorf("catalogue %s: %w", lang, err)
			}
			for k, v := range m {
				if _, twice := c.texts[lang][k]; twice || v == "" {
					return nil, fmt.Errorf("catalogue %s: %q is empty or stands twice", lang, k)
				}
				c.texts[lang][k] = v
			}
		}
	}
	for k := range c.texts[Chinese] {
		if _, ok := c.texts[English][k]; !ok {
			return nil, fmt.Errorf("catalogue en lacks %q", k)
		}
	}
	for k := range c.texts[English] {
		if _, ok := c.texts[Chinese][k]; !ok {
			return nil, fmt.Errorf("catalogue zh lacks %q", k)
		}
	}
	return c, nil
}

// All is one language's catalogue.
func (c *Catalogue) All(lang Lang) map[string]string { return maps.Clone(c.texts[lang]) }

// Keys lists every key in order.
func (c *Catalogue) Keys() []string { return slices.Sorted(maps.Keys(c.texts[Chinese])) }

// Has tells whether a key exists.
func (c *Catalogue) Has(key string) bool { _, ok := c.texts[Chinese][key]; return ok }

// T is the sentence of a key with its {placeholders} filled from name, value pairs. An [errs.Key] is
// filled by its sentence; every other value stands as it is, were it written like a placeholder or a
// key. An unknown key is returned as it is.
//
// Plurals: {n|day|days} is the first word if the value of n is 1 and the second otherwise; key.one, where it
// exists, replaces key if n is 1.
func (c *Catalogue) T(lang Lang, key string, pairs ...any) string {
	s, ok := c.texts[lang][key]
	if !ok {
		return key
	}
	if len(pairs) < 2 {
		return s
	}
	filled := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		name, value := fmt.Sprint(pairs[i]), c.value(lang, pairs[i+1])
		if one, ok := c.texts[lang][key+".one"]; ok && name == "n" && value == "1" {
			s = one
		}
		filled = append(filled, "{"+name+"}", value)
	}
	for _, form := range plural.FindAllStringSubmatch(s, -1) {
		if at := slices.Index(filled, "{"+form[1]+"}"); at >= 0 && at%2 == 0 {
			filled = append(filled, form[0], form[2+boolInt(filled[at+1] != "1")])
		}
	}
	return strings.NewReplacer(filled...).Replace(s) // in one pass: what is filled in is not read again
}

// plural matches {name|singular|plural}.
var plural = regexp.MustCompile(`\{(\w+)\|([^|{}]*)\|([^|{}]*)\}`)

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Sentence is T with arguments as a refusal carries them.
func (c *Catalogue) Sentence(lang Lang, key string, args errs.Args) string {
	pairs := make([]any, 0, 2*len(args))
	for k, v := range args {
		pairs = append(pairs, k, v)
	}
	return c.T(lang, key, pairs...)
}

func (c *Catalogue) value(lang Lang, v any) string {
	if k, isKey := v.(errs.Key); isKey {
		return c.T(lang, string(k))
	}
	return fmt.Sprint(v)
}

type key struct{}

// With returns a context whose reader reads the language.
func With(ctx context.Context, lang Lang) context.Context { return context.WithValue(ctx, key{}, lang) }

// From is the language of the context's reader.
func From(ctx context.Context) Lang {
	if l, ok := ctx.Value(key{}).(Lang); ok {
		return l
	}
	return Chinese
}
