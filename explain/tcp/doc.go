// Package tcp tells what each segment of a connection is: a retransmission and of which kind, a duplicate acknowledgement, a probe,
// and so on. The definitions are those of the Wireshark User's Guide, section 7.5, "TCP Analysis", so that whoever looks at the same
// packets there sees the same.
package tcp
