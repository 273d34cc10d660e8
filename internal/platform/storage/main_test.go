package storage_test

import (
	"os"
	"testing"
)

// What tests need of the environment is the same for all, so that they run side by side.
func TestMain(m *testing.M) {
	os.Setenv("AWS_ACCESS_KEY_ID", "key")
	os.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	os.Exit(m.Run())
}
