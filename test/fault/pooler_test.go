package fault

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"linli/internal/app/apptest"
)

// pooler is a PgBouncer between the program and PostgreSQL.
type pooler struct {
	t       *testing.T
	folder  string
	address string // of the database, by the pooler
	cmd     *exec.Cmd
	ended   chan error
}

// pooled begins one in front of a database.
func pooled(t *testing.T, database, mode string) *pooler {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "linli-pooler-") // another user reads it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	port := freePort(t)
	for name, text := range map[string]string{
		"users.txt": `"linli" ""`,
		"pooler.ini": fmt.Sprintf("[databases]\n* = host=%s port=%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\nunix_socket_dir =\n"+
			"auth_type = trust\nauth_file = %s/users.txt\npool_mode = %s\ndefault_pool_size = 40\nquery_wait_timeout = 5\n",
			u.Hostname(), u.Port(), port, folder, mode),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	u.Host = fmt.Sprintf("127.0.0.1:%d", port)
	p := &pooler{t: t, folder: folder, address: u.String()}
	p.start()
	t.Cleanup(p.kill)
	return p
}

func (p *pooler) start() {
	p.t.Helper()
	log := &tail{}
	p.cmd = exec.Command("/usr/sbin/pgbouncer", filepath.Join(p.folder, "pooler.ini"))
	p.cmd.Stderr = log
	if os.Getuid() == 0 { // it refuses to run as root
		if owner, err := user.Lookup("postgres"); err == nil {
			uid, _ := strconv.Atoi(owner.Uid)
			gid, _ := strconv.Atoi(owner.Gid)
			p.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
		}
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatalf("PgBouncer is needed here (scripts/need.sh pgbouncer installs it): %v", err)
	}
	p.ended = make(chan error, 1)
	go func(cmd *exec.Cmd, ended chan error) { ended <- cmd.Wait() }(p.cmd, p.ended)
	u, _ := url.Parse(p.address)
	for {
		select {
		case err := <-p.ended:
			p.ended <- err
			p.t.Fatalf("PgBouncer ended: %v\n%s", err, log)
		default:
		}
		if conn, err := net.Dial("tcp", u.Host); err == nil {
			conn.Close()
			return
		}
	}
}

func (p *pooler) kill() { _ = p.cmd.Process.Kill(); err := <-p.ended; p.ended <- err }

// Two processes work through a pooler in session mode, which is killed in the middle of the work and
// started again: all that was acknowledged is there, once.
func TestPoolerIsKilled(t *testing.T) {
	t.Parallel()
	address := apptest.PostgresCity(t)
	c := newCity(t, address)
	p := pooled(t, address, "session")
	c.database = p.address
	s, other := c.serve(), c.serve()
	client := s.worker()
	other.worker() // nobody signs in while the pooler is away
	all, unsure := map[string]string{}, 0
	for round := range rounds(2) {
		killed := false
		kept, open := s.crowd(fmt.Sprint("pooled-", round), 16, func(n int) bool {
			if n >= 60 && !killed {
				killed = true
				p.kill()
			}
			return killed
		})
		unsure += len(open)
		for key, id := range kept {
			all[key] = id
		}
		if a, err := s.report(client, fmt.Sprint("while-killed-", round)); err != nil || a.status != http.StatusServiceUnavailable {
			t.Errorf("while the pooler is away: %v %v", a, err)
		}
		p.start()
		for _, process := range []*serving{s, other} {
			key := fmt.Sprint("back-", round, process.base)
			for {
				a, err := process.report(process.worker(), key)
				if err != nil {
					t.Fatal(err)
				}
				if a.status == http.StatusCreated {
					all[key] = a.text("id")
					break
				}
				if a.status != http.StatusServiceUnavailable {
					t.Fatalf("while the pooler comes back: %v\n%s", a, process.log)
				}
			}
		}
	}
	c.database = address
	if n := c.whole(all); n < len(all) || n > len(all)+unsure {
		t.Errorf("%d cases for %d acknowledged and %d without an answer", n, len(all), unsure)
	}
}

// A pooler that gives each transaction, or statement, another connection is refused at the start.
func TestPoolerThatSharesIsRefused(t *testing.T) {
	address := apptest.PostgresCity(t)
	c := newCity(t, address)
	for _, mode := range []string{"transaction", "statement"} {
		p := pooled(t, address, mode)
		cmd := exec.Command(program, "serve", "--data", c.data, "--db", p.address)
		cmd.Env = append(os.Environ(), fmt.Sprintf("LINLI_ADDR=127.0.0.1:%d", freePort(t)))
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "pool_mode to session") {
			t.Errorf("pool_mode %s: %v\n%s", mode, err, out)
		}
	}
}
