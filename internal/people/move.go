package people

import (
	"context"
	"errors"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/registry"
)

// countyDigits are the digits of a county's code.
const countyDigits = 6

// Move hands a resident over from the roster of one community to that of another in the same county:
// whoever keeps the former roster no longer sees them, whoever keeps the new one does. The household
// stays behind, marks and open requests go along; the address is the new one, or none while it is not known. Errors:
// Invalid for what is no other community of the county; Conflict when the data is erased; Stale.
func (s *Service) Move(ctx context.Context, id, to, address string, version int64) error {
	return s.Log.Do(ctx, func(tx *audit.Tx) error {
		p, err := s.FindRecord(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := Within(tx, permEdit, p.Area); err != nil {
			return err
		}
		area, ok := s.Registry.Area(to)
		switch {
		case p.State == Erased:
			return ErrErased
		case !p.Roster:
			return errs.New(errs.Conflict, "people.not_rostered")
		case !ok || area.Level < registry.LevelCommunity:
			return errs.ErrInvalid.At("area", "field.community")
		case !strings.HasPrefix(to, p.Area[:countyDigits]) || strings.HasPrefix(to, p.Area) || strings.HasPrefix(p.Area, to):
			return errs.ErrInvalid.At("area", "people.move")
		}
		before, from := p.record(), p.Area
		p.Area, p.Household, p.Address, p.Version = to, "", strings.TrimSpace(address), version
		if err := p.Person.Check(ctx, ""); err != nil {
			return err
		}
		if want := s.rosterKey(&p); want != "" { // who repeats another there stands beside them: whoever keeps that roster sees it
			taken, err := db.Value[int](ctx, tx, `SELECT COUNT(*) FROM people_person WHERE shard = $1 AND roster_key = $2`, db.ShardOf(id), want)
			if err != nil {
				return err
			}
			if p.key, p.keyed = want, want; taken > 0 {
				p.key = ""
			}
		}
		detail := map[string]any{"verb": "move", "from": from, "to": to}
		tx.Record(audit.Entry{Action: permEdit, Area: from, Subject: Subject, SubjectID: id, Detail: detail, Before: before, After: p.record()})
		if err := s.updatePerson(ctx, tx, &p); errors.Is(err, errRegistered) {
			return errs.ErrStale // it was entered there at the same time; that is not to be told
		} else if err != nil {
			return err
		}
		for _, moved := range s.moved {
			if err := moved(ctx, tx, id, to); err != nil {
				return err
			}
		}
		return nil
	})
}
