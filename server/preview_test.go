package server

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"parley"
)

// drawing is a PNG file of so many pixels.
func drawing(t *testing.T, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// photograph is a JPEG file of so many pixels, from a camera that was held upright: it is to be shown on its side.
func photograph(t *testing.T, width, height int) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		t.Fatal(err)
	}
	const note = "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"
	return b.String()[:2] + "\xff\xe1\x00" + string(rune(2+len(note))) + note + b.String()[2:]
}

// bomb is a small PNG file that would be huge.
func bomb() string {
	b := binary.BigEndian.AppendUint32([]byte("IHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00"), 0)
	binary.BigEndian.PutUint32(b[17:], crc32.ChecksumIEEE(b[:17]))
	return "\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + string(b)
}

// previewTag is the tag of a file's preview.
func previewTag(file parley.File) string { return `"` + file.Digest.String() + `-320"` }

// newest gives the file that was sent to a room last, and where its preview is.
func (w *walk) newest(t *testing.T, room parley.RoomName) (parley.File, string) {
	t.Helper()
	r, err := w.server.store.Room(t.Context(), room)
	if err != nil {
		t.Fatal(err)
	}
	page, err := w.server.store.Messages(t.Context(), r.ID, parley.Page{Newest: true, Limit: 1})
	if err != nil || len(page) != 1 || page[0].File == nil {
		t.Fatalf("the newest is %+v, %v", page, err)
	}
	return *page[0].File, fmt.Sprintf("/v1/rooms/%s/messages/%d/preview", room, page[0].Seq)
}

// However a picture is sent, its message says how large it is, and so does whoever is told of it; a file that is none is a
// file.
func TestAPictureIsMeasuredHoweverItIsSent(t *testing.T) {
	w := newWalk(t)
	token := w.vera.token
	ways := map[string]func(content string) parley.RoomName{
		"at once": func(content string) parley.RoomName {
			w.ask(token, "POST", "/v1/rooms/lobby/files/a.txt", content).must(t, 201)
			return parley.Lobby
		},
		"in pieces": func(content string) parley.RoomName {
			upload := w.begin(token, "lobby", len(content))
			half := len(content) / 2
			w.tus(token, "PATCH", upload, content[:half], "Upload-Offset: 0").must(t, 204)
			w.tus(token, "PATCH", upload, content[half:], "Upload-Offset: "+strconv.Itoa(half)).must(t, 204)
			return parley.Lobby
		},
		"on a line": func(content string) parley.RoomName {
			conn, err := net.Dial("tcp", w.server.listeners[1].address().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
			fmt.Fprintf(conn, "send file:a.txt %d\n%s", len(content), content)
			for lines := bufio.NewScanner(conn); lines.Scan(); {
				if strings.HasPrefix(lines.Text(), "stored a.txt ") {
					return "plain-room"
				}
			}
			t.Fatal("it was not stored")
			return ""
		},
	}
	for name, send := range ways {
		for _, c := range []struct {
			content       string
			width, height int
		}{
			{drawing(t, 1600, 1200), 1600, 1200}, {photograph(t, 40, 20), 20, 40}, {bomb(), 65535, 65535},
			{"GIF89a is how some pictures begin", 0x6920, 0x2073}, {"a text", 0, 0}, {drawing(t, 9, 9)[:30], 0, 0}, {"\xff\xd8\xff", 0, 0},
		} {
			room := send(c.content)
			if f, _ := w.newest(t, room); f.Width != c.width || f.Height != c.height || f.Size != int64(len(c.content)) {
				t.Errorf("%.20q %s: %+v", c.content, name, f)
			}
		}
	}
	told := w.ask(token, "POST", "/v1/rooms/lobby/files/b.png", drawing(t, 30, 20))
	page := w.ask(token, "GET", "/v1/rooms/lobby/messages?order=newest&limit=1", "")
	for _, text := range []string{told.text, page.text} {
		if !strings.Contains(text, `"width":30,"height":20}`) {
			t.Errorf("told as %s", text)
		}
	}
	w.ask(token, "POST", "/v1/rooms/lobby/files/b.png", "no picture at all")
	if page := w.ask(token, "GET", "/v1/rooms/lobby/messages?order=newest&limit=1", ""); strings.Contains(page.text, "width") {
		t.Errorf("told as %s", page.text)
	}
}

func TestThePreviewOfAPicture(t *testing.T) {
	w := newWalk(t)
	w.keepFile("photo.jpg", photograph(t, 1600, 1200))
	file, path := w.newest(t, parley.Lobby)
	for _, method := range []string{"GET", "HEAD"} {
		r, text, err := w.fetch(method, path)
		if err != nil || r.StatusCode != 200 || r.ContentLength <= 0 {
			t.Fatalf("%s: %v %s %v", method, r.Status, text, err)
		}
		for name, want := range map[string]string{
			"Content-Type":            "image/jpeg",
			"Content-Security-Policy": "default-src 'none'; sandbox",
			"X-Content-Type-Options":  "nosniff",
			"Cache-Control":           "private, no-cache",
			"ETag":                    previewTag(file),
		} {
			if got := r.Header.Values(name); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %s is %q", method, name, got)
			}
		}
		if method == "GET" {
			if m, err := jpeg.Decode(strings.NewReader(text)); err != nil || m.Bounds() != image.Rect(0, 0, 240, 320) {
				t.Errorf("%v, %v", m.Bounds(), err)
			}
		}
	}
	for _, tags := range []string{previewTag(file), "W/" + previewTag(file), `"other", ` + previewTag(file)} {
		r, text, err := w.fetch("GET", path, "If-None-Match: "+tags)
		if err != nil || r.StatusCode != 304 || text != "" || r.Header.Get("ETag") != previewTag(file) ||
			r.Header.Get("Cache-Control") != "private, no-cache" {
			t.Errorf("with %s: %s %v %v", tags, r.Status, r.Header, err)
		}
	}
	if r, _, _ := w.fetch("GET", path, `If-None-Match: "`+file.Digest.String()+`"`); r.StatusCode != 200 {
		t.Errorf("with the tag of the file: %s", r.Status)
	}
	if r, text, _ := w.fetch("GET", path, "Range: bytes=0-1"); r.StatusCode != 206 || text != "\xff\xd8" {
		t.Errorf("a part of it: %s %q", r.Status, text)
	}
	w.ask("", "GET", path, "").must(t, 401)
	w.ask("no token", "GET", path, "").must(t, 401)
}

