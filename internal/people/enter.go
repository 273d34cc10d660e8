package people

import (
	"context"
	"slices"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

// What an import of a roster reads and writes of the persons themselves.

// Marked is a person on a county's roster found by the blind index of an identity number.
type Marked struct {
	Mark, ID, Area string
	Version        int64
}

// ListMarked lists the persons on the rosters of a county whose identity numbers have one of the marks.
func ListMarked(ctx context.Context, r db.Reader, shard string, marks []string) ([]Marked, error) {
	in, args := db.In([]any{shard}, marks)
	return db.All(ctx, r, func(row db.Scanner) (f Marked, err error) { return f, row.Scan(&f.Mark, &f.ID, &f.Area, &f.Version) },
		`SELECT number_index, id, area, version FROM people_person
		WHERE shard = $1 AND roster = 1 AND number_index <> '' AND number_index IN `+in, args...)
}

// RosterOf lists who stands on the roster of a community, at most limit.
func (s *Service) RosterOf(ctx context.Context, r db.Reader, community string, limit int) ([]Record, error) {
	return db.All(ctx, r, s.scanPerson,
		`SELECT `+personColumns+` FROM people_person p WHERE p.area >= $1 AND p.area < $2 AND p.roster = 1 ORDER BY p.area, p.id LIMIT $3`,
		community, authority.PrefixEnd(community), limit)
}

// StandsOn tells whether a person stands on the roster of a community: by identity number, else by name and telephone.
// Of one with neither number nor telephone it is not known: false.
func (s *Service) StandsOn(ctx context.Context, r db.Reader, at string, p *Person) (bool, error) {
	if p.Number != "" || p.Phone == "" {
		other, err := s.registered(ctx, r, db.Shard(at), p.Number, []string{at})
		return other != "", err
	}
	same, err := s.findIndexed(ctx, r, db.Shard(at), "phone", s.PhoneIndex(p.Phone))
	return slices.ContainsFunc(same, func(o Record) bool {
		return o.Roster && o.Name == p.Name && Community(o.Area) == at
	}), err
}

// Complete writes onto a person on the roster what is given of name, telephone, address, household and tags, and leaves
// the rest. Detail is what the record says of it. Error: Stale when somebody changed the person since it was read.
func (s *Service) Complete(ctx context.Context, tx *audit.Tx, p *Record, n NewResident, detail map[string]any) (err error) {
	before := p.record()
	for target, value := range map[*string]string{&p.Name: n.Name, &p.Phone: n.Phone, &p.Address: n.Address} {
		if value != "" {
			*target = value
		}
	}
	if n.Household != "" {
		if p.Household, err = s.household(ctx, tx, p.Area, n.Household); err != nil {
			return err
		}
	}
	for _, t := range n.Tags {
		if err := putTag(ctx, tx, p.ID, t); err != nil {
			return err
		}
	}
	if err := s.updatePerson(ctx, tx, p); err != nil {
		return err
	}
	tx.Record(audit.Entry{Action: permEdit, Area: p.Area, Subject: Subject, SubjectID: p.ID, Detail: detail,
		Before: before, After: p.record()})
	return nil
}
