package registry

import (
	"context"
	"strings"

	"linli/internal/platform/text"
)

// NameIn is an area's name for a reader: as registered, and for readers of English with its
// spelling in front.
func NameIn(a Area, lang text.Lang) string {
	if lang != text.English || a.Name == "" {
		return a.Name
	}
	spelled, _ := Spelling(Core(FoldName(a.Name)))
	if spelled == "" {
		return a.Name
	}
	return strings.ToUpper(spelled[:1]) + spelled[1:] + " " + a.Name
}

// PathIn is the way from the city down to an area, for a reader.
func (s *Service) PathIn(code string, lang text.Lang) string {
	var names []string
	for _, a := range s.Path(code) {
		names = append(names, NameIn(a, lang))
	}
	return strings.Join(names, " › ")
}

// CityIn is the name of the register's city, for the head of pages.
func (s *Service) CityIn(_ context.Context, lang text.Lang) string {
	city, ok := s.City()
	if !ok {
		return ""
	}
	if lang == text.English {
		spelled, _, _ := strings.Cut(NameIn(city, lang), " ")
		return spelled
	}
	return city.Name
}
