// Package migrations holds the one sequence of schema changes for both engines. A change that
// the engines must spell differently is two files with one number, whose names end in
// .sqlite.sql and .postgres.sql.
package migrations

import (
	"embed"
	"io/fs"
	"strings"
)

// Files are the changes in order of their numbers, for both engines.
//
//go:embed *.sql
var Files embed.FS

// For are the changes as one engine, sqlite or postgres, takes them.
func For(engine string) fs.FS { return sequence(engine) }

type sequence string

func (s sequence) Open(name string) (fs.File, error) { return Files.Open(name) }

// ReadDir lists a folder without what only another engine takes.
func (s sequence) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := Files.ReadDir(name)
	var out []fs.DirEntry
	for _, e := range all {
		base := strings.TrimSuffix(e.Name(), ".sql")
		_, engine, only := strings.Cut(base, ".")
		if !only || engine == string(s) {
			out = append(out, e)
		}
	}
	return out, err
}
