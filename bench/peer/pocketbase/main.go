package main

import (
	"cmp"
	"log"
	"os"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	_ "modernc.org/sqlite"
)

// The peer's own settings, but for how long a commit waits: BENCH_SYNCHRONOUS=FULL waits for the disk, the
// peer's own NORMAL does not.
func main() {
	synchronous := cmp.Or(os.Getenv("BENCH_SYNCHRONOUS"), "NORMAL")
	app := pocketbase.NewWithConfig(pocketbase.Config{DBConnect: func(path string) (*dbx.DB, error) {
		return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)"+
			"&_pragma=synchronous("+synchronous+")&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
	}})
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}
