package app_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"linli/internal/app"
	"linli/internal/app/apptest"
	"linli/internal/platform/authority"
	"linli/internal/platform/db"
)

const (
	crashChild = "LINLI_TEST_CRASH_CHILD"
	crashData  = "LINLI_TEST_CRASH_DATA"
)

// TestMain lets the test binary be the process that is killed. What tests need of the environment
// is the same for all, so that they run side by side.
func TestMain(m *testing.M) {
	if address := os.Getenv(crashChild); address != "" {
		reportForEver(address)
		return
	}
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_REGION": "us-east-1", "LINLI_DEMO_CASES": "40"} {
		os.Setenv(name, value)
	}
	if err := flag.Set("test.parallel", "4"); err != nil { // half of them wait for PostgreSQL to copy a database
		panic(err)
	}
	os.Exit(m.Run())
}

// reportForEver opens incidents as fast as it can and prints each id once it is acknowledged.
func reportForEver(address string) {
	ctx := authority.With(context.Background(), authority.Nobody())
	a, err := app.Open(ctx, app.Options{Data: os.Getenv(crashData), Database: address})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var print sync.Mutex
	for range 16 {
		go func() {
			for {
				o, err := apptest.Report(ctx, a, apptest.Reported{})
				if err == nil {
					print.Lock()
					fmt.Println(o.Case.ID)
					print.Unlock()
				}
			}
		}()
	}
	select {}
}

// A process killed in the middle of writing loses nothing that it acknowledged, and leaves no
// half case.
func TestKilledMidWrite(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.ForgetKeys() // the child brings its own
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), crashChild+"="+w.App.Database, crashData+"="+t.TempDir())
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		var acknowledged []string
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			acknowledged = append(acknowledged, lines.Text())
			if len(acknowledged) == 200 {
				_ = child.Process.Kill() // what it still managed to print is read to the end
			}
		}
		_ = child.Wait()
		ctx := w.System()
		for _, id := range acknowledged {
			if _, err := w.App.Casework.Find(ctx, id); err != nil && len(id) > 36 { // the last line may be cut
				t.Errorf("acknowledged case %s: %v", id, err)
			}
		}
		cases := number(t, w, `SELECT COUNT(*) FROM casework_case`)
		if cases < len(acknowledged)-1 {
			t.Errorf("%d cases are there, %d were acknowledged", cases, len(acknowledged))
		}
		for name, query := range map[string]string{
			"incidents":       `SELECT COUNT(*) FROM ` + apptest.CaseTable,
			"timelines":       `SELECT COUNT(*) FROM casework_event`,
			"audit rows":      `SELECT COUNT(*) FROM audit_entry WHERE action = '` + apptest.CaseKey("report") + `'`,
			"counted":         `SELECT CAST(SUM(received) AS BIGINT) FROM casework_tally WHERE level = 3`,
			"numbers taken":   `SELECT CAST(SUM(last) AS BIGINT) FROM casework_number`,
			"whole incidents": `SELECT COUNT(*) FROM casework_case c JOIN ` + apptest.CaseTable + ` g ON g.shard = c.shard AND g.case_id = c.id`,
		} {
			if n := number(t, w, query); n != cases {
				t.Errorf("%d %s for %d cases", n, name, cases)
			}
		}
	})
}

func number(t *testing.T, w *apptest.World, query string) int {
	t.Helper()
	n, err := db.Value[int](context.Background(), w.App.DB, query)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
