package files

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"parley"
)

// allocated gives how many bytes f allocates in all, kept or not.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// flat is more than a file of any size takes, and less than a buffer that grows with it.
const flat = 1 << 20

func TestMemoryDoesNotGrowWithTheFile(t *testing.T) { streamThrough(t, 64<<20) }

// streamThrough reads a file of so many zero bytes from a share, stores it, and reads it again, in flat memory.
func streamThrough(t *testing.T, size int64) {
	dir := t.TempDir()
	path := filepath.Join(dir, "big")
	write(t, dir, "big", nil)
	if err := os.Truncate(path, size); err != nil { // a file of one hole, which takes no room
		t.Fatal(err)
	}
	age(t, path, time.Hour)
	sh := openShare(t, dir)
	s := openStore(t, filepath.Join(dir, "store"), Options{}, plenty)
	var digest parley.Digest
	buf := make([]byte, 64<<10)
	used := allocated(func() {
		f, file, err := sh.Open(t.Context(), "big")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		digest = file.Digest
		u, err := s.Create(file.Size)
		if err != nil {
			t.Fatal(err)
		}
		defer u.Abort()
		if n, err := io.CopyBuffer(struct{ io.Writer }{u}, struct{ io.Reader }{f}, buf); err != nil || n != size {
			t.Fatalf("%d bytes, %v", n, err)
		}
		if h, err := u.Commit(); err != nil || h.Digest() != digest {
			t.Fatalf("stored as %v, %v", h, err)
		}
	})
	if used > flat {
		t.Errorf("%d bytes were allocated for a file of %d", used, size)
	}
	f, err := s.Open(digest)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() != size {
		t.Fatalf("kept %v, %v", info, err)
	}
}

// BenchmarkUpload is how fast 16 MiB become durable, in pieces as they come from a network.
func BenchmarkUpload(b *testing.B) {
	s := openStore(b, b.TempDir(), Options{}, plenty)
	const size = 16 << 20
	piece := make([]byte, 64<<10)
	b.SetBytes(size)
	n := byte(0)
	for b.Loop() {
		n++
		u, err := s.Create(size)
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; i < size; i += len(piece) {
			piece[0] = n // another file each time
			if _, err := u.Write(piece); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := u.Commit(); err != nil {
			b.Fatal(err)
		}
	}
}
