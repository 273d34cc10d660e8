//go:build !unix

package main

// private has nothing to set: these systems give rights by folder.
func private() {}
