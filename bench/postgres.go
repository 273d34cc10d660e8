package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// reportPostgres compares reporting through HTTP on PostgreSQL to pgbench inserting the same rows
// as one transaction, prepared, from as many clients, into the same tables.
func reportPostgres(ctx context.Context, r *Run) ([]Result, error) {
	address, err := freshDatabase(ctx, r.Postgres, "linli_bench_report")
	if err != nil {
		return nil, err
	}
	ours, err := serve(ctx, r, folderOf(r, "linli"), address, login)
	if err != nil {
		return nil, err
	}
	defer ours.stop()
	script := filepath.Join(r.Folder, "report.sql")
	if err := os.WriteFile(script, []byte(rowsOfReport), 0o644); err != nil {
		return nil, err
	}
	var linli []Load
	var peer []float64
	for range r.Rounds {
		l, err := drive(ctx, ours.base+"/api/v1/grid/incidents", ours.Header, r.span(), incident)
		if err != nil {
			return nil, err
		}
		linli = append(linli, l)
		out, err := exec.CommandContext(ctx, "pgbench", "-n", "-M", "prepared", "-c", strconv.Itoa(callers), "-j", "2",
			"-T", strconv.Itoa(int(r.span()/time.Second)), "-f", script, address).CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("pgbench: %.2000s", out)
		}
		line := tpsLine.FindSubmatch(out)
		if line == nil {
			return nil, fmt.Errorf("pgbench tells no rate: %.2000s", out)
		}
		tps, err := strconv.ParseFloat(string(line[1]), 64)
		if err != nil {
			return nil, err
		}
		peer = append(peer, tps)
	}
	o := middle(linli)
	return []Result{{"report, throughput, PostgreSQL, 64 callers", "pgbench, the same rows as one transaction", o.rate(),
		fmt.Sprintf("%.0f/s", median(peer)), o.PerSecond / median(peer), 0.5, false}}, nil
}

var tpsLine = regexp.MustCompile(`tps = ([0-9.]+)`)

// freshDatabase makes an empty database on the server and tells its address.
func freshDatabase(ctx context.Context, server, name string) (string, error) {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, q := range []string{"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name} {
		if _, err := conn.Exec(ctx, q); err != nil {
			return "", err
		}
	}
	was := "/" + conn.Config().Database
	return strings.Replace(server, was+"?", "/"+name+"?", 1), nil
}

// rowsOfReport inserts what a report adds: person, event, case, incident and audit entry. The rows
// of counters are left out: 64 clients of their own would only wait for each other at them.
const rowsOfReport = `
\set n random(1, 9000000000000000)

BEGIN;
INSERT INTO people_person (shard, id, area, sealed, sealed_by, phone_index, number_index, state, roster, household_id, created_at, version)
  VALUES ('320703', '320703-p' || :n, '320703001007', repeat('x', 120), '1', md5(:n::text), '', 'active', 0, '', :n, 1);
INSERT INTO casework_event (shard, case_id, seq, at, verb, from_state, to_state, actor_id, actor_name, actor_role, note, data, public)
  VALUES ('320703', '320703-' || :n, 1, :n, 'report', '', 'reported', 'worker', '王某', 'grid_worker', '', '{"unit":"019f0000-0000-7000-8000-000000000000"}', 1);
INSERT INTO casework_case (shard, id, number, kind, subject, title, state, open, area, unit_id, handler_id, worker_id, person_id, channel, client_key, code_hash,
  place, lng, lat, reported_at, clock_at, limit_promised, limit_statutory, due_at, statutory_due_at, due_year, late, returned, closed_at, rating, events, version)
  VALUES ('320703', '320703-' || :n, '20261123-320703-b' || :n, 'incident', '0101', '暴露垃圾，号楼东侧，请派人查看处理', 'reported', 1, '320703001007',
  '019f0000-0000-7000-8000-000000000000', '', '', '320703-p' || :n, 'field', 'bench-' || :n, md5('c' || :n), '院前路', NULL, NULL, :n, :n, '4 workhour', '', CAST(:n AS BIGINT) + 14400000, NULL, 0, 0, 0, NULL, NULL, 1, 1);
INSERT INTO grid_incident (shard, case_id, category, description, reworked, unit_id) VALUES ('320703', '320703-' || :n, '0101', '暴露垃圾，号楼东侧，请派人查看处理', 0, '');
INSERT INTO audit_entry (shard, id, at, actor_id, actor_name, origin, session, action, area, subject, subject_id, detail, before_values, after_values)
  VALUES ('320703', 'a' || :n, :n, 'worker', '王某', '127.0.0.1', 'session', 'grid.incident.report', '320703001007', 'casework.case', '320703-' || :n, '{}', '',
  '{"number":"20261123-320703-0000001","subject":"0101","channel":"field","state":"reported","unit":"019f0000"}');
COMMIT;
`
