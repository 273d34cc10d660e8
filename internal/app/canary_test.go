package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"linli/internal/app/apptest"
	"linli/internal/platform/db"
	"linli/internal/platform/notify"
)

// canaries are personal values that occur nowhere else.
var canaries = []string{
	"欧阳金丝雀", "13987650123", "11010519491231002X", "金丝雀路77号4单元902室", // of a resident
	"慕容知更鸟", "15087650456", "34052419800101001X", "知更鸟路55号2单元303室", // of an applicant
	"司徒画眉", "17787650789", // of who reports an incident
	"南宫百灵", "18987650321", "百灵路33号1单元101室", // of a roster
	"canary.huamei@example.cn", // of who reports an incident
}

// tape keeps what a face and the log were told.
type tape struct {
	mu    sync.Mutex
	lines []string
}

func (t *tape) Write(p []byte) (int, error) {
	t.keep("log", string(p))
	return len(p), nil
}

func (t *tape) keep(from, text string) {
	t.mu.Lock()
	t.lines = append(t.lines, from+"\n"+text)
	t.mu.Unlock()
}

// A whole journey is recorded: every answer of the API, every page, every log line, every row.
// No plain personal value is found in it, except in the answers that exist to show one.
func TestNoPersonalValueLeaks(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		heard := &tape{}
		old := slog.Default()
		slog.SetDefault(slog.New(slog.NewJSONHandler(heard, &slog.HandlerOptions{Level: slog.LevelDebug})))
		defer slog.SetDefault(old)

		inside := w.App.Handler()
		server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			inside.ServeHTTP(rec, r)
			permitted := strings.HasSuffix(r.URL.Path, "/unmask") || strings.HasPrefix(r.URL.Path, "/api/v1/people/requests/") &&
				strings.HasSuffix(r.URL.Path, "/copy")
			if !permitted || rec.Code != 200 {
				heard.keep(r.Method+" "+r.URL.String()+" "+fmt.Sprint(rec.Code, rec.Header()), rec.Body.String())
			}
			for k, v := range rec.Header() {
				rw.Header()[k] = v
			}
			rw.WriteHeader(rec.Code)
			_, _ = rw.Write(rec.Body.Bytes())
		}))
		defer server.Close()
		w.URL = server.URL
		journey(t, w)
		portalJourney(t, w)

		for _, said := range heard.lines {
			for _, c := range canaries {
				if strings.Contains(said, c) {
					t.Errorf("%s is told by %.700s", c, said)
				}
			}
		}
		if len(heard.lines) < 60 {
			t.Errorf("only %d answers were heard", len(heard.lines))
		}
		for _, row := range everything(t, w.App.DB) {
			for _, c := range canaries {
				if strings.Contains(row, c) {
					t.Errorf("%s is stored plain in %.300s", c, row)
				}
			}
		}
	})
}

var followCode string

