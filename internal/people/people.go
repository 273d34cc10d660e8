// Package people is the only home of personal data: name, phone, identity number and address of
// residents and their households, sealed at rest, found by blind index, and masked in every view.
// One field at a time is shown for a purpose that is recorded and that the person can see.
// Tables (sharded): people_person, people_household, people_tag, people_request, people_import.
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
	"linli/internal/platform/sandbox"
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
	permRead    = "people.person.read"
	permEdit    = "people.person.edit"
	permUnmask  = "people.person.unmask"
	permExport  = "people.person.export"
	permImport  = "people.roster.import"
	permRequest = "people.request.handle"

	subject = "people.person"
)

// Service keeps people.
type Service struct {
	Ring     *seal.Ring
	Log      *audit.Log
	Registry *registry.Service
	Rules    *rule.Book
	Words    Words
	Cases    Cases
	Files    Files
	Alarms   Alarms
	Limits   *limit.Limiter
	Sandbox  *sandbox.Pool // where foreign files are read
	Spool    string        // folder in which they wait for it
}

// New makes the service; Words, Cases, Files and Limits are connected by app.
func New(log *audit.Log, reg *registry.Service, rules *rule.Book, ring *seal.Ring) *Service {
	return &Service{Ring: ring, Log: log, Registry: reg, Rules: rules}
}

// Module is what people brings.
func (s *Service) Module() module.Module {
	community := []authority.Role{registry.RoleWindowWorker, registry.RoleDispatcher}
	readers := append([]authority.Role{registry.RoleGridWorker, registry.RoleSubdistrictOfficer}, community...)
	handlers := []authority.Role{registry.RoleDispatcher, registry.RoleSubdistrictOfficer}
	return module.Module{
		Name:  "people",
		Reach: reach,
		Tables: map[string]module.Growth{"people_person": module.Sharded, "people_household": module.Sharded, "people_tag": module.Sharded,
			"people_request": module.Sharded, "people_import": module.Sharded},
		Permissions: []authority.Permission{
			{Name: permRead, Roles: readers},
			{Name: permUnmask, Roles: readers},
			{Name: permEdit, Roles: community},
			{Name: permImport, Roles: community},
			{Name: permExport, Roles: handlers},
			{Name: permRequest, Roles: handlers},
		},
		Texts:  Texts,
		Rules:  Rules(),
		Routes: s.routes,
		Jobs: []module.Job{
			{Name: "people.keys", Every: 15 * time.Second, Do: s.ResealAll},
			{Name: "people.roster", Every: 2 * time.Second, Do: s.RunImports, Waits: s.importsWait},
		},
	}
}

// Keep stores a person born in the area and tells the id; "" for one of whom nothing is known.
func (s *Service) Keep(ctx context.Context, tx *audit.Tx, area string, p Person) (string, error) {
	if p.Empty() {
		return "", nil
	}
	row := personRow{Area: area, State: Active}
	p.ID = db.Shard(area) + "-" + db.NewID(ctx)
	row.Person = p
	return p.ID, s.insertPerson(ctx, tx, &row)
}

// Find reads a person; the empty person for "".
func (s *Service) Find(ctx context.Context, r db.Reader, id string) (Person, error) {
	if id == "" {
		return Person{}, nil
	}
	row, err := s.findPerson(ctx, r, id)
	row.Person.Erased = row.State == Erased
	return row.Person, err
}

// Follower lets people follow a reorganisation of the register.
func (s *Service) Follower() registry.Follower {
	return registry.Follower{What: "people",
		Move: func(ctx context.Context, tx *audit.Tx, m *registry.Moves) error {
			for _, table := range []string{"people_person", "people_household", "people_request", "people_import"} {
				if err := m.Areas.Rewrite(ctx, tx, table, "area"); err != nil {
					return err
				}
			}
			return nil
		},
		Count: func(ctx context.Context, r db.Reader, area string) (int, error) {
			return db.Value[int](ctx, r, `SELECT COUNT(*) FROM people_person WHERE area >= $1 AND area < $2`, area, authority.After(area))
		}}
}
