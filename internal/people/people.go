// Package people is the only home of personal data: name, phone, identity number and address of
// residents and their households, sealed at rest, found by blind index, and masked in every view.
// One field at a time is shown for a purpose that is recorded and that the person can see.
// Tables (sharded): people_person, people_household, people_tag. Its rooms: roster takes lists of residents; request
// answers what persons ask about their own data.
package people

import (
	"context"
	"embed"
	"time"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/limit"
	"linli/internal/platform/module"
	"linli/internal/platform/rule"
	"linli/internal/platform/seal"
	"linli/internal/registry"
)

// Texts holds texts/zh.json and texts/en.json.
//
//go:embed texts
var Texts embed.FS

//go:embed rules.csv
var shippedRules []byte

// Rules are the module's dated values.
func Rules() []rule.Value { return rule.Shipped(shippedRules) }

const (
	PermissionRead = "people.person.read" // see who is on a roster, masked; whoever lacks it is told of nobody
	permEdit       = "people.person.edit"
	permUnmask     = "people.person.unmask"
	permExport     = "people.person.export"

	Subject = "people.person" // what the audit log calls a person
)

// Service keeps people.
type Service struct {
	Ring     *seal.Ring
	Log      *audit.Log
	Registry *registry.Service
	Rules    *rule.Cache
	Words    Words
	Alarms   Alarms
	Limits   *limit.Limiter

	Personal []Personal // that modules keep of people outside of cases; registered at start

	tables []string                                                             // see Keeps
	moved  []func(ctx context.Context, tx *audit.Tx, person, area string) error // see OnMove
}

// New makes the service; Words, Alarms and Limits are connected by app.
func New(log *audit.Log, reg *registry.Service, rules *rule.Cache, ring *seal.Ring) *Service {
	return &Service{Ring: ring, Log: log, Registry: reg, Rules: rules, tables: []string{"people_person", "people_household"}}
}

// Module is what people brings.
func (s *Service) Module() module.Module {
	community := []authority.Role{registry.RoleWindowWorker, registry.RoleDispatcher}
	readers := append([]authority.Role{registry.RoleGridWorker, registry.RoleSubdistrictOfficer}, community...)
	handlers := []authority.Role{registry.RoleDispatcher, registry.RoleSubdistrictOfficer}
	return module.Module{
		Name:   "people",
		Reach:  reach,
		Tables: map[string]module.Growth{"people_person": module.Sharded, "people_household": module.Sharded, "people_tag": module.Sharded},
		Permissions: []authority.Permission{
			{Name: PermissionRead, Roles: readers},
			{Name: permUnmask, Roles: readers},
			{Name: permEdit, Roles: community},
			{Name: permExport, Roles: handlers},
		},
		Texts:  Texts,
		Rules:  Rules(),
		Routes: s.routes,
		Jobs: []module.Job{
			{Name: "people.keys", Every: 15 * time.Second, Do: s.ResealAll},
		},
	}
}

// Keeps takes a room's table among those that follow a reorganisation and new keys. It has the columns shard, id, area,
// sealed and sealed_by, as people_person does. Call it at start.
func (s *Service) Keeps(table string) { s.tables = append(s.tables, table) }

// OnMove lets a room's rows go along when a resident is handed over to another community, in the same write. Call it at start.
func (s *Service) OnMove(do func(ctx context.Context, tx *audit.Tx, person, area string) error) {
	s.moved = append(s.moved, do)
}

// Keep stores a person born in the area and tells the id; "" for one of whom nothing is known.
func (s *Service) Keep(ctx context.Context, tx *audit.Tx, area string, p Person) (string, error) {
	if p.Empty() {
		return "", nil
	}
	row := Record{Area: area, State: Active}
	p.ID = db.Shard(area) + "-" + db.NewID(ctx)
	row.Person = p
	return p.ID, s.insertPerson(ctx, tx, &row)
}

// Find reads a person; the empty person for "".
func (s *Service) Find(ctx context.Context, r db.Reader, id string) (Person, error) {
	if id == "" {
		return Person{}, nil
	}
	row, err := s.FindRecord(ctx, r, id)
	row.Person.Erased = row.State == Erased
	return row.Person, err
}

// Follower lets people follow a reorganisation of the register.
func (s *Service) Follower() registry.Follower {
	return registry.Follower{What: "people",
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			for _, table := range s.tables {
				if err := m.Areas.Rewrite(ctx, tx, table, "area"); err != nil {
					return err
				}
			}
			return nil
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM people_person WHERE area >= $1 AND area < $2`, area, authority.PrefixEnd(area))
		}}
}
