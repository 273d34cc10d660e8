package app_test

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/casework"
	"linli/internal/grid"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/module"
	"linli/internal/registry"
	"linli/internal/registry/change"
	"linli/internal/routing"
)

// probe is how one route is called so that nothing but authority can refuse it.
type probe struct {
	fresh  bool                                                          // in a window of its own: it changes cookies
	ends   bool                                                          // by a caller who signed in for it: it ends sessions
	before func(*fixture, *values)                                       // makes what is acted on
	query  string                                                        // of the address
	file   bool                                                          // a picture is sent as a form
	body   func(*fixture, *values) any                                   // JSON
	fields url.Values                                                    // of a form
	seen   func(*fixture, *apptest.Caller, *values, apptest.Answer) bool // whether the answer shows the thing
	own    func(*fixture, *apptest.Caller, *values) string               // calls by itself
}

func (p *probe) form(v *values) url.Values {
	out := url.Values{}
	for name, all := range p.fields {
		for _, one := range all {
			out.Add(name, v.fill(one))
		}
	}
	return out
}

type object = map[string]any

func get() *probe { return &probe{} }

func code(code string) *probe {
	return &probe{before: func(_ *fixture, v *values) { v.names["{code}"] = v.fill(code) }}
}

// step is a step of a lifecycle on a case that is in the right state and hands.
func step(kind, state string, body object) *probe {
	return &probe{
		before: func(f *fixture, v *values) {
			id := v.s.incident
			if kind == "application" {
				id = v.s.application
			}
			v.names["{id}"] = id
			f.put(id, state, v.unit)
		},
		body: func(_ *fixture, v *values) any {
			sent := object{}
			for name, value := range body {
				if s, ok := value.(string); ok {
					value = strings.NewReplacer("{station}", v.s.station, "{office}", v.s.office, "{unit}", v.unit).Replace(s)
				}
				sent[name] = value
			}
			return sent
		},
	}
}

// lowRating is a case whose low rating is being followed up, rated of a body to which nobody belongs.
func lowRating(state string) func(*fixture, *values) {
	return func(f *fixture, v *values) {
		v.names["{id}"], v.names["{seq}"] = v.s.incident, "1"
		f.put(v.s.incident, "rated", "")
		for _, table := range []string{"casework_exclusion", "casework_appeal", "casework_followup", "casework_followup_step", "casework_rated"} {
			f.exec(`DELETE FROM `+table+` WHERE case_id = $1`, v.s.incident)
		}
		f.exec(`INSERT INTO casework_rating (shard, case_id, seq, level, comment, at) VALUES ($1,$2,1,1,'慢',1760000000000)`,
			v.s.incident[:6], v.s.incident)
		f.exec(`INSERT INTO casework_followup (shard, case_id, seq, level, unit_id, state, opened_at, version)
			VALUES ($1,$2,1,1,'',$3,1760000000000,1)`,
			v.s.incident[:6], v.s.incident, state)
	}
}

// appealed is a case whose low rating is of the unit that the caller acts for, or of the station,
// and an appeal against it in a state.
func appealed(state string) func(*fixture, *values) {
	return func(f *fixture, v *values) {
		lowRating("opened")(f, v)
		unit, area := v.unit, v.s.area
		if unit == v.s.department {
			area = area[:6]
		}
		f.exec(`DELETE FROM casework_appeal WHERE case_id = $1`, v.s.incident)
		f.exec(`INSERT INTO casework_appeal (shard, case_id, seq, level, rated_at, unit_id, area, state, ground, reason, asked_at, asked_by,
			asked_name, decision, decided_at, decided_name, version)
			VALUES ($1,$2,1,1,$3,$4,$5,$6,'','',$3,'','','',NULL,'',1)`,
			v.s.incident[:6], v.s.incident, clock.Millis(clock.Now(f.w.System())), unit, area, state)
	}
}

func appealNote(*fixture, *values) any { return object{"note": "已核实", "choice": "false"} }

func decision(*fixture, *values) any { return object{"note": "已核实"} }

func followNote(*fixture, *values) any { return object{"note": "已处理", "choice": "satisfied"} }

func thisYear(_ *fixture, v *values) { v.names["{year}"] = "2026" }

// decree is the year's own arrangement, by which nothing changes.
func decree(*fixture, *values) any { return object{"csv": year2026()} }

// wound is a step on a case whose clock stands as the guards of a verb want it.
func wound(verb string, p *probe) *probe {
	ready := p.before
	p.before = func(f *fixture, v *values) {
		ready(f, v)
		if err := wind(f.w, v.names["{id}"], verb); err != nil {
			f.Fatal(err)
		}
	}
	return p
}

// drawn has the case waiting to be checked.
func drawn(p *probe) *probe {
	before := p.before
	p.before = func(f *fixture, v *values) {
		before(f, v)
		f.recheck(v.names["{id}"])
	}
	return p
}

// merging is a step on an incident beside which there is another of the same community.
func merging(state string) *probe {
	return &probe{
		before: func(f *fixture, v *values) {
			v.names["{id}"] = v.s.incident
			f.put(v.s.incident, state, v.unit)
			f.exec(`DELETE FROM casework_merge WHERE case_id = $1`, v.s.incident)
		},
		body: func(f *fixture, v *values) any {
			main, err := module.Of[*grid.Service](f.w.App.Modules).Report(f.w.System(),
				grid.Incident{Category: "0101", Description: "同一问题", Area: v.s.area,
					Place: casework.Place{Text: "东门"}, Intake: casework.Intake{ClientKey: "main " + v.s.area, Channel: casework.ChannelConsole}})
			if err != nil {
				f.Fatal(err)
			}
			return object{"note": "同一问题", "case": main.Case.Number}
		},
	}
}

