package seal_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"linli/internal/platform/seal"
)

func TestWhatIsSealedOpensOnlyInItsPlace(t *testing.T) {
	t.Parallel()
	for _, cipher := range []string{seal.AES, seal.SM4} {
		r := seal.Fresh()
		if _, err := r.Rotate(cipher); err != nil {
			t.Fatal(err)
		}
		sealed := r.Seal([]byte("张三"), "row 1")
		if plain, err := r.Open(sealed, "row 1"); err != nil || string(plain) != "张三" {
			t.Errorf("%s: opens as %q (%v)", cipher, plain, err)
		}
		for name, try := range map[string]string{"another place": "row 2", "no place": ""} {
			if _, err := r.Open(sealed, try); err == nil {
				t.Errorf("%s: opens in %s", cipher, name)
			}
		}
		if _, err := r.Open(sealed[:len(sealed)-3]+"AAA", "row 1"); err == nil {
			t.Errorf("%s: an altered text opens", cipher)
		}
		if _, err := seal.Fresh().Open(sealed, "row 1"); err == nil {
			t.Errorf("%s: opens with other keys", cipher)
		}
	}
}

// Two programs share a key file: one adds keys while the other seals and opens.
func TestRotationByAnotherProcess(t *testing.T) {
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
	old := serving.Seal([]byte("old"), "p")
	var wait sync.WaitGroup
	for range 4 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range 50 {
				place := fmt.Sprint(i)
				if _, err := serving.Open(serving.Seal([]byte("x"), place), place); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	for i, cipher := range []string{seal.SM4, seal.AES, seal.SM4} {
		name, err := tool.Rotate(cipher)
		if err != nil || name != fmt.Sprint(i+2) {
			t.Fatalf("the key %q (%v)", name, err)
		}
		fresh := tool.Seal([]byte("new"), "p")
		if seal.KeyOf(fresh) != name {
			t.Errorf("sealed by %q, not by %q", seal.KeyOf(fresh), name)
		}
		if plain, err := serving.Open(fresh, "p"); err != nil || string(plain) != "new" {
			t.Errorf("the serving program cannot read what a new key sealed: %v", err)
		}
		if serving.Current() != name {
			t.Errorf("the serving program seals by %q after it met key %q", serving.Current(), name)
		}
	}
	wait.Wait()
	if plain, err := serving.Open(old, "p"); err != nil || string(plain) != "old" {
		t.Errorf("what the first key sealed does not open: %v", err)
	}
	if serving.Index("phone", "13812345678") != tool.Index("phone", "13812345678") {
		t.Error("rotation changed the blind index")
	}
	if n := len(serving.Keys()); n != 4 {
		t.Errorf("%d keys", n)
	}
}

func TestAKeyFileThatOthersReadIsRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.json")
	if _, err := seal.Open(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Open(path); err == nil {
		t.Error("it was opened")
	}
}
