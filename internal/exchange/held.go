package exchange

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/text"
	"linli/internal/registry"
	"linli/internal/registry/community"
)

// Value is what is held of an element for one community. Persons are counted, never named, but for the holders of public
// posts.
type Value struct {
	Text   string    `json:"text" doc:"A number, a day YYYY-MM-DD, a value of the code list, or words"`
	Source text.Pair `json:"source"`
	AsOf   string    `json:"asOf" doc:"Day for which it holds, YYYY-MM-DD"`
}

// Holder answers for elements. A module that holds more brings its own by [Service.Hold].
type Holder interface {
	// Value is that of one community on a day; false where nothing is known.
	Value(ctx context.Context, r db.Reader, element, area, day string) (Value, bool, error)
	// Values are those of many communities, by their codes: one query, whatever their number. Those of which nothing is
	// known are left out.
	Values(ctx context.Context, r db.Reader, element string, areas []string, day string) (map[string]Value, error)
}

// Query asks for an element of communities on a day.
type Query struct {
	Area string // the smallest area that holds all that are asked for
	Day  string // YYYY-MM-DD
}

// source reads one element of all communities of an area, by their codes.
type source func(ctx context.Context, r db.Reader, h *Held, q Query) (map[string]Value, error)

// Held answers for what the register, the rosters and the counters of cases hold.
type Held struct {
	Registry    *registry.Service
	Communities *community.Service
	Grants      Grants
	Elements    func(code string) (Element, bool)
}

// sources says of each element that is bound where its values are read.
var sources = func() map[string]source {
	out := map[string]source{}
	for _, part := range []map[string]source{areaSources(), bodySources(), memberSources(), facilitySources(), peopleSources(),
		caseSources()} {
		maps.Copy(out, part)
	}
	return out
}()

// Bound are the elements whose values Linli itself holds, by their codes.
func Bound() map[string]bool {
	out := map[string]bool{}
	for code := range sources {
		out[code] = true
	}
	return out
}

// Value is a Holder's.
func (h *Held) Value(ctx context.Context, r db.Reader, element, area, day string) (Value, bool, error) {
	all, err := h.Values(ctx, r, element, []string{area}, day)
	v, ok := all[area]
	return v, ok, err
}

// Values is a Holder's. Error: an element that is not bound.
func (h *Held) Values(ctx context.Context, r db.Reader, element string, areas []string, day string) (map[string]Value, error) {
	read, ok := sources[element]
	if !ok {
		return nil, fmt.Errorf("exchange: nothing is held of %s", element)
	}
	if len(areas) == 0 {
		return map[string]Value{}, nil
	}
	all, err := read(ctx, r, h, Query{Area: registry.CommonArea(slices.Values(areas)), Day: day})
	if err != nil {
		return nil, err
	}
	e, _ := h.Elements(element)
	today := clock.Day(clock.Now(ctx))
	out := make(map[string]Value, len(areas))
	for _, code := range areas {
		v, ok := all[code]
		if !ok || v.Text == "" {
			continue
		}
		if v.Source.Zh == "" {
			v.Source = e.Source
		}
		if v.AsOf == "" {
			v.AsOf = min(day, today)
		}
		out[code] = v
	}
	return out, nil
}

// communities are those of the register inside an area.
func (h *Held) communities(area string) []registry.Area {
	if registry.LevelOf(area) == registry.LevelCommunity {
		if a, ok := h.Registry.Area(area); ok {
			return []registry.Area{a}
		}
		return nil
	}
	return h.Registry.Below(area, registry.LevelCommunity)
}

// counted are numbers, with 0 for communities without any.
func (h *Held) counted(area string, counts map[string]int) map[string]Value {
	out := map[string]Value{}
	for _, a := range h.communities(area) {
		out[a.Code] = Value{Text: fmt.Sprint(counts[a.Code])}
	}
	return out
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}
