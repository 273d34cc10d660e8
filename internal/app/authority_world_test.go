package app_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"linli/internal/access"
	"linli/internal/app/apptest"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/registry"
	"linli/internal/registry/change"
	"linli/internal/routing"
)

var posted atomic.Int64

// names are what a probe may use of the world, for one caller and one place; what the probe is Of adds {id}.
func (f *fixture) names(v *values) map[string]string {
	login := logins[v.role]
	if login == "" {
		login = "window"
	}
	return map[string]string{
		"{area}": v.s.area, "{lng}": v.s.lng, // a point of the area, at the latitude 34.71
		"{unit}": v.unit, "{station}": v.s.station, "{office}": v.s.office, // bodies: the caller's own or the place's, and two of the place
		"{number}": v.s.incidentNumber, "{file}": v.s.incidentFile, // of the case of the place
		"{reporterPhone}": v.s.phone, "{reporterMasked}": masked(v.s.phone),
		"{secret}": v.secret(),                      // the follow code of that case in the hands of its reporter, a wrong one in those of others
		"{kind}":   "incident", "{subject}": "0101", // what that case is about
		"{personPhone}": sought, "{personMasked}": "张*三", // the person of the place
		"{login}": login, "{password}": apptest.Password,
		"{once}": fmt.Sprint(posted.Add(1)), // another number for each call
	}
}

func masked(phone string) string { return phone[:3] + "****" + phone[7:] }

// caseStates are the states of the case of the place by what casework's own routes call them.
var caseStates = map[string]string{"working": "dispatched", "ended": "closed"}

// things are what a probe can be Of: each makes it stand in the state. Kinds of cases are things too.
var things = map[string]func(f *fixture, v *values, in string){
	"application": func(f *fixture, v *values, in string) { f.put(v.be(v.s.application), in, v.unit) },
	"incident":    func(f *fixture, v *values, in string) { f.put(v.be(v.s.incident), in, v.unit) },
	"case": func(f *fixture, v *values, in string) {
		if v.be(v.s.incident); in != "" {
			f.put(v.s.incident, caseStates[in], v.unit)
		}
	},
	"case of others":      func(f *fixture, v *values, in string) { f.put(v.be(v.s.incident), caseStates[in], v.s.office) },
	"case of no deletion": func(f *fixture, _ *values, _ string) { f.exec(`DELETE FROM people_request WHERE kind = 'delete'`) },
	"case to withdraw": func(f *fixture, v *values, _ string) {
		if f.put(f.home.application, "submitted", f.home.station); v.role == "resident" {
			v.names["{secret}"] = f.home.applicationCode
		}
	},
	"low rating": lowRating,
	"appeal":     appealed,

	"person": func(f *fixture, v *values, _ string) { v.version(f, "people_person", "id", v.be(v.s.person)) },
	"request": func(f *fixture, v *values, _ string) {
		f.exec(`UPDATE people_request SET state = 'open', answer = '', answered_at = NULL, answered_by = '', version = 1 WHERE id = $1`,
			v.be(v.s.request))
	},
	"roster": func(f *fixture, v *values, _ string) {
		f.exec(`UPDATE people_import SET state = 'preview' WHERE id = $1`, v.be(v.s.roster))
	},

	"account": func(f *fixture, v *values, _ string) {
		v.be(f.value(`SELECT id FROM access_account WHERE login = 'window2'`))
		f.exec(`DELETE FROM access_grant WHERE account_id = $1`, v.names["{id}"])
		v.version(f, "access_account", "id", v.names["{id}"])
	},
	"alarm": func(f *fixture, v *values, _ string) {
		f.exec(`INSERT INTO access_alarm (id, kind, account_id, day, at, times, seen_at) VALUES ($1,'tries',$1,'x',0,1,0)`,
			v.be("alarm-"+v.names["{once}"]))
	},
	"message": func(f *fixture, v *values, in string) {
		f.exec(`DELETE FROM notify_message WHERE id = $1`, v.be("320700-"+in))
		f.exec(`INSERT INTO notify_message (shard, id, at, channel, purpose, subject_id, seq, masked, sealed, state, tries, next_at, until_at,
			reason, done_at)
			VALUES ('320700',$1,1,'sms','access.code','',0,'199****4321','x',$2,1,1,0,'status 400',1)`, v.names["{id}"], in)
	},
	"difference": func(f *fixture, v *values, _ string) {
		f.exec(`DELETE FROM shipped_text WHERE kind = 'rule' AND name LIKE 'hall.accept.days %'`)
		f.exec(`UPDATE rule_value SET note = note || '.' WHERE rule = 'hall.accept.days'`)
		v.names["{name}"] = "hall.accept.days " + f.value(`SELECT MIN(valid_from) FROM rule_value WHERE rule = 'hall.accept.days'`)
	},

	"body": func(f *fixture, v *values, _ string) { v.version(f, "registry_body", "id", v.be(v.s.party)) },
	"area without office": func(f *fixture, v *values, _ string) {
		f.exec(`DELETE FROM registry_body WHERE area = $1 AND kind = 'office'`, v.s.area)
	},
	"member": func(f *fixture, v *values, _ string) {
		m, err := f.w.App.Bodies.AddMember(f.w.System(), v.s.party, registry.Member{Name: "党员", Post: "member", TermFrom: "2026-01-01"})
		must(f.T, err)
		f.exec(`DELETE FROM registry_member WHERE body_id = $1 AND id <> $2`, v.s.party, v.be(m.ID))
	},
	"facilities": func(f *fixture, v *values, _ string) {
		v.names["{version}"] = fmt.Sprint(f.number(`SELECT COALESCE(MAX(version), 0) FROM registry_facility WHERE area_id =
			(SELECT id FROM registry_area WHERE code = $1)`, v.s.area))
	},
	"area import": func(f *fixture, v *values, _ string) {
		f.exec(`DELETE FROM registry_import`)
		list := "code,name,level,parent\n" + v.s.area + "077,名单网格,6," + v.s.area + "\n"
		i, err := f.w.App.Changes.PrepareImport(f.w.System(), []change.Source{change.FromReader("list.csv", bytes.NewReader([]byte(list)))},
			change.ImportOptions{Supplement: true})
		must(f.T, err)
		v.be(i.ID)
	},

	"area without route": func(f *fixture, _ *values, _ string) { f.exec(`DELETE FROM casework_route`) },
	"route": func(f *fixture, v *values, _ string) {
		f.exec(`DELETE FROM casework_route`)
		kept, err := f.w.App.Routing.KeepRoute(f.w.System(), routing.Route{Kind: v.names["{kind}"], Subject: v.names["{subject}"],
			Area: v.s.area, ValidFrom: "2026-01-01", Department: registry.BodyStation, Level: registry.LevelCommunity, Enabled: true})
		must(f.T, err)
		v.be(kept.ID)
	},

	"task":  taskIn,
	"share": shareIn, // of a task, the case of one community

}

