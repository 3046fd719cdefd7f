package client

import (
	"io"
	"net"
	"testing"
	"time"
)

func TestUnreadIsWhatTheOtherMachineHasNotTaken(t *testing.T) {
	server := listen(t, "127.0.0.1:0")
	conn, err := net.Dial("tcp", server.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	there := server.accept()
	if got := unread(conn); got != 0 {
		t.Errorf("%d bytes are unread before anything was written", got)
	}
	for err == nil { // until the other machine takes no more
		_ = conn.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
		_, err = conn.Write(make([]byte, 1<<20))
	}
	if got := unread(conn); got <= 0 {
		t.Errorf("%d bytes are unread while nobody reads", got)
	}
	_ = conn.(*net.TCPConn).CloseWrite()
	_, _ = io.Copy(io.Discard, there)
	_ = conn.Close()
	if got := unread(conn); got >= 0 {
		t.Errorf("%d bytes are unread on a closed connection", got)
	}
	here, _ := net.Pipe()
	if got := unread(here); got >= 0 {
		t.Errorf("%d bytes are unread in a pipe", got)
	}
}
