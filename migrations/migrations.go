// Package migrations holds the one sequence of schema changes for both engines.
package migrations

import "embed"

// Files are the changes in order of their numbers.
//
//go:embed *.sql
var Files embed.FS