// helping has the caller's unit asked for a part of the case.
func helping(p *probe) *probe {
	before := p.before
	p.before = func(f *fixture, v *values) {
		before(f, v)
		f.part(v.names["{id}"], v.unit)
	}
	return p
}

func readCase(f *fixture, v *values) {
	v.names["{id}"] = v.s.incident
	f.put(v.s.incident, "dispatched", v.unit)
}

// routed is a route of the place.
func routed(_ *fixture, v *values) any {
	return object{"kind": "incident", "subject": "0101", "area": v.s.area, "validFrom": "2026-01-01",
		"department": "station", "level": 5, "enabled": true}
}

// route has one of the place stored.
func route(f *fixture, v *values) {
	f.exec(`DELETE FROM casework_route`)
	kept, err := f.w.App.Routing.KeepRoute(f.w.System(),
		routing.Route{Kind: "incident", Subject: "0101", Area: v.s.area, ValidFrom: "2026-01-01",
			Department: registry.BodyStation, Level: registry.LevelCommunity, Enabled: true})
	if err != nil {
		f.Fatal(err)
	}
	v.names["{id}"] = kept.ID
}

// target is an account without a role, which administrators act on.
func target(f *fixture, v *values) {
	id := f.value(`SELECT id FROM access_account WHERE login = 'window2'`)
	v.names["{id}"] = id
	f.exec(`DELETE FROM access_grant WHERE account_id = $1`, id)
}

func targetWithGrant(f *fixture, v *values) {
	target(f, v)
	g, err := f.w.App.Accounts.Grant(f.w.System(), v.names["{id}"], access.Grant{Role: registry.RoleWindowWorker, Area: v.s.area})
	if err != nil {
		f.Fatal(err)
	}
	v.names["{grant}"] = g.ID
}

func member(f *fixture, v *values) {
	m, err := f.w.App.Bodies.AddMember(f.w.System(), v.s.party, registry.Member{Name: "党员", Post: "member", TermFrom: "2026-01-01"})
	if err != nil {
		f.Fatal(err)
	}
	v.names["{id}"] = m.ID
	f.exec(`DELETE FROM registry_member WHERE body_id = $1 AND id <> $2`, v.s.party, m.ID)
}

// lists looks for the incident in a list that names the area, and in one that names none.
func lists(f *fixture, c *apptest.Caller, v *values, got apptest.Answer) bool {
	seen := strings.Contains(got.Raw, v.s.incident)
	for _, view := range []string{"open", "overdue", "soon", "unit", "mine", "pending"} {
		for _, more := range []string{"", "&area=" + v.s.area, "&q=" + v.s.incidentNumber} {
			seen = seen || strings.Contains(c.Do("GET", "/casework/cases?limit=100&view="+view+more, nil).Raw, v.s.incident)
		}
	}
	return seen
}

func counts(_ *fixture, _ *apptest.Caller, _ *values, got apptest.Answer) bool {
	return got.Text("unit") != "0" || got.Text("overdue") != "0" || got.Text("soon") != "0" || got.Text("mine") != "0"
}

func person(_ *fixture, v *values) { v.names["{id}"] = v.s.person }

func unmask(*fixture, *values) any { return object{"field": "phone", "purpose": "contact"} }

// request has the person's request waiting.
func request(f *fixture, v *values) {
	v.names["{id}"] = v.s.request
	f.exec(`UPDATE people_request SET state = 'open', answer = '', answered_at = NULL, answered_by = '', version = 1 WHERE id = $1`,
		v.s.request)
}

// roster has the file waiting to be taken.
func roster(f *fixture, v *values) {
	v.names["{id}"] = v.s.roster
	f.exec(`UPDATE people_import SET state = 'preview' WHERE id = $1`, v.s.roster)
}

// areaList is a list that opens one grid.
func areaList(v *values) []byte {
	return []byte("code,name,level,parent\n" + v.s.area + "077,名单网格,6," + v.s.area + "\n")
}

// areaImport has a list of areas waiting to be imported.
func areaImport(f *fixture, v *values) {
	f.exec(`DELETE FROM registry_import`)
	i, err := f.w.App.Changes.PrepareImport(f.w.System(), []change.Source{change.FromReader("list.csv", bytes.NewReader(areaList(v)))},
		change.ImportOptions{Supplement: true})
	if err != nil {
		f.Fatal(err)
	}
	v.names["{id}"] = i.ID
}

// listsPerson looks for the resident in the roster of the area and in that of no area.
func listsPerson(_ *fixture, c *apptest.Caller, v *values, got apptest.Answer) bool {
	seen := strings.Contains(got.Raw, v.s.person)
	for _, more := range []string{"&tag=old", "&area=" + v.s.area, "&tag=old&area=" + v.s.area} {
		seen = seen || strings.Contains(c.Do("GET", "/people/persons?limit=100"+more, nil).Raw, v.s.person)
	}
	return seen
}

func listsRequest(_ *fixture, c *apptest.Caller, v *values, got apptest.Answer) bool {
	seen := strings.Contains(got.Raw, v.s.request)
	for _, state := range []string{"done", "refused"} {
		seen = seen || strings.Contains(c.Do("GET", "/people/requests?state="+state, nil).Raw, v.s.request)
	}
	return seen
}

// renamed is a new name for the area, as a change of the structure.
func renamed(_ *fixture, v *values) any {
	return object{"kind": "rename", "area": v.s.area, "name": once("社区") + "居委会", "reason": "更名"}
}

var posted atomic.Int64

func once(prefix string) string { return fmt.Sprintf("%s-%d", prefix, posted.Add(1)) }

