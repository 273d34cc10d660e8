// Package people is the only home of personal data: name, phone, identity number and address
// of residents, sealed at rest, found by blind index, and masked in every view.
package people

import (
	"context"
	"encoding/json"
	"strings"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
	"linli/internal/platform/idcode"
	"linli/internal/platform/module"
	"linli/internal/platform/seal"
	"linli/internal/registry"
)

// Person is a resident as a case knows them. Only Name may be relied on to be filled.
type Person struct {
	ID      string `json:"-"`
	Name    string `json:"name,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Number  string `json:"number,omitempty"` // GB 11643 identity number
	Address string `json:"address,omitempty"`
}

// Masked is a person as faces show one.
type Masked struct {
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Number  string `json:"idNumber"`
	Address string `json:"address"`
}

// Mask hides what identifies: 张*三, 138****5678, 320***********123X; of an address the end.
func (p Person) Mask() Masked {
	return Masked{idcode.MaskName(p.Name), idcode.MaskPhone(p.Phone), idcode.MaskID(p.Number), maskAddress(p.Address)}
}

func maskAddress(s string) string {
	r := []rune(s)
	if len(r) <= 6 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:6]) + "***"
}

// Empty tells whether nothing is known: an anonymous report.
func (p Person) Empty() bool { return p.Name == "" && p.Phone == "" && p.Number == "" }

// Check refuses what cannot be a person's data, naming each wrong field below location.
func (p *Person) Check(location string) error {
	p.Name, p.Phone = strings.TrimSpace(p.Name), strings.TrimSpace(p.Phone)
	p.Number, p.Address = strings.ToUpper(strings.TrimSpace(p.Number)), strings.TrimSpace(p.Address)
	wrong := errs.ErrInvalid
	if len([]rune(p.Name)) > 50 {
		wrong = wrong.At(location+".name", "field.too_long", "max", 50)
	}
	if len([]rune(p.Address)) > 200 {
		wrong = wrong.At(location+".address", "field.too_long", "max", 200)
	}
	if !validPhone(p.Phone) {
		wrong = wrong.At(location+".phone", "field.phone")
	}
	if p.Number != "" {
		if _, err := idcode.ParseResident(p.Number); err != nil {
			wrong = wrong.At(location+".idNumber", "field.idnumber")
		}
	}
	if len(wrong.Fields) > 0 {
		return wrong
	}
	return nil
}

// Service keeps people.
type Service struct{ Ring *seal.Ring }

// Keep stores a person born in the area and tells the id; "" for one of whom nothing is known.
func (s *Service) Keep(ctx context.Context, tx *audit.Tx, area string, p Person) (string, error) {
	if p.Empty() {
		return "", nil
	}
	shard := db.Shard(area)
	id := shard + "-" + db.NewID(ctx)
	raw, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `INSERT INTO people_person (shard, id, area, sealed, phone_index, number_index, created_at, version)
		VALUES ($1,$2,$3,$4,$5,$6,$7,1)`, shard, id, area, s.Ring.Seal(raw, id),
		s.Ring.Index("phone", p.Phone), s.Ring.Index("number", p.Number), clock.Millis(tx.Now))
	return id, err
}

// Find reads a person; the empty person for "".
func (s *Service) Find(ctx context.Context, r db.Reader, id string) (Person, error) {
	if id == "" {
		return Person{}, nil
	}
	sealed, err := db.Value[string](ctx, r, `SELECT sealed FROM people_person WHERE shard = $1 AND id = $2`, db.ShardOf(id), id)
	if err != nil {
		return Person{}, err
	}
	raw, err := s.Ring.Open(sealed, id)
	if err != nil {
		return Person{}, err
	}
	p := Person{ID: id}
	return p, json.Unmarshal(raw, &p)
}

// Follower lets people follow a reorganisation of the register.
func (s *Service) Follower() registry.Follower {
	return registry.Follower{What: "people",
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			return m.Areas.Rewrite(ctx, tx, "people_person", "area")
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM people_person WHERE area >= $1 AND area < $2`, area, authority.After(area))
		}}
}

// Module is what people brings.
func (s *Service) Module() module.Module {
	return module.Module{Name: "people", Tables: map[string]module.Growth{"people_person": module.Sharded}}
}

func validPhone(s string) bool {
	_, err := idcode.ParsePhone(s)
	return s == "" || err == nil
}
