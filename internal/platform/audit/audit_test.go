package audit_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"linli/internal/platform/audit"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
	"linli/internal/platform/db/dbtest"
	"linli/internal/platform/seal"
)

func system() context.Context {
	return authority.With(context.Background(), authority.SystemActor("test"))
}

// record writes n records and tells their ids in order.
func record(t *testing.T, l *audit.Log, n int) []string {
	t.Helper()
	ctx := system()
	for i := range n {
		err := l.Do(ctx, func(tx *audit.Tx) error {
			tx.Judged()
			tx.Record(audit.Entry{Action: "test.thing.change", Area: []string{"320703001007", "320706"}[i%2],
				Subject: "test.thing", SubjectID: fmt.Sprint(i),
				Before: map[string]any{"n": i}, After: map[string]any{"n": i + 1}})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	ids, err := db.All(ctx, l.DB, func(s db.Scanner) (id string, err error) { return id, s.Scan(&id) },
		`SELECT id FROM audit_entry ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func sealAll(t *testing.T, l *audit.Log) {
	t.Helper()
	if _, err := l.Seal(system()); err != nil {
		t.Fatal(err)
	}
}

func verify(t *testing.T, l *audit.Log, head *audit.Head) audit.Report {
	t.Helper()
	r, err := l.Verify(system(), head)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func run(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	if err := d.Write(context.Background(), func(tx *db.Tx) error {
		n, err := tx.Exec(context.Background(), query, args...)
		if err == nil && n == 0 {
			t.Errorf("%s changed nothing", query)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAnUntouchedLogVerifies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := &audit.Log{DB: d}
		if r := verify(t, l, nil); len(r.Findings) != 0 || r.Head.Size != 0 {
			t.Fatalf("an empty log: %+v", r)
		}
		record(t, l, 5)
		sealAll(t, l)
		early, err := l.Head(system())
		if err != nil {
			t.Fatal(err)
		}
		record(t, l, 433) // several batches, and no power of two
		if r := verify(t, l, nil); r.Waiting != 433 || len(r.Findings) != 0 {
			t.Fatalf("before sealing: %+v", r)
		}
		sealAll(t, l)
		r := verify(t, l, &early)
		if r.Head.Size != 438 || r.Waiting != 0 || len(r.Findings) != 0 {
			t.Fatalf("got %+v", r)
		}
		head, err := l.Head(system())
		if err != nil || head.Root != r.Head.Root {
			t.Fatalf("head %v and verification %v differ (%v)", head.Root, r.Head.Root, err)
		}
	})
}

func TestSealersRace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := &audit.Log{DB: d}
		record(t, l, 250)
		var wait sync.WaitGroup
		for range 4 {
			wait.Add(1)
			go func() {
				defer wait.Done()
				if _, err := l.Seal(system()); err != nil {
					t.Error(err)
				}
			}()
		}
		record(t, l, 50)
		wait.Wait()
		sealAll(t, l)
		if r := verify(t, l, nil); r.Head.Size != 300 || len(r.Findings) != 0 {
			t.Fatalf("got %+v", r)
		}
	})
}

// Every way of meddling with the tables is found, and the record named.
func TestTampering(t *testing.T) {
	t.Parallel()
	const n = 13
	for name, c := range map[string]struct {
		do    func(t *testing.T, d *db.DB, ids []string)
		fault audit.Fault
		names []int // records that a finding must name
	}{
		"content altered": {func(t *testing.T, d *db.DB, ids []string) {
			run(t, d, `UPDATE audit_entry SET after_values = '{"n":99}' WHERE id = $1`, ids[4])
		}, audit.Altered, []int{4}},
		"actor altered": {func(t *testing.T, d *db.DB, ids []string) {
			run(t, d, `UPDATE audit_entry SET actor_name = 'somebody else' WHERE id = $1`, ids[0])
		}, audit.Altered, []int{0}},
		"instant altered": {func(t *testing.T, d *db.DB, ids []string) {
			run(t, d, `UPDATE audit_entry SET at = at + 1 WHERE id = $1`, ids[12])
		}, audit.Altered, []int{12}},
		"record removed": {func(t *testing.T, d *db.DB, ids []string) {
			run(t, d, `DELETE FROM audit_entry WHERE id = $1`, ids[7])
		}, audit.Removed, []int{7}},
		"last record removed": {func(t *testing.T, d *db.DB, ids []string) {
			run(t, d, `DELETE FROM audit_entry WHERE id = $1`, ids[12])
		}, audit.Removed, []int{12}},
		"two records exchanged": {func(t *testing.T, d *db.DB, ids []string) {
			run(t, d, `UPDATE audit_entry SET seq = CASE WHEN id = $1 THEN 9 ELSE 3 END WHERE id IN ($1, $2)`, ids[3], ids[9])
		}, audit.Moved, []int{3, 9}},
		"two records exchanged with their places": {func(t *testing.T, d *db.DB, ids []string) {
			run(t, d, `UPDATE audit_entry SET seq = CASE WHEN id = $1 THEN 9 ELSE 3 END WHERE id IN ($1, $2)`, ids[3], ids[9])
			run(t, d, `UPDATE audit_leaf SET entry_id = 'x' WHERE seq = 3`)
			run(t, d, `UPDATE audit_leaf SET entry_id = $1, shard = (SELECT shard FROM audit_entry WHERE id = $1) WHERE seq = 9`, ids[3])
			run(t, d, `UPDATE audit_leaf SET entry_id = $1, shard = (SELECT shard FROM audit_entry WHERE id = $1) WHERE seq = 3`, ids[9])
		}, audit.Moved, []int{3, 9}},
		"record slipped in": {func(t *testing.T, d *db.DB, ids []string) {
			run(t, d, `INSERT INTO audit_entry (shard, id, at, actor_id, actor_name, origin, action, area, subject, subject_id, detail, seq)
				SELECT shard, 'forged', at, actor_id, actor_name, origin, action, area, subject, subject_id, detail, 5 FROM audit_entry WHERE id = $1`,
				ids[5])
		}, audit.Added, nil},
		"hashes of the tree altered": {func(t *testing.T, d *db.DB, ids []string) {
			run(t, d, `UPDATE audit_leaf SET hashes = (SELECT l.hashes FROM audit_leaf l WHERE l.seq = 1) WHERE seq = 5`)
		}, audit.Altered, []int{5}},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				l := &audit.Log{DB: d}
				ids := record(t, l, n)
				sealAll(t, l)
				c.do(t, d, ids)
				r := verify(t, l, nil)
				if len(r.Findings) == 0 {
					t.Fatal("nothing was found")
				}
				if len(r.Findings) > 3 {
					t.Errorf("too much is blamed: %v", r.Findings)
				}
				for _, i := range c.names {
					if !slices.ContainsFunc(r.Findings, func(f audit.Finding) bool { return f.Fault == c.fault && f.Entry == ids[i] }) {
						t.Errorf("record %d (%s) is not named as %s: %v", i, ids[i], c.fault, r.Findings)
					}
				}
				if !slices.ContainsFunc(r.Findings, func(f audit.Finding) bool { return f.Fault == c.fault }) {
					t.Errorf("no %s: %v", c.fault, r.Findings)
				}
			})
		})
	}
}

// Whoever holds the database can rewrite all of it; not a head that was kept elsewhere.
func TestARewrittenLogFailsAgainstAnEarlierHead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l, ring := &audit.Log{DB: d}, seal.Fresh()
		ids := record(t, l, 9)
		sealAll(t, l)
		head, err := l.Head(system())
		if err != nil {
			t.Fatal(err)
		}
		signed, err := head.Sign(ring)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := audit.ParseHead(signed, ring)
		if err != nil || kept.Size != 9 || kept.Root != head.Root {
			t.Fatalf("the head reads back as %+v (%v)", kept, err)
		}
		for _, forged := range []string{strings.Replace(string(signed), "\n9\n", "\n8\n", 1), "", string(signed) + "x"} {
			if _, err := audit.ParseHead([]byte(forged), ring); err == nil && forged != string(signed) {
				t.Errorf("a forged head was read: %q", forged)
			}
		}
		if _, err := audit.ParseHead(signed, seal.Fresh()); err == nil {
			t.Error("a head of another city was read")
		}
		run(t, d, `UPDATE audit_entry SET actor_name = 'somebody else' WHERE id = $1`, ids[2])
		run(t, d, `DELETE FROM audit_leaf`)
		run(t, d, `UPDATE audit_entry SET seq = NULL`)
		run(t, d, `UPDATE audit_tree SET size = 0`)
		sealAll(t, l)
		if r := verify(t, l, nil); len(r.Findings) != 0 {
			t.Fatalf("the rewritten log should fit in itself: %v", r.Findings)
		}
		if r := verify(t, l, &kept); len(r.Findings) == 0 {
			t.Error("the rewritten log fits the earlier head")
		}
		run(t, d, `DELETE FROM audit_leaf WHERE seq >= 5`)
		run(t, d, `DELETE FROM audit_entry WHERE seq >= 5`)
		run(t, d, `UPDATE audit_tree SET size = 5`)
		if r := verify(t, l, &kept); len(r.Findings) == 0 {
			t.Error("a log cut short fits the earlier head")
		}
	})
}

func TestNumbersOfPersonsAreMasked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := &audit.Log{DB: d}
		err := l.Do(system(), func(tx *audit.Tx) error {
			tx.Judged()
			tx.Record(audit.Entry{Action: "test.thing.change",
				Detail: map[string]string{"note": "电话13812345678，证件11010519491231002X", "area": "320703001007"}})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		detail, err := db.Value[string](context.Background(), d, `SELECT detail FROM audit_entry`)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(detail, "13812345678") || strings.Contains(detail, "11010519491231002X") ||
			!strings.Contains(detail, "320703001007") {
			t.Errorf("kept %s", detail)
		}
	})
}

// A log that is verified while records are sealed is not found to be broken.
func TestVerifyWhileSealing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		l := &audit.Log{DB: d}
		record(t, l, 300)
		sealAll(t, l)
		done := make(chan error)
		go func() {
			var err error
			for range 6 {
				if err = l.Do(system(), func(tx *audit.Tx) error {
					tx.Judged()
					tx.Record(audit.Entry{Action: "test.thing.change"})
					return nil
				}); err != nil {
					break
				}
				if _, err = l.Seal(system()); err != nil {
					break
				}
			}
			done <- err
		}()
		for {
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
				return
			default:
				if r := verify(t, l, nil); len(r.Findings) != 0 {
					t.Errorf("a sound log: %v", r.Findings)
				}
			}
		}
	})
}
