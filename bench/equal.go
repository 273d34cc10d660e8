package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// A report keeps six rows and counts in two: the same rows, with as many indexes, are sent to the peer as
// one batch request, which it commits as one transaction and, as Linli does, answers when it is on disk.
// What Linli does besides is left out: it finds who is responsible, reckons the due date in working hours,
// seals name and telephone, gives the case its number, and cuts the text for search.

// equalRows is a table that a report adds a row to, with its texts and how many indexes the table has
// beside its key (on SQLite, as of migrations).
var equalRows = []struct {
	table   string
	fields  []string
	indexes int
}{
	{"report_person", []string{"area", "sealed", "phone_index", "number_index", "state", "household"}, 7},
	{"report_case", []string{"number", "kind", "subject", "title", "state", "area", "unit", "handler", "worker", "person", "channel",
		"client_key", "code_hash", "place", "limit_promised", "limit_statutory"}, 22},
	{"report_incident", []string{"category", "description", "unit"}, 0},
	{"report_event", []string{"case", "verb", "from_state", "to_state", "actor", "actor_name", "actor_role", "note", "data"}, 0},
	{"report_audit", []string{"actor", "actor_name", "origin", "session", "action", "area", "subject", "detail", "after"}, 3},
	{"report_words", []string{"case", "words"}, 2},
}

// equalCounters are the records of the county's and the community's counters.
var equalCounters = []string{"tallycounty0001", "tallycommunity1"}

func reportEqual(ctx context.Context, r *Run) ([]Result, error) {
	ours, err := serve(ctx, r, folderOf(r, "linli"), "", login)
	if err != nil {
		return nil, err
	}
	defer ours.stop()
	peer, err := pocketbase(ctx, r, "BENCH_SYNCHRONOUS=FULL")
	if err != nil {
		return nil, err
	}
	defer peer.stop()
	var linli, pocket []Load
	for range r.Rounds {
		l, err := drive(ctx, ours.base+"/api/v1/grid/incidents", ours.Header, r.span(), incident)
		if err != nil {
			return nil, err
		}
		linli = append(linli, l)
		if l, err = drive(ctx, peer.base+"/api/batch", peer.Header, r.span(), equalBatch); err != nil {
			return nil, err
		}
		pocket = append(pocket, l)
	}
	o, p := middle(linli), middle(pocket)
	return []Result{
		{"report, throughput, SQLite, 64 callers", "PocketBase, the same rows and indexes in one batch, on disk", o.rate(), p.rate(),
			o.PerSecond / p.PerSecond, 5, false},
		{"report, p99", "PocketBase, the same rows and indexes in one batch, on disk", short(o.P99), short(p.P99),
			float64(o.P99) / float64(p.P99), 0.25, true},
	}, nil
}

// equalSchema makes the tables, whose rules ask for a signed-in user, and the counters.
func equalSchema(ctx context.Context, s *server) error {
	signedIn := `@request.auth.id != ""`
	collection := func(name string, fields []any, indexes []string) error {
		_, err := pocketPost(ctx, s, "/api/collections", map[string]any{"name": name, "type": "base",
			"createRule": signedIn, "updateRule": signedIn, "listRule": signedIn, "viewRule": signedIn, "fields": fields, "indexes": indexes})
		return err
	}
	number := func(name string) any { return map[string]any{"name": name, "type": "number"} }
	for _, t := range equalRows {
		var fields []any
		for _, f := range t.fields {
			fields = append(fields, map[string]any{"name": f, "type": "text", "max": 8000})
		}
		fields = append(fields, number("at"), number("due"))
		if err := collection(t.table, fields, indexesOf(t.table, t.fields, t.indexes)); err != nil {
			return err
		}
	}
	if err := collection("report_tally", []any{number("received"), number("open")}, nil); err != nil {
		return err
	}
	for _, id := range equalCounters {
		if _, err := pocketPost(ctx, s, "/api/collections/report_tally/records", map[string]any{"id": id, "received": 0, "open": 0}); err != nil {
			return err
		}
	}
	batch := map[string]any{"enabled": true, "maxRequests": 20, "timeout": 10}
	_, err := pocketSend(ctx, s, "PATCH", "/api/settings", map[string]any{"batch": batch})
	return err
}

// indexesOf are that many indexes over a table's texts, each followed by a time, as lists are read.
func indexesOf(table string, fields []string, count int) []string {
	var out []string
	for i := range count {
		text, time := fields[i%len(fields)], []string{"at", "due"}[i/len(fields)%2]
		out = append(out, fmt.Sprintf("CREATE INDEX %s_%d ON %s (%s, %s)", table, i, table, text, time))
	}
	return out
}

func equalBatch(n int) []byte {
	at := time.Now().UnixMicro()
	key := fmt.Sprintf("bench-%d-%d", at, n)
	var requests []any
	for _, t := range equalRows {
		row := map[string]any{"at": at, "due": at + 14_400_000_000}
		for _, f := range t.fields {
			row[f] = equalValue(f, key)
		}
		requests = append(requests, map[string]any{"method": "POST", "url": "/api/collections/" + t.table + "/records", "body": row})
	}
	for _, id := range equalCounters {
		requests = append(requests, map[string]any{"method": "PATCH", "url": "/api/collections/report_tally/records/" + id,
			"body": map[string]any{"received+": 1, "open+": 1}})
	}
	body, _ := json.Marshal(map[string]any{"requests": requests})
	return body
}

// equalValue is as long as what Linli keeps in a column.
func equalValue(field, key string) string {
	switch field {
	case "sealed":
		return strings.Repeat("x", 120)
	case "description", "title":
		return "暴露垃圾，号楼东侧，请派人查看处理"
	case "words":
		return strings.Repeat("暴露 露垃 垃圾 号楼 楼东 东侧 ", 6)
	case "data", "after", "detail":
		return `{"unit":"019f0000-0000-7000-8000-000000000000","channel":"field"}`
	case "area":
		return home
	case "kind", "state", "verb", "channel", "actor_role":
		return "incident"
	}
	return key
}
