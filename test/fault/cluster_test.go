package fault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// cluster is a PostgreSQL server of the test's own, that it may break.
type cluster struct {
	t       *testing.T
	base    string
	folder  string // of its data
	port    int
	address string // of an empty database of it
	run     func(name string, args ...string)
}

// smallPostgres is a server whose data lies on a disk that holds so many bytes. Skipped where the test
// may not mount a disk.
func smallPostgres(t *testing.T, size int) *cluster {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("a small disk needs the right to mount one")
	}
	c := newCluster(t)
	smallDisk(t, c.folder, size)
	c.start()
	return c
}

// ownPostgres is a server beside that of the other tests.
func ownPostgres(t *testing.T) *cluster {
	t.Helper()
	c := newCluster(t)
	c.start()
	return c
}

// newCluster makes room for a server. PostgreSQL refuses to run as root, so root hands it to another user.
func newCluster(t *testing.T) *cluster {
	t.Helper()
	base, err := os.MkdirTemp("", "linli-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(base) })
	c := &cluster{t: t, base: base, folder: filepath.Join(base, "disk")}
	if err := os.MkdirAll(c.folder, 0o755); err != nil {
		t.Fatal(err)
	}
	as := []string{}
	if os.Getuid() == 0 {
		as = []string{"runuser", "-u", "postgres", "--"}
	}
	c.run = func(name string, args ...string) {
		t.Helper()
		line := append(append([]string{}, as...), append([]string{name}, args...)...)
		run := exec.Command(line[0], line[1:]...)
		run.Dir = base
		if out, err := run.CombinedOutput(); err != nil { // what pg_ctl starts writes to its own log, not here
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	return c
}

// start makes the server and an empty database.
func (c *cluster) start() {
	c.t.Helper()
	c.own()
	c.run("initdb", "-D", c.data(), "--waldir="+filepath.Join(c.base, "wal"), "-U", "linli", "--auth=trust",
		"--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
	c.launch()
	admin, err := sql.Open("pgx", strings.Replace(c.address, "/linli?", "/postgres?", 1))
	if err != nil {
		c.t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.ExecContext(context.Background(), `CREATE DATABASE linli`); err != nil {
		c.t.Fatal(err)
	}
}

// own hands the folders to the user that the server runs as.
func (c *cluster) own() {
	c.t.Helper()
	if os.Getuid() != 0 {
		return
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		c.t.Skip("PostgreSQL needs a user of its own: ", err)
	}
	uid, _ := strconv.Atoi(owner.Uid)
	gid, _ := strconv.Atoi(owner.Gid)
	for _, f := range []string{c.base, c.folder} {
		if err := errors.Join(os.Chmod(f, 0o755), os.Chown(f, uid, gid)); err != nil {
			c.t.Fatal(err)
		}
	}
}

// launch runs the server on its data.
func (c *cluster) launch() {
	c.t.Helper()
	c.port = freePort(c.t)
	c.address = fmt.Sprintf("postgres://linli@127.0.0.1:%d/linli?sslmode=disable", c.port)
	c.run("pg_ctl", "-D", c.data(), "-l", filepath.Join(c.base, "log"), "-w", "start", "-o",
		fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c autovacuum=off -c max_connections=300",
			c.port))
	c.t.Cleanup(c.stop)
}

// stop ends the server as a power cut does, if it runs.
func (c *cluster) stop() {
	c.signal(syscall.SIGCONT)
	if _, err := os.Stat(filepath.Join(c.data(), "postmaster.pid")); err == nil {
		c.run("pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "stop")
	}
}

// signal sends a signal to the postmaster and then to all its children.
func (c *cluster) signal(s syscall.Signal) {
	raw, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return // it has stopped
	}
	first, _, _ := strings.Cut(string(raw), "\n")
	postmaster, err := strconv.Atoi(first)
	if err != nil {
		c.t.Fatal(err)
	}
	_ = syscall.Kill(postmaster, s)
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", postmaster, postmaster))
	for _, child := range strings.Fields(string(children)) {
		if pid, err := strconv.Atoi(child); err == nil {
			_ = syscall.Kill(pid, s)
		}
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
