package app_test

import (
	"fmt"
	"net/http"

	"pgregory.net/rapid"

	"linli/internal/app/apptest"
	"linli/internal/registry"
)

// act is one thing that a user tries.
type act struct {
	what string // list, read, move, board or inbox
	view string
	area string // or "" for all
	at   int    // which case
}

func (c *scopeCity) drawAct(t *rapid.T) act {
	a := act{
		what: rapid.SampledFrom([]string{"list", "list", "read", "move", "board", "inbox"}).Draw(t, "act"),
		view: rapid.SampledFrom([]string{"open", "all", "unit", "mine", "soon", "overdue"}).Draw(t, "view"),
		at:   rapid.IntRange(0, len(c.cases)-1).Draw(t, "case"),
	}
	switch rapid.IntRange(0, 3).Draw(t, "where") {
	case 1:
		a.area = c.drawArea(t, registry.LevelCounty)
	case 2:
		a.area = c.drawArea(t, registry.LevelStreet)
	case 3:
		a.area = c.cases[a.at].area
	}
	return a
}

func (c *scopeCity) act(u *scopeUser, a act, wrong chan<- string) {
	if u.ended.Swap(false) {
		u.caller = c.w.Nobody() // and stays so where one more thing is taken just now
		u.caller.Do("POST", "/session", map[string]any{"login": u.login, "password": apptest.Password})
	}
	switch a.what {
	case "list":
		c.list(u, a, wrong)
	case "read":
		c.read(u, a, wrong)
	case "move":
		c.move(u, a, wrong)
	case "board":
		from := c.now.Add(1)
		got := u.caller.Do("GET", "/casework/board?area="+orCity(a.area), nil)
		grants := u.during(from, c.now.Add(1))
		if got.Status == http.StatusOK && !c.covers(grants, "casework.board.read", orCity(a.area)) {
			wrong <- fmt.Sprintf("the figures of %s are told to %v", a.area, grants)
		}
		if u.steady && got.Status == http.StatusForbidden && c.covers(grants, "casework.board.read", orCity(a.area)) {
			wrong <- fmt.Sprintf("the figures of %s are refused to %v", a.area, grants)
		}
	case "inbox":
		c.inbox(u, a, wrong)
	}
}

func orCity(area string) string {
	if area == "" {
		return "3207"
	}
	return area
}

// list reads every page of a view; to a steady user it must also be whole.
func (c *scopeCity) list(u *scopeUser, a act, wrong chan<- string) {
	first := c.now.Add(1)
	seen, cursor := map[string]bool{}, ""
	for pages := 0; ; pages++ {
		from := c.now.Add(1)
		got := u.caller.Do("GET", fmt.Sprintf("/casework/cases?limit=100&view=%s&area=%s&cursor=%s", a.view, a.area, cursor), nil)
		grants := u.during(from, c.now.Add(1))
		if got.Status != http.StatusOK {
			return
		}
		for _, row := range got.Items() {
			p, handler := c.byID[row["id"].(string)], handlerOf(row)
			seen[p.id] = true
			if !c.mayRead(u, grants, p, handler) {
				wrong <- fmt.Sprintf("%s of %s in %q lists %s to %v", a.view, u.id, a.area, p.area, grants)
			}
			if a.area != "" && p.area[:min(len(a.area), len(p.area))] != a.area {
				wrong <- fmt.Sprintf("a list of %s holds %s", a.area, p.area)
			}
		}
		if cursor = got.Text("next"); cursor == "" || pages > 20 {
			break
		}
		if !u.steady && pages > 1 {
			return
		}
	}
	if u.steady && a.view == "all" {
		c.whole(u, a, seen, first, wrong)
	}
}

// whole checks that a list of all leaves out nothing that is overseen.
func (c *scopeCity) whole(u *scopeUser, a act, seen map[string]bool, from int64, wrong chan<- string) {
	grants := u.during(from, c.now.Add(1))
	for _, p := range c.cases {
		inside := a.area == "" || p.area[:min(len(a.area), len(p.area))] == a.area
		if inside && !seen[p.id] && c.covers(grants, "casework.case.read", p.area) {
			wrong <- fmt.Sprintf("the list of %q leaves out %s, which lies inside %v", a.area, p.area, grants)
			return
		}
	}
}

func handlerOf(row map[string]any) string {
	if h, ok := row["handler"].(map[string]any); ok {
		return h["id"].(string)
	}
	return ""
}

func (c *scopeCity) read(u *scopeUser, a act, wrong chan<- string) {
	p := c.cases[a.at]
	from := c.now.Add(1)
	got := u.caller.Do("GET", "/casework/cases/"+p.id, nil)
	grants := u.during(from, c.now.Add(1))
	may := c.mayRead(u, grants, p, handlerOf(got.JSON))
	switch {
	case got.Status == http.StatusOK && !may:
		wrong <- fmt.Sprintf("the case of %s is shown to %v", p.area, grants)
	case u.steady && got.Status != http.StatusOK && may:
		wrong <- fmt.Sprintf("the case of %s is kept from %v: %d", p.area, grants, got.Status)
	}
}

func (c *scopeCity) move(u *scopeUser, a act, wrong chan<- string) {
	p := c.cases[a.at]
	from := c.now.Add(1)
	got := u.caller.Step(p.id, "establish", map[string]any{})
	grants := u.during(from, c.now.Add(1))
	may := c.covers(grants, apptest.CaseKey("establish"), p.area) && c.mayRead(u, grants, p, "")
	switch {
	case got.Status == http.StatusOK && !may:
		wrong <- fmt.Sprintf("the case of %s is moved by %v", p.area, grants)
	case u.steady && may && got.Status != http.StatusOK && got.Status != http.StatusConflict:
		wrong <- fmt.Sprintf("the case of %s is kept from being moved by %v: %d", p.area, grants, got.Status)
	}
}

// inbox checks that no count exceeds the number of cases that may be read.
func (c *scopeCity) inbox(u *scopeUser, a act, wrong chan<- string) {
	from := c.now.Add(1)
	got := u.caller.Do("GET", "/casework/inbox?area="+a.area, nil)
	grants := u.during(from, c.now.Add(1))
	if got.Status != http.StatusOK {
		return
	}
	readable := 0
	for _, p := range c.cases {
		if c.mayRead(u, grants, p, "") && (a.area == "" || p.area[:min(len(a.area), len(p.area))] == a.area) {
			readable++
		}
	}
	for _, name := range []string{"soon", "overdue", "unit"} {
		if n := number64(got, name); n > readable {
			wrong <- fmt.Sprintf("the inbox counts %d %s of %d readable cases to %v", n, name, readable, grants)
		}
	}
}

func number64(a apptest.Answer, name string) int {
	n, _ := a.JSON[name].(float64)
	return int(n)
}
