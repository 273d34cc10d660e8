package registry

import (
	"context"
	"encoding/json"
	"strings"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

const (
	// bodyColumns are those of registry_body, in the order in which they are read and written.
	bodyColumns = `id, area, kind, department, name, phone, address, hours, version`
	// memberColumns are those of registry_member.
	memberColumns = `id, body_id, account_id, name, post, phone, term_from, term_to, duty, version`
)

func scanBody(row db.Scanner) (b Body, err error) {
	var hours string
	if err = row.Scan(&b.ID, &b.Area, &b.Kind, &b.Department, &b.Name, &b.Phone, &b.Address, &hours, &b.Version); err != nil {
		return b, err
	}
	b.Members = []Member{}
	b.Hours = []Hours{}
	return b, json.Unmarshal([]byte(hours), &b.Hours)
}

func scanMember(row db.Scanner) (m Member, err error) {
	var duty string
	if err = row.Scan(&m.ID, &m.BodyID, &m.Account, &m.Name, &m.Post, &m.Phone, &m.TermFrom, &m.TermTo, &duty, &m.Version); err != nil {
		return m, err
	}
	m.Duty = []Hours{}
	return m, json.Unmarshal([]byte(duty), &m.Duty)
}

// FindBody reads a body without its members. Error: db.ErrNone without one.
func FindBody(ctx context.Context, r db.Reader, id string) (Body, error) {
	return db.One(ctx, r, scanBody, `SELECT `+bodyColumns+` FROM registry_body WHERE id = $1`, id)
}

// FindBodyOf reads the body of a kind (and department, or "") of an area. Error: db.ErrNone without one.
func FindBodyOf(ctx context.Context, r db.Reader, area, kind, department string) (Body, error) {
	return db.One(ctx, r, scanBody, `SELECT `+bodyColumns+` FROM registry_body WHERE area = $1 AND kind = $2 AND department = $3`,
		area, kind, department)
}

// ListBodies reads the bodies of an area itself, not of those below it.
func ListBodies(ctx context.Context, r db.Reader, area string) ([]Body, error) {
	return db.All(ctx, r, scanBody, `SELECT `+bodyColumns+` FROM registry_body WHERE area = $1`, area)
}

// BodyFilter picks bodies at, above and below an area.
type BodyFilter struct {
	Area  string
	Kind  string // or "" for every kind
	After string // cursor of the page before, or ""
	Limit int
}

// pickBodies lists bodies without members by area, kind and department; those of the areas above
// come first.
func pickBodies(ctx context.Context, r db.Reader, f BodyFilter) ([]Body, error) {
	area, kind, department := "", "", ""
	if parts := strings.SplitN(f.After, "|", 3); len(parts) == 3 {
		area, kind, department = parts[0], parts[1], parts[2]
	}
	args := []any{f.Area, authority.PrefixEnd(f.Area), f.Kind, area, kind, department, f.Limit}
	above := []string{}
	for level := LevelProvince; level <= LevelGrid && levelLength[level] < len(f.Area); level++ {
		above = append(above, f.Area[:levelLength[level]])
	}
	in, args := db.In(args, above)
	return db.All(ctx, r, scanBody, `SELECT `+bodyColumns+` FROM registry_body
		WHERE (area >= $1 AND area < $2 OR area IN `+in+`) AND (CAST($3 AS TEXT) = '' OR kind = $3) AND (area, kind, department) > ($4, $5, $6)
		ORDER BY area, kind, department LIMIT $7`, args...)
}

func listMembers(ctx context.Context, r db.Reader, bodyID string) ([]Member, error) {
	return db.All(ctx, r, scanMember, `SELECT `+memberColumns+` FROM registry_member WHERE body_id = $1 ORDER BY id`, bodyID)
}

// ListMembersOf lists the members of the bodies of an area, of one kind or, for "", of all.
func ListMembersOf(ctx context.Context, r db.Reader, area, kind string) ([]Member, error) {
	return db.All(ctx, r, scanMember, `SELECT `+prefixed("m", memberColumns)+` FROM registry_member m
		JOIN registry_body b ON b.id = m.body_id WHERE b.area = $1 AND (CAST($2 AS TEXT) = '' OR b.kind = $2) ORDER BY m.id`, area, kind)
}

func prefixed(alias, columns string) string {
	return alias + "." + strings.ReplaceAll(columns, ", ", ", "+alias+".")
}

// FindMember reads a member. Error: db.ErrNone without one.
func FindMember(ctx context.Context, r db.Reader, id string) (Member, error) {
	return db.One(ctx, r, scanMember, `SELECT `+memberColumns+` FROM registry_member WHERE id = $1`, id)
}
