//go:build unix

package main

import "syscall"

// private has every file that the program makes belong to its user alone: database, log, keys, uploads.
func private() { syscall.Umask(0o077) }
