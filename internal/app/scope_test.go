package app_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/registry"
	"linli/internal/registry/change"
)

const (
	scopeUsers  = 12 // at once
	scopeActs   = 14 // of each in a run
	scopeRuns   = 8  // on each engine
	scopeGrants = 10 // given or taken while they act
)

// While grants are given and taken, many users list, read and move cases over the whole register of
// Lianyungang. No row, figure or step reaches outside what the user held at some instant
// between the request and its answer; and who holds the same throughout sees all of it.
func TestNoRowOutsideScope(t *testing.T) {
	t.Parallel()
	checks := flag.Lookup("rapid.checks")
	before := checks.Value.String()
	_ = checks.Value.Set(fmt.Sprint(scopeRuns))
	t.Cleanup(func() { _ = checks.Value.Set(before) }) // after the engines, which run at once
	apptest.EachEmpty(t, func(t *testing.T, w *apptest.World) {
		c := newScopeCity(t, w)
		rapid.Check(t, c.run)
	})
}

// scopeCity is the whole register with one incident in every community, every third of them in
// the hands of a department, and of those every fifth in those of another county's.
type scopeCity struct {
	w     *apptest.World
	areas map[int][]string // by level
	cases []placed
	byID  map[string]placed
	body  map[string]string // county → its civil affairs
	users []*scopeUser
	now   atomic.Int64 // a clock that ticks at every request, grant and answer
}

type placed struct{ id, area, unit string }

// scopeUser is an account with the times of what it held.
type scopeUser struct {
	id     string
	login  string
	caller *apptest.Caller
	ended  atomic.Bool // what was taken may have been the last, which ends the session
	mu     sync.Mutex
	held   []*holding
	steady bool // nothing is given to or taken from it
}

// holding is a grant from before it was asked for until after it was surely gone.
type holding struct {
	access.Grant
	from, to int64
}

