package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley"
)

// upload is a connection on which somebody sends a file.
type upload struct {
	t    *testing.T
	conn net.Conn
	read *bufio.Reader
}

// upload begins to send one, with some headers more.
func (w *walk) upload(token, path, more, content string) *upload {
	w.t.Helper()
	at := w.server.listeners[0].address().String()
	conn, err := net.Dial("tcp", at)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	u := &upload{w.t, conn, bufio.NewReader(conn)}
	u.send("POST " + path + " HTTP/1.1\r\nHost: " + at + "\r\nAuthorization: Bearer " + token + "\r\n" + more + "\r\n" + content)
	return u
}

func (u *upload) send(text string) {
	u.t.Helper()
	if _, err := io.WriteString(u.conn, text); err != nil {
		u.t.Fatal(err)
	}
}

// answer gives the status and the text of the answer; the status is 0 when the connection ended without one.
func (u *upload) answer() (int, string) {
	u.t.Helper()
	r, err := http.ReadResponse(u.read, nil)
	if err != nil {
		return 0, err.Error()
	}
	defer r.Body.Close()
	text, _ := io.ReadAll(r.Body)
	return r.StatusCode, string(text)
}

// lobby gives how much has happened in the lobby, and how many files are kept or on their way.
func (w *walk) lobby(t *testing.T) (last parley.Seq, kept int) {
	t.Helper()
	room, err := w.server.store.Room(context.Background(), parley.Lobby)
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(w.server.data.files(), func(_ string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			kept++
		}
		return nil // what is gone again is gone
	})
	if err != nil {
		t.Fatal(err)
	}
	return room.Last, kept
}

