package app

import (
	"context"
	"os"
	"fmt"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	dir := os.Getenv("ZZDIR")
	if dir == "" { dir = t.TempDir() }
	t0 := time.Now()
	a, err := OpenDemo(context.Background(), Options{Data: dir, Version: "x", Progress: func(s string) { fmt.Printf("%6.2f %s\n", time.Since(t0).Seconds(), s) }})
	if err != nil { t.Fatal(err) }
	fmt.Printf("%6.2f open\n", time.Since(t0).Seconds())
	fmt.Println(a.Site.DemoAccounts)
	a.Close()
}
