package app

import (
	"context"

	"linli/internal/hall"
	"linli/internal/platform/text"
	"linli/internal/portal"
)

// services lets the portal's search find what the hall offers.
type services struct{ hall *hall.Service }

// FindServices lists the services whose name or summary holds the words.
func (s services) FindServices(_ context.Context, words string, lang text.Lang, limit int) ([]portal.Found, error) {
	var out []portal.Found
	for _, item := range s.hall.Find(words) {
		if len(out) == limit {
			break
		}
		v := s.hall.Summary(&item, lang)
		out = append(out, portal.Found{Label: v.Name, Note: v.Summary, Href: "/hall/" + v.Code})
	}
	return out, nil
}
