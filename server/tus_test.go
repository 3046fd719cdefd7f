package server

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"parley"
)

// tus asks by the tus protocol, with headers more, given as "Name: value".
func (w *walk) tus(token, method, path, body string, headers ...string) answer {
	w.t.Helper()
	all := []string{"Tus-Resumable: 1.0.0"}
	if method == "PATCH" {
		all = append(all, "Content-Type: application/offset+octet-stream")
	}
	a, _ := w.send(token, method, path, body, append(all, headers...)...) // who is refused is not always read to the end
	return a
}

// begin begins an upload of a.txt to a room, and gives where it goes on.
func (w *walk) begin(token, room string, size int) string {
	w.t.Helper()
	a := w.tus(token, "POST", "/v1/rooms/"+room+"/uploads", "", "Upload-Length: "+strconv.Itoa(size), "Upload-Metadata: filename YS50eHQ=")
	a.must(w.t, 201)
	return a.Header.Get("Location")
}

// offset is how far an upload has come.
func (w *walk) offset(token, upload string) string {
	w.t.Helper()
	a := w.tus(token, "HEAD", upload, "")
	a.must(w.t, 204)
	return a.Header.Get("Upload-Offset")
}

const verse = "roses are red"

func TestAnUploadInPieces(t *testing.T) {
	w := newWalk(t)
	token := w.by(parley.RoleMember).token
	last, _ := w.lobby(t)
	a := w.ask("", "OPTIONS", "/v1/rooms/lobby/uploads", "") // which nobody has to log in for
	a.must(t, 204)
	if a.Header.Get("Tus-Version") != "1.0.0" || a.Header.Get("Tus-Extension") != "creation,expiration,checksum,termination" {
		t.Errorf("%v", a.Header)
	}
	upload := w.begin(token, "lobby", len(verse))
	for i := range len(verse) {
		a := w.tus(token, "PATCH", upload, verse[i:i+1], "Upload-Offset: "+strconv.Itoa(i))
		a.must(t, 204)
		if a.Header.Get("Upload-Offset") != strconv.Itoa(i+1) || a.Header.Get("Upload-Expires") == "" ||
			a.Header.Get("Tus-Resumable") != "1.0.0" {
			t.Fatalf("%v", a.Header)
		}
	}
	// The answer to the last piece was lost: whatever the client does now, there is one message.
	w.tus(token, "PATCH", upload, verse[12:], "Upload-Offset: 12").must(t, 409)
	w.tus(token, "PATCH", upload, "", "Upload-Offset: 13").must(t, 204)
	if at := w.offset(token, upload); at != "13" {
		t.Errorf("at %s", at)
	}
	if now, _ := w.lobby(t); now != last+1 {
		t.Errorf("%d things happened", now-last)
	}
	if got := w.ask(token, "GET", "/v1/rooms/lobby/files/a.txt", ""); got.text != verse {
		t.Errorf("%q", got.text)
	}
	w.tus(token, "DELETE", upload, "").must(t, 204)
	w.tus(token, "HEAD", upload, "").must(t, 404)
	if got := w.ask(token, "GET", "/v1/rooms/lobby/files/a.txt", ""); got.text != verse {
		t.Errorf("what was posted is gone: %q", got.text)
	}
}

func TestAnUploadOfNothingIsWholeAtOnce(t *testing.T) {
	w := newWalk(t)
	token := w.by(parley.RoleMember).token
	last, _ := w.lobby(t)
	if at := w.offset(token, w.begin(token, "lobby", 0)); at != "0" {
		t.Error(at)
	}
	if now, _ := w.lobby(t); now != last+1 {
		t.Errorf("%d things happened", now-last)
	}
}

// The connection breaks after each byte of a piece. What has come counts, and no byte is sent twice.
func TestAPieceThatIsCutAfterEachByte(t *testing.T) {
	w := newWalk(t)
	token := w.by(parley.RoleMember).token
	at := w.server.listeners[0].address().String()
	for cut := 1; cut < len(verse); cut++ {
		upload := w.begin(token, "lobby", len(verse))
		conn, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "PATCH %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"+
			"Content-Type: application/offset+octet-stream\r\nContent-Length: %d\r\n\r\n%s", upload, at, token, len(verse), verse[:cut])
		_ = conn.(*net.TCPConn).CloseWrite()
		_, _ = io.ReadAll(conn) // the server is done with it
		_ = conn.Close()
		if got := w.offset(token, upload); got != strconv.Itoa(cut) {
			t.Fatalf("at %s after %d", got, cut)
		}
		w.tus(token, "PATCH", upload, verse[cut:], "Upload-Offset: "+strconv.Itoa(cut)).must(t, 204)
		if got := w.ask(token, "GET", "/v1/rooms/lobby/files/a.txt", ""); got.text != verse {
			t.Fatalf("%q", got.text)
		}
	}
}

