// Package capture takes live packets off network interfaces into a pcapng file. A Recorder is opened for interfaces and a
// Filter, and runs until it is told to stop; Interfaces says what there is to capture on, and Allowed whether this
// program may.
//
// On Linux it reads a ring that the kernel fills (AF_PACKET), on macOS and FreeBSD a BPF device, on Windows Npcap. The
// kernel chooses the packets by a program made of the Filter. Nothing is decoded here, no interface is made promiscuous,
// and nothing is ever sent.
package capture
