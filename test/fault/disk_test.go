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
	folder := smallDisk(t, 48<<20)
	c := newCity(t, filepath.Join(folder, "linli.db"))
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
		if a.status == http.StatusCreated {
			all[key] = a.text("id")
		}
		full = a
	}
	if full.text("key") != "db.full" {
		t.Errorf("on a full disk: %v", full)
	}
	if resp, err := http.Get(s.base + "/communities"); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("a page on a full disk: %v %v", resp, err)
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

// smallDisk is a folder on a disk of its own that holds so many bytes.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	folder := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%d", size), "tmpfs", folder).CombinedOutput(); err != nil {
		t.Skipf("a small disk needs the right to mount one: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", folder).Run() })
	return folder
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
