package fault

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// The primary of a pair with synchronous replication is killed, or stopped without a word, in the middle
// of the work, and the standby is promoted. The program, which knows both by a list, goes on by itself:
// all that it acknowledged is at the new primary, and nothing twice.
func TestStandbyIsPromoted(t *testing.T) {
	for name, ends := range map[string]func(primary *cluster){
		"killed":  func(primary *cluster) { primary.stop() },
		"stopped": func(primary *cluster) { primary.signal(syscall.SIGSTOP) },
	} {
		t.Run(name, func(t *testing.T) {
			for range rounds(1) {
				promoted(t, ends)
			}
		})
	}
}

func promoted(t *testing.T, end func(primary *cluster)) {
	primary := ownPostgres(t)
	c := newCity(t, primary.address)
	standby := primary.follow()
	c.database = fmt.Sprintf("postgres://linli@127.0.0.1:%d,127.0.0.1:%d/linli?sslmode=disable&target_session_attrs=read-write",
		primary.port, standby.port)
	s := c.serve("LINLI_DB_SILENCE=" + silence)
	client := s.worker()
	client.Timeout = time.Minute
	ended := time.Time{}
	kept, open := s.crowd("before", 16, func(n int) bool {
		if n >= 60 && ended.IsZero() {
			ended = time.Now()
			end(primary)
		}
		return !ended.IsZero()
	})
	t.Logf("all callers were answered within %v", time.Since(ended).Round(100*time.Millisecond))
	standby.run("pg_ctl", "-D", standby.data(), "-w", "promote")
	since := time.Now()
	for {
		a, err := s.report(client, "after")
		if err != nil {
			t.Fatal(err)
		}
		if a.status == http.StatusCreated {
			kept["after"] = a.text("id")
			break
		}
		if a.status != http.StatusServiceUnavailable {
			t.Fatalf("while the standby takes over: %v\n%s", a, s.log)
		}
	}
	t.Logf("writing again %v after the promotion", time.Since(since).Round(100*time.Millisecond))
	s.kill()
	c.database = standby.address
	if n := c.whole(kept); n < len(kept) || n > len(kept)+len(open) {
		t.Errorf("%d cases for %d acknowledged and %d without an answer", n, len(kept), len(open))
	}
}

// follow makes a standby that confirms each commit before it is acknowledged.
func (c *cluster) follow() *cluster {
	c.t.Helper()
	standby := newCluster(c.t)
	standby.own()
	standby.run("pg_basebackup", "-h", "127.0.0.1", "-p", fmt.Sprint(c.port), "-U", "linli", "-D", standby.data(), "-R", "-X", "stream", "-c", "fast")
	standby.launch()
	admin, err := sql.Open("pgx", c.address)
	if err != nil {
		c.t.Fatal(err)
	}
	defer admin.Close()
	for _, statement := range []string{
		`ALTER SYSTEM SET synchronous_standby_names = '*'`, `SELECT pg_reload_conf()`,
		`CREATE TABLE waited (n integer)`, `DROP TABLE waited`, // returns when the standby has it
	} {
		if _, err := admin.ExecContext(context.Background(), statement); err != nil {
			c.t.Fatalf("%s: %v", statement, err)
		}
	}
	return standby
}

func (c *cluster) data() string { return filepath.Join(c.folder, "data") }
