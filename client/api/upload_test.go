package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/client/api"
)

// A connection is cut after each byte in turn of all that is said to send a file, of either side. The file arrives, and the room
// is told of it once.
func TestAnUploadIsCutAtEveryByte(t *testing.T) {
	for name, cut := range map[string]func(c *cutter, at int){
		"to the server":   func(c *cutter, at int) { c.cut(at, -1) },
		"from the server": func(c *cutter, at int) { c.cut(-1, at) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			network := newCutter(t)
			ann, cuts := network.ann(t), 0
			for done := false; !done; cuts++ {
				cut(network, cuts)
				done = sendWhileCut(t, network, ann, cuts)
			}
			if cuts < 500 {
				t.Errorf("it was cut at %d bytes only", cuts)
			}
		})
	}
}

// sendWhileCut sends a file, when as many have been sent already. It reports whether that was done before the cut.
func sendWhileCut(t *testing.T, network *cutter, token parley.Token, before int) bool {
	t.Helper()
	text := fmt.Sprint("roses are red ", before)
	c, id := network.client(token), parley.NewMessageID(time.Now())
	defer c.HTTP.CloseIdleConnections()
	begun, err := c.BeginUpload(t.Context(), "lobby", id, "a.txt", int64(len(text)))
	if err == nil {
		err = c.ContinueUpload(t.Context(), begun.ID, strings.NewReader(text), int64(len(text)), nil)
	}
	done := network.passed()
	if err != nil {
		t.Fatalf("cut at byte %d: %v", before, err)
	}
	m, err := c.FileMessage(t.Context(), "lobby", id, "a.txt")
	if err != nil || m.File.Digest != sha256.Sum256([]byte(text)) || int(m.Number) != before+1 {
		t.Fatalf("cut at byte %d: %+v, %v", before, m, err)
	}
	return done
}

// The same for a download, which goes on where it was.
func TestADownloadIsCutAtEveryByte(t *testing.T) {
	network := newCutter(t)
	ann := network.ann(t)
	c := network.client(ann)
	text := strings.Repeat("roses are red, ", 20)
	want := parley.Digest(sha256.Sum256([]byte(text)))
	if _, err := c.SendFile(t.Context(), "lobby", "1", "a.txt", int64(len(text)), strings.NewReader(text), nil); err != nil {
		t.Fatal(err)
	}
	c.HTTP.CloseIdleConnections()
	resumed := 0
	for at, done := 1, false; !done; at++ {
		c := network.client(ann)
		network.cut(-1, at)
		var got bytes.Buffer
		var digest parley.Digest
		for tries := 0; int64(got.Len()) < int64(len(text)); tries++ {
			content, err := c.File(t.Context(), "lobby", "a.txt", digest, int64(got.Len()))
			if err != nil {
				if parley.CodeOf(err) != parley.CodeClosed || tries > 2 {
					t.Fatalf("cut at byte %d: %v", at, err)
				}
				continue
			}
			if content.Offset != int64(got.Len()) || content.File != (parley.File{Name: "a.txt", Size: int64(len(text)), Digest: want}) {
				t.Fatalf("cut at byte %d: %+v after %d bytes", at, content, got.Len())
			}
			if content.Offset > 0 {
				resumed++
			}
			digest = content.File.Digest
			if _, err := io.Copy(&got, content.Body); err != nil && parley.CodeOf(err) != parley.CodeClosed {
				t.Fatal(err)
			}
			_ = content.Body.Close()
		}
		if got.String() != text {
			t.Fatalf("cut at byte %d there came %q", at, got.String())
		}
		done = network.passed()
		c.HTTP.CloseIdleConnections()
	}
	if resumed < len(text)-10 {
		t.Errorf("it went on %d times", resumed)
	}
	other, err := c.File(t.Context(), "lobby", "a.txt", sha256.Sum256(nil), 5)
	if err != nil || other.Offset != 0 || other.File.Size != int64(len(text)) {
		t.Errorf("what goes on with another content begins at %+v, %v", other, err)
	}
	_ = other.Body.Close()
	c.HTTP.CloseIdleConnections()
}

// What is sent again after a cut is one piece at most.
func TestAtMostOnePieceIsSentAgain(t *testing.T) {
	network := newCutter(t)
	c := network.client(network.ann(t))
	defer c.HTTP.CloseIdleConnections()
	const size = 3 * api.PieceSize
	content := bytes.Repeat([]byte("0123456789abcdef"), size/16)
	network.cut(api.PieceSize+api.PieceSize/2, -1) // the second piece has not quite come
	read := &counted{ReaderAt: bytes.NewReader(content)}
	highest, back := int64(0), int64(0)
	m, err := c.SendFile(t.Context(), "lobby", "1", "a.bin", size, read, func(offset int64) {
		back += max(0, highest-offset)
		highest = offset
	})
	if err != nil || m.File.Digest != sha256.Sum256(content) {
		t.Fatalf("%+v, %v", m, err)
	}
	if again := read.n - size; again <= 0 || again > api.PieceSize || back > api.PieceSize {
		t.Errorf("%d bytes were sent again, and it went back by %d", again, back)
	}
}

