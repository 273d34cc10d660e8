package worklist

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
)

// Todo is work that waits for the reader and is no case: a decision, a signature, a receipt. Its kind is the key of
// its words: <module>.todo.<what>.
type Todo struct {
	Kind  string            `json:"kind"`
	Count int               `json:"count" doc:"100 at most"`
	Due   int64             `json:"due" doc:"Of these the earliest deadline; 0 without any"`
	Page  string            `json:"page" doc:"Name of the console's page that lists it, or shows it where it is one"`
	ID    string            `json:"id" doc:"Of the one; empty where there are more, or where the page lists it"`
	Query map[string]string `json:"query" doc:"Filters of the page"`
}

// TodoSource tells what waits for the actor of the context; nothing with a count of 0.
type TodoSource func(ctx context.Context) ([]Todo, error)

// Bring registers what a module brings into the inbox beside its cases.
func (s *Service) Bring(source TodoSource) { s.todos = append(s.todos, source) }

// permTodo lets members of staff see what waits for them beside cases.
const permTodo = "casework.todo.read"

// staff are the roles for which something can wait beside cases.
var staff = slices.Concat(registry.Handlers, registry.Officers, []authority.Role{registry.RoleBranchMember,
	registry.RoleCommitteeMember, registry.RoleCouncilMember,
	registry.RoleSupervisoryMember, registry.RoleCommunityBuilding})

// Todo is what waits for the actor beside cases, the most urgent first.
func (s *Service) Todo(ctx context.Context) ([]Todo, error) {
	out := []Todo{}
	for _, source := range s.todos {
		found, err := source(ctx)
		if err != nil {
			return nil, err
		}
		for _, t := range found {
			if t.Count > 0 {
				if t.Query == nil {
					t.Query = map[string]string{}
				}
				out = append(out, t)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Todo) int { return cmp.Compare(cmp.Or(a.Due, 1<<62), cmp.Or(b.Due, 1<<62)) })
	return out, nil
}

// CountTodo counts rows of a table that a condition finds, up to 100, with the earliest deadline (an expression of milliseconds) and
// the id of one of them.
func CountTodo(ctx context.Context, r db.Reader, from, id, due string, w *db.Where) (t Todo, one string, err error) {
	type row struct {
		n, due int64
		id     string
	}
	found, err := db.One(ctx, r, func(s db.Scanner) (v row, err error) { return v, s.Scan(&v.n, &v.due, &v.id) },
		`SELECT COUNT(*), COALESCE(MIN(CASE WHEN due > 0 THEN due END), 0), COALESCE(MIN(id), '')
		FROM (SELECT `+id+` AS id, `+due+` AS due FROM `+from+w.String()+` LIMIT `+strconv.Itoa(countMost)+`) AS counted`, w.List...)
	return Todo{Count: int(found.n), Due: found.due}, found.id, err
}
