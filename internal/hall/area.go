package hall

import (
	"linli/internal/platform/form"
	"linli/internal/platform/page"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// areas answers what forms ask of the register.
type areas struct{ register *registry.Service }

// AreaLevel is the level of the open area with a code, or 0.
func (a areas) AreaLevel(code string) int {
	found, ok := a.register.Area(code)
	if !ok {
		return 0
	}
	return found.Level
}

// mostNamed is among how many hits an exact name is looked for.
const mostNamed = 100

// NamedAreas are the codes of the areas of a level with exactly this name, as either language writes it.
func (a areas) NamedAreas(name string, level int) []string {
	var out []string
	for _, found := range a.register.Search(name, level, mostNamed) {
		if found.Name == name || registry.NameIn(found, text.English) == name || a.register.PathIn(found.Code, text.Chinese) == name ||
			a.register.PathIn(found.Code, text.English) == name {
			out = append(out, found.Code)
		}
	}
	return out
}

// FormContext is what the answers of a form are judged by on a day.
func (s *Service) FormContext(today string) form.Context {
	return form.Context{Today: today, Areas: areas{s.Registry}}
}

// AreaName names an area that was answered with; one that is no more by its code.
func (s *Service) AreaName(lang text.Lang) func(code string) string {
	return func(code string) string {
		if _, ok := s.Registry.Area(code); !ok {
			return code
		}
		return s.Registry.PathIn(code, lang)
	}
}

// mostListed is how many areas are listed to choose from; beyond that the name is typed.
const mostListed = 200

// Asker words a form for a visitor.
func (s *Service) Asker(t func(key string, pairs ...any) string, lang text.Lang) *form.Asker {
	return &form.Asker{T: t, Lang: lang, Name: s.AreaName(lang), Areas: func(level int) []page.Option {
		city, ok := s.Registry.City()
		if !ok {
			return nil
		}
		below := s.Registry.Below(city.Code, level)
		if len(below) > mostListed {
			return nil
		}
		out := make([]page.Option, len(below))
		for i, a := range below {
			out[i] = page.Option{Value: a.Code, Label: registry.NameIn(a, lang)}
			if a.Parent != city.Code {
				out[i].Group = s.Registry.PathIn(a.Parent, lang)
			}
		}
		return out
	}}
}
