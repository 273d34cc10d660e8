package main

import (
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"linli/internal/platform/sandbox"
)

// memory is how many bytes the program and the processes that read foreign files may take together:
// what is given in MiB, or else the control group's bound, or else all of the machine's. 0 says that it
// is not known.
func memory(given uint64) uint64 {
	if given > 0 {
		return given << 20
	}
	n, err := memlimit.FromCgroup()
	if all, e := memlimit.FromSystem(); e == nil && (err != nil || all < n) {
		n, err = all, nil
	}
	if err != nil {
		return 0
	}
	return n
}

// boundMemory has garbage collected sooner when the program comes near to what is left of the memory
// for itself: a tenth is kept for what Go does not count. GOMEMLIMIT sets it otherwise.
func boundMemory(all uint64) {
	const least = 96 << 20
	if all == 0 || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	others := uint64(sandbox.Turns(all)) * (sandbox.Memory + sandbox.Overhead)
	own := uint64(least)
	if left := all - all/10; left > others+least {
		own = left - others
	}
	debug.SetMemoryLimit(int64(own))
	slog.Info("memory", "all", all>>20, "own", own>>20, "files_at_once", sandbox.Turns(all))
}
