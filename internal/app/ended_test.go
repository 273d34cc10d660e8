package app_test

import (
	"bytes"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/casework/worklist"
	"linli/internal/platform/authority"
	"linli/internal/platform/clock"
	"linli/internal/platform/db"
	"linli/internal/platform/errs"
)

// reads are the routes that take a body and write nothing: what they tell, they tell to whoever was signed in as they began.
var reads = []string{"/preview", "/alike", "/verify"}

// Every write of staff, called as the authority matrix does so that nothing else refuses it, with a body that arrives after
// the session has ended: it is refused and nothing is written.
func TestARequestUnderWayEndsWithItsSession(t *testing.T) {
	t.Parallel()
	committed := readMatrix(t)
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		f := newFixture(t, w)
		written := func() string {
			rows, err := db.All(w.System(), w.App.DB, func(row db.Scanner) (a string, err error) { return a, row.Scan(&a) },
				`SELECT action FROM audit_entry WHERE session <> '' AND action NOT LIKE 'access.sign_in%' ORDER BY id`)
			must(t, err)
			return fmt.Sprint(rows)
		}
		tried := 0
		for _, op := range w.App.Operations() {
			p, role := f.probe(op.Key()), ""
			for _, r := range slices.Sorted(maps.Keys(logins)) {
				if committed[op.Key()][r][0] == "✓" {
					role = r
				}
			}
			if p.Body == nil || p.First != nil || role == "" || committed[op.Key()]["nobody"][0] == "✓" || ends(op.Path) ||
				slices.ContainsFunc(reads, func(part string) bool { return strings.HasSuffix(op.Path, part) }) {
				continue
			}
			tried++
			caller, v := f.caller(role, true), f.values(role, f.home)
			f.prepare(p, v)
			address := v.fill(op.Path)
			if p.Query != "" {
				address += "?" + v.fill(p.Query)
			}
			finish := caller.Begin(strings.SplitN(op.Key(), " ", 2)[0], address, v.fillAll(p.Body))
			f.exec(`DELETE FROM access_session`)
			clear(f.callers)
			before := written()
			if got := finish(); got.Status != http.StatusUnauthorized {
				t.Errorf("%s as %s: %d %.200s", op.Key(), role, got.Status, got.Raw)
			}
			if after := written(); after != before {
				t.Errorf("%s as %s writes %s", op.Key(), role, strings.TrimPrefix(after, strings.TrimSuffix(before, "]")))
			}
		}
		if tried < 40 {
			t.Errorf("only %d routes were tried", tried)
		}
		t.Logf("%d routes", tried)
	})
}

// sessionEnd is a writer of an answer during which every session ends.
type sessionEnd struct {
	w *apptest.World
}

func (e *sessionEnd) end() {
	must(e.w.T, e.w.App.DB.Write(e.w.System(), func(tx *db.Tx) error {
		_, err := tx.Exec(e.w.System(), `DELETE FROM access_session`)
		return err
	}))
}

func (e *sessionEnd) Write(p []byte) (int, error) { e.end(); return len(p), nil }

