package client

import (
	"errors"
	"net"
	"os"
	"time"
)

// readSize is how much is read from a connection at once.
const readSize = 32 << 10

// closeTime is how long a connection that is left in order may take to end.
const closeTime = time.Second

// stream is what makes sense of the bytes of a connection. It reads no clock and is called by one goroutine.
type stream interface {
	// read takes what one read brought. An error ends the connection.
	read(p []byte, now time.Time) error
	// fire says that the time of wakeAt has come and nothing with it.
	fire(now time.Time)
	// wakeAt gives the time at which fire has something to do, zero for never.
	wakeAt() time.Time
}

// pump reads conn into s until it ends, and gives the reason, which is io.EOF when the server has closed it. It calls
// heard for every read.
func pump(conn net.Conn, s stream, heard func()) error {
	buffer := make([]byte, readSize)
	for {
		_ = conn.SetReadDeadline(s.wakeAt()) // fails on a connection that has ended, and so does the read
		n, err := conn.Read(buffer)
		now := time.Now()
		if n > 0 {
			heard()
			if err := s.read(buffer[:n], now); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			s.fire(now)
		case err != nil:
			return err
		}
	}
}

// closeWrite says on a connection that nothing more will be sent. It reports whether the connection can say so.
func closeWrite(conn net.Conn) bool {
	half, ok := conn.(interface{ CloseWrite() error })
	return ok && half.CloseWrite() == nil
}

// leaveInOrder says that nothing more will be sent, waits until the server has closed as well, which the reader tells
// by closing done, and then closes. So nothing that is on its way to the server is lost.
func leaveInOrder(conn net.Conn, done <-chan struct{}) {
	_ = conn.SetWriteDeadline(time.Now().Add(closeTime)) // under TLS, saying so is a write
	if closeWrite(conn) {
		await(done)
	}
	_ = conn.Close()
}

// await waits for done, but not longer than a connection that is left in order may take.
func await(done <-chan struct{}) {
	timer := time.NewTimer(closeTime)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
}
