package sandbox

import (
	"fmt"
	"os"
	"syscall"
)

// executable is this program, also when its file was replaced since it was started.
func executable() (string, error) { return "/proc/self/exe", nil }

// confine has the kernel bound this process: what it may map over what it has mapped by now, its
// processor time, no core file; requests go first.
func confine() error {
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return err
	}
	var skip, data uint64 // pages
	if _, err := fmt.Sscan(string(raw), &skip, &skip, &skip, &skip, &skip, &data); err != nil {
		return err
	}
	for resource, most := range map[int]uint64{
		syscall.RLIMIT_DATA: data*uint64(os.Getpagesize()) + Memory,
		syscall.RLIMIT_CPU:  cpu,
		syscall.RLIMIT_CORE: 0,
	} {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return fmt.Errorf("limit %d: %w", resource, err)
		}
	}
	// The first to be ended when the machine runs out of memory. Neither is refused to a process of its own.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, 10)
	return nil
}
