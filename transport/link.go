package transport

import "net"

// link moves a Conn's bytes. There are two: socket, for TCP on Unix, never holds a buffer while it waits and can write
// without waiting; stream is everything else. Of the net.Conn only the deadlines and the addresses are used.
type link interface {
	net.Conn

	// await waits until read will not wait, be it that it will give an error. It may read ahead, into in's space, but goes
	// deeper than a small stack only where it must. It is one caller with read.
	await(in *intake)

	// read waits for bytes and reads them into in's space. At the end of what the peer sends it gives io.EOF. One
	// caller at a time.
	read(in *intake) (int, error)

	// try hands over as many of the bytes as it can without waiting, perhaps none, and says how many. One caller at a
	// time, and none while write runs.
	try(parts [][]byte) (int, error)

	// write waits until it has handed over at least one byte, and says how many. One caller at a time.
	write(parts [][]byte) (int, error)

	// unacknowledged gives how many bytes that write and try have handed over the peer has not taken yet, or always 0
	// where nobody knows. Anybody may call it, at any time.
	unacknowledged() int

	// tcpInfo gives what the kernel knows of the connection; false where nobody knows. As unacknowledged.
	tcpInfo() (TCPInfo, bool)

	// closeWrite tells the peer that nothing more comes. The error says that it could not, and that there is no point
	// in waiting for an answer.
	closeWrite() error

	// abort closes at once: whoever waits in read or write gets an error.
	abort()
}
