package exchange

import (
	"context"
	"fmt"
	"sync/atomic"

	"linli/internal/gate"
	"linli/internal/platform/audit"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/rule"
	"linli/internal/registry"
)

// Service keeps elements and forms, and tells what is held.
type Service struct {
	Log      *audit.Log
	Registry *registry.Service
	Rules    *rule.Cache
	Words    Words
	Held     *Held

	Admissions gate.Admissions // how admissions stand; nil where no gate tells

	holders  map[string]Holder // of modules, by element
	register atomic.Pointer[register]
}

// Hold lets a module answer for elements, by their codes. Call it at start.
func (s *Service) Hold(h Holder, elements ...string) error {
	for _, code := range elements {
		if _, taken := s.holders[code]; taken || Bound()[code] {
			return fmt.Errorf("exchange: two holders of %s", code)
		}
		s.holders[code] = h
	}
	return s.RefreshElements(context.Background())
}

// holder is who answers for an element, or nil.
func (s *Service) holder(element string) Holder {
	if h, ok := s.holders[element]; ok {
		return h
	}
	if _, ok := sources[element]; ok {
		return s.Held
	}
	return nil
}

// Filled are the values of a form's held fields for communities on a day: by the key of the field, then by the code of the
// community. One query a field, whatever the number of communities.
func (s *Service) Filled(ctx context.Context, r db.Reader, c *Content, areas []string, day string) (map[string]map[string]Value, error) {
	report := s.Check(ctx, c, nil)
	out, read := map[string]map[string]Value{}, map[string]map[string]Value{}
	for i, f := range report.Fields {
		if f.Status != statusHeld {
			continue
		}
		code := f.Match.Element.Code
		if read[code] == nil {
			values, err := s.holder(code).Values(ctx, r, code, areas, day)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", code, err)
			}
			read[code] = values
		}
		out[c.Fields[i].Key] = read[code]
	}
	return out, nil
}

// Check compares a form with the elements of today and with running forms.
func (s *Service) Check(ctx context.Context, c *Content, running []Form) Report {
	return s.register.Load().matcher.Check(c, running, LimitsOn(s.Rules, clock.Day(clock.Now(ctx))))
}
