package transport

import (
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// tcpInfo asks the kernel about nc; false where nc is no TCP socket, or closed.
func tcpInfo(nc net.Conn) (TCPInfo, bool) {
	s, ok := nc.(syscall.Conn)
	if !ok {
		return TCPInfo{}, false
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return TCPInfo{}, false
	}
	var k *unix.TCPInfo
	failed := raw.Control(func(fd uintptr) { k, err = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO) })
	if failed != nil || err != nil {
		return TCPInfo{}, false
	}
	return TCPInfo{
		RTT:              time.Duration(k.Rtt) * time.Microsecond,
		RTTVariance:      time.Duration(k.Rttvar) * time.Microsecond,
		Retransmissions:  k.Total_retrans,
		Unacknowledged:   k.Unacked,
		CongestionWindow: k.Snd_cwnd,
		SendWindow:       k.Snd_wnd,
		ReceiveWindow:    k.Rcv_wnd,
		ReceiveSpace:     k.Rcv_space,
		BytesSent:        k.Bytes_sent,
		BytesAcked:       k.Bytes_acked,
		BytesReceived:    k.Bytes_received,
		SinceSent:        time.Duration(k.Last_data_sent) * time.Millisecond,
		SinceReceived:    time.Duration(k.Last_data_recv) * time.Millisecond,
	}, true
}
