// Command bench measures Linli against peers and limits: each workload runs interleaved with what
// it is compared to, in several rounds, and the medians' ratio is printed. Only ratios inside one
// run mean something; absolute figures belong to the machine.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"linli/internal/app"
)

// Run is what every workload is given.
type Run struct {
	Linli    string // the program under measurement
	Postgres string // address of a server that waits for its disk, with PostGIS
	Folder   string // scratch
	Rounds   int
	Quick    bool // a tenth of the data, to try a workload
}

// workload is one line of the table.
type workload struct {
	name string
	run  func(context.Context, *Run) ([]Result, error)
}

var workloads = []workload{
	{"report", report},
	{"report-equal", reportEqual},
	{"report-postgres", reportPostgres},
	{"inbox", inbox},
	{"board", board},
	{"burden", burdenBoard},
	{"locate", locate},
	{"search", search},
	{"start", start},
}

func main() {
	app.ReadForeign()
	r := &Run{}
	only := flag.String("only", "", "comma-separated workloads; all when empty")
	flag.StringVar(&r.Linli, "linli", "../bin/linli", "the built program")
	flag.StringVar(&r.Postgres, "postgres", os.Getenv("LINLI_BENCH_POSTGRES"), "address of a PostgreSQL server that waits for its disk")
	flag.IntVar(&r.Rounds, "rounds", 5, "rounds of each workload")
	flag.BoolVar(&r.Quick, "quick", false, "a tenth of the data")
	decoder := flag.String("decode-only", "", "serve, on this address, a handler that only decodes a report")
	flag.Parse()
	if *decoder != "" {
		log.Fatal(http.ListenAndServe(*decoder, decodeOnly()))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	folder, err := os.MkdirTemp("", "linli-bench-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	if r.Linli, err = filepath.Abs(r.Linli); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s, %d cores, %s, %s\n\n", time.Now().Format(time.DateOnly), runtime.NumCPU(), runtime.Version(), machine())
	fmt.Println("| workload | ours | against | theirs | ratio | to reach | reached | load |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	failed := false
	for _, w := range workloads {
		if *only != "" && !strings.Contains(","+*only+",", ","+w.name+",") {
			continue
		}
		r.Folder = filepath.Join(folder, w.name)
		if err := os.MkdirAll(r.Folder, 0o755); err != nil {
			log.Fatal(err)
		}
		results, err := w.run(ctx, r)
		for _, x := range results {
			fmt.Println(x.row())
		}
		if err != nil {
			failed = true
			log.Printf("%s: %v", w.name, err)
		}
		os.RemoveAll(r.Folder)
	}
	if failed {
		os.RemoveAll(folder)
		os.Exit(1)
	}
}
