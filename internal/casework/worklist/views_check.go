package worklist

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"linli/internal/casework"
	"linli/internal/platform/errs"
	"linli/internal/platform/flow"
)

// viewChecks tell, by part of a saved view, whether a value means something today. Parts without one are free text.
func (s *Service) viewChecks() map[string]func(string) bool {
	matter := func(knows func(*casework.Matter) bool) bool {
		for _, m := range s.Cases.Matters {
			if knows(m) {
				return true
			}
		}
		return false
	}
	truth := func(v string) bool { _, err := strconv.ParseBool(v); return err == nil }
	day := func(v string) bool { return (&Filter{}).days(v, "") == nil }
	return map[string]func(string) bool{
		"view": func(v string) bool { return slices.Contains(viewNames, v) },
		"kind": func(v string) bool { return s.Cases.Matters[v] != nil },
		"state": func(v string) bool {
			return matter(func(m *casework.Matter) bool {
				return slices.ContainsFunc(m.Flow.Nodes, func(p flow.StateNode) bool { return string(p.State) == v })
			})
		},
		"subject": func(v string) bool { return matter(func(m *casework.Matter) bool { return m.Knows(v) }) },
		"area":    func(v string) bool { _, ok := s.Cases.Registry.Current(v); return ok },
		"unit":    func(v string) bool { return s.Cases.Registry.BodyName(v) != "" },
		"handler": func(v string) bool { return s.Cases.Accounts.AccountName(v) != "" },
		"channel": func(v string) bool {
			return slices.Contains([]string{casework.ChannelPortal, casework.ChannelWindow, casework.ChannelField, casework.ChannelConsole}, v)
		},
		"from": day, "to": day, "overdue": truth, "low": truth,
		"columns": func(v string) bool {
			return !slices.ContainsFunc(strings.Split(v, ","), func(name string) bool { return !slices.Contains(ColumnNames(), name) })
		},
	}
}

// viewNames are the lists that [FilterInput] takes.
var viewNames = func() []string {
	field, _ := reflect.TypeFor[FilterInput]().FieldByName("View")
	return strings.Split(field.Tag.Get("enum"), ",")
}()

// viewFaults lists the parts of a saved view's query that mean nothing, each with its reason; without one it has no fields.
func (s *Service) viewFaults(query map[string]string) *errs.Error {
	wrong, checks := errs.ErrInvalid, s.viewChecks()
	for _, part := range viewParts {
		if means := checks[part]; means != nil && query[part] != "" && !means(query[part]) {
			wrong = wrong.At("query."+part, "casework.view.part."+part)
		}
	}
	if len(wrong.Fields) == 0 && (&Filter{}).days(query["from"], query["to"]) != nil {
		wrong = wrong.At("query.to", "field.day_order")
	}
	return wrong
}
