package seal_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"linli/internal/platform/seal"
)

// Texts under keys that nobody has, such as strangers send, do not have the key file read for each;
// a key that another process has just added is found all the same.
func TestStrangersDoNotHaveTheKeyFileRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.json")
	serving, err := seal.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	tool, err := seal.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for round := range 3 {
		for i := range 100 {
			if _, err := serving.Open(fmt.Sprintf("k%d.AAAA", i), "p"); err == nil {
				t.Fatal("a stranger's text opens")
			}
		}
		if _, err := tool.Rotate(seal.AES); err != nil {
			t.Fatal(err)
		}
		if plain, err := serving.Open(tool.Seal([]byte("new"), "p"), "p"); err != nil || string(plain) != "new" {
			t.Fatalf("what a fresh key sealed: %q (%v)", plain, err)
		}
		if most := round + 2; serving.Reads() > most {
			t.Errorf("read %d times, want at most %d", serving.Reads(), most)
		}
	}
}
