// Package pcap reads and writes files of captured packets: pcap (draft-ietf-opsawg-pcap) and pcapng
// (draft-ietf-opsawg-pcapng), in either byte order, pressed together by gzip or not. What it reads is trusted in nothing, and it
// keeps no more of a file in memory than one packet.
package pcap
