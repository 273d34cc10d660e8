package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// server is Linli, serving a small demo city of a database.
type server struct {
	*process
	base string
	http.Header
}

const (
	login    = "grid" // a grid worker of the demo's home community
	password = "Linli-demo-2026"
	home     = "320703001007"
)

func freeAddress() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:8099"
	}
	defer l.Close()
	return l.Addr().String()
}

// serve starts Linli on a database ("" for SQLite in the folder) and signs a worker in.
func serve(ctx context.Context, r *Run, folder, database, who string) (*server, error) {
	address := freeAddress()
	args := []string{"serve", "--demo", "--data", folder}
	if database != "" {
		args = append(args, "--db", database)
	}
	p, err := launch(ctx, folder, "http://"+address+"/api/v1/site",
		[]string{"LINLI_ADDR=" + address, "LINLI_DEMO_CASES=300"}, r.Linli, args...)
	if err != nil {
		return nil, err
	}
	s := &server{process: p, base: "http://" + address, Header: http.Header{}}
	cookie, err := signIn(ctx, s.base, who)
	if err != nil {
		p.stop()
		return nil, err
	}
	s.Header.Set("Cookie", cookie)
	return s, nil
}

func signIn(ctx context.Context, base, who string) (string, error) {
	body, _ := json.Marshal(map[string]string{"login": who, "password": password})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/session", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		text, _ := io.ReadAll(resp.Body)
		return "", fmt.Errorf("sign in: %d %s", resp.StatusCode, text)
	}
	var parts []string
	for _, c := range resp.Cookies() {
		parts = append(parts, c.Name+"="+c.Value)
	}
	return strings.Join(parts, "; "), nil
}

// get reads a page of the API whole.
func (s *server) get(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/api/v1"+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header = s.Header.Clone()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s: %d %.300s", path, resp.StatusCode, raw)
	}
	return raw, err
}

// incident is what the callers report: a place in the home community, in words that vary.
func incident(n int) []byte {
	things := []string{"暴露垃圾", "路灯不亮", "井盖破损", "占道经营", "树枝折断", "污水外溢"}
	body, _ := json.Marshal(map[string]any{
		"category": "0101", "description": fmt.Sprintf("%s，%d 号楼东侧，请派人查看处理", things[n%len(things)], n%400),
		"place": map[string]any{"text": fmt.Sprintf("院前路 %d 号", n%900)}, "area": home, "channel": "field",
		"reporter":  map[string]string{"name": "王某", "phone": fmt.Sprintf("138%08d", n%100000000)},
		"clientKey": fmt.Sprintf("bench-%d-%d", time.Now().UnixNano(), n),
	})
	return body
}
