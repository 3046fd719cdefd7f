package files

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"

	"parley"
)

func TestAnUploadIsKeptUnderItsDigest(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{}, plenty)
	for _, content := range [][]byte{[]byte("出师表"), {}, bytes.Repeat([]byte("0123456789abcdef"), 1<<16)} {
		d := upload(t, s, content)
		if d != sum(content) {
			t.Errorf("%d bytes have the digest %s", len(content), d)
		}
		if !bytes.Equal(kept(t, s, d), content) {
			t.Errorf("%d bytes come back as something else", len(content))
		}
		path := filepath.Join(dir, "blobs", d.String()[:2], d.String())
		if info, err := os.Stat(path); err != nil || info.Size() != int64(len(content)) {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
	// What sha256sum says of an empty file.
	empty, err := parley.ParseDigest("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
	if err != nil || len(kept(t, s, empty)) != 0 {
		t.Errorf("the empty file is not where it belongs: %v", err)
	}
	idle(t, s)
}

func TestTheSameContentIsKeptOnce(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{Quota: 10_000}, plenty)
	content := bytes.Repeat([]byte("x"), 100)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			u, err := s.Create(int64(len(content)))
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := u.Write(content); err != nil {
				t.Error(err)
			}
			h, err := u.Commit()
			if err != nil || h.Digest() != sum(content) {
				t.Error(h, err)
				return
			}
			h.Keep()
		})
	}
	all.Wait()
	d := sum(content).String()
	if got := tree(t, dir); !reflect.DeepEqual(got, []string{"blobs/" + d[:2] + "/" + d}) {
		t.Fatalf("kept %v", got)
	}
	idle(t, s)
	if s.kept != 100 {
		t.Fatalf("50 copies count as %d bytes", s.kept)
	}
	if _, err := s.Create(9_901); parley.CodeOf(err) != parley.CodeTooLarge {
		t.Fatalf("beyond the quota: %v", err)
	}
}

func TestCreateRefusesBeforeAnythingIsWritten(t *testing.T) {
	free := func(string) (int64, error) { return 1000, nil }
	for _, c := range []struct {
		name    string
		options Options
		size    int64
		code    parley.Code
	}{
		{"negative", Options{Reserve: -1}, -1, parley.CodeInvalid},
		{"at the limit", Options{Reserve: -1, FileLimit: 10}, 10, ""},
		{"over the limit", Options{Reserve: -1, FileLimit: 10}, 11, parley.CodeTooLarge},
		{"at the quota", Options{Reserve: -1, Quota: 10}, 10, ""},
		{"over the quota", Options{Reserve: -1, Quota: 10}, 11, parley.CodeTooLarge},
		{"as much as the disk has", Options{Reserve: -1}, 1000, ""},
		{"more than the disk has", Options{Reserve: -1}, 1001, parley.CodeDiskFull},
		{"into the reserve", Options{Reserve: 900}, 101, parley.CodeDiskFull},
		{"nothing, on a disk that is in its reserve", Options{}, 0, parley.CodeDiskFull},
		{"more than any disk", Options{Reserve: -1, Quota: math.MaxInt64}, math.MaxInt64, parley.CodeDiskFull},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			s := openStore(t, dir, c.options, free)
			u, err := s.Create(c.size)
			code(t, err, c.code)
			if err == nil {
				u.Abort()
			}
			idle(t, s)
			if got := tree(t, dir); got != nil {
				t.Errorf("left %v", got)
			}
		})
	}
}

// TestUploadsUnderWayCountOnce: what they will need is not free for others, and what they have written is not free
// anyway.
func TestUploadsUnderWayCountOnce(t *testing.T) {
	written := int64(0)
	s := openStore(t, t.TempDir(), Options{Reserve: 100}, func(string) (int64, error) { return 1100 - written, nil })
	first := create(t, s, 600)
	_, err := s.Create(401)
	code(t, err, parley.CodeDiskFull)
	second := create(t, s, 400)
	if _, err := first.Write(make([]byte, 500)); err != nil {
		t.Fatal(err)
	}
	written = 500
	_, err = s.Create(1)
	code(t, err, parley.CodeDiskFull)
	second.Abort()
	create(t, s, 400).Abort()
	_, err = s.Create(401)
	code(t, err, parley.CodeDiskFull)
	first.Abort()
	written = 0
	create(t, s, 1000).Abort()
	idle(t, s)
}