// changePassword changes the password and changes it back. The role's other session ends.
func changePassword(f *fixture, c *apptest.Caller, v *values) string {
	delete(f.callers, v.role)
	there := c.Do("PUT", "/session/password", object{"current": apptest.Password, "new": "Fresh-2026-word"})
	c.Do("PUT", "/session/password", object{"current": "Fresh-2026-word", "new": apptest.Password})
	return markOf(there)
}

// wrongIsShown sends what is one's own to send and wrong: a refusal of the input is an answer.
func wrongIsShown(path string, body object) func(*fixture, *apptest.Caller, *values) string {
	return func(_ *fixture, c *apptest.Caller, _ *values) string {
		got := c.Do("POST", path, body)
		if got.Status == 422 {
			return "✓"
		}
		return markOf(got)
	}
}

var probes = map[string]*probe{
	"GET /site":                           get(),
	"GET /texts/{lang}":                   {before: func(_ *fixture, v *values) { v.names["{lang}"] = "zh" }},
	"GET /rules":                          get(),
	"GET /calendar/years":                 get(),
	"GET /calendar/years/{year}":          {before: thisYear},
	"POST /calendar/years/{year}/preview": {before: thisYear, body: decree},
	"PUT /calendar/years/{year}":          {before: thisYear, body: decree},
	"GET /calendar/deadline":              {query: "from=2026-03-02&workdays=5"},
	"GET /notify/messages":                get(),
	"GET /notify/channels":                get(),
	"POST /notify/messages/{id}/retry": {before: func(f *fixture, v *values) {
		v.names["{id}"] = "320700-refused"
		f.exec(`DELETE FROM notify_message WHERE id = '320700-refused'`)
		f.exec(`INSERT INTO notify_message (shard, id, at, channel, purpose, subject_id, seq, masked, sealed, state, tries, next_at, until_at,
			reason, done_at)
			VALUES ('320700','320700-refused',1,'sms','access.code','',0,'199****4321','x','refused',1,1,0,'status 400',1)`)
	}},

	"GET /jobs":                get(),
	"GET /shipped/differences": get(),
	"POST /shipped/decisions": {before: func(f *fixture, _ *values) {
		f.exec(`DELETE FROM shipped_text WHERE kind = 'rule' AND name LIKE 'hall.accept.days %'`)
		f.exec(`UPDATE rule_value SET note = note || '.' WHERE rule = 'hall.accept.days'`)
	}, body: func(f *fixture, _ *values) any {
		from, err := db.Value[string](f.w.System(), f.w.App.DB, `SELECT MIN(valid_from) FROM rule_value WHERE rule = 'hall.accept.days'`)
		if err != nil {
			panic(err)
		}
		return object{"kind": "rule", "name": "hall.accept.days " + from, "take": false}
	}},

	"GET /audit/entries": {query: "area={area}"},
	"GET /audit/export":  {query: "area={area}"},
	"GET /audit/head":    get(),
	"GET /audit/state":   get(),
	"POST /audit/verify": {body: func(*fixture, *values) any { return object{} }},

	"POST /session": {ends: true, body: func(_ *fixture, v *values) any {
		login := logins[v.role]
		if login == "" {
			login = "window"
		}
		return object{"login": login, "password": apptest.Password}
	}},
	"GET /session":               get(),
	"DELETE /session":            {ends: true},
	"PUT /session/password":      {ends: true, own: changePassword},
	"POST /session/second":       {ends: true, body: func(*fixture, *values) any { return object{"code": "000000"} }},
	"POST /session/passkey/ask":  {ends: true},
	"POST /session/passkey":      {ends: true, body: func(*fixture, *values) any { return object{"credential": object{}} }},
	"GET /session/identity":      {fresh: true},
	"GET /session/identity/back": {fresh: true, query: "state=x&code=y"},
	"GET /session/places":        get(),
	"DELETE /session/places/{id}": {ends: true, own: func(_ *fixture, c *apptest.Caller, _ *values) string {
		id := "none"
		for _, place := range c.Do("GET", "/session/places", nil).Items() {
			if place["current"] == true {
				id = place["id"].(string)
			}
		}
		return markOf(c.Do("DELETE", "/session/places/"+id, nil))
	}},
	"GET /session/tell":                    get(),
	"POST /session/tell/{channel}":         {own: wrongIsShown("/session/tell/sms", object{"to": "1"})},
	"POST /session/tell/{channel}/confirm": {own: wrongIsShown("/session/tell/sms/confirm", object{"code": "0"})},
	"DELETE /session/tell/{channel}": {own: func(_ *fixture, c *apptest.Caller, _ *values) string {
		got := c.Do("DELETE", "/session/tell/sms", nil)
		if got.Status == 404 { // nobody asked to be told
			return "✓"
		}
		return markOf(got)
	}},
	"GET /session/factors":       get(),
	"POST /session/totp":         {},
	"POST /session/totp/confirm": {own: wrongIsShown("/session/totp/confirm", object{"code": "000000"})},
	"POST /session/recovery":     {body: func(*fixture, *values) any { return object{"password": apptest.Password} }},
	"POST /session/factors/{id}/remove": {own: func(f *fixture, c *apptest.Caller, v *values) string {
		id := c.Do("POST", "/session/totp", nil).Text("id")
		if id == "" {
			id = "none"
		}
		return markOf(c.Do("POST", "/session/factors/"+id+"/remove", object{"password": apptest.Password}))
	}},
	"POST /session/passkeys/offer": {},
	"POST /session/passkeys":       {own: wrongIsShown("/session/passkeys", object{"credential": object{}})},
	"GET /setup":                   {query: "token=none"},
	"POST /setup": {fresh: true, body: func(*fixture, *values) any {
		return object{"token": "none", "login": once("setup"), "name": "某人", "password": apptest.Password}
	}},

	"GET /access/roles":    get(),
	"GET /access/accounts": get(),
	"POST /access/accounts": {body: func(*fixture, *values) any {
		return object{"login": once("made"), "name": "新人", "password": "Fresh-2026-word"}
	}},
	"GET /access/accounts/{id}": {before: target},
	"PUT /access/accounts/{id}": {before: target, body: func(f *fixture, v *values) any {
		return object{"name": "改名", "state": "active", "version": f.number(`SELECT version FROM access_account WHERE id = $1`, v.names["{id}"])}
	}},
	"POST /access/accounts/{id}/password": {before: target,
		body: func(*fixture, *values) any { return object{"password": "Fresh-2026-word"} }},
	"POST /access/accounts/{id}/unlock": {before: target},
	"GET /access/alarms":                {},
	"POST /access/alarms/{id}/note": {before: func(f *fixture, v *values) {
		v.names["{id}"] = once("alarm")
		f.exec(`INSERT INTO access_alarm (id, kind, account_id, day, at, times, seen_at) VALUES ($1,'tries',$2,$3,0,1,0)`,
			v.names["{id}"], "x", v.names["{id}"])
	}},
	"DELETE /access/accounts/{id}/factors": {before: target},
	"GET /access/accounts/{id}/sessions":   {before: target},
	"DELETE /access/accounts/{id}/sessions/{session}": {before: func(f *fixture, v *values) {
		target(f, v)
		v.names["{session}"] = once("session")
		f.exec(`INSERT INTO access_session (token, data, expires_at, id, account_id) VALUES ($1,'',0,$2,$3)`, v.names["{session}"],
			v.names["{session}"], v.names["{id}"])
	}},
	"POST /access/accounts/{id}/grants": {before: target, body: func(_ *fixture, v *values) any {
		return object{"role": "window_worker", "area": v.s.area}
	}},
	"DELETE /access/accounts/{id}/grants/{grant}": {before: targetWithGrant},

	"GET /registry/areas":                         {query: "parent=320703"},
	"GET /registry/areas/{code}":                  code("{area}"),
	"GET /registry/areas/{code}/outline":          code("{area}"),
	"GET /registry/areas/{code}/outlines":         code("{area}"),
	"GET /registry/areas/{code}/outline/findings": code("{area}"),
	"POST /registry/outlines": {own: func(_ *fixture, c *apptest.Caller, v *values) string {
		outline := `{"type":"Feature","properties":{"code":"` + v.s.area + `"},"geometry":{"type":"Polygon","coordinates":[[[119,34],[119.01,34],[119.01,34.01],[119,34]]]}}`
		return markOf(c.File("/registry/outlines?dryRun=true&source=x", "outline.geojson", []byte(outline)))
	}},
	"GET /registry/areas/{code}/bodies":     code("{area}"),
	"GET /registry/areas/{code}/gaps":       code("{area}"),
	"GET /registry/areas/{code}/history":    code("{area}"),
	"GET /registry/areas/{code}/coverage":   code("{area}"),
	"GET /registry/areas/{code}/facilities": code("{area}"),
	"PUT /registry/areas/{code}/facilities": {before: func(_ *fixture, v *values) { v.names["{code}"] = v.s.area },
		body: func(f *fixture, v *values) any {
			return object{"pilot": "", "checkedOn": "", "source": "实地查看",
				"version": f.number(`SELECT COALESCE(MAX(version), 0) FROM registry_facility WHERE area_id = (SELECT id FROM registry_area
					WHERE code = $1)`, v.s.area)}
		}},
	"POST /registry/changes":         {body: renamed},
	"POST /registry/changes/preview": {body: renamed},
	"GET /registry/imports": {before: areaImport,
		seen: func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
			return strings.Contains(got.Raw, v.names["{id}"])
		}},
	"POST /registry/imports": {before: areaImport, own: func(_ *fixture, c *apptest.Caller, v *values) string {
		return markOf(c.File("/registry/imports?supplement=true", "list.csv", areaList(v)))
	}},
	"GET /registry/imports/{id}":           {before: areaImport},
	"DELETE /registry/imports/{id}":        {before: areaImport},
	"GET /registry/imports/{id}/decisions": {before: areaImport},
	"PUT /registry/imports/{id}/decisions": {before: areaImport,
		body: func(*fixture, *values) any { return object{"decisions": []object{}, "version": 1} }},
	"POST /registry/imports/{id}/decisions": {before: areaImport, own: func(_ *fixture, c *apptest.Caller, v *values) string {
		return markOf(c.File("/registry/imports/"+v.names["{id}"]+"/decisions", "decisions.csv", []byte("action,from,to,effective,note\n")))
	}},
	"POST /registry/imports/{id}/start": {before: areaImport},
	"GET /registry/bodies":              {query: "area={area}"},
	"GET /registry/search":              {query: "q=" + url.QueryEscape("社区")},
	"GET /registry/locate":              {query: "lng={lng}&lat=34.71"},
	"GET /registry/figures":             {query: "area={area}"},
	"POST /registry/areas/{code}/bodies": {before: func(f *fixture, v *values) {
		v.names["{code}"] = v.s.area
		f.exec(`DELETE FROM registry_body WHERE area = $1 AND kind = 'office'`, v.s.area)
	}, body: func(*fixture, *values) any { return object{"kind": "office", "name": "综治办"} }},
	"PUT /registry/bodies/{id}": {before: func(_ *fixture, v *values) { v.names["{id}"] = v.s.party }, body: func(f *fixture, v *values) any {
		return object{"name": "党支部", "version": f.number(`SELECT version FROM registry_body WHERE id = $1`, v.s.party)}
	}},
	"POST /registry/bodies/{id}/members": {before: func(f *fixture, v *values) { member(f, v); v.names["{id}"] = v.s.party },
		body: func(*fixture, *values) any {
			return object{"name": once("党员"), "post": "member", "termFrom": "2026-01-01"}
		}},
	"PUT /registry/members/{id}": {before: member, body: func(*fixture, *values) any {
		return object{"name": "改名", "post": "member", "termFrom": "2026-01-01", "version": 1}
	}},
	"PUT /registry/members/{id}/account": {before: member, body: func(*fixture, *values) any { return object{"account": "", "version": 1} }},
	"DELETE /registry/members/{id}":      {before: member, query: "version=1"},

	"GET /people/persons": {query: "limit=100", seen: listsPerson},
	"POST /people/search": {body: func(*fixture, *values) any { return object{"q": sought, "purpose": "service"} },
		seen: func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
			return strings.Contains(got.Raw, v.s.person)
		}},
	"GET /people/export": {query: "area={area}",
		seen: func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
			return strings.Contains(got.Raw, "\n"+v.s.area+",张*三")
		}},
	"POST /people/persons":     {body: func(_ *fixture, v *values) any { return object{"area": v.s.area, "name": once("居民")} }},
	"GET /people/persons/{id}": {before: person},
	"PUT /people/persons/{id}": {before: person, body: func(f *fixture, v *values) any {
		return object{"address": once("海棠中路"), "version": f.number(`SELECT version FROM people_person WHERE id = $1`, v.s.person)}
	}},
	"POST /people/persons/{id}/move": {before: person, own: func(_ *fixture, c *apptest.Caller, v *values) string {
		return wrongIsShown("/people/persons/"+v.s.person+"/move", object{"area": "1", "version": 1})(nil, c, v)
	}},
	"GET /people/persons/{id}/looks":   {before: person},
	"POST /people/persons/{id}/unmask": {before: person, body: unmask},
	"GET /people/requests":             {before: request, seen: listsRequest},
	"POST /people/requests": {before: func(f *fixture, v *values) {
		f.exec(`DELETE FROM people_request WHERE person_id = $1 AND kind = 'restrict'`, v.s.person)
	}, body: func(_ *fixture, v *values) any { return object{"personId": v.s.person, "kind": "restrict"} }},
	"POST /people/requests/{id}/answer": {before: request, body: func(*fixture, *values) any {
		return object{"done": true, "answer": "已当面交付", "version": 1}
	}},
	"POST /people/requests/{id}/copy": {before: request},
	"POST /people/requests/{id}/files/{file}": {before: func(f *fixture, v *values) {
		request(f, v)
		id := v.s.incident[:len(v.s.incident)-1] + "~" // a case of the resident with a file, beside all others
		f.exec(`INSERT INTO casework_case (shard, id, number, kind, subject, title, state, open, area, unit_id, handler_id, worker_id, person_id,
			channel, client_key, code_hash,
			place, reported_at, clock_at, limit_promised, limit_statutory, due_year, late, returned, events, version)
			SELECT shard, $1, '~' || number, kind, subject, title, 'dismissed', 0, area, '', '', '', $2, channel, '~' || client_key,
			'~' || code_hash,
			place, reported_at, clock_at, limit_promised, limit_statutory, 0, 0, 0, 1, 1 FROM casework_case WHERE id = $3 ON CONFLICT (shard,
			id) DO NOTHING`, id, v.s.person, v.s.incident)
		f.exec(`INSERT INTO casework_event (shard, case_id, seq, at, verb, from_state, to_state, actor_id, actor_name, actor_role, note, data,
			public)
			VALUES ($1,$2,1,1,'report','','reported','','','reporter','','{}',1) ON CONFLICT (shard, case_id, seq) DO NOTHING`, id[:6], id)
		f.exec(`INSERT INTO casework_file (shard, case_id, id, seq, name, media_type, size, digest, at)
			SELECT shard, $1, id, 1, name, media_type, size, digest, at FROM casework_file WHERE case_id = $2 AND id = $3 ON CONFLICT (shard,
			case_id, id) DO NOTHING`, id, v.s.incident, v.s.incidentFile)
		f.exec(`INSERT INTO grid_incident (shard, case_id, category, description, reworked, unit_id)
			SELECT shard, $1, category, description, 0, '' FROM grid_incident WHERE case_id = $2 ON CONFLICT (shard, case_id) DO NOTHING`,
			id, v.s.incident)
	}},
	"GET /people/roster": {before: roster,
		seen: func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
			return strings.Contains(got.Raw, v.s.roster)
		}},
	"POST /people/roster": {own: func(_ *fixture, c *apptest.Caller, v *values) string {
		return markOf(c.File("/people/roster?area="+v.s.area, "名册.csv", []byte(rosterFile)))
	}},
	"GET /people/roster/{id}":        {before: roster},
	"POST /people/roster/{id}/start": {before: roster},

	"GET /casework/flows": get(),
	"GET /casework/cases": {before: readCase, query: "view=all&limit=100", seen: lists},
	"GET /casework/export": {before: readCase, query: "view=all&format=csv&area={area}",
		seen: func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
			return strings.Contains(got.Raw, v.s.incidentNumber)
		}},
	"POST /casework/bulk": {before: readCase, body: func(_ *fixture, v *values) any {
		return object{"verb": "establish", "cases": []object{{"id": v.s.incident}}}
	}, seen: func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
		return strings.Contains(got.Raw, v.s.incidentNumber)
	}},
	"GET /casework/views":  get(),
	"POST /casework/views": {body: func(*fixture, *values) any { return object{"name": once("视图"), "query": object{"view": "open"}} }},
	"DELETE /casework/views/{id}": {own: func(_ *fixture, c *apptest.Caller, _ *values) string {
		id := c.Do("POST", "/casework/views", object{"name": once("视图"), "query": object{}}).Text("id")
		if id == "" {
			id = "none"
		}
		return markOf(c.Do("DELETE", "/casework/views/"+id, nil))
	}},
	"GET /casework/inbox":                   {before: readCase, query: "area={area}", seen: counts},
	"GET /casework/cases/{id}":              {before: readCase},
	"GET /casework/cases/{id}/files/{file}": {before: readCase},
	"GET /casework/board":                   {query: "area={area}"},
	"GET /casework/alerts":                  get(),
	"POST /casework/alerts/read":            {body: func(*fixture, *values) any { return object{} }},
	"GET /casework/parts": {before: func(f *fixture, v *values) {
		f.put(v.s.incident, "dispatched", v.s.office)
		f.part(v.s.incident, v.unit)
	}, query: "limit=100", seen: func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
		return strings.Contains(got.Raw, v.s.incident)
	}},
	"POST /casework/cases/{id}/ratings/{seq}/exclude": {before: lowRating("opened"),
		body: func(*fixture, *values) any { return object{"reason": "核查不实"} }},
	"GET /casework/followups": {before: lowRating("opened"), seen: func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
		return strings.Contains(got.Raw, v.s.incident)
	}},
	"GET /casework/appeals": {before: func(f *fixture, v *values) {
		appealed("asked")(f, v)
		v.names["{list}"] = "unit"
		if strings.HasSuffix(v.role, "_officer") {
			v.names["{list}"] = "waiting"
		}
	}, query: "list={list}", seen: func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
		return strings.Contains(got.Raw, v.s.incident)
	}},
	"POST /casework/cases/{id}/appeals/{seq}/ask":       {before: appealed("rated"), body: appealNote},
	"POST /casework/cases/{id}/appeals/{seq}/uphold":    {before: appealed("asked"), body: decision},
	"POST /casework/cases/{id}/appeals/{seq}/decline":   {before: appealed("asked"), body: decision},
	"POST /casework/cases/{id}/followups/{seq}/contact": {before: lowRating("opened"), body: followNote},
	"POST /casework/cases/{id}/followups/{seq}/rectify": {before: lowRating("contacted"), body: followNote},
	"POST /casework/cases/{id}/followups/{seq}/redo":    {before: lowRating("rectified"), body: followNote},
	"POST /casework/cases/{id}/followups/{seq}/revisit": {before: lowRating("rectified"), body: followNote},
	"GET /casework/indicators":                          {query: "area={area}&from=2026-01&to=2026-11"},
	"GET /casework/indicators/table":                    {query: "area={area}&from=2026-01&to=2026-11"},
	"GET /casework/routes": {before: route, query: "limit=100", seen: func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
		return strings.Contains(got.Raw, v.names["{id}"])
	}},
	"GET /casework/routes/clashes": {before: func(f *fixture, v *values) {
		route(f, v)
		f.exec(`INSERT INTO casework_route (id, kind, subject, area, valid_from, valid_to, days, hour_from, hour_to, body_id, department, level,
			note, enabled, changed_at, changed_by, version)
			SELECT 'clash', kind, subject, area, valid_from, valid_to, days, hour_from, hour_to, body_id, department, level, note, enabled,
			changed_at, changed_by, version FROM casework_route WHERE id = $1`, v.names["{id}"])
		if err := f.w.App.Routing.RefreshRoutes(f.w.System()); err != nil {
			f.Fatal(err)
		}
	}, query: "limit=100", seen: func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
		return strings.Contains(got.Raw, v.names["{id}"])
	}},
	"POST /casework/routes": {before: func(f *fixture, _ *values) { f.exec(`DELETE FROM casework_route`) }, body: routed},
	"PUT /casework/routes/{id}": {before: route, body: func(f *fixture, v *values) any {
		body := routed(f, v).(object)
		body["version"] = 1
		return body
	}},
	"GET /casework/routes/try":                        {query: "kind=incident&subject=0101&area={area}"},
	"GET /casework/cases/{id}/files/{file}/thumbnail": {before: readCase},
	"POST /casework/cases/{id}/reporter/unmask": {before: func(f *fixture, v *values) {
		v.names["{id}"] = v.s.application
		f.put(v.s.application, "accepted", v.unit)
	}, body: unmask},
	"POST /casework/uploads": {own: func(_ *fixture, c *apptest.Caller,
		_ *values) string {
		return markOf(c.Upload("图.png", png))
	}},
	"POST /casework/follow":              {body: func(_ *fixture, v *values) any { return object{"code": v.secret()} }},
	"POST /casework/follow/files/{file}": {body: func(_ *fixture, v *values) any { return object{"code": v.secret()} }},
	"POST /casework/follow/{verb}": {before: func(f *fixture, v *values) { v.names["{verb}"] = "rate"; f.put(v.s.incident, "closed", v.unit) },
		body: func(_ *fixture, v *values) any { return object{"code": v.secret(), "level": 4} }},

	"POST /hall/applications/{id}/answers/{question}/unmask": {before: func(f *fixture, v *values) {
		v.names["{id}"], v.names["{question}"] = v.s.application, "contact_phone"
		f.put(v.s.application, "accepted", v.unit)
	}, body: func(*fixture, *values) any { return object{"purpose": "contact"} }},

	"GET /hall/items":        get(),
	"GET /hall/items/{code}": code("senior_card"),
	"PUT /hall/items/{code}": {before: func(_ *fixture, v *values) { v.names["{code}"] = "senior_card" },
		body: func(f *fixture, v *values) any {
			guide := f.w.Nobody().Do("GET", "/hall/items/senior_card", nil).Want(200)
			return object{"promised": guide.JSON["promised"], "enabled": true, "version": guide.JSON["version"]}
		}},
	"POST /hall/applications": {body: func(f *fixture, v *values) any {
		body := fill(f.T, f.w, application(once("application")))
		body["area"] = v.s.area
		return body
	}},
	"POST /hall/applications/{id}/accept":     step("application", "submitted", object{}),
	"POST /hall/applications/{id}/return":     step("application", "submitted", object{"lines": []string{"照片"}}),
	"POST /hall/applications/{id}/resubmit":   step("application", "returned", object{}),
	"POST /hall/applications/{id}/refuse":     step("application", "submitted", object{"note": "不符合"}),
	"POST /hall/applications/{id}/review":     step("application", "accepted", object{"choice": "pass"}),
	"POST /hall/applications/{id}/approve":    step("application", "reviewed", object{}),
	"POST /hall/applications/{id}/deny":       step("application", "reviewed", object{"note": "不符合"}),
	"POST /hall/applications/{id}/deliver":    step("application", "approved", object{}),
	"POST /hall/applications/{id}/object":     step("application", "accepted", object{"note": "非本单位职责"}),
	"POST /hall/applications/{id}/join":       step("application", "accepted", object{"unit": "{office}", "note": "协助核实", "number": 2}),
	"POST /hall/applications/{id}/contribute": helping(step("application", "accepted", object{"note": "已核实"})),
	"POST /hall/applications/{id}/release":    helping(step("application", "accepted", object{"unit": "{unit}", "note": "不再需要"})),
	"POST /hall/applications/{id}/redirect":   step("application", "objected", object{"unit": "{station}", "note": "改派"}),

	"POST /hall/applications/{id}/suspend":   wound("suspend", step("application", "accepted", object{"choice": "resident", "note": "等待"})),
	"POST /hall/applications/{id}/resume":    wound("resume", step("application", "accepted", object{})),
	"POST /hall/applications/{id}/extend":    wound("extend", step("application", "accepted", object{"note": "情况复杂"})),
	"POST /hall/applications/{id}/supervise": wound("supervise", step("application", "accepted", object{"note": "请抓紧", "number": 3})),
	"POST /hall/applications/{id}/answer":    wound("answer", step("application", "accepted", object{"note": "在办"})),

	"GET /grid/categories":        get(),
	"GET /grid/categories/{code}": code("0101"),
	"POST /grid/categories": {before: func(f *fixture, _ *values) { f.exec(`DELETE FROM grid_category WHERE code = '90'`) },
		body: func(*fixture, *values) any {
			return object{"code": "90", "kind": "event", "name": object{"zh": "其他", "en": "Other"}, "enabled": true}
		}},
	"PUT /grid/categories/{code}": {before: func(_ *fixture, v *values) { v.names["{code}"] = "01" }, body: func(f *fixture, _ *values) any {
		return object{"name": object{"zh": "市容环境", "en": "Tidiness"}, "enabled": true,
			"version": f.number(`SELECT version FROM grid_category WHERE code = '01'`)}
	}},
	"POST /grid/incidents": {body: func(_ *fixture, v *values) any {
		body := incident(once("incident"))
		body["area"] = v.s.area
		return body
	}},
	"POST /grid/incidents/{id}/establish": step("incident", "reported", object{}),
	"POST /grid/incidents/{id}/dismiss":   step("incident", "reported", object{"note": "重复"}),
	"POST /grid/incidents/{id}/dispatch":  step("incident", "established", object{"unit": "{station}"}),
	"POST /grid/incidents/{id}/handle":    step("incident", "dispatched", object{}),
	"POST /grid/incidents/{id}/feed_back": step("incident", "handling", object{"note": "已办"}),
	"POST /grid/incidents/{id}/verify":    step("incident", "fed_back", object{}),
	"POST /grid/incidents/{id}/rework":    step("incident", "fed_back", object{"note": "未净"}),
	"POST /grid/incidents/{id}/close":     step("incident", "verified", object{}),

	"POST /grid/incidents/{id}/suspend":   wound("suspend", step("incident", "dispatched", object{"choice": "funding", "note": "等待"})),
	"POST /grid/incidents/{id}/resume":    wound("resume", step("incident", "dispatched", object{})),
	"POST /grid/incidents/{id}/extend":    wound("extend", step("incident", "dispatched", object{"note": "情况复杂"})),
	"POST /grid/incidents/{id}/supervise": wound("supervise", step("incident", "dispatched", object{"note": "请抓紧", "number": 3})),
	"POST /grid/incidents/{id}/answer":    wound("answer", step("incident", "dispatched", object{"note": "在办"})),
	"POST /grid/incidents/{id}/confirm":   drawn(step("incident", "closed", object{})),
	"POST /grid/incidents/{id}/reopen":    drawn(step("incident", "closed", object{"note": "仍有垃圾"})),
	"GET /grid/rechecks": {before: func(f *fixture, v *values) { f.recheck(v.s.incident) }, query: "limit=100",
		seen: func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
			return strings.Contains(got.Raw, v.s.incident)
		}},
	"GET /grid/rechecks/board": {query: "area={area}"},
	"POST /grid/incidents/alike": {body: func(_ *fixture, v *values) any {
		return object{"category": "0101", "description": "楼前垃圾", "area": v.s.area, "place": object{"text": ""}}
	}},
	"POST /grid/incidents/{id}/merge":      merging("reported"),
	"POST /grid/incidents/{id}/unmerge":    merging("merged"),
	"POST /grid/incidents/{id}/object":     step("incident", "dispatched", object{"note": "非本单位职责"}),
	"POST /grid/incidents/{id}/join":       step("incident", "dispatched", object{"unit": "{office}", "note": "协助核实", "number": 2}),
	"POST /grid/incidents/{id}/contribute": helping(step("incident", "dispatched", object{"note": "已核实"})),
	"POST /grid/incidents/{id}/release":    helping(step("incident", "dispatched", object{"unit": "{unit}", "note": "不再需要"})),
}

