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
	for _, top := range []string{"cmd", "internal", "migrations", "test", "bench"} {
		err := filepath.WalkDir(filepath.Join("../..", top), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() && d.Name() == "node_modules" {
				if err == nil {
					err = filepath.SkipDir
				}
				return err
			}
			if d.IsDir() || filepath.Ext(path) != ".go" {
				return nil
			}
			source, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for n, width := range widths(source) {
				if width > widest {
					t.Errorf("%s:%d has %d characters beside its literals, at most %d are right", strings.TrimPrefix(path, "../../"), n+1, width, widest)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
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
