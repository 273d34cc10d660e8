package fault

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// smallPostgres is a PostgreSQL of the test's own whose data lies on a disk that holds so many bytes,
// and the address of an empty database of it. Skipped where the test may not mount a disk: PostgreSQL
// refuses to run as root, so root hands it to another user.
func smallPostgres(t *testing.T, size int) (folder, address string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("a small disk needs the right to mount one")
	}
	if _, err := exec.LookPath("initdb"); err != nil {
		t.Setenv("PATH", os.Getenv("PATH")+":/usr/lib/postgresql/15/bin")
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		t.Skip("PostgreSQL needs a user of its own: ", err)
	}
	base, err := os.MkdirTemp("", "linli-disk-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(base) })
	uid, _ := strconv.Atoi(owner.Uid)
	gid, _ := strconv.Atoi(owner.Gid)
	folder = filepath.Join(base, "disk")
	for _, f := range []string{base, folder} {
		if err := os.MkdirAll(f, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	smallDisk(t, folder, size)
	for _, f := range []string{base, folder} {
		if err := os.Chown(f, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	as := func(name string, args ...string) {
		t.Helper()
		run := exec.Command("runuser", append([]string{"-u", owner.Username, "--", name}, args...)...)
		run.Dir = base
		if out, err := run.CombinedOutput(); err != nil { // what pg_ctl starts writes to its own log, not here
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	data := filepath.Join(folder, "data")
	as("initdb", "-D", data, "--waldir="+filepath.Join(base, "wal"), "-U", "linli", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
	port := freePort(t)
	as("pg_ctl", "-D", data, "-l", filepath.Join(base, "log"), "-w", "start", "-o",
		fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c autovacuum=off", port))
	t.Cleanup(func() { as("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop") })
	server := fmt.Sprintf("postgres://linli@127.0.0.1:%d/%%s?sslmode=disable", port)
	admin, err := sql.Open("pgx", fmt.Sprintf(server, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.ExecContext(context.Background(), `CREATE DATABASE linli`); err != nil {
		t.Fatal(err)
	}
	return folder, fmt.Sprintf(server, "linli")
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
