// Package tap writes down what a program itself sends and receives, as pcapng, without any right on the network: TCP and UDP packets
// are made out of bytes and addresses, and marked as made.
//
// Begin with Create, or New where there is no file. A Stream is one connection, told what goes over it; Conn and Packets wrap
// what package net gives, and tell by themselves. Close ends the file and gives a Summary.
//
// The addresses, the bytes, their order in each direction, the times and the ends are the program's own. Handshakes, sequence and
// acknowledgement numbers, windows and where a segment ends are made up, only so that TCP can be read: none of them says anything
// of the wire. Under TLS it is the text before it was encrypted.
//
// Nobody who sends waits for the disk. What goes over a connection is copied into a queue that is bounded in bytes; when
// it is full, packets are dropped and counted, and the sequence numbers show the gap.
package tap