func newScopeCity(t *testing.T, w *apptest.World) *scopeCity {
	t.Helper()
	c := &scopeCity{w: w, areas: map[int][]string{}, byID: map[string]placed{}, body: map[string]string{}}
	ctx := w.System()
	sources, err := change.FromPaths("../demo/data/lianyungang-2023.csv")
	must(t, err)
	_, err = w.App.Changes.Import(ctx, sources, change.ImportOptions{})
	must(t, err)
	var bodies []registry.Body
	for _, level := range []int{registry.LevelCity, registry.LevelCounty, registry.LevelStreet, registry.LevelCommunity} {
		for _, a := range w.App.Registry.Below("3207", level) {
			c.areas[level] = append(c.areas[level], a.Code)
			if level == registry.LevelCounty {
				bodies = append(bodies, registry.Body{Area: a.Code, Kind: registry.BodyDepartment, Department: "civil_affairs", Name: a.Name + "民政局"})
			}
		}
	}
	if len(c.areas[registry.LevelCity]) == 0 {
		c.areas[registry.LevelCity] = []string{"3207"}
	}
	kept, err := w.App.Bodies.LoadBodies(ctx, bodies)
	must(t, err)
	for _, b := range kept {
		c.body[b.Area] = b.ID
	}
	c.openCases(t)
	for i := range scopeUsers {
		login := fmt.Sprintf("user%d", i)
		c.users = append(c.users, &scopeUser{id: w.AccountWith(login), login: login, caller: w.As(login), steady: i%3 == 0})
	}
	return c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (c *scopeCity) openCases(t *testing.T) {
	t.Helper()
	communities := c.areas[registry.LevelCommunity]
	if len(communities) < 1600 {
		t.Fatalf("only %d communities", len(communities))
	}
	counties := c.areas[registry.LevelCounty]
	c.cases = make([]placed, len(communities))
	var work sync.WaitGroup
	for part := range 8 {
		work.Go(func() {
			for i := part; i < len(communities); i += 8 {
				o, err := apptest.Report(authority.With(context.Background(), authority.Nobody()), c.w.App,
					apptest.Reported{Area: communities[i]})
				if err != nil {
					t.Error(err)
					return
				}
				p := placed{id: o.Case.ID, area: communities[i]}
				if i%3 == 0 {
					p.unit = c.body[p.area[:6]]
				}
				if i%15 == 0 {
					p.unit = c.body[counties[i%len(counties)]]
				}
				c.cases[i] = p
			}
		})
	}
	work.Wait()
	ctx := context.Background()
	must(t, c.w.App.DB.Write(ctx, func(tx *db.Tx) error {
		for _, p := range c.cases {
			c.byID[p.id] = p
			if _, err := tx.Exec(ctx, `UPDATE casework_case SET unit_id = $1 WHERE id = $2`, p.unit, p.id); err != nil {
				return err
			}
		}
		return nil
	}))
}

// run is one drawn history.
func (c *scopeCity) run(t *rapid.T) {
	ctx := c.w.System()
	for _, u := range c.users {
		c.clear(t, u)
		for range rapid.IntRange(0, 2).Draw(t, "grants at first") {
			c.give(t, u, c.drawGrant(t))
		}
	}
	if err := c.w.App.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE casework_case SET state = 'reported', open = 1, handler_id = '' WHERE state <> 'reported'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	scripts := make([][]act, len(c.users))
	for i := range c.users {
		for range scopeActs {
			scripts[i] = append(scripts[i], c.drawAct(t))
		}
	}
	var changes []granting
	for range scopeGrants {
		changes = append(changes, granting{rapid.IntRange(0, len(c.users)-1).Draw(t, "whose"), rapid.Bool().Draw(t, "give"), c.drawGrant(t)})
	}
	wrong := make(chan string, 1000)
	var work sync.WaitGroup
	for i, u := range c.users {
		work.Go(func() {
			for _, a := range scripts[i] {
				c.act(u, a, wrong)
			}
		})
	}
	work.Go(func() {
		for _, ch := range changes {
			if u := c.users[ch.user]; !u.steady {
				if ch.give {
					c.give(t, u, ch.grant)
				} else {
					c.take(t, u)
				}
			}
		}
	})
	work.Wait()
	close(wrong)
	for w := range wrong {
		t.Error(w)
	}
}

type granting struct {
	user  int
	give  bool
	grant access.Grant
}

var scopeRoles = []authority.Role{registry.RoleWindowWorker, registry.RoleGridWorker, registry.RoleDispatcher, registry.RoleBranchMember,
	registry.RoleCommitteeMember, registry.RoleCouncilMember,
	registry.RoleSupervisoryMember, registry.RoleDepartmentClerk, registry.RoleDepartmentHead,
	registry.RoleSubdistrictOfficer, registry.RoleCountyOfficer, registry.RoleCityOfficer, registry.RoleCommunityBuilding}

func (c *scopeCity) drawGrant(t *rapid.T) access.Grant {
	role := rapid.SampledFrom(scopeRoles).Draw(t, "role")
	var levels []int
	for _, l := range registry.RoleLevels[role] {
		if l < registry.LevelGrid {
			levels = append(levels, l)
		}
	}
	g := access.Grant{Role: role, Area: c.drawArea(t, rapid.SampledFrom(levels).Draw(t, "level"))}
	if role == registry.RoleDepartmentClerk || role == registry.RoleDepartmentHead {
		g.Area = rapid.SampledFrom(c.areas[registry.LevelCounty]).Draw(t, "county")
		g.Body = c.body[g.Area]
	}
	return g
}

func (c *scopeCity) drawArea(t *rapid.T, level int) string {
	return rapid.SampledFrom(c.areas[level]).Draw(t, "area")
}

func (c *scopeCity) clear(t *rapid.T, u *scopeUser) {
	for len(u.held) > 0 {
		h := u.held[len(u.held)-1]
		if h.to == 0 {
			if err := c.w.App.Accounts.Revoke(c.w.System(), u.id, h.ID); err != nil {
				t.Fatal(err)
			}
			u.ended.Store(true)
		}
		u.held = u.held[:len(u.held)-1]
	}
}

func (c *scopeCity) give(t *rapid.T, u *scopeUser, g access.Grant) {
	h := &holding{Grant: g, from: c.now.Add(1)}
	u.mu.Lock()
	u.held = append(u.held, h)
	u.mu.Unlock()
	given, err := c.w.App.Accounts.Grant(c.w.System(), u.id, g)
	if err != nil {
		t.Errorf("%s over %s: %v", g.Role, g.Area, err)
	}
	u.mu.Lock()
	h.ID = given.ID
	u.mu.Unlock()
}

func (c *scopeCity) take(t *rapid.T, u *scopeUser) {
	u.mu.Lock()
	var h *holding
	for _, x := range u.held {
		if x.to == 0 && x.ID != "" {
			h = x
		}
	}
	u.mu.Unlock()
	if h == nil {
		return
	}
	if err := c.w.App.Accounts.Revoke(c.w.System(), u.id, h.ID); err != nil {
		t.Error(err)
	}
	u.ended.Store(true)
	u.mu.Lock()
	h.to = c.now.Add(1)
	u.mu.Unlock()
}

// during lists what the user may have held at some instant of a request.
func (u *scopeUser) during(from, to int64) []access.Grant {
	u.mu.Lock()
	defer u.mu.Unlock()
	var out []access.Grant
	for _, h := range u.held {
		if h.from <= to && (h.to == 0 || h.to >= from) {
			out = append(out, h.Grant)
		}
	}
	return out
}

// covers tells whether a grant of the list gives the permission over the area.
func (c *scopeCity) covers(grants []access.Grant, permission, area string) bool {
	for _, g := range grants {
		if strings.HasPrefix(area, g.Area) && c.w.App.Policy.Holds(g.Role, permission) {
			return true
		}
	}
	return false
}

// mayRead is the rule of reading, said again: whoever oversees the area, or has the case in
// hand for a body and over an area of theirs.
func (c *scopeCity) mayRead(u *scopeUser, grants []access.Grant, p placed, handler string) bool {
	if c.covers(grants, "casework.case.read", p.area) {
		return true
	}
	if !c.covers(grants, "casework.case.read_own", p.area) {
		return false
	}
	for _, g := range grants {
		if g.Body != "" && g.Body == p.unit {
			return true
		}
	}
	return handler == u.id
}