func TestUploadsThatAreNone(t *testing.T) {
	w := newWalk(t)
	token := w.by(parley.RoleMember).token
	const path = "/v1/rooms/lobby/files/a.txt"
	last, kept := w.lobby(t)
	for name, c := range map[string]struct {
		path, more, content string
		status              int
	}{
		"in chunks":          {path, "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n", 400},
		"with two lengths":   {path, "Content-Length: 3\r\nContent-Length: 4\r\n", "abcd", 400},
		"with no length":     {path, "Content-Length: x\r\n", "abcd", 400},
		"with a vast length": {path, "Content-Length: 9223372036854775807\r\n", "abcd", 413},
		"with more than all": {path, "Content-Length: 99999999999999999999\r\n", "abcd", 400},
		"expecting too much": {path, "Content-Length: 3\r\nExpect: a-miracle\r\n", "abc", 417},
		"of a path":          {"/v1/rooms/lobby/files/..%2f..%2fetc%2fpasswd", "Content-Length: 3\r\n", "abc", 400},
		"of another path":    {"/v1/rooms/lobby/files/..%5c..%5cboot.ini", "Content-Length: 3\r\n", "abc", 400},
		"of no name":         {"/v1/rooms/lobby/files/%20", "Content-Length: 3\r\n", "abc", 400},
		"of dots":            {"/v1/rooms/lobby/files/%2e%2e", "Content-Length: 3\r\n", "abc", 400},
		"of a header":        {"/v1/rooms/lobby/files/a%0d%0aX-Evil:%201", "Content-Length: 3\r\n", "abc", 400},
		"of a zero byte":     {"/v1/rooms/lobby/files/a%00.txt", "Content-Length: 3\r\n", "abc", 400},
		"of a long name":     {"/v1/rooms/lobby/files/" + strings.Repeat("x", 5000), "Content-Length: 3\r\n", "abc", 400},
		"without a token":    {path, "Content-Length: 3\r\nAuthorization: Bearer x\r\n", "abc", 401},
		"to nowhere":         {"/v1/rooms/nowhere/files/a.txt", "Content-Length: 3\r\nExpect: 100-continue\r\n", "", 404},
	} {
		if status, text := w.upload(token, c.path, c.more, c.content).answer(); status != c.status {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	broken := w.upload(token, path, "Content-Length: 10\r\n", "abc")
	_ = broken.conn.(*net.TCPConn).CloseWrite()
	if status, text := broken.answer(); status == 201 {
		t.Errorf("half of one: %s", text)
	}
	if l, k := w.lobby(t); l != last || k != kept {
		t.Errorf("%d things happened, and %d files are kept", l-last, k-kept)
	}
}

func TestAnUploadGoesOnWhenItMay(t *testing.T) {
	w := newWalk(t)
	u := w.upload(w.by(parley.RoleMember).token, "/v1/rooms/lobby/files/a.txt", "Content-Length: 3\r\nExpect: 100-continue\r\n", "")
	line, _ := u.read.ReadString('\n')
	_, _ = u.read.ReadString('\n')
	if !strings.HasPrefix(line, "HTTP/1.1 100 ") {
		t.Fatalf("%q", line)
	}
	u.send("abcGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") // and what comes behind the content is no content
	if status, text := u.answer(); status != 201 || !strings.Contains(text, `"size":3`) {
		t.Errorf("%d %s", status, text)
	}
	if status, text := u.answer(); status != 200 {
		t.Errorf("%d %s", status, text)
	}
}

// Somebody's session is ended, or their account disabled, while a file of theirs is on its way. It was posted all the
// same when it had arrived.
func TestAnUploadEndsWithTheTokenThatBeganIt(t *testing.T) {
	w := newWalk(t)
	for i, end := range []func(who *walker){
		func(who *walker) { w.ask(who.token, "DELETE", "/v1/sessions/current", "").must(t, 204) },
		func(who *walker) {
			w.ask(w.by(parley.RoleOwner).token, "PATCH", "/v1/accounts/"+who.Name, `{"disabled":true}`).must(t, 200)
		},
		func(who *walker) {
			w.ask(w.by(parley.RoleOwner).token, "DELETE", "/v1/accounts/"+who.Name, "").must(t, 204)
		},
	} {
		who := w.walker(fmt.Sprint("sender-", i), parley.RoleMember)
		last, kept := w.lobby(t)
		u := w.upload(who.token, "/v1/rooms/lobby/files/a.txt", "Content-Length: 6\r\nExpect: 100-continue\r\n", "")
		if line, _ := u.read.ReadString('\n'); !strings.HasPrefix(line, "HTTP/1.1 100 ") {
			t.Fatal(line)
		}
		_, _ = u.read.ReadString('\n')
		u.send("abc")
		end(who)
		u.send("def")
		if status, text := u.answer(); status != 401 {
			t.Errorf("%d: %d %s", i, status, text)
		}
		if l, k := w.lobby(t); l != last || k != kept {
			t.Errorf("%d: %d things happened, and %d files are kept", i, l-last, k-kept)
		}
	}
}

// What somebody gets of a file, by whatever name it has: it is saved and not shown, and its name stays in its header.
func TestDownloadsOfOddNames(t *testing.T) {
	w := newWalk(t)
	token := w.by(parley.RoleMember).token
	for name, header := range map[string]string{
		`page.html`:             `attachment; filename="page.html"; filename*=UTF-8''page.html`,
		`a"; filename=evil.exe`: `attachment; filename="a_; filename=evil.exe"; filename*=UTF-8''a%22%3B%20filename%3Devil.exe`,
		`50%41 é.txt`:           `attachment; filename="50_41 _.txt"; filename*=UTF-8''50%2541%20%C3%A9.txt`,
	} {
		path := "/v1/rooms/lobby/files/" + strings.NewReplacer("%", "%25", " ", "%20", `"`, "%22", "é", "%C3%A9").Replace(name)
		w.ask(token, "POST", path, "<script>alert(1)</script>").must(t, 201)
		got := w.ask(token, "GET", path, "")
		for key, want := range map[string]string{
			"Content-Disposition": header, "Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "default-src 'none'; sandbox",
		} {
			if got.Header.Get(key) != want {
				t.Errorf("%s: %s is %q, not %q", name, key, got.Header.Get(key), want)
			}
		}
		head := w.ask(token, "HEAD", path, "")
		head.must(t, 200)
		if head.ContentLength != 25 || head.Header.Get("ETag") != got.Header.Get("ETag") {
			t.Errorf("HEAD of %s: %v", name, head.Header)
		}
	}
}

// A file of a private room is not to be had in another, by its name or by what its content is.
func TestAFileIsOfItsRoom(t *testing.T) {
	w := newWalk(t)
	token := w.by(parley.RoleMember).token
	w.ask(w.vera.token, "POST", "/v1/rooms", `{"name":"den","kind":"private"}`).must(t, 201)
	w.ask(w.vera.token, "POST", "/v1/rooms/den/files/plan.txt", "the plan").must(t, 201)
	digest := strings.Trim(w.ask(w.vera.token, "GET", "/v1/rooms/den/files/plan.txt", "").Header.Get("ETag"), `"`)
	for _, path := range []string{
		"/v1/rooms/lobby/files/plan.txt", "/v1/rooms/lobby/files/" + digest, "/v1/rooms/lobby/files/den%2fplan.txt",
		"/v1/rooms/lobby/files/sha256:" + digest, "/v1/rooms/den/files/plan.txt", "/v1/direct/vera/files/plan.txt",
		"/v1/rooms/@vera/files/plan.txt", "/v1/rooms/lobby/files/..%2f..%2fden%2ffiles%2fplan.txt",
	} {
		if a := w.ask(token, "GET", path, ""); a.StatusCode < 400 || strings.Contains(a.text, "the plan") {
			t.Errorf("%s: %s %s", path, a.Status, a.text)
		}
	}
}
