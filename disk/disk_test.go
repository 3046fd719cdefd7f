package disk

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFreeOfAFolder(t *testing.T) {
	free, err := Free(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if free <= 0 {
		t.Fatalf("a disk that this test can run on has %d bytes free", free)
	}
}

func TestFreeOfNothingIsAnError(t *testing.T) {
	if free, err := Free(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Fatalf("a path that does not exist has %d bytes free", free)
	}
}

func TestOnlyAFullDiskIsFull(t *testing.T) {
	_, err := os.Open(filepath.Join(t.TempDir(), "missing"))
	if IsFull(err) || IsFull(nil) {
		t.Fatal("a missing file is no full disk")
	}
}
