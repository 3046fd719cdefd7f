package server

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"parley"
)

const poemPath = "/v1/rooms/lobby/files/poem.txt"

// fetch asks for a file with headers of its own, given as "Name: value".
func (w *walk) fetch(method, path string, headers ...string) (*http.Response, string, error) {
	w.t.Helper()
	a, err := w.send(w.by(parley.RoleMember).token, method, path, "", headers...)
	return a.Response, a.text, err
}

func TestRangesOfAFile(t *testing.T) {
	w := newWalk(t)
	const poem = "roses are red"
	w.keepFile("poem.txt", poem)
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(poem)))
	for name, c := range map[string]struct {
		headers []string
		status  int
		text    string
		where   string
	}{
		"all of it":              {nil, 200, poem, ""},
		"the beginning":          {[]string{"Range: bytes=0-4"}, 206, "roses", "bytes 0-4/13"},
		"the rest":               {[]string{"Range: bytes=6-"}, 206, "are red", "bytes 6-12/13"},
		"the end":                {[]string{"Range: bytes=-3"}, 206, "red", "bytes 10-12/13"},
		"more than there is":     {[]string{"Range: bytes=10-99"}, 206, "red", "bytes 10-12/13"},
		"the rest of the same":   {[]string{"Range: bytes=6-", "If-Range: " + tag}, 206, "are red", "bytes 6-12/13"},
		"the rest of another":    {[]string{"Range: bytes=6-", `If-Range: "old"`}, 200, poem, ""},
		"by a weak tag":          {[]string{"Range: bytes=6-", "If-Range: W/" + tag}, 200, poem, ""},
		"of a date":              {[]string{"Range: bytes=6-", "If-Range: Wed, 21 Oct 2026 07:28:00 GMT"}, 200, poem, ""},
		"past the end":           {[]string{"Range: bytes=13-"}, 416, "", "bytes */13"},
		"backwards":              {[]string{"Range: bytes=5-2"}, 416, "", ""},
		"no number":              {[]string{"Range: bytes=a-b"}, 416, "", ""},
		"another unit":           {[]string{"Range: lines=1-2"}, 416, "", ""},
		"many times all of it":   {[]string{"Range: bytes=0-" + strings.Repeat(",0-", 1000)}, 200, poem, ""},
		"what is there already":  {[]string{"If-None-Match: " + tag}, 304, "", ""},
		"what is not any more":   {[]string{`If-Match: "old"`}, 412, "", ""},
		"what is there, by list": {[]string{`If-None-Match: "old", ` + tag}, 304, "", ""},
	} {
		r, text, err := w.fetch("GET", poemPath, c.headers...)
		if err != nil || r.StatusCode != c.status || r.Header.Get("Content-Range") != c.where {
			t.Errorf("%s: %v %d %q %v", name, r.Status, r.StatusCode, r.Header.Get("Content-Range"), err)
		}
		if c.status < 300 && text != c.text {
			t.Errorf("%s: %q", name, text)
		}
		if c.status == 416 && (r.Header.Get("Content-Type") != "application/problem+json" || textField(t, text, "code") != "invalid") {
			t.Errorf("%s: %v %s", name, r.Header, text)
		}
		if r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", name, r.Header)
		}
	}
}

func TestSeveralRangesAtOnce(t *testing.T) {
	w := newWalk(t)
	w.keepFile("poem.txt", "roses are red")
	r, text, err := w.fetch("GET", poemPath, "Range: bytes=0-4,10-12")
	media, with, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || r.StatusCode != 206 || media != "multipart/byteranges" {
		t.Fatalf("%s %v %v", r.Status, r.Header, err)
	}
	parts := multipart.NewReader(strings.NewReader(text), with["boundary"])
	for _, want := range []string{"roses", "red"} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(part)
		if string(got) != want || part.Header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("%q %v", got, part.Header)
		}
	}
}

