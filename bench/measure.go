package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// Result is one comparison.
type Result struct {
	Workload, Against string
	Ours, Theirs      string
	Ratio             float64 // ours to theirs
	Target            float64
	AtMost            bool // the target is a ceiling, not a floor
}

func (r Result) row() string {
	sign, reached := "≥", r.Ratio >= r.Target
	if r.AtMost {
		sign, reached = "≤", r.Ratio <= r.Target
	}
	mark := "yes"
	if !reached {
		mark = "**no**"
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %.3g | %s %g | %s | %s |", r.Workload, r.Ours, r.Against,
		r.Theirs, r.Ratio, sign, r.Target, mark, loadNow())
}

// median of the values; 0 of none.
func median[T int64 | float64 | time.Duration](values []T) T {
	if len(values) == 0 {
		return 0
	}
	s := slices.Clone(values)
	slices.Sort(s)
	return s[len(s)/2]
}

// quantile q of durations, which it sorts.
func quantile(d []time.Duration, q float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return d[min(int(q*float64(len(d))), len(d)-1)]
}

// each times n calls one by one.
func each(n int, do func(i int) error) ([]time.Duration, error) {
	took := make([]time.Duration, n)
	for i := range n {
		began := time.Now()
		if err := do(i); err != nil {
			return nil, err
		}
		took[i] = time.Since(began)
	}
	return took, nil
}

func loadNow() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	return strings.Fields(string(raw))[0]
}

func machine() string {
	raw, _ := os.ReadFile("/proc/meminfo")
	var kib int
	fmt.Sscanf(string(raw), "MemTotal: %d kB", &kib)
	name := "unknown system"
	if os, err := os.ReadFile("/etc/os-release"); err == nil {
		for _, l := range strings.Split(string(os), "\n") {
			if v, ok := strings.CutPrefix(l, "PRETTY_NAME="); ok {
				name = strings.Trim(v, `"`)
			}
		}
	}
	return fmt.Sprintf("%d GiB, %s", (kib+1<<19)>>20, name)
}

func short(d time.Duration) string {
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= time.Millisecond:
		return fmt.Sprintf("%.2f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.1f µs", float64(d)/1e3)
}