// be makes an id that of the thing.
func (v *values) be(id string) string {
	v.names["{id}"] = id
	return id
}

// version takes down the version of a row.
func (v *values) version(f *fixture, table, key, id string) {
	v.names["{version}"] = fmt.Sprint(f.number(`SELECT version FROM `+table+` WHERE `+key+` = $1`, id))
}

// besides are what a thing can have besides.
var besides = map[string]func(f *fixture, v *values){
	"part":      func(f *fixture, v *values) { f.part(v.names["{id}"], v.unit) },
	"recheck":   func(f *fixture, v *values) { f.recheck(v.names["{id}"]) },
	"main":      another,
	"task file": withTaskFile,
	"grant": func(f *fixture, v *values) {
		g, err := f.w.App.Accounts.Grant(f.w.System(), v.names["{id}"], access.Grant{Role: registry.RoleWindowWorker, Area: v.s.area})
		must(f.T, err)
		v.names["{grant}"] = g.ID
	},
	"session": func(f *fixture, v *values) {
		v.names["{session}"] = "session-" + v.names["{once}"]
		f.exec(`INSERT INTO access_session (token, data, expires_at, id, account_id) VALUES ($1,'',0,$1,$2)`, v.names["{session}"],
			v.names["{id}"])
	},
	"no request": func(f *fixture, v *values) {
		f.exec(`DELETE FROM people_request WHERE person_id = $1 AND kind = 'restrict'`, v.names["{id}"])
	},
	"case": caseOfPerson,
	"clash": func(f *fixture, v *values) {
		f.exec(`INSERT INTO casework_route (id, kind, subject, area, valid_from, valid_to, days, hour_from, hour_to, body_id, department, level,
			note, enabled, changed_at, changed_by, version)
			SELECT 'clash', kind, subject, area, valid_from, valid_to, days, hour_from, hour_to, body_id, department, level, note, enabled,
			changed_at, changed_by, version FROM casework_route WHERE id = $1`, v.names["{id}"])
		must(f.T, f.w.App.Routing.RefreshRoutes(f.w.System()))
	},
}

// clocks are the verbs for which a case's clock can stand as their guards want it.
var clocks = []string{"suspend", "resume", "extend", "supervise", "answer"}

// ready makes stand what a probe is Of, with what it has besides.
func (f *fixture) ready(v *values, of, in string, with []string) {
	f.Helper()
	make := things[of]
	if make == nil {
		f.Fatalf("this world has no %q: let the probe Make it", of)
	}
	make(f, v, in)
	for _, what := range with {
		switch add := besides[what]; {
		case add != nil:
			add(f, v)
		case slices.Contains(clocks, what):
			must(f.T, wind(f.w, v.names["{id}"], what))
		default:
			f.Fatalf("this world knows nothing to have besides called %q", what)
		}
	}
}

// settled are what must hold after the call of a probe of these things, beside its answer; "" for what does.
var settled = map[string]func(f *fixture, v *values) string{
	"case of no deletion": func(f *fixture, v *values) string {
		asked := f.number(`SELECT COUNT(*) FROM people_request q JOIN casework_case c ON c.person_id = q.person_id WHERE q.kind = 'delete'
			AND c.id = $1`, f.home.incident)
		all := f.number(`SELECT COUNT(*) FROM people_request WHERE kind = 'delete'`)
		if mine := v.role == "resident"; all != asked || (asked == 1) != mine {
			return fmt.Sprintf("%d asked, %d of them for the own case", all, asked)
		}
		return ""
	},
}

// lowRating is a case whose low rating is being followed up, rated of a body to which nobody belongs.
func lowRating(f *fixture, v *values, state string) {
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

// appealed is a case whose low rating is of the unit that the caller acts for, or of the station,
// and an appeal against it in a state.
func appealed(f *fixture, v *values, state string) {
	lowRating(f, v, "opened")
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

// another is one more case of the kind at the same place, into which the thing may be merged; it is out of it again.
func another(f *fixture, v *values) {
	f.exec(`DELETE FROM casework_merge WHERE case_id = $1`, v.names["{id}"])
	body := apptest.Incident("main " + v.s.area)
	body["description"], body["area"] = "同一问题", v.s.area
	v.names["{main}"] = f.w.Nobody().OpenCase(body).Want(201).Text("number")
}

// caseOfPerson is a case of the person with a file, beside all others.
func caseOfPerson(f *fixture, v *values) {
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
	f.write(func(ctx context.Context, tx *db.Tx) error { return apptest.Copied(ctx, tx, v.s.incident, id) })
}
