package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"linli/internal/platform/db"
)

func fds() { l, _ := os.ReadDir("/proc/self/fd"); for _, f := range l { n, _ := os.Readlink("/proc/self/fd/"+f.Name()); if filepath.Ext(n) != "" { fmt.Println(f.Name(), n) } } }

func TestZZ2(t *testing.T) {
	dir := t.TempDir()
	d, err := db.Open(context.Background(), dir+"/x.db", db.Options{Relaxed: true})
	if err != nil { t.Fatal(err) }
	fmt.Println(d.Close())
	fds()
	a, err := Open(context.Background(), Options{Data: dir, Version: "x"})
	if err != nil { t.Fatal(err) }
	fmt.Println(a.Close())
	fds()
	l, _ := os.ReadDir(dir); for _, e := range l { i, _ := e.Info(); fmt.Println(e.Name(), i.Size()) }
}