// A piece hangs in a connection of which nobody knows that it is dead. Whoever asks again takes over.
func TestWhoComesBackTakesOver(t *testing.T) {
	w := newWalk(t)
	token := w.by(parley.RoleMember).token
	upload := w.begin(token, "lobby", len(verse))
	at := w.server.listeners[0].address().String()
	conn, err := net.Dial("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "PATCH %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"+
		"Content-Type: application/offset+octet-stream\r\nContent-Length: 13\r\nExpect: 100-continue\r\n\r\n", upload, at, token)
	line := make([]byte, len("HTTP/1.1 100"))
	if _, err := io.ReadFull(conn, line); err != nil || string(line) != "HTTP/1.1 100" {
		t.Fatalf("%q %v", line, err)
	}
	if got := w.offset(token, upload); got != "0" {
		t.Errorf("at %s", got)
	}
	w.tus(token, "PATCH", upload, verse, "Upload-Offset: 0").must(t, 204)
}

func TestPiecesWithAChecksum(t *testing.T) {
	w := newWalk(t)
	token := w.by(parley.RoleMember).token
	upload := w.begin(token, "lobby", len(verse))
	one, two := sha1.Sum([]byte(verse[:5])), sha256.Sum256([]byte(verse[5:]))
	first := "Upload-Checksum: sha1 " + base64.StdEncoding.EncodeToString(one[:])
	second := "Upload-Checksum: sha256 " + base64.StdEncoding.EncodeToString(two[:])
	w.tus(token, "PATCH", upload, "rosen", "Upload-Offset: 0", first).must(t, 460)
	w.tus(token, "PATCH", upload, "roses", "Upload-Offset: 0", "Upload-Checksum: md5 AAAA").must(t, 400)
	if at := w.offset(token, upload); at != "0" {
		t.Errorf("at %s", at)
	}
	w.tus(token, "PATCH", upload, "roses", "Upload-Offset: 0", first).must(t, 204)
	w.tus(token, "POST", upload, verse[5:], "X-HTTP-Method-Override: PATCH", "Content-Type: application/offset+octet-stream",
		"Upload-Offset: 5", second).must(t, 204)
	if got := w.ask(token, "GET", "/v1/rooms/lobby/files/a.txt", ""); got.text != verse {
		t.Errorf("%q", got.text)
	}
}

// What makes no sense, or comes from somebody who may not, changes nothing, and leaves nothing.
func TestUploadsInPiecesThatAreNone(t *testing.T) {
	w := newWalk(t)
	token, other := w.by(parley.RoleMember).token, w.vera.token
	const rooms = "/v1/rooms/lobby/uploads"
	last, kept := w.lobby(t)
	for name, c := range map[string]struct {
		path    string
		headers []string
		status  int
	}{
		"no length":           {rooms, []string{"Upload-Metadata: filename YQ=="}, 400},
		"less than nothing":   {rooms, []string{"Upload-Length: -1", "Upload-Metadata: filename YQ=="}, 400},
		"a length by signs":   {rooms, []string{"Upload-Length: +1", "Upload-Metadata: filename YQ=="}, 400},
		"a vast length":       {rooms, []string{"Upload-Length: 9223372036854775807", "Upload-Metadata: filename YQ=="}, 413},
		"more than all":       {rooms, []string{"Upload-Length: 9223372036854775808", "Upload-Metadata: filename YQ=="}, 400},
		"a length to follow":  {rooms, []string{"Upload-Defer-Length: 1", "Upload-Metadata: filename YQ=="}, 400},
		"no name":             {rooms, []string{"Upload-Length: 1"}, 400},
		"a name in no base64": {rooms, []string{"Upload-Length: 1", "Upload-Metadata: filename a b"}, 400},
		"a path":              {rooms, []string{"Upload-Length: 1", "Upload-Metadata: filename Li4vYQ=="}, 400},
		"another version":     {rooms, []string{"Tus-Resumable: 0.2.2", "Upload-Length: 1", "Upload-Metadata: filename YQ=="}, 412},
		"no room":             {"/v1/rooms/nowhere/uploads", []string{"Upload-Length: 1", "Upload-Metadata: filename YQ=="}, 404},
	} {
		if a := w.tus(token, "POST", c.path, "", c.headers...); a.StatusCode != c.status {
			t.Errorf("%s: %s %s", name, a.Status, a.text)
		}
	}
	upload := w.begin(token, "lobby", 3)
	for _, method := range []string{"HEAD", "PATCH", "DELETE"} {
		w.tus(other, method, upload, "", "Upload-Offset: 0").must(t, 404)
		w.tus(token, method, upload+"x", "", "Upload-Offset: 0").must(t, 404)
	}
	w.tus(token, "PATCH", upload, "abcd", "Upload-Offset: 0").must(t, 413)
	w.tus(token, "PATCH", upload, "abc", "Upload-Offset: 1").must(t, 409)
	w.tus(token, "PATCH", upload, "abc").must(t, 400)
	w.tus(token, "PATCH", upload, "abc", "Upload-Offset: 0", "Content-Type: text/plain").must(t, 415)
	if at := w.offset(token, upload); at != "0" {
		t.Errorf("at %s", at)
	}
	w.tus(token, "DELETE", upload, "").must(t, 204)
	if l, k := w.lobby(t); l != last || k != kept {
		t.Errorf("%d things happened, and %d files are kept", l-last, k-kept)
	}
}

