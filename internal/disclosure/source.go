package disclosure

import (
	"context"

	"linli/internal/gate"
	"linli/internal/platform/db"
	"linli/internal/platform/text"
	"linli/internal/registry"
)

// seats are the members of bodies and their terms, from the register.
type seats struct {
	reg   *registry.Service
	words *text.Catalogue
	code  string
	kinds []string
}

// FactCode implements [gate.Facts].
func (s seats) FactCode() string { return s.code }

// Facts implements [gate.Facts]: those in office on the last day of the period, or who left within it.
func (s seats) Facts(ctx context.Context, r db.Reader, q gate.FactQuery) (gate.FactTable, error) {
	out := gate.FactTable{Columns: gate.Columns(s.words, "disclosure.column.body", "disclosure.column.member",
		"disclosure.column.post", "disclosure.column.from", "disclosure.column.to")}
	for _, kind := range s.kinds {
		all, err := registry.ListSeated(ctx, r, q.Area, kind)
		if err != nil {
			return out, err
		}
		for _, m := range all {
			if m.Area != q.Area || m.TermFrom > q.To || m.TermTo != "" && m.TermTo < q.From || len(out.Rows) == gate.MostFacts {
				continue
			}
			out.Rows = append(out.Rows, []string{s.reg.BodyName(m.BodyID), m.Name, s.post(m.Post), m.TermFrom, m.TermTo})
		}
	}
	return out, nil
}

// post is a post in words.
func (s seats) post(code string) string {
	if key := "registry.post." + code; s.words.Has(key) {
		return s.words.T(text.Chinese, key)
	}
	return code
}

// register are the sources of the register.
func (s *Service) register() []gate.Facts {
	return []gate.Facts{
		seats{s.Registry, s.Words, "registry.members", []string{registry.BodyCommittee, registry.BodySupervisory, registry.BodyCouncil}},
		seats{s.Registry, s.Words, "registry.party", []string{registry.BodyParty}},
	}
}