// A file whose last bytes come after the session ended is not stored, and an export ends with the page under way.
func TestUploadsAndExportsEndWithTheirSession(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		staff := w.As("grid")
		var head bytes.Buffer
		m := multipart.NewWriter(&head)
		part, err := m.CreateFormFile("file", "a.pdf")
		must(t, err)
		_, _ = part.Write(apptest.PDF("x"))
		must(t, m.Close())
		finish := staff.BeginBody("POST", "/casework/uploads", m.FormDataContentType(), head.Bytes())
		end := &sessionEnd{w: w}
		end.end()
		if got := finish(); got.Status != http.StatusUnauthorized {
			t.Errorf("an upload of an ended session: %d %s", got.Status, got.Raw)
		}
		if n, err := db.Value[int](w.System(), w.App.DB, `SELECT COUNT(*) FROM casework_upload`); n != 0 || err != nil {
			t.Errorf("%d files are kept (%v)", n, err)
		}

		city := w.As("city")
		ctx, err := w.App.Access.Sessions.Load(w.System(), city.Cookie("linli_session"))
		must(t, err)
		account, err := w.App.Accounts.FindLogin(w.System(), "city")
		must(t, err)
		actor := authority.NewActor(w.App.Policy, account.ID, "city", []authority.Grant{{Role: "city_officer", Area: apptest.CityCode}})
		actor.Session = "x"
		export, err := w.App.Worklist.NewExport(authority.With(ctx, actor), worklist.Filter{Area: apptest.CityCode, View: worklist.ViewAll}, nil)
		must(t, err)
		if err := export.Write(authority.With(ctx, actor), &sessionEnd{w: w}, "csv"); errs.Of(err).Kind != errs.Unauthenticated {
			t.Errorf("an export of an ended session goes on: %v", err)
		}
	})
}

// What a resident has open ends on the server, however their browser goes on: by leaving, by another code, by time and by
// the end of the visit; a cookie that was copied opens nothing after.
func TestVisitsOfResidentsEnd(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		sent := outbox{}
		w.App.Residents.Notify = &sent
		open := func(words string) string {
			return w.Nobody().OpenCase(map[string]any{"category": "0101", "description": words, "area": apptest.Community,
				"place": map[string]any{"text": "东门"}, "reporter": map[string]any{"name": "李梅", "phone": "13800138000"}}).Want(201).Text("code")
		}
		first, second := open("一号楼"), open("二号楼")
		for name, end := range map[string]func(c *apptest.Caller){
			"left the case":     func(c *apptest.Caller) { c.Page("POST", "/track/leave", nil) },
			"left their page":   func(c *apptest.Caller) { c.Page("POST", "/me/leave", nil) },
			"cleared the visit": func(c *apptest.Caller) { c.Page("POST", "/leave", nil) },
			"time": func(c *apptest.Caller) {
				must(t, w.App.DB.Write(w.System(), func(tx *db.Tx) error {
					_, err := tx.Exec(w.System(), `UPDATE visit_value SET until = $1`, clock.Millis(clock.Now(w.System()))-1)
					return err
				}))
			},
			"another code": func(c *apptest.Caller) { c.Page("POST", "/track", url.Values{"code": {second}}) },
		} {
			c := w.Nobody()
			c.Page("POST", "/me", url.Values{"phone": {"13800138000"}}).Want(http.StatusSeeOther)
			c.Page("POST", "/me/code", url.Values{"code": {sent.code()}}).Want(http.StatusSeeOther)
			c.Page("POST", "/track", url.Values{"code": {first}}).Want(http.StatusSeeOther)
			copied := w.Nobody()
			copied.Header = http.Header{"Cookie": {"linli_visit=" + c.Cookie("linli_visit")}}
			if got := copied.Page("GET", "/track/case", nil); !strings.Contains(got.Raw, "一号楼") {
				t.Fatalf("%s: before the end: %d", name, got.Status)
			}
			end(c)
			for _, who := range []*apptest.Caller{c, copied} {
				for _, path := range []string{"/track/case", "/track/case/person"} {
					if got := who.Page("GET", path, nil); strings.Contains(got.Raw, "一号楼") || name != "another code" &&
						strings.Contains(got.Raw, "138****8000") {
						t.Errorf("%s: %s still shows the case", name, path)
					}
				}
				if name != "another code" && name != "left the case" {
					if got := who.Page("GET", "/me", nil); strings.Contains(got.Raw, "/me/cases/") {
						t.Errorf("%s: their own page is still open", name)
					}
				}
				if got := who.Page("POST", "/track/case/withdraw", url.Values{"version": {"1"}}); name != "another code" && got.Status < 400 &&
					got.Header.Get("Location") == "/track/case" {
					t.Errorf("%s: a step is still taken", name)
				}
			}
		}
	})
}
