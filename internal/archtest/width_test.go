package archtest

import (
	"bytes"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// widest is how many characters a line of Go may have, a tab being one. A text or a query that stands in a
// literal may make it longer: it is not broken for the sake of the line.
const widest = 140

func TestLinesAreNotTooWide(t *testing.T) {
	t.Parallel()
	root := top(t)
	for _, folder := range []string{"cmd", "internal", "migrations", "docs", "test", "bench"} {
		walk(t, filepath.Join(root, folder), func(path string) {
			if filepath.Ext(path) != ".go" || strings.Contains(path, "node_modules") {
				return
			}
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			rel, _ := filepath.Rel(root, path)
			for n, width := range widths(source) {
				if width > widest {
					t.Errorf("%s:%d has %d characters beside its literals, at most %d are right", rel, n+1, width, widest)
				}
			}
		})
	}
}

// widths tells the characters of each line that do not stand in a string literal.
func widths(source []byte) []int {
	var out []int
	for line := range bytes.SplitSeq(source, []byte("\n")) {
		out = append(out, utf8.RuneCount(line))
	}
	file := token.NewFileSet().AddFile("", -1, len(source))
	var s scanner.Scanner
	s.Init(file, source, nil, 0)
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			return out
		}
		if tok != token.STRING {
			continue
		}
		for i, part := range strings.Split(literal, "\n") {
			out[file.Line(pos)-1+i] -= utf8.RuneCountInString(part)
		}
	}
}
