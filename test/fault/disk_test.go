package fault

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The disk fills up while the program writes: callers are told so, what was acknowledged is there,
// pages are still read, and with room made it goes on without a restart.
func TestDiskFull(t *testing.T) {
	folder := t.TempDir()
	smallDisk(t, folder, 48<<20)
	fullDisk(t, newCity(t, filepath.Join(folder, "linli.db")), folder)
}

// The same where it is PostgreSQL's disk. Its log of writes lies on another: with no room for that
// the server itself stops, as when it goes away.
func TestDiskFullPostgres(t *testing.T) {
	server := smallPostgres(t, 128<<20)
	fullDisk(t, newCity(t, server.address), server.folder)
}

func fullDisk(t *testing.T, c *city, folder string) {
	s := c.serve()
	client := s.worker()
	ballast := filepath.Join(folder, "ballast")
	fillUp(t, ballast)
	full, all := answer{}, map[string]string{}
	for i := 0; full.status != http.StatusServiceUnavailable; i++ {
		key := fmt.Sprint("until-full-", i)
		a, err := s.report(client, key)
		if err != nil {
			t.Fatal(err)
		}
		switch a.status {
		case http.StatusCreated:
			all[key] = a.text("id")
		case http.StatusServiceUnavailable:
		default:
			t.Fatalf("while the disk fills: %v\n%s", a, s.log)
		}
		full = a
	}
	if full.text("key") != "db.full" {
		t.Errorf("on a full disk: %v", full)
	}
	for _, read := range []string{"/communities", "/api/v1/casework/cases?view=all", "/api/v1/casework/inbox"} {
		resp, err := client.Get(s.base + read)
		if err != nil {
			t.Fatal(err)
		}
		if resp.Body.Close(); resp.StatusCode != http.StatusOK {
			t.Errorf("%s on a full disk: %d", read, resp.StatusCode)
		}
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	a, err := s.report(client, "room-again")
	if err != nil || a.status != http.StatusCreated {
		t.Fatalf("with room again: %v %v\n%s", a, err, s.log)
	}
	all["room-again"] = a.text("id")
	if n := c.whole(all); n < len(all) {
		t.Errorf("%d cases for %d acknowledged", n, len(all))
	}
}

// smallDisk puts a disk of its own, that holds so many bytes, where a folder is.
func smallDisk(t *testing.T, folder string, size int) {
	t.Helper()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%d", size), "tmpfs", folder).CombinedOutput(); err != nil {
		t.Skipf("a small disk needs the right to mount one: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", folder).Run() })
}

// fillUp leaves a disk almost no room.
func fillUp(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 64<<10)
	for {
		if _, err := f.Write(block); err != nil {
			break
		}
	}
	if info, err := f.Stat(); err == nil {
		_ = f.Truncate(max(0, info.Size()-1<<20))
	}
}
