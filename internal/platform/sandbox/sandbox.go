// Package sandbox reads files of strangers in processes of their own. A decoder, whatever library it
// is, then has a bound of memory and of processor time that the kernel keeps, none of the program's
// secrets, and it ends at once when whoever sent the file has left.
//
// The process is this program again: Main, called first, does the job that its environment names.
package sandbox

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"linli/internal/platform/errs"
)

// Bounds of one job.
const (
	Memory   = 256 << 20 // bytes over what the program takes when it starts
	Overhead = 40 << 20  // bytes that it takes when it starts, of its own: not shared with the serving process
	cpu      = 15        // seconds of processor time
	lasts    = 90 * time.Second
	waits    = time.Minute // for a turn
	answers  = 64 << 20    // bytes of a result
	says     = 1 << 10     // bytes kept of what a job that ends badly says
)

const (
	variable = "LINLI_SANDBOX" // name of the job
	refused  = 3               // exit status: the result is a refusal
)

var (
	// ErrBusy says that no turn came within a minute.
	ErrBusy = errs.New(errs.Unavailable, "file.busy")
	// ErrEnded says that a job ended without a result: it took too much memory or time, or crashed.
	ErrEnded = errs.New(errs.Invalid, "file.heavy")
)

// Job is one way to read a file. Do runs in the process of its own; what it returns is sent by gob.
// A refusal (errs.Error) reaches the caller with its kind, key and fields, whose arguments are texts.
type Job struct {
	Name string
	Do   func(file *os.File) (any, error)
}

// Main does the job that the environment names and ends the process. In every other process it
// returns at once.
func Main(jobs ...Job) {
	name := os.Getenv(variable)
	if name == "" {
		return
	}
	for _, j := range jobs {
		if j.Name == name {
			os.Exit(work(j))
		}
	}
	fmt.Fprintln(os.Stderr, "no job is called", name)
	os.Exit(1)
}

func work(j Job) int {
	if err := confine(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	debug.SetMemoryLimit(Memory - 32<<20)
	refusedIt, err := do(j, os.Stdin, os.Stdout)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	case refusedIt:
		return refused
	}
	return 0
}

// do does a job and writes its result, or its refusal.
func do(j Job, file *os.File, to io.Writer) (refusedIt bool, err error) {
	out, err := j.Do(file)
	var e *errs.Error
	if !errors.As(err, &e) {
		if err != nil {
			return false, err
		}
		return false, gob.NewEncoder(to).Encode(out)
	}
	r := refusal{Kind: e.Kind, Key: e.Key}
	for _, f := range e.Fields {
		args := map[string]string{}
		for name, value := range f.Args {
			args[name] = fmt.Sprint(value)
		}
		r.Fields = append(r.Fields, refusedField{f.Location, f.Key, args})
	}
	return true, gob.NewEncoder(to).Encode(r)
}

// refusal carries an errs.Error.
type refusal struct {
	Kind   errs.Kind
	Key    string
	Fields []refusedField
}

type refusedField struct {
	Location, Key string
	Args          map[string]string
}

func (r refusal) error() error {
	e := errs.New(r.Kind, r.Key)
	for _, f := range r.Fields {
		var args []any
		for name, value := range f.Args {
			args = append(args, name, value)
		}
		e = e.At(f.Location, f.Key, args...)
	}
	return e
}

// Pool bounds how many jobs run at once.
type Pool struct {
	turns chan struct{}
	start func(ctx context.Context, job string, file *os.File) (raw []byte, refusedIt bool, err error)
}

// New makes a pool of so many turns, at least one.
func New(turns int) *Pool { return &Pool{make(chan struct{}, max(1, turns)), start} }

// Unbounded does jobs in this process: for tests of what stands around them, which would otherwise start a
// process for each file.
func Unbounded(jobs ...Job) *Pool {
	here := func(_ context.Context, job string, file *os.File) (raw []byte, refusedIt bool, err error) {
		defer func() {
			if r := recover(); r != nil {
				err = ErrEnded.Because(fmt.Errorf("%s: %v", job, r))
			}
		}()
		var b bytes.Buffer
		for _, j := range jobs {
			if j.Name == job {
				if refusedIt, err = do(j, file, &b); err != nil {
					err = ErrEnded.Because(fmt.Errorf("%s: %w", job, err))
				}
				return b.Bytes(), refusedIt, err
			}
		}
		return nil, false, fmt.Errorf("no job is called %s", job)
	}
	return &Pool{make(chan struct{}, runtime.NumCPU()), here}
}

// Turns is how many jobs at once leave half of the memory, in bytes, to the rest of the program: at
// least one, at most one for each processor. Memory 0 is without a bound.
func Turns(memory uint64) int {
	if memory == 0 {
		return runtime.NumCPU()
	}
	return int(max(1, min(memory/2/(Memory+Overhead), uint64(runtime.NumCPU()))))
}

// Size is the number of turns.
func (p *Pool) Size() int { return cap(p.turns) }

// Run does a job on a file and puts what it returns into out. The process ends when the context
// does. Errors: the job's refusals, ErrBusy, ErrEnded, the context's.
func (p *Pool) Run(ctx context.Context, job string, file *os.File, out any) error {
	select {
	case p.turns <- struct{}{}:
		defer func() { <-p.turns }()
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(waits):
		return ErrBusy
	}
	if os.Getenv(variable) != "" {
		return fmt.Errorf("the program does not call sandbox.Main: %s", job)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	raw, refusedIt, err := p.start(ctx, job, file)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	if !refusedIt {
		return gob.NewDecoder(bytes.NewReader(raw)).Decode(out)
	}
	var r refusal
	if err := gob.NewDecoder(bytes.NewReader(raw)).Decode(&r); err != nil {
		return err
	}
	return r.error()
}

// start runs the process and reads its result.
func start(ctx context.Context, job string, file *os.File) (raw []byte, refusedIt bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, lasts)
	defer cancel()
	self, err := executable()
	if err != nil {
		return nil, false, err
	}
	cmd := exec.CommandContext(ctx, self)
	said := &head{}
	cmd.Stdin, cmd.Stderr, cmd.Env, cmd.Dir = file, said, []string{variable + "=" + job}, os.TempDir()
	cmd.WaitDelay = time.Second
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, false, err
	}
	if err := cmd.Start(); err != nil {
		return nil, false, err
	}
	raw, err = io.ReadAll(io.LimitReader(stdout, answers+1))
	if err != nil || len(raw) > answers {
		cancel()
	}
	ended := cmd.Wait()
	var exit *exec.ExitError
	switch {
	case ended == nil && err == nil && len(raw) <= answers:
		return raw, false, nil
	case errors.As(ended, &exit) && exit.ExitCode() == refused:
		return raw, true, nil
	}
	slog.DebugContext(ctx, "a file could not be read", "job", job, "ended", fmt.Sprint(ended), "said", said.String())
	return nil, false, ErrEnded.Because(fmt.Errorf("%s: %v: %s", job, ended, said))
}

// head keeps the beginning of what a process says.
type head struct{ b strings.Builder }

func (h *head) Write(p []byte) (int, error) {
	h.b.Write(p[:min(len(p), says-min(says, h.b.Len()))])
	return len(p), nil
}

func (h *head) String() string { return h.b.String() }