// TestTheQuotaHoldsAgainstARush has many ask at the same moment for more than there is.
func TestTheQuotaHoldsAgainstARush(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{Quota: 1000}, plenty)
	var all sync.WaitGroup
	granted := make(chan *Upload, 100)
	for range 100 {
		all.Go(func() {
			if u, err := s.Create(100); err == nil {
				granted <- u
			} else {
				code(t, err, parley.CodeTooLarge)
			}
		})
	}
	all.Wait()
	close(granted)
	if len(granted) != 10 {
		t.Fatalf("%d uploads of 100 bytes fit into 1000", len(granted))
	}
	i := byte(0)
	for u := range granted {
		i++
		if _, err := u.Write(bytes.Repeat([]byte{i}, 100)); err != nil {
			t.Fatal(err)
		}
		h, err := u.Commit()
		if err != nil {
			t.Fatal(err)
		}
		h.Keep()
	}
	_, err := s.Create(1)
	code(t, err, parley.CodeTooLarge)
	idle(t, s)
}

func TestTheSizeIsExact(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir, Options{}, plenty)
	short := create(t, s, 10)
	if _, err := short.Write([]byte("123456789")); err != nil {
		t.Fatal(err)
	}
	_, err := short.Commit()
	code(t, err, parley.CodeInvalid)

	long := create(t, s, 3)
	n, err := long.Write([]byte("1234"))
	code(t, err, parley.CodeInvalid)
	if n != 0 {
		t.Errorf("%d bytes too many were taken", n)
	}
	long.Abort()

	for _, u := range []*Upload{short, long} { // an upload ends once
		u.Abort()
		_, err := u.Write([]byte("x"))
		code(t, err, parley.CodeInvalid)
		_, err = u.Commit()
		code(t, err, parley.CodeInvalid)
	}
	idle(t, s)
	if got := tree(t, dir); got != nil {
		t.Fatalf("left %v", got)
	}
}

// TestACrashLeavesNoDebris: what was under way when the process ended is gone after the next start, and what was kept
// stays and counts.
func TestACrashLeavesNoDebris(t *testing.T) {
	dir := t.TempDir()
	before := openStore(t, dir, Options{}, plenty)
	content := []byte("kept")
	d := upload(t, before, content)
	lost := create(t, before, 100)
	if _, err := lost.Write([]byte("lost")); err != nil {
		t.Fatal(err)
	}

	after := openStore(t, dir, Options{Quota: 10}, plenty)
	if got := tree(t, dir); len(got) != 1 {
		t.Fatalf("left %v", got)
	}
	if !bytes.Equal(kept(t, after, d), content) {
		t.Fatal("what was kept is gone")
	}
	_, err := after.Create(7)
	code(t, err, parley.CodeTooLarge)
	create(t, after, 6)
}

func TestADamagedBlobIsReplaced(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{}, plenty)
	content := []byte("as it was sent")
	d := upload(t, s, content)
	if _, path := s.place(d); os.Truncate(path, 3) != nil {
		t.Fatal("cannot damage the blob")
	}
	upload(t, s, content)
	if got := kept(t, s, d); !bytes.Equal(got, content) {
		t.Fatalf("kept %q", got)
	}
}

func TestWhatIsNotHereIsNoSuchFile(t *testing.T) {
	s := openStore(t, t.TempDir(), Options{}, plenty)
	_, err := s.Open(parley.Digest{1, 2, 3})
	code(t, err, parley.CodeNoSuchFile)
}

func TestAFileIsNoFolderToKeepFilesIn(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "occupied", nil)
	_, err := Open(filepath.Join(dir, "occupied"), Options{})
	code(t, err, parley.CodeStore)
}
