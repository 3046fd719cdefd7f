package transfer

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
	"parley/client"
	"parley/client/api"
)

// shelf is a server that has one file, and cuts each answer after some bytes.
type shelf struct {
	mu      sync.Mutex
	content string
	digest  parley.Digest // as it says
	cut     int           // bytes of an answer; 0 for all
	asked   []string      // the ranges
}

// put puts another file there.
func (s *shelf) put(content string, cut int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.content, s.digest, s.cut, s.asked = content, sha256.Sum256([]byte(content)), cut, nil
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	content, digest, cut := s.content, s.digest, s.cut
	s.asked = append(s.asked, r.Header.Get("Range"))
	s.mu.Unlock()
	from := 0
	w.Header().Set("ETag", `"`+digest.String()+`"`)
	status := http.StatusOK
	if n, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); n == 1 && err == nil && r.Header.Get("If-Range") == `"`+digest.String()+`"` {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
		status = http.StatusPartialContent
	} else {
		from = 0
	}
	rest := content[from:]
	w.Header().Set("Content-Length", strconv.Itoa(len(rest)))
	w.WriteHeader(status)
	if cut > 0 && cut < len(rest) {
		_, _ = w.Write([]byte(rest[:cut]))
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write([]byte(rest))
}

// getter runs a shelf, and gives a getter from it that waits for nothing.
func getter(t *testing.T) (*Getter, *shelf, string) {
	t.Helper()
	s := &shelf{}
	running := httptest.NewServer(s)
	t.Cleanup(running.Close)
	folder := t.TempDir()
	return &Getter{
		API: &api.Client{
			Base: running.URL, HTTP: running.Client(), Patience: time.Minute,
			Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		},
		Room: "lobby", Folder: client.NewFolder(folder), Notes: Notes(filepath.Join(t.TempDir(), "notes")),
	}, s, folder
}

func nowhere(int64, int64) {}

// Every answer is cut after a few bytes, and the file arrives whole.
func TestAFileArrivesInManyPieces(t *testing.T) {
	g, s, folder := getter(t)
	for cut := 1; cut < 40; cut++ {
		text := strings.Repeat("roses are red, ", 3) + strconv.Itoa(cut)
		s.put(text, cut)
		got, err := g.Get(t.Context(), "a.txt", false, nowhere)
		if err != nil || got.File.Size != int64(len(text)) {
			t.Fatalf("cut after %d bytes: %+v, %v", cut, got, err)
		}
		if there, err := os.ReadFile(filepath.Join(folder, got.SavedAs)); err != nil || string(there) != text {
			t.Errorf("cut after %d bytes there is %q, %v", cut, there, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "*.part")); len(left) != 0 {
		t.Errorf("left are %q", left)
	}
}

func TestAnotherRunGoesOn(t *testing.T) {
	g, s, folder := getter(t)
	text := strings.Repeat("roses are red, ", 100)
	s.put(text, 1000)
	g.API.Patience = 0
	if _, err := g.Get(t.Context(), "a.txt", false, nowhere); parley.CodeOf(err) != parley.CodeClosed {
		t.Fatal(err)
	}
	s.put(text, 0)
	got, err := g.Get(t.Context(), "a.txt", false, nowhere)
	if err != nil || got.Already == 0 || got.Already > 1000 || s.asked[1] != fmt.Sprintf("bytes=%d-", got.Already) {
		t.Fatalf("%+v, %v, asked for %q", got, err, s.asked)
	}

	// All of it is there, and the run was killed before it could say so.
	file := got.File
	if err := os.Rename(filepath.Join(folder, "a.txt"), filepath.Join(folder, client.PartOf(file))); err != nil {
		t.Fatal(err)
	}
	if got, err := g.Get(t.Context(), "a.txt", false, nowhere); err != nil || got.Already != file.Size || got.SavedAs != "a.txt" {
		t.Errorf("%+v, %v", got, err)
	}

	// A part that is longer than the whole, and one with other content.
	for what, bad := range map[string]string{"longer": text + "x", "other": strings.Repeat("x", 100)} {
		if err := os.WriteFile(filepath.Join(folder, client.PartOf(file)), []byte(bad), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := g.Get(t.Context(), "a.txt", false, nowhere)
		if damaged := parley.CodeOf(err) == parley.CodeInvalid; damaged != (what == "other") {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := os.Stat(filepath.Join(folder, client.PartOf(file))); err == nil {
			t.Errorf("%s: the part is still there", what)
		}
	}

	// What somebody has put in the way is not written through.
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.Symlink(outside, filepath.Join(folder, client.PartOf(file))); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Get(t.Context(), "a.txt", false, nowhere); err == nil {
		t.Error("it is written through a link")
	}
	if _, err := os.Stat(outside); err == nil {
		t.Error("something is outside")
	}
}

func TestANewerFileBeginsAnew(t *testing.T) {
	g, s, folder := getter(t)
	s.put(strings.Repeat("old", 100), 100)
	g.API.Wait = func(context.Context, time.Duration) error { s.put("new", 0); return nil }
	got, err := g.Get(t.Context(), "a.txt", false, nowhere)
	if err != nil || got.File.Size != 3 {
		t.Errorf("%+v, %v", got, err)
	}
	if there, err := os.ReadFile(filepath.Join(folder, "a.txt")); err != nil || string(there) != "new" {
		t.Errorf("%q, %v", there, err)
	}
}

func TestWhatArrivesDamagedIsNotKept(t *testing.T) {
	g, s, folder := getter(t)
	s.put("roses", 0)
	s.content = "rosas"
	if _, err := g.Get(t.Context(), "a.txt", false, nowhere); parley.CodeOf(err) != parley.CodeInvalid || !strings.Contains(err.Error(), "damaged") {
		t.Error(err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("%d files are there", len(left))
	}
	s.put("no archive", 0)
	if _, err := g.Get(t.Context(), "p.tar", true, nowhere); err == nil || !strings.Contains(err.Error(), "p.tar is kept as it came") {
		t.Error(err)
	}
}

func TestTwoRunsDoNotWorkOnTheSame(t *testing.T) {
	notes := Notes(filepath.Join(t.TempDir(), "notes"))
	one, err := notes.hold("a.txt", "key")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := notes.hold("a.txt", "key"); parley.Sentence(err) != "another run is at a.txt" {
		t.Error(err)
	}
	if err := one.write(note{Mark: "m", Message: "1"}); err != nil {
		t.Fatal(err)
	}
	one.release()
	two, err := notes.hold("a.txt", "key")
	if err != nil {
		t.Fatal(err)
	}
	var n note
	if read(two, &n); n.Mark != "m" {
		t.Errorf("%+v", n)
	}
	if err := os.WriteFile(two.path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if read(two, &n); n.Mark != "m" {
		t.Errorf("a damaged note is %+v", n)
	}
	two.release()
	notes.tidy(time.Now().Add(keptFor + time.Hour))
	if left, _ := os.ReadDir(string(notes)); len(left) != 0 {
		t.Errorf("%d notes are left", len(left))
	}
}