// Whoever may not speak any more when the last byte comes has sent nothing.
func TestTheRightToPostIsAskedForAtTheEnd(t *testing.T) {
	w := newWalk(t)
	who := w.walker("sender", parley.RoleMember)
	last, kept := w.lobby(t)
	upload := w.begin(who.token, "lobby", 3)
	w.tus(who.token, "PATCH", upload, "ab", "Upload-Offset: 0").must(t, 204)
	w.ask(w.by(parley.RoleOwner).token, "PATCH", "/v1/rooms/lobby/members/sender", `{"banned":true}`).must(t, 200)
	if a := w.tus(who.token, "PATCH", upload, "c", "Upload-Offset: 2"); a.StatusCode < 400 {
		t.Errorf("%s", a.Status)
	}
	w.tus(who.token, "HEAD", upload, "").must(t, 404)
	if l, k := w.lobby(t); l != last+1 || k != kept {
		t.Errorf("%d things happened, and %d files are kept", l-last, k-kept)
	}
}

// What else a client says of a file is theirs, and comes back as they have said it.
func TestWhatIsSaidOfAnUploadComesBack(t *testing.T) {
	w := newWalk(t)
	token := w.by(parley.RoleMember).token
	const metadata = "relativePath YS9i,filename YS50eHQ=,is_private"
	a := w.tus(token, "POST", "/v1/rooms/lobby/uploads", "", "Upload-Length: 3", "Upload-Metadata: "+metadata)
	a.must(t, 201)
	if got := w.tus(token, "HEAD", a.Header.Get("Location"), "").Header.Get("Upload-Metadata"); got != metadata {
		t.Errorf("%q", got)
	}
}

// Files reach one person as they reach a room.
// An upload that is not finished within a day is told to be over once, and is no more then: neither in its folder nor in the quota.
func TestAnUploadExpires(t *testing.T) {
	var later atomic.Int64 // by so much
	w := newWalkAt(t, func() time.Time { return time.Now().Add(time.Duration(later.Load())) })
	token := w.by(parley.RoleMember).token
	before := w.server.blobs.Usage()
	upload := w.begin(token, "lobby", len(verse))
	w.tus(token, "PATCH", upload, verse[:5], "Upload-Offset: 0").must(t, 204)
	later.Store(int64(23 * time.Hour))
	if w.offset(token, upload) != "5" {
		t.Error("it is over before its time")
	}
	later.Store(int64(24*time.Hour + time.Minute))
	a := w.tus(token, "PATCH", upload, verse[5:], "Upload-Offset: 5")
	if a.StatusCode != 410 || a.code(t) != parley.CodeExpired {
		t.Errorf("%s %q", a.Status, a.text)
	}
	if a := w.tus(token, "PATCH", upload, verse[5:], "Upload-Offset: 5"); a.StatusCode != 404 {
		t.Errorf("%s %q", a.Status, a.text)
	}
	if after := w.server.blobs.Usage(); after != before {
		t.Errorf("%+v is left, where there was %+v", after, before)
	}
}

func TestAnUploadToOnePerson(t *testing.T) {
	w := newWalk(t)
	who := w.by(parley.RoleMember)
	upload := w.begin(who.token, "@vera", 3)
	w.tus(who.token, "PATCH", upload, "abc", "Upload-Offset: 0").must(t, 204)
	if got := w.ask(w.vera.token, "GET", "/v1/rooms/@"+who.Name+"/files/a.txt", ""); got.text != "abc" {
		t.Errorf("%s %q", got.Status, got.text)
	}
}

// The answer to the beginning was lost, and the client begins again by the same id: that is the same upload, and keeps room
// once. Whatever else is different about it makes another.
func TestAnUploadBeginsOnceByItsID(t *testing.T) {
	w := newWalk(t)
	one := w.by(parley.RoleMember).token
	begin := func(token, id string, size int) string {
		t.Helper()
		a := w.tus(token, "POST", "/v1/rooms/lobby/uploads?id="+id, "", "Upload-Length: "+strconv.Itoa(size),
			"Upload-Metadata: filename YS50eHQ=")
		a.must(t, 201)
		return a.Header.Get("Location")
	}
	first := begin(one, "m1", len(verse))
	w.tus(one, "PATCH", first, verse[:5], "Upload-Offset: 0").must(t, 204)
	if again := begin(one, "m1", len(verse)); again != first || w.offset(one, again) != "5" {
		t.Errorf("%s, and then %s", first, again)
	}
	for what, other := range map[string]string{
		"another size":   begin(one, "m1", 3),
		"another id":     begin(one, "m2", len(verse)),
		"another person": begin(w.by(parley.RoleOwner).token, "m1", len(verse)),
	} {
		if other == first {
			t.Errorf("%s is the same upload", what)
		}
	}
	w.tus(one, "PATCH", first, verse[5:], "Upload-Offset: 5").must(t, 204)
	if posted := begin(one, "m1", len(verse)); posted != first || w.offset(one, posted) != "13" {
		t.Errorf("when it was posted it begins anew")
	}
}
