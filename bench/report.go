package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// report compares an incident reported through HTTP, with everything that Linli does for it, to a
// record of the same fields in PocketBase and to a handler that only decodes the same JSON.
func report(ctx context.Context, r *Run) ([]Result, error) {
	ours, err := serve(ctx, r, folderOf(r, "linli"), "", login)
	if err != nil {
		return nil, err
	}
	defer ours.stop()
	peer, err := pocketbase(ctx, r)
	if err != nil {
		return nil, err
	}
	defer peer.stop()
	floor, err := decoder(ctx, r)
	if err != nil {
		return nil, err
	}
	defer floor.stop()
	var linli, pocket, bare []Load
	for range r.Rounds {
		for _, side := range []struct {
			into   *[]Load
			url    string
			header http.Header
		}{
			{&linli, ours.base + "/api/v1/grid/incidents", ours.Header},
			{&pocket, peer.base + "/api/collections/incident/records", peer.Header},
			{&bare, floor.base, http.Header{}},
		} {
			l, err := drive(ctx, side.url, side.header, r.span(), incident)
			if err != nil {
				return nil, err
			}
			*side.into = append(*side.into, l)
		}
	}
	o, p, b := middle(linli), middle(pocket), middle(bare)
	return []Result{
		{"report, throughput, SQLite, answered when on disk, 64 callers", "PocketBase create with an auth rule", o.rate(),
			p.rate(), o.PerSecond / p.PerSecond, 5, false},
		{"report, p99", "PocketBase", short(o.P99), short(p.P99), float64(o.P99) / float64(p.P99), 0.25, true},
		{"report, throughput", "a handler that only decodes the JSON", o.rate(), b.rate(), o.PerSecond / b.PerSecond, 0.30, false},
	}, nil
}

func (r *Run) span() time.Duration {
	if r.Quick {
		return time.Second
	}
	return 5 * time.Second
}

func (l Load) rate() string { return fmt.Sprintf("%.0f/s", l.PerSecond) }

func middle(loads []Load) Load {
	var rates []float64
	var tails []time.Duration
	for _, l := range loads {
		rates, tails = append(rates, l.PerSecond), append(tails, l.P99)
	}
	return Load{median(rates), median(tails)}
}

func folderOf(r *Run, name string) string {
	folder := filepath.Join(r.Folder, name)
	_ = os.MkdirAll(folder, 0o755)
	return folder
}

// decoder is this program again, in a process of its own as the others are.
func decoder(ctx context.Context, r *Run) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	address := freeAddress()
	p, err := launch(ctx, folderOf(r, "decoder"), "http://"+address, nil, self, "-decode-only", address)
	return &server{process: p, base: "http://" + address}, err
}

func decodeOnly() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var in struct {
			Category, Description, Area, Channel, ClientKey string
			Place                                           struct{ Text string }
			Reporter                                        struct{ Name, Phone string }
		}
		if err := json.NewDecoder(req.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusCreated)
	})
}

// pocketbase starts the peer with a collection of the same fields, whose rule asks for a signed-in
// user, and signs one in.
func pocketbase(ctx context.Context, r *Run, environment ...string) (*server, error) {
	folder := folderOf(r, "pocketbase")
	program := filepath.Join(folder, "pocketbase")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "./peer/pocketbase").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build pocketbase: %s", out)
	}
	const mail, secret = "bench@example.com", "bench-password-1"
	data := "--dir=" + filepath.Join(folder, "data")
	if out, err := exec.CommandContext(ctx, program, "superuser", "upsert", mail, secret, data).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("pocketbase superuser: %s", out)
	}
	address := freeAddress()
	p, err := launch(ctx, folder, "http://"+address+"/api/health", environment, program, "serve", "--http="+address, data)
	if err != nil {
		return nil, err
	}
	s := &server{process: p, base: "http://" + address, Header: http.Header{}}
	token, err := pocketToken(ctx, s, "_superusers", mail, secret)
	if err == nil {
		s.Header.Set("Authorization", token)
		err = errors.Join(pocketSchema(ctx, s), equalSchema(ctx, s))
	}
	if err == nil {
		token, err = pocketToken(ctx, s, "users", "worker@example.com", secret)
	}
	if err != nil {
		p.stop()
		return nil, err
	}
	s.Header.Set("Authorization", token)
	return s, nil
}

func pocketSchema(ctx context.Context, s *server) error {
	text := func(name string, required bool) map[string]any {
		return map[string]any{"name": name, "type": "text", "required": required, "max": 8000}
	}
	signedIn := `@request.auth.id != ""`
	collection := map[string]any{"name": "incident", "type": "base", "createRule": signedIn, "listRule": signedIn, "viewRule": signedIn,
		"fields": []any{text("category", true), text("description", true), text("area", true), text("channel", false), text("clientKey", true),
			map[string]any{"name": "place", "type": "json"}, map[string]any{"name": "reporter", "type": "json"},
			map[string]any{"name": "created", "type": "autodate", "onCreate": true}},
		"indexes": []string{"CREATE UNIQUE INDEX incident_key ON incident (clientKey)", "CREATE INDEX incident_area ON incident (area, created)"}}
	if _, err := pocketPost(ctx, s, "/api/collections", collection); err != nil {
		return err
	}
	_, err := pocketPost(ctx, s, "/api/collections/users/records", map[string]any{"email": "worker@example.com",
		"password": "bench-password-1", "passwordConfirm": "bench-password-1", "verified": true})
	return err
}

func pocketToken(ctx context.Context, s *server, collection, mail, secret string) (string, error) {
	raw, err := pocketPost(ctx, s, "/api/collections/"+collection+"/auth-with-password", map[string]any{"identity": mail, "password": secret})
	var answer struct{ Token string }
	if err == nil {
		err = json.Unmarshal(raw, &answer)
	}
	return answer.Token, err
}

func pocketPost(ctx context.Context, s *server, path string, body any) ([]byte, error) {
	return pocketSend(ctx, s, http.MethodPost, path, body)
}

func pocketSend(ctx context.Context, s *server, method, path string, body any) ([]byte, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, s.base+path, bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	req.Header = s.Header.Clone()
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s: %d %s", path, resp.StatusCode, answer)
	}
	return answer, err
}
