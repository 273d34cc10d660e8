package people

import (
	"context"

	"linli/internal/platform/db"
	"linli/internal/platform/idcode"
)

// phonesMost bounds how many records of one telephone number are looked at, the newest first.
const phonesMost = 200

// ByPhone lists the ids of those who gave a telephone number, found by its blind index.
func (s *Service) ByPhone(ctx context.Context, r db.Reader, phone string) ([]string, error) {
	return db.All(ctx, r, func(row db.Scanner) (id string, err error) {
		err = row.Scan(&id)
		return id, err
	}, `SELECT id FROM people_person WHERE phone_index = $1 ORDER BY created_at DESC LIMIT $2`, s.PhoneIndex(phone), phonesMost)
}

// Reached is a person as messages may reach them: empty for one that is erased, or whose data is
// kept and not used.
func (s *Service) Reached(ctx context.Context, r db.Reader, id string) (Person, error) {
	if id == "" {
		return Person{}, nil
	}
	row, err := s.FindRecord(ctx, r, id)
	if err != nil || row.State != Active {
		return Person{}, err
	}
	return row.Person, nil
}

// PhoneIndex is the blind index of a telephone number, however it is written.
func (s *Service) PhoneIndex(phone string) string {
	if p, err := idcode.ParsePhone(phone); err == nil {
		phone = p.Number
	}
	return s.Ring.Index("phone", phone)
}