// closed has the resident's case in a state whose end they may still rate.
func ratable(f *fixture, v *values) {
	v.names["{verb}"] = "rate"
	f.put(f.home.incident, "closed", v.unit)
}

var pageProbes = map[string]*probe{
	"GET /{$}":           get(),
	"GET /search":        {query: "q=" + url.QueryEscape("社区")},
	"GET /about":         get(),
	"GET /accessibility": get(),
	"GET /language":      {query: "to=zh&back=/"},
	"GET /large-print":   {query: "back=/"},
	"GET /leave":         {fresh: true},
	"POST /leave":        {fresh: true},
	"/":                  get(),

	"GET /communities":              {query: "q=" + url.QueryEscape("社区")},
	"GET /communities/map.svg":      {query: "area={area}"},
	"POST /communities/at":          {fields: url.Values{"lng": {"{lng}"}, "lat": {"34.71"}}},
	"GET /communities/{code}":       code("{area}"),
	"POST /communities/{code}/mine": code("{area}"),

	"GET /hall":                     get(),
	"GET /hall/{code}":              code("senior_card"),
	"GET /hall/{code}/apply":        code("senior_card"),
	"GET /hall/{code}/apply/{step}": {before: applyStep},
	"POST /hall/{code}/apply/{step}": {before: applyStep,
		fields: url.Values{"name": {"王建国"}, "phone": {"19900001234"}, "idNumber": {"11010519491231002X"}}},
	"GET /report":         {query: "area={area}"},
	"GET /report/{step}":  {before: reportStep},
	"POST /report/{step}": {before: reportStep, fields: url.Values{"category": {"0101"}, "description": {"垃圾"}}},

	"GET /track": get(),
	"POST /track": {fresh: true, own: func(f *fixture, c *apptest.Caller, v *values) string {
		got := c.Page("POST", "/track", url.Values{"code": {v.secret()}})
		if got.Status == 422 { // the page says that the code opens nothing
			return "?"
		}
		return markOf(got)
	}},
	"GET /track/case": {seen: func(f *fixture, _ *apptest.Caller, _ *values, got apptest.Answer) bool {
		return strings.Contains(got.Raw, f.home.incidentNumber) && !strings.Contains(got.Raw, f.elsewhere.incidentNumber)
	}},
	"GET /track/case/files/{file}":           get(),
	"GET /track/case/files/{file}/thumbnail": get(),
	"GET /track/case/photos/{file}":          get(),
	"GET /track/case/person": {seen: func(f *fixture, _ *apptest.Caller, _ *values, got apptest.Answer) bool {
		return strings.Contains(got.Raw, f.home.incidentNumber) && strings.Contains(got.Raw, "199****4321")
	}},
	"POST /track/case/person/show": {seen: func(f *fixture, _ *apptest.Caller, _ *values, got apptest.Answer) bool {
		return strings.Contains(got.Raw, f.home.phone)
	}},
	"POST /track/case/person": {own: func(f *fixture, c *apptest.Caller, v *values) string {
		f.exec(`DELETE FROM people_request WHERE kind = 'delete'`)
		got := c.Page("POST", "/track/case/person", url.Values{"kind": {"delete"}})
		asked := f.number(`SELECT COUNT(*) FROM people_request q JOIN casework_case c ON c.person_id = q.person_id WHERE q.kind = 'delete'
			AND c.id = $1`, f.home.incident)
		all := f.number(`SELECT COUNT(*) FROM people_request WHERE kind = 'delete'`)
		if mine := v.role == "resident"; all != asked || (asked == 1) != mine {
			return fmt.Sprintf("%d asked, %d of them for the own case", all, asked)
		}
		return markOf(got)
	}},
	"GET /track/case/withdraw": {fresh: true, before: func(f *fixture, _ *values) { f.put(f.home.application, "submitted", f.home.station) },
		own: func(f *fixture, c *apptest.Caller, v *values) string {
			if v.role == "resident" {
				c.Page("POST", "/track", url.Values{"code": {f.home.applicationCode}})
			}
			return markOf(c.Page("GET", "/track/case/withdraw", nil))
		}},
	"POST /track/case/tell":   {fields: url.Values{"channel": {"sms"}, "on": {"0"}}},
	"POST /track/case/{verb}": {before: ratable, fields: url.Values{"level": {"4"}}},
	"POST /track/leave":       {fresh: true},
	"GET /me": {seen: func(_ *fixture, _ *apptest.Caller, v *values, got apptest.Answer) bool {
		return strings.Contains(got.Raw, v.s.incidentNumber)
	}},
	"POST /me":            {fresh: true, fields: url.Values{"phone": {"19912345678"}}},
	"GET /me/code":        {fresh: true},
	"POST /me/code":       {fresh: true, fields: url.Values{"code": {"00000000"}}},
	"POST /me/cases/{id}": {before: func(_ *fixture, v *values) { v.names["{id}"] = v.s.incident }},
	"POST /me/leave":      {fresh: true},
	"GET /track/done":     get(),
}

func applyStep(_ *fixture, v *values) {
	v.names["{code}"], v.names["{step}"] = "senior_card", "applicant"
}

func reportStep(_ *fixture, v *values) { v.names["{step}"] = "what" }