// counted counts what is read.
type counted struct {
	io.ReaderAt
	n int64
}

func (c *counted) ReadAt(p []byte, offset int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, offset)
	c.n += int64(n)
	return n, err
}

// takes answers as a server that has so many bytes of an upload.
func takes(offset int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Upload-Offset", strconv.Itoa(offset))
		w.WriteHeader(http.StatusNoContent)
	}
}

// Nothing of a file is read any more when ContinueUpload has returned, whatever became of it.
func TestUploadsThatDoNotGoOn(t *testing.T) {
	failing := errors.New("cannot be read")
	for name, c := range map[string]struct {
		answers []http.HandlerFunc
		content io.ReaderAt
		want    parley.Code
		asked   int
	}{
		"one that is gone":       {[]http.HandlerFunc{refuses(parley.CodeNoSuchUpload, "")}, strings.NewReader("hello"), parley.CodeNoSuchUpload, 1},
		"one whose time is over": {[]http.HandlerFunc{refuses(parley.CodeExpired, "")}, strings.NewReader("hello"), parley.CodeExpired, 1},
		"somebody unknown":       {[]http.HandlerFunc{refuses(parley.CodeUnauthorized, "")}, strings.NewReader("hello"), parley.CodeUnauthorized, 1},
		"a file too large":       {[]http.HandlerFunc{takes(0), refuses(parley.CodeTooLarge, "")}, strings.NewReader("hello"), parley.CodeTooLarge, 2},
		"a file that is shorter": {[]http.HandlerFunc{takes(0)}, strings.NewReader("hell"), parley.CodeInternal, 1},
		"a file that fails":      {[]http.HandlerFunc{takes(0)}, broken{failing}, parley.CodeInternal, 1},
		"a server that says no offset": {
			[]http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }},
			strings.NewReader("hello"), parley.CodeWrongProtocol, 1,
		},
		"a server that counts wrong": {[]http.HandlerFunc{takes(0), takes(9)}, strings.NewReader("hello"), parley.CodeWrongProtocol, 2},
		"a server that never agrees": {[]http.HandlerFunc{
			takes(0), refuses(parley.CodeWrongOffset, ""), takes(0), refuses(parley.CodeWrongOffset, "3600"),
		}, strings.NewReader("hello"), parley.CodeClosed, 4},
	} {
		s := &server{t: t, answers: c.answers}
		err := s.client(time.Minute).ContinueUpload(t.Context(), "U", c.content, 5, nil)
		if n := len(s.asked()); parley.CodeOf(err) != c.want || n < c.asked || c.want != parley.CodeClosed && n > c.asked {
			t.Errorf("%s: %v, asked %+v", name, err, s.asked())
		}
	}
}

// broken is content that cannot be read.
type broken struct{ err error }

func (b broken) ReadAt([]byte, int64) (int, error) { return 0, b.err }

// A damaged piece is sent again, and patience begins anew with each piece that arrives.
func TestADamagedPieceIsSentAgain(t *testing.T) {
	s := &server{t: t, answers: []http.HandlerFunc{takes(0), refuses(parley.CodeWrongChecksum, ""), takes(0), takes(5)}}
	if err := s.client(time.Minute).ContinueUpload(t.Context(), "U", strings.NewReader("hello"), 5, nil); err != nil {
		t.Error(err)
	}
	if came := s.asked(); len(came) != 4 || came[1] != (asked{"PATCH", "/v1/uploads/U", "", "hello"}) || came[1] != came[3] {
		t.Errorf("asked %+v", came)
	}
}

// A connection on which nothing moves is given up: no system tells that its other end has fallen silent.
func TestAStalledUploadGoesOn(t *testing.T) {
	stuck := make(chan struct{})
	hangs := func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-stuck:
		}
	}
	defer close(stuck)
	s := &server{t: t, answers: []http.HandlerFunc{takes(0), hangs, takes(0), takes(5)}}
	c := s.client(time.Minute)
	c.Stall = 10 * time.Millisecond
	if err := c.ContinueUpload(t.Context(), "U", strings.NewReader("hello"), 5, nil); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.ContinueUpload(ctx, "U", strings.NewReader("hello"), 5, nil); err == nil {
		t.Error("it goes on when it was broken off")
	}
}
