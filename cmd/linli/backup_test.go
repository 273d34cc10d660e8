package main

import (
	"os"
	"path/filepath"
	"testing"
)

// A backup that is made every night names one place for the keys: the second one must not fail, and never
// replace another key file.
func TestKeysAreCopiedOnceAndNeverOverwritten(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	keys, kept := filepath.Join(folder, "keys.json"), filepath.Join(folder, "kept.json")
	put := func(content string) {
		t.Helper()
		if err := os.WriteFile(keys, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("one")
	for range 2 {
		if err := copyKeys(keys, kept, filepath.Join(folder, "copies")); err != nil {
			t.Fatal(err)
		}
	}
	put("two")
	if err := copyKeys(keys, kept, filepath.Join(folder, "copies")); err == nil {
		t.Error("another key file was taken for the same")
	}
	if got, err := os.ReadFile(kept); string(got) != "one" || err != nil {
		t.Errorf("kept is %q, %v", got, err)
	}
	if err := copyKeys(keys, filepath.Join(folder, "copies", "keys.json"), filepath.Join(folder, "copies")); err == nil {
		t.Error("the keys were put beside the copies")
	}
}
