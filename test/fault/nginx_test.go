package fault

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"linli/internal/app/apptest"
)

// stock is a reverse proxy with nothing set but where to: its buffers take 4 kB of headers.
const stock = `daemon off; master_process off; pid nginx.pid; error_log stderr; events {}
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server { listen %s; location / { proxy_pass %s; proxy_set_header Host $host:$server_port; } }
}
`

// behind starts nginx in front of the program and tells its address.
func (s *serving) behind() string {
	s.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	folder := s.t.TempDir()
	config := filepath.Join(folder, "nginx.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, stock, address, s.base), 0o600); err != nil {
		s.t.Fatal(err)
	}
	log := &tail{}
	cmd := exec.Command("/usr/sbin/nginx", "-p", folder, "-c", config)
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		s.t.Fatalf("nginx is needed here (scripts/need.sh nginx installs it): %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	s.t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	for {
		select {
		case err := <-ended:
			ended <- err
			s.t.Fatalf("nginx ended: %v\n%s", err, log.b)
		default:
		}
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return "http://" + address
		}
	}
}

var formAction = regexp.MustCompile(`<form method="post" action="(/report/[^"]+)"`)

// A report as long as the form takes goes through a proxy with stock settings, step by step.
func TestALongReportGoesThroughAStockProxy(t *testing.T) {
	t.Parallel()
	s := newCity(t, filepath.Join(t.TempDir(), "linli.db")).serve()
	base := s.behind()
	jar, _ := cookiejar.New(nil)
	resident := &http.Client{Jar: jar}
	var shown string
	see := func(res *http.Response, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v\n%.500s", res.Request.URL, res.StatusCode, err, raw)
		}
		shown = string(raw)
	}
	step := func(values url.Values) {
		t.Helper()
		action := formAction.FindStringSubmatch(shown)
		if action == nil {
			t.Fatalf("no form is shown:\n%s", shown)
		}
		see(resident.PostForm(base+strings.ReplaceAll(action[1], "&amp;", "&"), values))
	}
	long := strings.TrimSpace(strings.Repeat("楼道里堆满杂物，老人出入不便，夜里没有灯。", 80))
	see(resident.Get(base + "/report?area=" + apptest.Community))
	step(url.Values{"category": {"0101"}, "description": {long}})
	step(url.Values{"area": {apptest.Community}, "text": {"3 号楼"}})
	if !strings.Contains(shown, long) {
		t.Fatal("the description did not come through")
	}
	step(url.Values{"name": {"李四"}, "phone": {"13900139000"}})
	if !strings.Contains(shown, `class="code"`) {
		t.Errorf("no receipt:\n%s", shown)
	}
}