// journey takes the values through every module, by right ways and wrong.
func journey(t *testing.T, w *apptest.World) {
	t.Helper()
	window, dispatcher, clerk, auditor := w.As("window"), w.As("dispatcher"), w.As("clerk"), w.As("auditor")
	person := map[string]any{"area": apptest.Community, "name": canaries[0], "phone": canaries[1], "idNumber": canaries[2],
		"address": canaries[3], "household": "7-902"}
	id := window.Do("POST", "/people/persons", person).Want(201).Text("id")
	window.Do("POST", "/people/persons", person).Want(409)
	person["phone"] = canaries[1] + "9"
	window.Do("POST", "/people/persons", person).Want(422)
	w.As("stranger").Do("POST", "/people/persons", person)
	for _, words := range []string{canaries[1], canaries[2], canaries[0], canaries[3]} {
		window.Do("POST", "/people/search", map[string]any{"q": words, "purpose": "service"})
	}
	for _, path := range []string{"/people/persons", "/people/persons/" + id, "/people/persons/" + id + "/looks"} {
		window.Do("GET", path, nil).Want(200)
	}
	for _, field := range []string{"name", "phone", "idNumber", "address"} {
		window.Do("POST", "/people/persons/"+id+"/unmask",
			map[string]any{"field": field, "purpose": "visit", "note": "看 " + canaries[1]}).Want(200)
	}
	window.Do("PUT", "/people/persons/"+id, map[string]any{"address": canaries[3], "version": 1}).Want(200)
	window.Do("PUT", "/people/persons/"+id, map[string]any{"address": canaries[3], "version": 1}).Want(409)
	request := dispatcher.Do("POST", "/people/requests", map[string]any{"personId": id, "kind": "copy"}).Want(201).Text("id")
	dispatcher.Do("POST", "/people/requests/"+request+"/copy", nil).Want(200)
	dispatcher.Do("POST", "/people/requests/"+request+"/answer", map[string]any{"done": true, "version": 1}).Want(200)
	dispatcher.Do("GET", "/people/requests?state=done", nil).Want(200)
	roster := "姓名,身份证号,电话,住址\n" + canaries[10] + ",," + canaries[11] + "," + canaries[12] + "\n" + canaries[10] + "," + canaries[2] + "0," + canaries[11] + "1,x\n"
	imported := multipartSend(t, window, "/people/roster?area="+apptest.Community, roster).Want(201).Text("id")
	window.Do("POST", "/people/roster/"+imported+"/start", nil).Want(200)
	if err := w.App.Roster.RunImports(w.System()); err != nil {
		t.Fatal(err)
	}
	window.Do("GET", "/people/roster/"+imported, nil).Want(200)
	window.Do("GET", "/people/roster", nil).Want(200)
	dispatcher.Do("GET", "/people/export?area="+apptest.Community, nil).Want(200)

	body := apptest.Application("canary")
	body["applicant"] = map[string]any{"name": canaries[4], "phone": canaries[5], "idNumber": canaries[6], "address": canaries[7]}
	opened := w.Nobody().Apply(w.Fill(body)).Want(201)
	followCode = opened.Text("code")
	body["clientKey"], body["applicant"] = "canary2",
		map[string]any{"name": canaries[4], "phone": canaries[5] + "0", "idNumber": canaries[6] + "1", "address": canaries[7]}
	w.Nobody().Apply(body).Want(422)
	event := apptest.Incident("canary3")
	event["reporter"] = map[string]any{"name": canaries[9], "phone": canaries[8]}
	w.Nobody().OpenCase(event).Want(422) // a name where the number belongs
	w.App.Outbox.Gateways = map[notify.Channel]notify.Gateway{notify.SMS: notify.NewHTTP("http://127.0.0.1:1", "", false)}
	event["tell"] = []string{"sms"}
	event["reporter"] = map[string]any{"name": canaries[8], "phone": canaries[9], "email": canaries[13]}
	w.Nobody().OpenCase(event).Want(201)

	caseID := opened.Text("id")
	window.Do("POST", "/casework/cases/"+caseID+"/reporter/unmask", map[string]any{"field": "phone", "purpose": "contact"}).Want(200)
	clerk.Do("POST", "/casework/cases/"+caseID+"/reporter/unmask", map[string]any{"field": "phone", "purpose": "contact"})
	for verb, by := range map[string]*apptest.Caller{"accept": window} {
		by.StepApplication(caseID, verb, map[string]any{}).Want(200)
	}
	clerk.StepApplication(caseID, "review", map[string]any{"choice": "pass"}).Want(200)
	for _, who := range []*apptest.Caller{window, dispatcher, clerk, w.As("head"), w.As("street"), w.As("county"),
		w.As("city"), w.As("grid"), w.As("stranger")} {
		for _, path := range []string{"/casework/cases?view=all", "/casework/cases/" + caseID, "/casework/inbox", "/casework/board",
			"/people/persons", "/casework/cases?view=all&q=" + url.QueryEscape(opened.Text("number"))} {
			who.Do("GET", path, nil)
		}
	}
	w.Nobody().Do("POST", "/casework/follow", map[string]any{"code": followCode}).Want(200)
	for _, path := range []string{"/audit/entries?limit=200", "/audit/export", "/audit/state", "/audit/head"} {
		auditor.Do("GET", path, nil).Want(200)
	}
}

func multipartSend(t *testing.T, c *apptest.Caller, path, content string) apptest.Answer {
	t.Helper()
	const edge = "edge"
	body := "--" + edge + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + "roster.csv\"\r\n\r\n" + content + "\r\n--" + edge + "--\r\n"
	return c.Send("POST", path, "multipart/form-data; boundary="+edge, bytes.NewReader([]byte(body)))
}

// portalJourney follows the case in a browser and looks at what is held.
func portalJourney(t *testing.T, w *apptest.World) {
	t.Helper()
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar}
	visit := func(res *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(res.Body)
		if res.StatusCode != 200 {
			t.Fatalf("%s: %d", res.Request.URL, res.StatusCode)
		}
		return string(raw)
	}
	for _, path := range append(apptest.FormPages(w.App)[:1], "/", "/track", "/communities") {
		res, err := browser.Get(w.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
	}
	visit(browser.PostForm(w.URL+"/track", url.Values{"code": {followCode}}))
	held := visit(browser.Get(w.URL + "/track/case/person"))
	if !strings.Contains(held, "150****0456") || !strings.Contains(held, "联系当事人") {
		t.Errorf("the person is not told what is held or who saw it: %s", held)
	}
	visit(browser.PostForm(w.URL+"/track/case/person", url.Values{"kind": {"restrict"}, "note": {"不再使用"}}))
	if again := visit(browser.Get(w.URL + "/track/case/person?lang=en")); !strings.Contains(again, "Restrict the use") ||
		!strings.Contains(again, "Being handled") {
		t.Errorf("the request is not shown: %s", again)
	}
}

// everything is each row of each table as text.
func everything(t *testing.T, d *db.DB) []string {
	t.Helper()
	ctx := context.Background()
	list := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if d.Dialect == db.Postgres {
		list = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`
	}
	tables, err := db.All(ctx, d, func(s db.Scanner) (n string, err error) { return n, s.Scan(&n) }, list)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, table := range tables {
		rows, err := d.Query(ctx, `SELECT * FROM `+table)
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := rows.Columns()
		for rows.Next() {
			values := make([]any, len(columns))
			targets := make([]any, len(columns))
			for i := range values {
				targets[i] = &values[i]
			}
			if err := rows.Scan(targets...); err != nil {
				t.Fatal(err)
			}
			out = append(out, table+" "+fmt.Sprint(values...))
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}