func TestWhatHasNoPreview(t *testing.T) {
	w := newWalk(t)
	token := w.vera.token
	for name, content := range map[string]string{
		"this file is no picture of a known format":   "a text",
		"there is no preview: the picture is damaged": drawing(t, 100, 100)[:70],
		"this picture is too large for a preview":     bomb(),
		"this message has no file":                    "",
	} {
		if content != "" {
			w.keepFile("a.png", content)
		} else {
			w.ask(token, "POST", "/v1/rooms/lobby/messages", `{"text":"hello"}`).must(t, 201)
		}
		last, _ := w.lobby(t)
		a := w.ask(token, "GET", fmt.Sprintf("/v1/rooms/lobby/messages/%d/preview", last), "")
		if a.StatusCode != 404 || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("ETag") != "" {
			t.Errorf("%s: %s %v", name, a.Status, a.Header)
		}
		if textField(t, a.text, "code") != "no-such-file" || textField(t, a.text, "detail") != name {
			t.Errorf("%s: %s", name, a.text)
		}
	}
	for number, status := range map[string]int{"0": 404, "99999": 404, "-1": 400, "x": 400, "9007199254740993": 400} {
		w.ask(token, "GET", "/v1/rooms/lobby/messages/"+number+"/preview", "").must(t, status)
	}
	w.ask(token, "POST", "/v1/rooms/lobby/messages/1/preview", "").must(t, 405)
}

// What was deleted is not shown any more, also to a browser that has kept it; nor is what somebody may not see any more.
func TestAPreviewGoesWithItsMessage(t *testing.T) {
	w := newWalk(t)
	member := w.by(parley.RoleMember)
	w.keepFile("a.png", drawing(t, 400, 300))
	file, path := w.newest(t, parley.Lobby)
	shown := func() int {
		a, err := w.send(member.token, "GET", path, "", "If-None-Match: "+previewTag(file))
		if err != nil {
			t.Fatal(err)
		}
		return a.StatusCode
	}
	w.ask(member.token, "GET", path, "").must(t, 200)
	if status := shown(); status != 304 {
		t.Errorf("kept: %d", status)
	}
	w.ask(w.by(parley.RoleOwner).token, "PATCH", "/v1/rooms/lobby/members/"+member.Name, `{"banned":true}`).must(t, 200)
	if status := shown(); status != 403 {
		t.Errorf("who is banned: %d", status)
	}
	w.ask(w.by(parley.RoleOwner).token, "PATCH", "/v1/rooms/lobby/members/"+member.Name, `{"banned":false}`).must(t, 200)
	w.ask(w.vera.token, "DELETE", strings.TrimSuffix(path, "/preview"), "").must(t, 200)
	if status := shown(); status != 404 {
		t.Errorf("deleted: %d", status)
	}
}

// A content that is gone from the disk has no preview, and the server goes on.
func TestAPreviewOfAContentThatIsGone(t *testing.T) {
	w := newWalk(t)
	w.keepFile("a.png", drawing(t, 400, 300))
	file, path := w.newest(t, parley.Lobby)
	content, err := w.server.blobs.Open(file.Digest)
	if err != nil {
		t.Fatal(err)
	}
	name := content.Name()
	_ = content.Close()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	a := w.ask(w.vera.token, "GET", path, "")
	if a.StatusCode != 404 || textField(t, a.text, "code") != "no-such-file" {
		t.Errorf("%s %s", a.Status, a.text)
	}
}

// Many look at many pictures at once, and all of them are shown.
func TestManyPreviewsAtOnce(t *testing.T) {
	w := newWalk(t)
	var paths []string
	for i := range 5 {
		w.keepFile("a.png", drawing(t, 500+i, 300))
		_, path := w.newest(t, parley.Lobby)
		paths = append(paths, path)
	}
	var all sync.WaitGroup
	for i := range 30 {
		all.Go(func() {
			a, err := w.send(w.vera.token, http.MethodGet, paths[i%5], "")
			if err != nil || a.StatusCode != 200 {
				t.Errorf("%s %v", a.Status, err)
			}
		})
	}
	all.Wait()
}
