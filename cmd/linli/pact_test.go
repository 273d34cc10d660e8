package main

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checked runs the verb on a text and returns what it prints.
func checked(t *testing.T, v pactCheckVerb, text string) (string, error) {
	t.Helper()
	v.File = filepath.Join(t.TempDir(), "convention.txt")
	if err := os.WriteFile(v.File, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	was := os.Stdout
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout = w
	failed := v.Run()
	os.Stdout = was
	_ = w.Close()
	out, _ := io.ReadAll(r)
	return string(out), failed
}

func TestPactCheck(t *testing.T) {
	out, err := checked(t, pactCheckVerb{Kind: "villagers", Format: "csv"}, "第一条 保持房前屋后清洁，\"互助\"。\n第二条 乱倒垃圾的，罚款50元。\n")
	var n foundIllegal
	if !errors.As(err, &n) || n != 1 {
		t.Errorf("an illegal clause ends with %v", err)
	}
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) != 2 || strings.Join(rows[0], ",") != "clause,code,severity,words,citation,suggestion" ||
		rows[1][0] != "2" || rows[1][1] != "FINE" || rows[1][2] != "illegal" || rows[1][4] == "" || rows[1][5] == "" {
		t.Errorf("%v: %q", err, out)
	}
	if out, err = checked(t, pactCheckVerb{Kind: "residents", Format: "csv"}, "一、讲究卫生，互助。\n二、文明养犬，牵绳。\n"); err != nil || strings.Count(out, "\n") != 1 {
		t.Errorf("a lawful text: %v, %q", err, out)
	}
	for _, text := range []string{"", " \n ", "\x00\x01"} {
		if _, err = checked(t, pactCheckVerb{Format: "text"}, text); !errors.As(err, new(unreadable)) {
			t.Errorf("%q is %v, not unreadable", text, err)
		}
	}
	if _, err = checked(t, pactCheckVerb{Format: "text", On: "gestern"}, "一、甲"); !errors.As(err, new(unreadable)) {
		t.Errorf("a wrong day is %v", err)
	}
	if err = (pactCheckVerb{File: "/nonexistent"}).Run(); !errors.As(err, new(unreadable)) {
		t.Errorf("a file that lacks is %v", err)
	}
}