// Whoever saves a file can check it, and HEAD tells all that GET does.
func TestADownloadCanBeChecked(t *testing.T) {
	w := newWalk(t)
	file := w.keepFile("poem.txt", "roses are red")
	for _, method := range []string{"GET", "HEAD"} {
		r, text, err := w.fetch(method, poemPath)
		for name, want := range map[string]string{
			"ETag":                    `"` + file.Digest.String() + `"`,
			"Repr-Digest":             "sha-256=:" + base64.StdEncoding.EncodeToString(file.Digest[:]) + ":",
			"Accept-Ranges":           "bytes",
			"Content-Length":          "13",
			"Content-Type":            "application/octet-stream",
			"Content-Disposition":     `attachment; filename="poem.txt"; filename*=UTF-8''poem.txt`,
			"Content-Security-Policy": "default-src 'none'; sandbox",
		} {
			if r.Header.Get(name) != want {
				t.Errorf("%s: %s is %q, not %q", method, name, r.Header.Get(name), want)
			}
		}
		if err != nil || method == "HEAD" && text != "" {
			t.Errorf("%s: %q %v", method, text, err)
		}
	}
}

// A download that is cut after any byte goes on there, and what is put together is the file.
func TestADownloadGoesOnAfterEachByte(t *testing.T) {
	w := newWalk(t)
	const poem = "roses are red"
	w.keepFile("poem.txt", poem)
	r, _, _ := w.fetch("HEAD", poemPath)
	for cut := 1; cut < len(poem); cut++ {
		rest, text, err := w.fetch("GET", poemPath, "Range: bytes="+strconv.Itoa(cut)+"-", "If-Range: "+r.Header.Get("ETag"))
		if err != nil || rest.StatusCode != 206 || poem[:cut]+text != poem {
			t.Errorf("from %d: %s %q %v", cut, rest.Status, text, err)
		}
	}
	w.keepFile("poem.txt", "violets are blue") // and where it is another one by now, it comes whole
	rest, text, err := w.fetch("GET", poemPath, "Range: bytes=6-", "If-Range: "+r.Header.Get("ETag"))
	if err != nil || rest.StatusCode != 200 || text != "violets are blue" {
		t.Errorf("%s %q %v", rest.Status, text, err)
	}
}

// large is the content of a file that does not fit into any buffer on the way.
func large() string {
	var b strings.Builder
	for b.Len() < 6<<20 {
		fmt.Fprintf(&b, "line %d\n", b.Len())
	}
	return b.String()
}

// Of a large file the kernel sends most by itself; it is the same file.
func TestALargeFileComesBackAsItWas(t *testing.T) {
	w := newWalk(t)
	content := large()
	w.keepFile("poem.txt", content)
	if _, text, err := w.fetch("GET", poemPath); err != nil || text != content {
		t.Errorf("%d bytes came, not these %d: %v", len(text), len(content), err)
	}
	from, to := 70_001, len(content)-70_001
	part, text, err := w.fetch("GET", poemPath, fmt.Sprintf("Range: bytes=%d-%d", from, to-1))
	if err != nil || part.StatusCode != 206 || text != content[from:to] {
		t.Errorf("%s: %d bytes came, not those %d: %v", part.Status, len(text), to-from, err)
	}
}

// A client that goes away in the middle of a download leaves nothing behind, and gets the rest the next time.
func TestADownloadIsGivenUp(t *testing.T) {
	w := newWalk(t)
	content := large()
	w.keepFile("poem.txt", content)
	conn, err := net.Dial("tcp", w.server.listeners[0].address().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n", poemPath, w.vera.token)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 100_000)
	if _, err := io.ReadFull(answer.Body, got); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	rest, text, err := w.fetch("GET", poemPath, "Range: bytes=100000-", "If-Range: "+answer.Header.Get("ETag"))
	if err != nil || rest.StatusCode != 206 || string(got)+text != content {
		t.Errorf("%s: %d bytes came: %v", rest.Status, len(text), err)
	}
}

// A file that has become shorter on the disk than it was is not taken for whole.
func TestADownloadOfWhatIsDamaged(t *testing.T) {
	w := newWalk(t)
	file := w.keepFile("poem.txt", "roses are red")
	blob, err := w.server.blobs.Open(file.Digest)
	if err != nil {
		t.Fatal(err)
	}
	blob.Close()
	if err := os.Truncate(blob.Name(), 5); err != nil {
		t.Fatal(err)
	}
	for _, header := range []string{"Range: bytes=0-", "Range: bytes=2-3", "Accept: */*"} {
		if r, text, err := w.fetch("GET", poemPath, header); err != nil || r.StatusCode != 503 || !strings.Contains(text, "damaged") {
			t.Errorf("%s: %s %q %v", header, r.Status, text, err)
		}
	}
}
