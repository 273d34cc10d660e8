package people

import (
	"context"
	"slices"
	"strings"

	"linli/internal/platform/db"
)

// Every case keeps what its reporter gave as a person of its own, so one human is many persons. Two are
// the same human when they gave the same identity number; or the same telephone number and the same name,
// and no two identity numbers. Who shares a telephone with others (a family, a shop) stays apart.

// isSameHuman tells whether two persons are one human.
func isSameHuman(p, q *Person) bool {
	if p.Number != "" && q.Number != "" {
		return p.Number == q.Number
	}
	name := func(o *Person) string { return strings.ToLower(strings.Join(strings.Fields(o.Name), "")) }
	return p.Phone != "" && p.Phone == q.Phone && name(p) != "" && name(p) == name(q)
}

// SameHuman lists the other persons that are the same human as one, in every county.
func (s *Service) SameHuman(ctx context.Context, r db.Reader, p *Record) ([]Record, error) {
	var out []Record
	city, _ := s.Registry.City()
	for _, county := range s.Registry.Children(city.Code) {
		shard := db.Shard(county.Code)
		for kind, mark := range map[string]string{"number": s.Ring.Index("number", p.Number), "phone": s.PhoneIndex(p.Phone)} {
			if kind == "number" && p.Number == "" || kind == "phone" && p.Phone == "" {
				continue
			}
			found, err := s.findIndexed(ctx, r, shard, kind, mark)
			if err != nil {
				return nil, err
			}
			for _, o := range found {
				seen := slices.ContainsFunc(out, func(have Record) bool { return have.ID == o.ID })
				if o.ID != p.ID && !seen && isSameHuman(&p.Person, &o.Person) {
					out = append(out, o)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b Record) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}
