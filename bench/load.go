package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// callers is how many clients wait at once.
const callers = 64

// Load is what a number of callers saw.
type Load struct {
	PerSecond float64
	P99       time.Duration
}

// drive has the callers post bodies as fast as they are answered, for a time.
func drive(ctx context.Context, url string, header http.Header, took time.Duration, body func(n int) []byte) (Load, error) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
	defer client.CloseIdleConnections()
	var (
		group  sync.WaitGroup
		lock   sync.Mutex
		all    []time.Duration
		failed error
		next   int
	)
	number := func() int { lock.Lock(); defer lock.Unlock(); next++; return next }
	began := time.Now()
	until := began.Add(took)
	for range callers {
		group.Go(func() {
			var own []time.Duration
			for time.Now().Before(until) && ctx.Err() == nil {
				at := time.Now()
				if err := post(ctx, client, url, header, body(number())); err != nil {
					lock.Lock()
					failed = err
					lock.Unlock()
					return
				}
				own = append(own, time.Since(at))
			}
			lock.Lock()
			all = append(all, own...)
			lock.Unlock()
		})
	}
	group.Wait()
	return Load{float64(len(all)) / time.Since(began).Seconds(), quantile(all, 0.99)}, failed
}

func post(ctx context.Context, client *http.Client, url string, header http.Header, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header = header.Clone()
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s: %d %.300s", url, resp.StatusCode, answer)
	}
	return err
}

// process is a program that was started and is stopped by stop.
type process struct{ cmd *exec.Cmd }

// launch starts a program and waits until a page of it answers.
func launch(ctx context.Context, folder, ready string, env []string, program string, args ...string) (*process, error) {
	out, err := os.Create(filepath.Join(folder, filepath.Base(program)+".log"))
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), env...), out, out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd}
	for range 6000 {
		if resp, err := http.Get(ready); err == nil {
			resp.Body.Close()
			if resp.StatusCode < 500 {
				return p, nil
			}
		}
		if ctx.Err() != nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.stop()
	log, _ := os.ReadFile(out.Name())
	return nil, fmt.Errorf("%s did not answer: %.2000s", program, log)
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(os.Interrupt)
	_ = p.cmd.Wait()
}
